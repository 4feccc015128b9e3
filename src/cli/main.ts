/** The command line: words in, an exit code out; results on stdout, everything else on stderr. */
import { version } from '../../package.json';
import { didYouMean } from '../model/near';
import { type Options, parseArguments } from './arguments';
import { COMMANDS } from './all';
import { MACHINE } from './machine';
import { EXIT, Failure, oneLine } from './output';
import { USAGE, usageOf, type CommandName } from './usage';

const help: Options = { help: { type: 'boolean', short: 'h' } };

/** Never rejects: a failure is said, and gives its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await runCommand(args);
  } catch (error) {
    MACHINE.say(error instanceof Error ? error.message : String(error));
    return error instanceof Failure ? error.code : EXIT.input;
  }
}

async function runCommand(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') return print(USAGE);
  if (name === '--version') return print(`${version}\n`);
  if (!isCommand(name)) {
    const hint = didYouMean(name ?? '', Object.keys(COMMANDS));
    const known = Object.keys(COMMANDS).join(', ');
    const unknown = `expected one of the commands ${known}; gatescope --help says what they do\nunknown command ${oneLine(name ?? '')}${hint}`;
    throw new Failure(EXIT.usage, name ? unknown : USAGE);
  }
  const { options, run, models = 1 } = COMMANDS[name];
  const { values, words } = parseArguments(name, rest, { ...options, ...help });
  if (values.help) return print(usageOf(name));
  if (words.length < Math.min(models, 1) || words.length > models) {
    const found = words.length === 0 ? 'none' : `${words.length}: ${words.map(oneLine).join(', ')}`;
    const expected = ['no model file', 'one model file', 'one model file or two'][models];
    throw new Failure(EXIT.usage, `${name} takes ${expected}, found ${found}`);
  }
  return run(MACHINE, words[0], values, words[1]);
}

function isCommand(name: string | undefined): name is CommandName {
  return Object.hasOwn(COMMANDS, name ?? '');
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}

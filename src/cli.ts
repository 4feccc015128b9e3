import { version } from '../package.json';
import { type Options, type Values, parseArguments } from './cli/arguments';
import { check } from './cli/check';
import { convert } from './cli/convert';
import { generateCommand } from './cli/generate';
import { gradientCommand } from './cli/gradient';
import { info } from './cli/info';
import { EXIT, Failure, oneLine, say } from './cli/output';
import { runCommand } from './cli/run';
import { unrollCommand } from './cli/unroll';
import { USAGE, usageOf, type CommandName } from './cli/usage';
import { verifyCommand } from './cli/verify';
import { didYouMean } from './model/near';

/** How to read a file that can be read in several ways, weights in place of its own, and the most memory to take. */
const reading: Options = {
  as: { type: 'string' },
  weights: { type: 'string' },
  memory: { type: 'string' },
};

const given: Options = {
  ...reading,
  sample: { type: 'string' },
  text: { type: 'string' },
  input: { type: 'string', multiple: true },
  json: { type: 'boolean' },
};

const sequence: Options = { ...given, from: { type: 'string' }, steps: { type: 'string' } };

const held: Options = { set: { type: 'string', multiple: true } };

const help: Options = { help: { type: 'boolean', short: 'h' } };

const COMMANDS: Record<CommandName, { readonly options: Options; readonly run: Command }> = {
  check: { options: reading, run: check },
  info: { options: { ...reading, json: { type: 'boolean' } }, run: info },
  unroll: {
    options: { ...reading, steps: { type: 'string' }, detail: { type: 'string' } },
    run: unrollCommand,
  },
  run: { options: { ...sequence, ...held }, run: runCommand },
  gradient: {
    options: { ...sequence, ...held, step: { type: 'string' }, unit: { type: 'string' } },
    run: gradientCommand,
  },
  verify: {
    options: { ...given, expect: { type: 'string' }, tolerance: { type: 'string' } },
    run: verifyCommand,
  },
  convert: {
    options: { ...reading, to: { type: 'string' }, out: { type: 'string', short: 'o' } },
    run: convert,
  },
  generate: {
    options: {
      ...reading,
      prompt: { type: 'string' },
      sample: { type: 'string' },
      length: { type: 'string' },
      temperature: { type: 'string' },
      greedy: { type: 'boolean' },
      'top-k': { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean' },
    },
    run: generateCommand,
  },
};

export type { Values };
/** Runs one command on a model file and gives the exit code. */
export type Command = (model: string, values: Values) => Promise<number>;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') return print(USAGE);
  if (name === '--version') return print(`${version}\n`);
  if (!isCommand(name)) {
    const hint = didYouMean(name ?? '', Object.keys(COMMANDS));
    throw new Failure(EXIT.usage, name ? `unknown command ${oneLine(name)}${hint}\n\n${USAGE}` : USAGE);
  }
  const { options, run } = COMMANDS[name];
  const { values, words } = parseArguments(name, rest, { ...options, ...help });
  if (values.help) return print(usageOf(name));
  if (words.length !== 1) {
    const found = words.length === 0 ? 'none' : `${words.length}: ${words.map(oneLine).join(', ')}`;
    throw new Failure(EXIT.usage, `${name} takes one model file, found ${found}`);
  }
  return run(words[0], values);
}

function isCommand(name: string | undefined): name is CommandName {
  return Object.hasOwn(COMMANDS, name ?? '');
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof Failure) {
      say(error.message);
      process.exitCode = error.code;
      return;
    }
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = EXIT.input;
  },
);

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

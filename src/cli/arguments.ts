/** The command line's words, taken apart. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../model/near';
import { EXIT, Failure, oneLine } from './output';
import type { Values } from './values';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** Values of options and the other words. Fails, naming the option and what was expected, for wrong usage. */
export function parseArguments(
  command: string,
  args: readonly string[],
  options: Options,
): { readonly values: Values; readonly words: readonly string[] } {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    checkOption(command, token, options);
    const { name, rawName } = token;
    if (given.has(name) && options[name].type === 'string' && !options[name].multiple) {
      throw new Failure(EXIT.usage, `${command}: ${rawName} is given twice; it takes one value`);
    }
    given.add(name);
  }
  return { values: values as Values, words: positionals };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

function checkOption(
  command: string,
  { name, rawName, value, inlineValue }: OptionToken,
  options: Options,
): void {
  const fail = (message: string) => new Failure(EXIT.usage, `${command}: ${message}`);
  if (!Object.hasOwn(options, name)) throw fail(unknownOption(rawName, name, options));
  if (options[name].type === 'boolean') {
    if (value !== undefined) throw fail(`${rawName} takes no value, found ${oneLine(value)}`);
    return;
  }
  if (value === undefined) throw fail(`${rawName} needs a value`);
  if (!inlineValue && value.startsWith('-') && value.length > 1) {
    throw fail(
      `${rawName} needs a value, found ${oneLine(value)}; a value that begins so: ${rawName}=${oneLine(value)}`,
    );
  }
}

function unknownOption(rawName: string, name: string, options: Options): string {
  const known = Object.keys(options);
  const near = nearest(name, known);
  const hint = near ? `did you mean --${near}?` : `known: ${known.map((one) => `--${one}`).join(', ')}`;
  return `unknown option ${oneLine(rawName)}; ${hint}`;
}

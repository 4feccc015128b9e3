/** The values of options. */
import { EXIT, Failure, oneLine } from './output';

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The value of an option that takes a whole number from `least`; undefined where it is not given. */
export function wholeNumber(values: Values, name: string, least = 0): number | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d+$/.test(value) && Number(value) >= least) return Number(value);
  const from = least > 0 ? ` from ${least}` : '';
  throw new Failure(EXIT.usage, `--${name} takes a whole number${from}, found ${oneLine(String(value))}`);
}

/** The value of an option that takes one of some words; undefined where it is not given. */
export function oneOf<Word extends string>(
  values: Values,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = values[name];
  const found = words.find((word) => word === value);
  if (value === undefined || found !== undefined) return found;
  throw new Failure(EXIT.usage, `--${name} takes ${words.join(' or ')}, found ${oneLine(String(value))}`);
}

import { quote } from '../model/json/decode';
import { didYouMean } from '../model/near';
import type { Network } from '../model/network';
import { outputNames } from '../model/outputs';
import type { Values } from './command';
import { EXIT, Failure, oneLine } from './output';

/** `y[4][3] ("NOUN")` */
export function targetText(
  network: Network,
  { step, unit }: { readonly step: number; readonly unit: number },
): string {
  const name = nameOf(network, unit);
  return `y[${step}][${unit}]${name === undefined ? '' : ` (${name})`}`;
}

/** `3 ("NOUN")` */
export function unitText(network: Network, unit: number): string {
  const name = nameOf(network, unit);
  return `${unit}${name === undefined ? '' : ` (${name})`}`;
}

function nameOf(network: Network, unit: number): string | undefined {
  const name = outputNames(network)?.[unit];
  return name === undefined ? undefined : oneLine(quote(name));
}

/** With the name of its unit, where it has one. */
export function namedTarget<T extends { readonly unit: number }>(
  network: Network,
  target: T,
): T & { readonly name?: string } {
  const name = outputNames(network)?.[target.unit];
  return { ...target, ...(name !== undefined && { name }) };
}

/** What `--unit` says: the number of an output, or its name; undefined where it is not given. */
export function outputUnit({ unit }: Values, network: Network): number | undefined {
  if (unit === undefined) return undefined;
  const text = String(unit);
  if (/^\d+$/.test(text)) return Number(text);
  const names = outputNames(network) ?? [];
  const found = names.indexOf(text);
  if (found >= 0) return found;
  const expected =
    names.length > 0 ? 'a whole number from 0, or the name of a class' : 'a whole number from 0';
  throw new Failure(EXIT.usage, oneLine(`--unit takes ${expected}, found ${text}${didYouMean(text, names)}`));
}

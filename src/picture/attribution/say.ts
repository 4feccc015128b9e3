/** What the picture of what mattered is of, and whether it adds up, in words. */
import type { Network } from '../../model/network';
import type { AttributionFound } from '../../protocol';
import { formatCount, formatPrecise, formatUpTo } from '../format';
import { outputNamer } from '../names';
import { fill } from '../words';
import type { Looked } from './found';
import { words } from './words';

/** With its sign. */
export function signed(value: number): string {
  if (Number.isNaN(value)) return words.notNumber;
  return value > 0 ? `+${formatPrecise(value)}` : formatPrecise(value);
}

/** Which number of the output it is about. */
export function titleOf(
  network: Network,
  { target, logit }: Pick<AttributionFound, 'target' | 'logit'>,
): string {
  const name = outputNamer(network)(target.unit);
  const template = logit ? words.titleLogit : words.title;
  return fill(template, name, formatCount(target.step + 1), formatPrecise(target.value));
}

/** Whether it adds up. */
export function completenessOf({
  completeness: { sum, difference, error },
}: Pick<AttributionFound, 'completeness'>): string {
  return fill(words.complete, signed(sum), signed(difference), formatPrecise(error));
}

/** Where the colours end. */
export function endsOf({ reach }: Pick<Looked, 'reach'>): { readonly least: string; readonly most: string } {
  const end = formatUpTo(reach)(reach);
  return { least: `−${end}`, most: `+${end}` };
}

/** What stands beside the steps. */
export function lagsInWords({
  found: { target },
  input: { from, rows },
}: Pick<Looked, 'found' | 'input'>): string {
  return from + rows - 1 > target.step ? words.lagsBoth : words.lags;
}

/** What stands in the table of signals that differ, the largest difference first. */
import type { Differences, SignalDifference } from '../../differences/differences';
import { visible } from '../../unroll/mermaid';
import { addressText } from '../../whatIf/text';
import { formatCount, formatPrecise } from '../format';
import { fill, words as common } from '../words';
import { words } from './words';

/** Over the columns: name, bar, largest difference, root mean square, first step. */
export const HEADS = [words.signal, '', words.largest, words.rms, words.from] as const;

export interface Row {
  readonly of: SignalDifference;
  readonly name: string;
  /** Of the largest difference of all, from 0 to 1. */
  readonly share: number;
  /** Null where it is the same. */
  readonly figures: { readonly max: string; readonly rms: string } | null;
  readonly from: string;
}

export function rowsOf({ output, signals }: Pick<Differences, 'output' | 'signals'>): Row[] {
  const most = Math.max(output?.max ?? 0, ...signals.map(({ max }) => max));
  return signals.map((of) => {
    const { max, rms, firstStep } = of;
    return {
      of,
      name: nameOf(of),
      share: most > 0 ? Math.min(1, max / most) : 0,
      figures: firstStep === null ? null : { max: formatPrecise(max), rms: formatPrecise(rms) },
      from: firstStep === null ? common.none : formatCount(firstStep + 1),
    };
  });
}

export function nameOf({ layer, level, direction, signal, pairedWith }: SignalDifference): string {
  const name = visible(addressText({ layer, level, direction, signal }));
  if (pairedWith === undefined) return name;
  return fill(words.and, name, visible(addressText({ layer: pairedWith, level, direction, signal })));
}

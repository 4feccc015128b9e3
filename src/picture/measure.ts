/** What the numbers and colours show of a signal at a step, and on which scale: one number, one colour. */
import type { SignalAddress } from '../model/network';
import type { Change, Figures } from './change';
import type { SignalSummary, UnitValues } from '../protocol';

/** The mean over units, their root mean square, one unit, or by how much a what-if changes the mean. */
export const MEASURES = ['mean', 'size', 'unit', 'change'] as const;
export type Measure = (typeof MEASURES)[number];

/** The numbers of one measure, laid out as `RunSummary.mean` but for a stretch alone, and how far their colours reach. */
export interface Numbers {
  readonly measure: Measure;
  readonly values: Float32Array;
  /** Of a unit in a run that is recorded: the rows that are there, and by a signal's `offset` where those of it start. */
  readonly stretch?: {
    readonly from: number;
    readonly to: number;
    readonly starts: ReadonlyMap<number, number>;
  };
}

/** What was asked for; null while it is on its way. */
export interface Asked {
  readonly sizes: Float32Array | null;
  readonly unit: UnitValues | null;
}

/** Null while they are on their way, or without a run. */
export function numbersOf(run: Figures | null, measure: Measure, { sizes, unit }: Asked): Numbers | null {
  if (!run) return null;
  if (measure === 'mean') return { measure, values: run.mean };
  if (measure === 'size') return sizes && { measure, values: sizes };
  if (measure === 'change') return run.change ? { measure, values: run.change.values } : null;
  return unit && unitNumbers(run, unit);
}

function unitNumbers({ signals }: Figures, { values, stretch }: UnitValues): Numbers {
  if (!stretch) return { measure: 'unit', values };
  const starts = new Map(signals.map(({ offset }, k) => [offset, stretch.starts[k]]));
  return { measure: 'unit', values, stretch: { ...stretch, starts } };
}

/** What is chosen to be shown. */
interface Chosen {
  readonly measure: Measure;
  readonly selection: { readonly signal: SignalAddress | null };
}

/** The layer that alone shows the chosen measure, where the others keep their mean: one unit is of the chosen layer. */
export function layerAlone({ measure, selection }: Chosen): string | null {
  return measure === 'unit' && selection.signal ? selection.signal.layer : null;
}

/** What a signal of a layer shows. */
export function measureOf({ layer }: Pick<SignalAddress, 'layer'>, chosen: Chosen): Measure {
  const alone = layerAlone(chosen);
  return alone === null || alone === layer ? chosen.measure : 'mean';
}

/** A signal's number at a row; NaN where it is not there. */
export function numberAt({ values, stretch }: Numbers, { offset, rows }: SignalSummary, row: number): number {
  if (!stretch) return values[offset + row];
  const start = stretch.starts.get(offset)!;
  if (rows === 1) return values[start];
  return row >= stretch.from && row < stretch.to ? values[start + row - stretch.from] : NaN;
}

/** Gates run from 0 to 1, sizes from 0, other numbers to both sides of 0. */
export function paletteOf({ range }: SignalSummary, measure: Measure): 'gate' | 'signed' {
  if (measure === 'change') return 'signed';
  return range === 'gate' || measure === 'size' ? 'gate' : 'signed';
}

/**
 * Where the colours end: 1 for gates, else at the 99th percentile of the |number|s of the signal's rows; those of a unit are
 * among all values of the signal, as in the heat map. Changes reach as far as the signal's largest.
 */
export function reachOf(signal: SignalSummary, measure: Measure, change?: Change): number {
  if (measure === 'change') return change?.reaches.get(signal.offset) || 1;
  if (signal.range === 'gate') return 1;
  return measure === 'unit' ? signal.scale : signal.reach[measure];
}

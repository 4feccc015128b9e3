/** What the numbers and colours show of a signal at a step, and on which scale: one number, one colour. */
import type { SignalAddress } from '../../src/model/network';
import type { RunSummary, SignalSummary } from '../../src/protocol';

/** The mean over units, their root mean square, or one unit. */
export const MEASURES = ['mean', 'size', 'unit'] as const;
export type Measure = (typeof MEASURES)[number];

/** The numbers of one measure, laid out as `RunSummary.mean`, and how far their colours reach. */
export interface Numbers {
  readonly measure: Measure;
  readonly values: Float32Array;
  /** The layer whose signals show their unit; null where all signals have a number. */
  readonly layer: string | null;
}

/** Null while the values of the unit are on their way, or without a run. */
export function numbersOf(
  run: RunSummary | null,
  measure: Measure,
  { layer }: SignalAddress,
  unitValues: Float32Array | null,
): Numbers | null {
  if (!run) return null;
  if (measure === 'mean') return { measure, values: run.mean, layer: null };
  if (measure === 'size') return { measure, values: run.rms, layer: null };
  return unitValues && { measure, values: unitValues, layer };
}

export function isShown({ layer }: Numbers, signal: SignalAddress): boolean {
  return layer === null || layer === signal.layer;
}

/** Gates run from 0 to 1, sizes from 0, other numbers to both sides of 0. */
export function paletteOf({ range }: SignalSummary, measure: Measure): 'gate' | 'signed' {
  return range === 'gate' || measure === 'size' ? 'gate' : 'signed';
}

const SHARE = 0.99;
const reaches = new WeakMap<Float32Array, Map<number, number>>();

/** Where the colours end: 1 for gates, else at the 99th percentile of the |number|s of the signal's rows. */
export function reachOf(signal: SignalSummary, { values }: Numbers): number {
  if (signal.range === 'gate') return 1;
  const known = reaches.get(values) ?? new Map<number, number>();
  reaches.set(values, known);
  let reach = known.get(signal.offset);
  if (reach === undefined) {
    reach = percentile(values.subarray(signal.offset, signal.offset + signal.rows));
    known.set(signal.offset, reach);
  }
  return reach;
}

/** Of |values| that are finite, by nearest rank; where that is 0, the largest; where that is 0 too, 1. */
function percentile(values: Float32Array): number {
  const sizes = values.filter(Number.isFinite).map(Math.abs).sort();
  if (sizes.length === 0) return 1;
  return sizes[Math.ceil(SHARE * sizes.length) - 1] || sizes[sizes.length - 1] || 1;
}

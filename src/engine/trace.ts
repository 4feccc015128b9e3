/** What a run leaves behind: every signal of every step. */
import type { Direction, LayerType } from '../model/network';

export interface SignalTrace {
  readonly signal: string;
  readonly units: number;
  /** Rows held: one per step, or a single one for step T − 1 after `return_sequences: false`. */
  readonly rows: number;
  /** rows × units, row-major, against the step of the sequence that each row belongs to. */
  readonly values: Float32Array;
  /** Which steps the rows belong to, where it is not one per step or the last alone. */
  readonly time?: RowTime;
}

/**
 * Every `stride`th step from `first` on (after a convolution or pooling, the last step that a row has seen, or the one
 * it is centred on), or rows that are counted on their own (of a decoder, after a reshape).
 */
export type RowTime = { readonly first: number; readonly stride: number } | 'own';

/** One layer, level and direction. */
export interface LayerTrace {
  readonly layer: string;
  readonly type: LayerType;
  readonly level: number;
  readonly direction: Direction;
  readonly signals: readonly SignalTrace[];
}

export interface Trace {
  readonly steps: number;
  /** In the network's order: layer by layer, level by level, forward before backward. */
  readonly layers: readonly LayerTrace[];
  /** What the last layer gives: rows × units. */
  readonly output: SignalTrace;
}

/** The step of the sequence that a row of a signal belongs to; the row itself where rows are counted on their own. */
export function stepOfRow(
  trace: { readonly steps: number },
  signal: Pick<SignalTrace, 'rows' | 'time'>,
  row: number,
): number {
  if (signal.time === 'own') return row;
  if (signal.time) return signal.time.first + row * signal.time.stride;
  return signal.rows === trace.steps ? row : trace.steps - 1;
}

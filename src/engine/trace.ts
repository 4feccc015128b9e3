/** What a run leaves behind: every signal of every step. */
import type { Direction, LayerType } from '../model/network';
import type { RowTime } from '../model/time';

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

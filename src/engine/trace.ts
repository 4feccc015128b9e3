/** What a run leaves behind: every signal of every step. */
import type { Direction, LayerType } from '../model/network';

export interface SignalTrace {
  readonly signal: string;
  readonly units: number;
  /** Rows held: one per step, or a single one for step T − 1 after `return_sequences: false`. */
  readonly rows: number;
  /** rows × units, row-major, against the step of the sequence that each row belongs to. */
  readonly values: Float32Array;
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

/** The step of the sequence that a row of a signal belongs to. */
export function stepOfRow(trace: { readonly steps: number }, signal: SignalTrace, row: number): number {
  return signal.rows === trace.steps ? row : trace.steps - 1;
}

/** What a run leaves behind: every signal of every step. */
import { INPUT, type Direction, type LayerType } from '../model/network';
import type { Sequence } from '../model/samples';
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

/** Rows × units of each signal, by its name. */
export function valuesByName(signals: readonly SignalTrace[]): Readonly<Record<string, Float32Array>> {
  return Object.fromEntries(signals.map(({ signal, values }) => [signal, values]));
}

/** With the network's input before the layers, as a signal like any other: its features, or the tokens' ids. */
export function withInput(trace: Trace, sequence: Sequence): Trace {
  const [units, values] =
    sequence.kind === 'vector' ? [sequence.size, sequence.values] : [1, Float32Array.from(sequence.ids)];
  const signal = { signal: 'x', units, rows: sequence.steps, values };
  const layer = { layer: INPUT, type: 'input', level: 0, direction: 'forward', signals: [signal] } as const;
  return { ...trace, layers: [layer, ...trace.layers] };
}

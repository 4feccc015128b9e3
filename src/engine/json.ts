/** A trace as JSON text, for other programs: the `gatescope-trace` format. */
import type { DialectId } from '../model/network';
import type { Sequence } from '../model/samples';
import type { SignalTrace, Trace } from './trace';

export interface TraceOrigin {
  readonly model: string;
  readonly dialect: DialectId;
  /** False exactly if any weight was seeded. */
  readonly trained: boolean;
  /** The sample's name; null for typed text and chosen files. */
  readonly sample: string | null;
}

/**
 * The text in pieces of a row each, so that it need not fit into one string. `beside` is added at its end, and before it
 * what ran, where that is given.
 */
export function* traceJson(
  trace: Trace,
  origin: TraceOrigin,
  beside: object = {},
  sequence?: Sequence,
): Generator<string> {
  yield `${headJson(origin, trace.steps).slice(0, -1)},"layers":[`;
  for (const [k, { layer, type, level, direction, signals }] of trace.layers.entries()) {
    yield `${k > 0 ? ',' : ''}${JSON.stringify({ layer, type, level, direction }).slice(0, -1)},"signals":{`;
    for (const [s, signal] of signals.entries()) {
      yield `${s > 0 ? ',' : ''}${JSON.stringify(signal.signal)}:`;
      yield* matrix(signal);
    }
    yield '}}';
  }
  yield '],"output":';
  yield* matrix(trace.output);
  if (sequence) yield* sequenceJson(sequence, [0, sequence.steps]);
  for (const [key, value] of Object.entries(beside)) yield `,${JSON.stringify(key)}:${JSON.stringify(value)}`;
  yield '}\n';
}

/** The numbers or tokens of steps from the first of the bounds, before the second, as a field of an object. */
export function* sequenceJson(sequence: Sequence, [from, to]: readonly [number, number]): Generator<string> {
  if (sequence.kind === 'token') {
    yield `,"tokens":${JSON.stringify(sequence.tokens.slice(from, to))}`;
    return;
  }
  const { size, values } = sequence;
  yield ',"input":';
  yield* matrix({ rows: to - from, units: size, values: values.subarray(from * size, to * size) });
}

/** What is said before the layers: an object to which they, and the rest, are added. */
export function headJson({ model, dialect, trained, sample }: TraceOrigin, steps: number): string {
  return JSON.stringify({ format: 'gatescope-trace', version: 1, model, dialect, trained, sample, steps });
}

function* matrix({ rows, units, values }: Pick<SignalTrace, 'rows' | 'units' | 'values'>): Generator<string> {
  for (let row = 0; row < rows; row++) {
    yield `${row === 0 ? '[' : ','}${rowJson(values.subarray(row * units, (row + 1) * units))}`;
  }
  yield rows === 0 ? '[]' : ']';
}

export function rowJson(row: Float32Array): string {
  return `[${Array.from(row, numberJson).join(',')}]`;
}

/** A float32 as `decimal` writes it; JSON has no word for what is not finite. */
export function numberJson(value: number): string {
  return Number.isFinite(value) ? decimal(value) : `"${value}"`;
}

/** A finite float32 with no more digits than it takes to read the same float32 back. */
export function decimal(value: number): string {
  if (Object.is(value, -0)) return '-0';
  for (let digits = 7; digits < 9; digits++) {
    const shortest = Number(value.toPrecision(digits));
    if (Math.fround(shortest) === value) return String(shortest);
  }
  return String(Number(value.toPrecision(9)));
}

/** A trace as JSON text, for other programs: the `gatescope-trace` format. */
import type { DialectId } from '../model/network';
import type { SignalTrace, Trace } from './trace';

export interface TraceOrigin {
  readonly model: string;
  readonly dialect: DialectId;
  /** False exactly if any weight was seeded. */
  readonly trained: boolean;
  /** The sample's name; null for typed text and chosen files. */
  readonly sample: string | null;
}

/** The text in pieces of a row each, so that it need not fit into one string. `beside` is added at its end. */
export function* traceJson(
  trace: Trace,
  { model, dialect, trained, sample }: TraceOrigin,
  beside: object = {},
): Generator<string> {
  const head = { format: 'gatescope-trace', version: 1, model, dialect, trained, sample, steps: trace.steps };
  yield `${JSON.stringify(head).slice(0, -1)},"layers":[`;
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
  for (const [key, value] of Object.entries(beside)) yield `,${JSON.stringify(key)}:${JSON.stringify(value)}`;
  yield '}\n';
}

function* matrix({ rows, units, values }: SignalTrace): Generator<string> {
  for (let row = 0; row < rows; row++) {
    const numbers = Array.from(values.subarray(row * units, (row + 1) * units), numberJson);
    yield `${row === 0 ? '[' : ','}[${numbers.join(',')}]`;
  }
  yield rows === 0 ? '[]' : ']';
}

/** A float32 with no more digits than it takes to read the same float32 back; JSON has no word for non-finite. */
export function numberJson(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (Object.is(value, -0)) return '-0';
  for (let digits = 7; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return String(decimal);
  }
  return String(Number(value.toPrecision(9)));
}

/** Where two runs differ of which not every row is held: stretch by stretch, each of which is computed again. */
import type { SliceOptions } from '../engine/slices';
import type { Trace } from '../engine/trace';
import { addressKey } from '../model/states';
import { say } from '../words/say';
import { type Difference, type Differences, type SignalDifference, differencesOf } from './differences';

/** A run of which any stretch can be had. */
export interface StretchedRun {
  readonly steps: number;
  /** Rows of steps `from` to `to` − 1, counted from `from`; signals of a single row have that of the whole run. */
  stretch(from: number, to: number): Promise<Trace>;
}

interface Options extends SliceOptions {
  /** Steps of a stretch. */
  readonly length: number;
}

/** What is known of a signal, or of the output, up to a step. */
interface Sum {
  readonly of: Difference;
  max: number;
  /** Of the differences' mean squares, times how many rows they are of. */
  squares: number;
  rows: number;
  firstStep: number | null;
}

/** As `differencesOf`, in no more memory than two stretches take. Rejects as that and `stretch` do. */
export async function differencesOfStretches(
  a: StretchedRun,
  b: StretchedRun,
  tolerance: number,
  { length, ...options }: Options,
): Promise<Differences> {
  const steps = Math.min(a.steps, b.steps);
  const sums = new Map<string, Sum>();
  let last: Differences | undefined;
  for (let from = 0; from < steps; from += length) {
    const to = Math.min(steps, from + length);
    const [one, other] = [await a.stretch(from, to), await b.stretch(from, to)];
    last = await differencesOf(one, other, tolerance, options);
    const isEnd = to === steps;
    for (const signal of last.signals) {
      const rows = rowsOf(one, signal);
      if (rows === to - from || isEnd) add(sums, addressKey(signal), signal, { from, rows });
    }
    const { rows } = one.output;
    if (last.output && (rows === to - from || isEnd)) add(sums, OUTPUT, last.output, { from, rows });
  }
  if (!last) throw new RangeError(say`expected runs of one step or more`);
  const whole = [...sums].map(([key, sum]) => [key, wholeOf(sum)] as const);
  const firsts = whole.flatMap(([, { firstStep }]) => (firstStep === null ? [] : [firstStep]));
  return {
    steps,
    firstStep: firsts.length > 0 ? Math.min(...firsts) : null,
    output: whole.find(([key]) => key === OUTPUT)?.[1] ?? null,
    signals: whole
      .flatMap(([key, found]) => (key === OUTPUT ? [] : [found as SignalDifference]))
      .toSorted((one, other) => other.max - one.max || other.rms - one.rms),
    unpaired: last.unpaired,
  };
}

const OUTPUT = 'output';

function rowsOf({ layers }: Trace, { layer, level, direction, signal }: SignalDifference): number {
  const found = layers.find(
    (one) => one.layer === layer && one.level === level && one.direction === direction,
  );
  return found!.signals.find((one) => one.signal === signal)!.rows;
}

function add(
  sums: Map<string, Sum>,
  key: string,
  found: Difference,
  { from, rows }: { readonly from: number; readonly rows: number },
): void {
  let sum = sums.get(key);
  if (!sum) sums.set(key, (sum = { of: found, max: 0, squares: 0, rows: 0, firstStep: null }));
  sum.max = Math.max(sum.max, found.max);
  sum.squares += found.rms ** 2 * rows;
  sum.rows += rows;
  if (found.firstStep !== null) sum.firstStep ??= from + found.firstStep;
}

function wholeOf({ of, max, squares, rows, firstStep }: Sum): Difference {
  return { ...of, max, rms: Math.sqrt(squares / rows), firstStep };
}

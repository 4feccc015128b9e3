/** Where two runs differ: signal by signal, by how much, and from which step on. */
import type { LayerTrace, SignalTrace, Trace } from '../engine/trace';
import { PIECE, type SliceOptions, type Work, inSlices } from '../engine/slices';
import type { SignalAddress } from '../model/network';
import { rowOfStep, stepOfRow } from '../model/time';
import { pairLayers } from './pair';

/** How far two signals are apart; the figures are infinite where only one of the two is a number. */
export interface Difference {
  /** The largest |a − b| over the steps and units that both have. */
  readonly max: number;
  /** Root mean square of a − b. */
  readonly rms: number;
  /** The first step at which one unit differs by more than the tolerance; null where none does. */
  readonly firstStep: number | null;
}

/** A signal of the first run, and how far it is from its counterpart in the second. */
export interface SignalDifference extends SignalAddress, Difference {
  /** The counterpart's layer, where it has another name. */
  readonly pairedWith?: string;
}

/** What only one of the two has, or has in another form. */
export interface Unpaired extends Omit<SignalAddress, 'signal'> {
  readonly in: 'a' | 'b' | 'both';
  /** Absent where it is the whole layer. */
  readonly signal?: string;
  /** Units in a and in b, where that is what differs. */
  readonly units?: readonly [a: number, b: number];
}

export interface Differences {
  /** Steps that both have. */
  readonly steps: number;
  /** The first step at which anything differs by more than the tolerance. */
  readonly firstStep: number | null;
  /** Null where the outputs have different numbers of units, or no step in common. */
  readonly output: Difference | null;
  /** Largest difference first. */
  readonly signals: readonly SignalDifference[];
  readonly unpaired: readonly Unpaired[];
}

/** Compares two runs, in slices; see `SliceOptions`. Steps that only the longer one has are not compared. */
export function differencesOf(
  a: Trace,
  b: Trace,
  tolerance: number,
  options: SliceOptions = {},
): Promise<Differences> {
  const total = a.layers.reduce((sum, { signals }) => sum + sizeOf(signals), 0);
  return inSlices(differences(a, b, tolerance), options, (cost) => [Math.min(cost, total), total]);
}

function* differences(a: Trace, b: Trace, tolerance: number): Work<Differences> {
  const { pairs, onlyA, onlyB } = pairLayers(a.layers, b.layers);
  const signals: SignalDifference[] = [];
  const unpaired: Unpaired[] = [
    ...onlyA.map((layer): Unpaired => ({ ...placeOf(layer), in: 'a' })),
    ...onlyB.map((layer): Unpaired => ({ ...placeOf(layer), in: 'b' })),
  ];
  for (const pair of pairs) {
    const place = placeOf(pair.a);
    for (const one of pair.a.signals) {
      const other = pair.b.signals.find(({ signal }) => signal === one.signal);
      const found = other && (yield* differenceOf(a, one, b, other, tolerance));
      if (found) {
        const pairedWith = pair.b.layer === pair.a.layer ? {} : { pairedWith: pair.b.layer };
        signals.push({ ...place, signal: one.signal, ...found, ...pairedWith });
      } else if (other) {
        unpaired.push({ ...place, in: 'both', signal: one.signal, units: [one.units, other.units] });
      } else {
        unpaired.push({ ...place, in: 'a', signal: one.signal });
      }
    }
    const known = new Set(pair.a.signals.map(({ signal }) => signal));
    for (const { signal } of pair.b.signals) {
      if (!known.has(signal)) unpaired.push({ ...placeOf(pair.b), in: 'b', signal });
    }
  }
  const output = (yield* differenceOf(a, a.output, b, b.output, tolerance)) ?? null;
  const firsts = [output, ...signals].map((one) => one?.firstStep ?? null).filter((step) => step !== null);
  return {
    steps: Math.min(a.steps, b.steps),
    firstStep: firsts.reduce<number | null>((least, step) => Math.min(least ?? step, step), null),
    output,
    signals: signals.toSorted((one, other) => other.max - one.max || other.rms - one.rms),
    unpaired,
  };
}

function placeOf({ layer, level, direction }: LayerTrace) {
  return { layer, level, direction };
}

/** Undefined where the two have other numbers of units, or no step in common. */
function* differenceOf(
  a: Pick<Trace, 'steps'>,
  one: SignalTrace,
  b: Pick<Trace, 'steps'>,
  other: SignalTrace,
  tolerance: number,
): Work<Difference | undefined> {
  if (one.units !== other.units) return undefined;
  const { units } = one;
  let max = 0;
  let squares = 0;
  let rows = 0;
  let firstStep: number | null = null;
  let cost = 0;
  for (let row = 0; row < one.rows; row++) {
    const step = stepOfRow(a, one, row);
    const counterpart = lastAlone(a, one) && lastAlone(b, other) ? 0 : rowOfStep(b, other, step);
    if (counterpart < 0) continue;
    rows++;
    let worst = 0;
    for (let unit = 0; unit < units; unit++) {
      const apart = distance(one.values[row * units + unit], other.values[counterpart * units + unit]);
      if (apart > worst) worst = apart;
      squares += apart * apart;
    }
    if (worst > max) max = worst;
    if (worst > tolerance) firstStep = firstStep === null ? step : Math.min(firstStep, step);
    cost += units;
    if (cost >= PIECE) {
      yield cost;
      cost = 0;
    }
  }
  yield cost;
  return rows === 0 ? undefined : { max, rms: Math.sqrt(squares / (rows * units)), firstStep };
}

/** Rows that stand for whole sequences stand for each other, however long the two are. */
function lastAlone({ steps }: Pick<Trace, 'steps'>, { rows, time }: SignalTrace): boolean {
  return rows === 1 && time === undefined && steps > 0;
}

function distance(one: number, other: number): number {
  if (Object.is(one, other) || one === other) return 0;
  const apart = Math.abs(one - other);
  return Number.isNaN(apart) ? Infinity : apart;
}

function sizeOf(signals: readonly SignalTrace[]): number {
  return signals.reduce((sum, { values }) => sum + values.length, 0);
}

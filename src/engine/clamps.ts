/** What a run holds fixed: what would the network do if this gate were shut, if this unit were gone? */
import { INPUT, type Network, type SignalAddress, isRecurrent } from '../model/network';
import type { Lengths } from '../model/partial';
import { signalUnits } from '../model/signals';
import { statePartsOf } from '../model/states';
import { stepOfRow } from '../model/time';
import { say } from '../words/say';
import type { CellState, Stage } from './cells/cell';
import type { SettlingStage } from './cells/general/stage';
import type { Edge } from './edge';
import { type PlannedLayer, plan } from './plan';
import { plannedSignal } from './plannedSignal';
import type { SignalTrace } from './trace';

/**
 * Gives some units of a signal a value at some steps; everything that reads them sees it. The network's input is the
 * signal x of the layer `input`, where it is vectors; a state before the first step is the signal `h0` or `c0`.
 */
export interface Clamp extends SignalAddress {
  readonly value: number;
  /** First and last; all units where absent. */
  readonly units?: readonly [first: number, last: number];
  /** First and last, as steps of the sequence; all steps where absent. */
  readonly steps?: readonly [first: number, last: number];
}

/** Throws RangeError, naming layer, signal and unit or step, for a clamp that the run has no place for. */
export function checkClamps(network: Network, lengths: Lengths, clamps: readonly Clamp[]): void {
  if (clamps.length === 0) return;
  const { steps } = lengths;
  const planned = plan(network, lengths);
  for (const clamp of clamps) {
    const { layer: name } = clamp;
    if (name === INPUT) {
      checkInput(network, steps, clamp);
      continue;
    }
    const { where, found, signal } = plannedSignal(
      network,
      lengths,
      planned,
      clamp,
      say`nothing to hold`,
      initialSignals,
    );
    if (found.layer.type === 'input' && found.layer.input.kind !== 'vector') {
      throw new RangeError(say`${where}: tokens are replaced, not held: ${name} is no vector`);
    }
    checkRange(say`${where}: unit`, clamp.units, signal.units);
    if (!found.signals.includes(signal) && clamp.steps) {
      throw new RangeError(say`${where}: a state before the first step belongs to no step`);
    }
    checkRange(say`${where}: step`, clamp.steps, steps);
    checkValue(where, clamp.value);
  }
}

function checkInput({ input }: Network, steps: number, { signal, units, steps: held, value }: Clamp): void {
  if (input.kind !== 'vector')
    throw new RangeError(say`input: tokens are replaced, not held: the input is no vector`);
  if (signal !== 'x') throw new RangeError(say`input: expected the signal x, found ${signal}`);
  checkRange(say`input: feature`, units, input.size);
  checkRange(say`input: step`, held, steps);
  checkValue('input', value);
}

function checkValue(where: string, value: number): void {
  if (Number.isFinite(Math.fround(value))) return;
  throw new RangeError(say`${where}: expected a number of at most 3.4e38 as its value, found ${value}`);
}

function initialSignals({ layer }: PlannedLayer): PlannedLayer['signals'] {
  if (!isRecurrent(layer)) return [];
  return statePartsOf(layer.type).map((state) => ({ signal: `${state}0`, units: signalUnits(layer, state) }));
}

function checkRange(what: string, range: readonly [number, number] | undefined, count: number): void {
  if (!range) return;
  for (const index of range) {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      const expected = count === 1 ? '0' : say`0 to ${count - 1}`;
      throw new RangeError(say`${what}: expected ${expected}, found ${index}`);
    }
  }
  if (range[0] > range[1]) {
    throw new RangeError(say`${what}: expected the first before the last, found ${range[0]}..${range[1]}`);
  }
}

/** Those of one layer, level and direction. */
export function clampsOf(
  clamps: readonly Clamp[],
  { layer, level, direction }: Omit<SignalAddress, 'signal'>,
): readonly Clamp[] {
  return clamps.filter((one) => one.layer === layer && one.level === level && one.direction === direction);
}

/** Writes the clamps into rows `from` … `to` − 1 of a signal. */
export function hold(
  clamps: readonly Clamp[],
  signal: SignalTrace,
  steps: number,
  from = 0,
  to = signal.rows,
): void {
  for (const { units: range, steps: held, signal: name, value } of clamps) {
    if (name !== signal.signal) continue;
    const [first, last] = range ?? [0, signal.units - 1];
    for (let row = from; row < to; row++) {
      const step = stepOfRow({ steps }, signal, row);
      if (held && (step < held[0] || step > held[1])) continue;
      signal.values.fill(value, row * signal.units + first, row * signal.units + last + 1);
    }
  }
}

/** Whether a row of signals has the held values already, bit for bit. */
export function isHeldAt(
  clamps: readonly Clamp[],
  signals: readonly SignalTrace[],
  steps: number,
  row: number,
): boolean {
  return signals.every((signal) => {
    const { units, values } = signal;
    if (!clamps.some((clamp) => clamp.signal === signal.signal)) return true;
    const now = values.subarray(row * units, (row + 1) * units);
    const before = now.slice();
    hold(clamps, signal, steps, row, row + 1);
    const same = before.every((value, unit) => Object.is(value, now[unit]));
    now.set(before);
    return same;
  });
}

/** 1 for each value of a signal that is held, rows × units; undefined where none is. */
export function heldPlaces(
  clamps: readonly Clamp[],
  signal: SignalTrace,
  steps: number,
): Uint8Array | undefined {
  const own = clamps.filter((clamp) => clamp.signal === signal.signal);
  if (own.length === 0) return undefined;
  const values = new Float32Array(signal.values.length);
  const marks = own.map((clamp) => ({ ...clamp, value: 1 }));
  hold(marks, { ...signal, values }, steps);
  return Uint8Array.from(values);
}

/** The stages with the clamps put in as soon as a signal has its value. */
export function held(
  stages: readonly SettlingStage[],
  signals: readonly SignalTrace[],
  clamps: readonly Clamp[],
): Stage[] {
  return stages.flatMap((stage): Stage[] => {
    const settled = signals.filter(
      ({ signal }) => stage.settles.includes(signal) && clamps.some((clamp) => clamp.signal === signal),
    );
    if (settled.length === 0) return [stage];
    const clamping: Stage = {
      units: 1,
      cost: 1,
      compute(step) {
        for (const signal of settled) hold(clamps, signal, signal.rows, step, step + 1);
      },
    };
    return [stage, clamping];
  });
}

/** The state before the first step with what is held put in. */
export function heldState(state: CellState, clamps: readonly Clamp[]): CellState {
  const put = (signal: string, values: Float32Array | undefined) => {
    if (!values || !clamps.some((clamp) => clamp.signal === signal)) return values;
    const copy = values.slice();
    hold(clamps, { signal, units: copy.length, rows: 1, values: copy }, 1);
    return copy;
  };
  return { h: put('h0', state.h)!, c: put('c0', state.c) };
}

/** The network's input with what is held put in. */
export function heldInput(input: Edge, clamps: readonly Clamp[]): Edge {
  if (clamps.length === 0 || input.kind !== 'dense') return input;
  const values = input.values.slice();
  hold(clamps, { signal: 'x', units: input.width, rows: input.rows, values }, input.rows);
  return { ...input, values };
}

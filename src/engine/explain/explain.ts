/** Why a unit has the value that it has: the sum inside its activation, term by term. */
import { type InputLayer, type Layer, type Network, isRecurrent } from '../../model/network';
import { outputNames } from '../../model/outputs';
import { type UnitAddress, signalText } from '../../model/signalText';
import { type TimedRows, rowOfStep, stepOfRow } from '../../model/time';
import { say } from '../../words/say';
import { type Clamp, clampsOf } from '../clamps';
import { signalAt } from '../statistics';
import { cellSum } from './cell';
import type { Explained } from './explained';
import { statelessSum } from './stateless';
import type { SumOfTerms } from './term';

export interface Explanation extends SumOfTerms {
  readonly at: UnitAddress;
  /** As the run has it. */
  readonly value: number;
  /** Of all products. */
  readonly sum: number;
  /** Whether the value is held: the sum is the one that it would have had. */
  readonly held?: true;
}

/** Throws RangeError for a signal, unit or step that the run does not have, and for an input, which is given. */
export function explain(ran: Explained, at: UnitAddress): Explanation {
  const { network, runs, trace, clamps } = ran;
  const index = network.layers.findIndex(({ name }) => name === at.layer);
  const layer = summedLayer(network, at.layer);
  const signal = signalAt(trace, at);
  const row = rowAt(ran, at);
  if (!Number.isInteger(at.unit) || at.unit < 0 || at.unit >= signal.units) {
    throw fault(network, at, say`unit`, counting(signal.units), at.unit);
  }
  const found = isRecurrent(layer)
    ? cellSum(ran, layer, runs[index], at, row)
    : statelessSum(ran, layer, runs[index].inputs, row, at.unit);
  return {
    ...{ at, value: signal.values[row * signal.units + at.unit] },
    ...found,
    sum: found.terms.reduce((sum, { product }) => sum + product, 0),
    ...(clamps.some((clamp) => holds(clamp, at)) && { held: true as const }),
  };
}

/** A layer whose signals are sums of others. Throws RangeError for an input of the network. */
export function summedLayer({ layers }: Network, name: string): Exclude<Layer, InputLayer> {
  const layer = layers.find((one) => one.name === name);
  if (layer && layer.type !== 'input') return layer;
  throw new RangeError(say`${name} is given: nothing adds up to it`);
}

function holds(clamp: Clamp, at: UnitAddress): boolean {
  const within = (range: readonly [first: number, last: number] | undefined, k: number) =>
    !range || (k >= range[0] && k <= range[1]);
  return (
    clampsOf([clamp], at).length > 0 &&
    clamp.signal === at.signal &&
    within(clamp.units, at.unit) &&
    within(clamp.steps, at.step)
  );
}

/**
 * The unit of a signal that stands out at a step: the largest in magnitude, of an output of named classes the largest.
 * Throws as `explain` does.
 */
export function standingOut(ran: Explained, at: Omit<UnitAddress, 'unit'>): number {
  const { values, units } = signalAt(ran.trace, at);
  const row = rowAt(ran, at);
  const { layers } = ran.network;
  const classes = at.layer === layers[layers.length - 1].name && outputNames(ran.network) !== null;
  const size = (k: number) => (classes ? values[row * units + k] : Math.abs(values[row * units + k]));
  let largest = 0;
  for (let k = 1; k < units; k++) if (size(k) > size(largest)) largest = k;
  return largest;
}

type Where = Omit<UnitAddress, 'unit'>;

function rowAt({ network, trace }: Explained, at: Where): number {
  return rowAtStep(network, trace, signalAt(trace, at), at);
}

/** The row of a signal at a step. Throws RangeError, naming the steps that have one, if there is none. */
export function rowAtStep(
  network: Network,
  trace: { readonly steps: number },
  signal: TimedRows,
  at: Where,
): number {
  const row = rowOfStep(trace, signal, at.step);
  if (row < 0) throw fault(network, at, say`step`, stepsInWords(trace, signal), at.step);
  return row;
}

function fault(network: Network, at: Where, what: string, expected: string, found: number): RangeError {
  const layer = network.layers.find(({ name }) => name === at.layer);
  return new RangeError(say`${signalText(at, layer)}: ${what}: expected ${expected}, found ${found}`);
}

function counting(count: number): string {
  return count === 1 ? '0' : say`0 to ${count - 1}`;
}

/** The steps at which a signal has a value. */
function stepsInWords(trace: { readonly steps: number }, signal: TimedRows): string {
  const { rows, time } = signal;
  if (time === 'own') return say`one of its own rows, ${counting(rows)}`;
  if (rows === 1) return say`${stepOfRow(trace, signal, 0)}, the only one that it has`;
  if (!time) return counting(rows);
  const [first, second, last] = [0, 1, rows - 1].map((row) => stepOfRow(trace, signal, row));
  return say`one of ${first}, ${second}, … ${last}`;
}

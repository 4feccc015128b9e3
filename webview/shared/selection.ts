/** What was chosen anywhere shows everywhere: a signal, perhaps a unit of it, perhaps a range of steps. */
import { cellFacts } from '../../src/cells';
import { INPUT, SIGNALS, isRecurrent, type Network, type SignalAddress } from '../../src/model/network';
import { signalUnits } from '../../src/model/signals';
import type { Measure } from '../../src/picture/measure';
import { isCount, record } from '../../src/untrusted';

export interface Selection {
  /** Null before there is a model. */
  readonly signal: SignalAddress | null;
  readonly unit: number | null;
  readonly range: StepRange | null;
}

/** Steps of the sequence, both ends included. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** The part of a range that a sequence of `steps` steps has, its ends in order; null where it has none. */
export function rangeWithin(range: StepRange | null, steps: number): StepRange | null {
  if (!range) return null;
  const from = Math.max(0, Math.min(range.from, range.to));
  const to = Math.min(Math.max(range.from, range.to), steps - 1);
  if (from > to) return null;
  return from === range.from && to === range.to ? range : { from, to };
}

interface Chosen {
  readonly selection: Selection;
  readonly measure: Measure;
}

/** What stays chosen in a model: signals and units that it does not have give way. */
export function chosenFor(network: Network, { selection, measure }: Chosen): Chosen {
  const signal = selection.signal && has(network, selection.signal) ? selection.signal : usual(network);
  const unit = selection.unit !== null && selection.unit < unitsOf(network, signal) ? selection.unit : null;
  return {
    selection: { ...selection, signal, unit },
    measure: measure === 'unit' && unit === null ? 'mean' : measure,
  };
}

/** Width of a signal. */
export function unitsOf(network: Network, { layer: name, signal }: SignalAddress): number {
  const layer = network.layers.find((one) => one.name === name);
  if (layer) return signalUnits(layer, signal);
  return network.input.kind === 'vector' ? network.input.size : 1;
}

function has({ layers }: Network, { layer: name, level, direction, signal }: SignalAddress): boolean {
  if (name === INPUT) return level === 0 && direction === 'forward' && signal === 'x';
  const layer = layers.find((one) => one.name === name);
  if (!layer || !SIGNALS[layer.type].includes(signal)) return false;
  if (!isRecurrent(layer)) return level === 0 && direction === 'forward';
  return level < layer.levels && layer.directions.includes(direction);
}

/** The gate that a lesson begins with: what the first recurrent layer keeps. */
function usual({ layers }: Network): SignalAddress {
  const layer = layers.find(isRecurrent);
  if (!layer) return { layer: INPUT, level: 0, direction: 'forward', signal: 'x' };
  const [direction] = layer.directions;
  return { layer: layer.name, level: 0, direction, signal: cellFacts(layer).keeps ?? 'h' };
}

/** Of what was stored, nothing is trusted; whether the model has it is for `chosenFor`. */
export function restoreSelection(kept: unknown): Selection {
  const { signal, unit, range } = record(kept);
  return {
    signal: restoreSignal(signal),
    unit: isCount(unit) ? unit : null,
    range: restoreRange(range),
  };
}

function restoreRange(kept: unknown): StepRange | null {
  const { from, to } = record(kept);
  return isCount(from) && isCount(to) && from <= to ? { from, to } : null;
}

function restoreSignal(kept: unknown): SignalAddress | null {
  const { layer, level, direction, signal } = record(kept);
  if (typeof layer !== 'string' || typeof signal !== 'string' || !isCount(level)) return null;
  if (direction !== 'forward' && direction !== 'backward') return null;
  return { layer, level, direction, signal };
}

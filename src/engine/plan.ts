/** What a run will leave behind and cost, known before any of it is computed. */
import {
  type AttentionLayer,
  type Direction,
  type Layer,
  type Network,
  type RecurrentLayer,
  SIGNALS,
  isRecurrent,
  levelInputSize,
  stateSize,
} from '../model/network';
import { runningPart, type Lengths } from '../model/partial';
import { GATES } from '../model/parameters';
import { signalUnits } from '../model/signals';
import { rowsAfter } from '../model/time';
import { EXPONENTIAL } from './cells/cell';

/** One layer, level and direction of a trace to be. */
export interface PlannedLayer {
  readonly layer: Layer;
  readonly level: number;
  readonly direction: Direction;
  /** Rows of every signal. */
  readonly rows: number;
  readonly signals: readonly { readonly signal: string; readonly units: number }[];
}

/** Of the layers that run, in the order of the trace. */
export function plan(whole: Network, lengths: Lengths): PlannedLayer[] {
  const network = runningPart(whole, lengths);
  const passedOn = outputRows(network, lengths);
  return network.layers.flatMap((layer): PlannedLayer[] => {
    const rows = passedOn.get(layer.inputs[0]) ?? lengths.steps;
    const signals = SIGNALS[layer.type].map((signal) => ({ signal, units: signalUnits(layer, signal) }));
    if (!isRecurrent(layer)) {
      return [{ layer, level: 0, direction: 'forward', rows: passedOn.get(layer.name)!, signals }];
    }
    return Array.from({ length: layer.levels }, (_, level) =>
      layer.directions.map((direction) => ({ layer, level, direction, rows, signals })),
    ).flat();
  });
}

/** Rows that each layer passes on. */
export function outputRows(network: Network, { steps, more }: Lengths): Map<string, number> {
  const rows = new Map<string, number>();
  for (const layer of network.layers) {
    const own = layer.type === 'input' ? more?.get(layer.name)?.steps : undefined;
    const input = rows.get(layer.inputs[0]) ?? steps;
    rows.set(layer.name, own ?? rowsAfter(layer, input));
  }
  return rows;
}

/** The most memory that a run takes, in bytes: its trace, and what layers and levels pass to one another. */
export function traceBytes(whole: Network, lengths: Lengths): number {
  const network = runningPart(whole, lengths);
  let values = 0;
  for (const { rows, signals } of plan(network, lengths)) {
    for (const { units } of signals) values += rows * units;
  }
  const rows = outputRows(network, lengths);
  for (const layer of network.layers) {
    if (!isRecurrent(layer) || layer.directions.length === 1) continue;
    const input = rows.get(layer.inputs[0]) ?? lengths.steps;
    values +=
      (layer.levels - 1) * input * levelInputSize(layer, 1) + rows.get(layer.name)! * layer.outputSize;
  }
  return values * Float32Array.BYTES_PER_ELEMENT;
}

/**
 * The most steps, up to `lengths.steps`, of which a run takes no more than `bytes`, counted by `bytesOf`; further inputs as
 * long are cut with them.
 */
export function stepsWithin(
  network: Network,
  lengths: Lengths,
  bytes: number,
  bytesOf: (network: Network, lengths: Lengths) => number = traceBytes,
): number {
  const more = [...(lengths.more ?? [])];
  const part = (steps: number): Lengths => ({
    steps,
    more: new Map(more.map(([name, own]) => [name, own.steps === lengths.steps ? { steps } : own])),
  });
  let [fits, beyond] = [0, lengths.steps + 1];
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (bytesOf(network, part(middle)) <= bytes) fits = middle;
    else beyond = middle;
  }
  return fits;
}

/** Multiply-adds of a run, exponentials counted as such. */
export function runCost(network: Network, lengths: Lengths): number {
  const oneHot = network.input.kind === 'token' && network.input.encoding === 'one_hot';
  const passedOn = outputRows(network, lengths);
  let cost = 0;
  for (const { layer, level, rows } of plan(network, lengths)) {
    const ids = oneHot && level === 0 && feedsOnInput(network, layer);
    const step =
      layer.type === 'attention'
        ? attentionCost(layer, passedOn.get(layer.inputs[1]) ?? lengths.steps)
        : stepCost(layer, level, ids);
    cost += rows * step;
  }
  return cost;
}

/** Multiply-adds of one row of queries, each of which looks at all rows of values. */
export function attentionCost(layer: AttentionLayer, values: number): number {
  const { heads = 1, inputSize, outputSize } = layer;
  return UNVECTORISED * values * (inputSize + outputSize + heads * EXPONENTIAL);
}

/** What a multiply-add costs that no kernel does, in those of kernels. */
const UNVECTORISED = 12;

/** Multiply-adds of one step of one level and direction. A product with one-hot vectors only reads a column. */
function stepCost(layer: Layer, level: number, oneHot: boolean): number {
  const width = oneHot ? 1 : isRecurrent(layer) ? levelInputSize(layer, level) : layer.inputSize;
  switch (layer.type) {
    case 'input':
    case 'dropout':
      return 0;
    case 'embedding':
      return layer.outputSize;
    case 'linear':
      return layer.outputSize * width;
    case 'conv1d':
      return layer.outputSize * width * layer.kernelSize;
    case 'conv2d': {
      const { channels, groups, kernel } = layer;
      return (layer.outputSize * channels * kernel.height * kernel.steps) / groups;
    }
    default:
      if (isRecurrent(layer)) return recurrentCost(layer, width);
      return 4 * Math.max(layer.outputSize, width);
  }
}

function recurrentCost(layer: RecurrentLayer, width: number): number {
  const state = stateSize(layer);
  const gates = GATES[layer.type];
  const projection = state === layer.hiddenSize ? 0 : state * layer.hiddenSize;
  return layer.hiddenSize * gates * (width + state + EXPONENTIAL) + projection;
}

function feedsOnInput(network: Network, layer: Layer): boolean {
  return !network.layers.some((other) => other.name === layer.inputs[0] && other.type !== 'dropout');
}

/** A few times what the kernels take, so that an estimate errs on the long side on slow hardware too. */
const NANOSECONDS_PER_MULTIPLY_ADD = 0.2;

/** About how long a run takes, in milliseconds. */
export function estimateMilliseconds(whole: Network, lengths: Lengths): number {
  const network = runningPart(whole, lengths);
  const rows = outputRows(network, lengths);
  let nanoseconds = runCost(network, lengths) * NANOSECONDS_PER_MULTIPLY_ADD;
  for (const layer of network.layers) {
    if (isRecurrent(layer)) continue;
    const given = rows.get(layer.name)! * layer.outputSize;
    const read = (rows.get(layer.inputs[0]) ?? lengths.steps) * layer.inputSize;
    nanoseconds += Math.max(given, read) * perNumber(layer) + given * perWindow(layer);
  }
  return nanoseconds / 1e6;
}

/** Nanoseconds of what no kernel does: a sum, product or bound of a number, and its exponential or its part in a norm. */
const SIMPLE = 15;
const CURVED = 30;

/** Nanoseconds that a layer takes for each number beside its multiply-adds. */
function perNumber(layer: Exclude<Layer, RecurrentLayer>): number {
  switch (layer.type) {
    case 'input':
    case 'dropout':
    case 'embedding':
    case 'attention':
    case 'select':
    case 'final_state':
    case 'not_run':
      return 0;
    case 'linear':
      return ['none', 'sigmoid', 'tanh'].includes(layer.activation as string) ? 0 : CURVED;
    case 'activation':
    case 'power':
    case 'layer_norm':
    case 'rms_norm':
      return CURVED;
    case 'elementwise':
    case 'group_norm':
      return 2 * CURVED;
    default:
      return SIMPLE;
  }
}

/** Nanoseconds that a number takes which is made of a window of others. */
function perWindow(layer: Layer): number {
  switch (layer.type) {
    case 'conv1d':
      return 5 * layer.inputSize * layer.kernelSize;
    case 'pool1d':
      return SIMPLE * layer.size;
    case 'conv2d':
      return (12 * layer.channels * layer.kernel.height * layer.kernel.steps) / layer.groups;
    case 'pool2d':
      return 100 * layer.kernel.height * layer.kernel.steps;
    default:
      return 0;
  }
}

/** What `summarise` takes for a value of the trace. */
const NANOSECONDS_PER_VALUE = 5;

/** About how long a run and the figures of its trace take, in milliseconds. */
export function estimateWithFigures(network: Network, lengths: Lengths): number {
  const values = traceBytes(network, lengths) / Float32Array.BYTES_PER_ELEMENT;
  return estimateMilliseconds(network, lengths) + (values * NANOSECONDS_PER_VALUE) / 1e6;
}

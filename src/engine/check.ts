/** Checks a network, its weights and a sequence against one another before anything is computed. */
import { cellFacts } from '../cells';
import {
  type AttentionLayer,
  INPUT,
  type InputLayer,
  type Layer,
  type MergeLayer,
  type Network,
  type NetworkInput,
  type RecurrentLayer,
  inputWidth,
  isRecurrent,
  stateSize,
} from '../model/network';
import { type Parameter, layerParameters } from '../model/parameters';
import type { Sequence } from '../model/samples';
import { groupFault } from '../model/groups';
import { notRun } from '../model/partial';
import { finalStateFault, handedFault } from '../model/states';
import { imageFault, rowFault } from '../model/time';
import { type Weights, elementCount } from '../model/weights';
import { say } from '../words/say';
import { type InitialStates, stateKey } from './cells/cell';
import { outputRows } from './plan';

/**
 * Throws RangeError for a wrong size or value, TypeError for a wrong kind; the message names the layer, tensor or
 * step.
 */
export function checkRun(
  network: Network,
  weights: Weights,
  sequence: Sequence,
  initial: InitialStates = new Map(),
): void {
  checkNetwork(network);
  for (const layer of network.layers) checkWeights(layer, weights);
  checkSequences(network, sequence);
  checkRows(network, sequence);
  checkStates(network, initial);
}

function checkNetwork(network: Network): void {
  if (network.layers.length === 0) throw new RangeError(say`the network has no layers`);
  const widths = new Map([[INPUT, inputWidth(network.input)]]);
  const earlier = new Map<string, Layer>();
  const indices = new Set(givesIndices(network.input) ? [INPUT] : []);
  for (const layer of network.layers) {
    if (layer.type === 'input') {
      if (layer.outputSize !== inputWidth(layer.input)) {
        throw new RangeError(
          say`${layer.name}: expected ${inputWidth(layer.input)} outputs, found ${layer.outputSize}`,
        );
      }
      if (givesIndices(layer.input)) indices.add(layer.name);
      widths.set(layer.name, layer.outputSize);
      continue;
    }
    if (layer.type === 'not_run') throw new RangeError(notRun(layer));
    const [least, most] = inputCount(layer);
    if (layer.inputs.length < least || layer.inputs.length > most) {
      const several = most < Infinity ? say`${least} to ${most} inputs` : say`${least} or more inputs`;
      const expected = most === 1 ? say`one input` : several;
      throw new RangeError(say`${layer.name}: expected ${expected}, found ${layer.inputs.length}`);
    }
    const [input] = layer.inputs;
    for (const name of layer.inputs) {
      if (!widths.has(name))
        throw new RangeError(say`${layer.name}: its input ${name} does not stand before it`);
    }
    const width = widths.get(input)!;
    if (indices.has(input) !== (layer.type === 'embedding')) {
      throw new TypeError(
        layer.type === 'embedding'
          ? say`${layer.name}: an embedding needs token ids, found vectors from ${input}`
          : say`${layer.name}: expected vectors from ${input}, found token ids`,
      );
    }
    if (layer.type !== 'embedding' && width !== layer.inputSize) {
      throw new RangeError(
        say`${layer.name}: expected ${layer.inputSize} inputs, found ${width} from ${input}`,
      );
    }
    if (layer.type === 'merge' || layer.type === 'attention') checkWidths(layer, widths);
    if (layer.type === 'final_state') {
      const fault = finalStateFault(layer, earlier.get(input));
      if (fault) throw new RangeError(`${layer.name}: ${fault}`);
    }
    if (!isRecurrent(layer) && layer.type !== 'embedding') checkStateless(layer);
    if (isRecurrent(layer)) checkRecurrent(layer, earlier);
    widths.set(layer.name, layer.outputSize);
    earlier.set(layer.name, layer);
  }
}

function givesIndices(input: NetworkInput): boolean {
  return input.kind === 'token' && input.encoding === 'index';
}

/** How many inputs a layer takes: the least and the most. */
function inputCount(layer: Layer): readonly [number, number] {
  if (layer.type === 'merge') return [2, Infinity];
  return layer.type === 'attention' ? [2, 3] : [1, 1];
}

function checkWidths(layer: MergeLayer | AttentionLayer, widths: ReadonlyMap<string, number>): void {
  const found = layer.inputs.map((name) => widths.get(name)!);
  const fault = (message: string) =>
    new RangeError(say`${layer.name}: ${message}, found ${found.join(', ')}`);
  if (layer.type === 'attention') {
    if (found[0] !== (found[2] ?? found[1])) throw fault(say`expected query and key of the same width`);
    if (layer.outputSize !== found[1]) throw fault(say`expected values of width ${layer.outputSize}`);
    const { heads = 1 } = layer;
    if (found.some((width) => width % heads !== 0))
      throw fault(say`expected units that ${heads} heads can share`);
  } else if (layer.mode === 'concatenate') {
    if (found.reduce((a, b) => a + b) !== layer.outputSize) {
      throw fault(say`expected inputs of ${layer.outputSize} units together`);
    }
  } else if (found.some((width) => width !== layer.outputSize)) {
    throw fault(say`expected inputs of ${layer.outputSize} units each`);
  }
}

/** Numbers of layers without state that must be whole, or above 0. */
function checkStateless(layer: Exclude<Layer, RecurrentLayer | InputLayer>): void {
  const whole = (name: string, value: number) => {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(say`${layer.name}: expected a whole ${name} from 1, found ${value}`);
    }
  };
  if (layer.type === 'conv1d') {
    whole(say`kernel size`, layer.kernelSize);
    whole('stride', layer.stride);
    whole('dilation', layer.dilation);
  }
  if (layer.type === 'pool1d') {
    whole('size', layer.size);
    whole('stride', layer.stride);
  }
  if (layer.type === 'conv2d' || layer.type === 'pool2d') {
    const fault = imageFault(layer);
    if (fault) throw new RangeError(`${layer.name}: ${fault}`);
  }
  if (layer.type === 'slice') whole('stride', layer.stride);
  if (layer.type === 'repeat_vector') whole('count', layer.count);
  if (layer.type === 'flatten' && layer.outputSize % layer.inputSize !== 0) {
    throw new RangeError(
      say`${layer.name}: ${layer.outputSize} outputs are no whole number of rows of ${layer.inputSize}`,
    );
  }
  if ('epsilon' in layer && !(layer.epsilon >= 0)) {
    throw new RangeError(say`${layer.name}: expected an epsilon from 0, found ${layer.epsilon}`);
  }
  if (layer.type === 'group_norm') {
    const fault = groupFault(layer);
    if (fault) throw new RangeError(`${layer.name}: ${fault}`);
  }
  if (layer.type === 'masking' && !Number.isFinite(layer.maskValue)) {
    throw new RangeError(say`${layer.name}: expected a finite mask value, found ${layer.maskValue}`);
  }
}

/** Every layer gets rows that it can take, and layers that read several get as many from each. */
function checkRows(network: Network, sequence: Sequence): void {
  const { steps } = sequence;
  const rows = outputRows(network, sequence);
  for (const layer of network.layers) {
    if (layer.type === 'input') continue;
    const found = layer.inputs.map((name) => rows.get(name) ?? steps);
    const fault = rowFault(layer, found[0]);
    if (fault) throw new RangeError(`${layer.name}: ${fault}`);
    const together = layer.type === 'attention' ? found.slice(1) : found;
    const single = layer.type === 'merge' ? 1 : together[0];
    if (together.some((count) => count !== together[0] && count !== single)) {
      const counts = together.join(', ');
      throw new RangeError(
        layer.type === 'merge'
          ? say`${layer.name}: expected inputs of as many rows as the first has, or of one, found ${counts}`
          : say`${layer.name}: expected inputs of as many rows each, found ${counts}`,
      );
    }
  }
}

function checkRecurrent(layer: RecurrentLayer, earlier: ReadonlyMap<string, Layer>): void {
  const { name, clip, sequenceLength = 1 } = layer;
  if (!Number.isInteger(sequenceLength) || sequenceLength < 1) {
    throw new RangeError(say`${name}: expected a whole sequence length from 1, found ${sequenceLength}`);
  }
  if (clip !== undefined && !(clip > 0)) {
    throw new RangeError(say`${name}: expected a clip above 0, found ${clip}`);
  }
  if (layer.layerNorm && !(layer.layerNorm.epsilon >= 0)) {
    throw new RangeError(say`${name}: expected an epsilon from 0, found ${layer.layerNorm.epsilon}`);
  }
  const fault = cellFacts(layer).fault?.(layer);
  if (fault) throw new RangeError(`${name}: ${fault}`);
  const handed = handedFault(layer, (source) => earlier.get(source));
  if (handed) throw new RangeError(`${name}: ${handed}`);
}

function checkWeights(layer: Layer, weights: Weights): void {
  for (const { name, shape } of neededBy(layer)) {
    const tensor = weights.get(name);
    if (!tensor) throw new RangeError(say`the tensor ${name} (${shape.join(' × ')}) is missing`);
    const same = tensor.shape.length === shape.length && tensor.shape.every((n, k) => n === shape[k]);
    if (!same || tensor.data.length !== elementCount(shape)) {
      const found = tensor.shape.join(' × ');
      throw new RangeError(say`the tensor ${name}: expected ${shape.join(' × ')}, found ${found}`);
    }
  }
}

const needed = new WeakMap<Layer, readonly Parameter[]>();

/** Kept: making their names takes longer than a small cell's step. */
function neededBy(layer: Layer): readonly Parameter[] {
  const parameters = needed.get(layer) ?? layerParameters(layer);
  needed.set(layer, parameters);
  return parameters;
}

function checkSequences(network: Network, sequence: Sequence): void {
  checkSequence('', network.input, sequence, idCount(network, INPUT, network.input));
  const unknown = new Set(sequence.more?.keys());
  for (const layer of network.layers) {
    if (layer.type !== 'input') continue;
    const { name, input, clock } = layer;
    unknown.delete(name);
    const further = sequence.more?.get(name);
    if (!further) throw new RangeError(say`${name}: the sequence brings nothing for this input`);
    checkSequence(`${name}: `, input, further, idCount(network, name, input));
    const expected = clock === 'shared' ? sequence.steps : clock === 'row' ? 1 : further.steps;
    if (further.steps !== expected) {
      throw new RangeError(say`${name}: expected ${expected} steps, found ${further.steps}`);
    }
  }
  for (const name of unknown) throw new RangeError(say`there is no input ${name}`);
}

/** `where` comes before each message. */
function checkSequence(where: string, input: NetworkInput, sequence: Sequence, ids: number): void {
  if (sequence.kind !== input.kind) {
    throw new TypeError(
      input.kind === 'token'
        ? say`${where}expected a sequence of tokens, found one of vectors`
        : say`${where}expected a sequence of vectors, found one of tokens`,
    );
  }
  if (sequence.steps < 1) throw new RangeError(say`${where}the sequence is empty`);
  if (sequence.kind === 'vector') {
    if (sequence.size !== inputWidth(input)) {
      throw new RangeError(
        say`${where}expected ${inputWidth(input)} features a step, found ${sequence.size}`,
      );
    }
    checkLength(`${where}values`, sequence.values, sequence.steps * sequence.size);
    return;
  }
  checkLength(`${where}ids`, sequence.ids, sequence.steps);
  sequence.ids.forEach((id, step) => {
    if (id < 0 || id >= ids) {
      throw new RangeError(say`${where}step ${step}: expected an id from 0 to ${ids - 1}, found ${id}`);
    }
  });
}

/** Ids that every reader of an input knows: rows of the smallest embedding that reads it, or the one-hot width. */
function idCount({ layers }: Network, name: string, input: NetworkInput): number {
  if (!givesIndices(input)) return inputWidth(input);
  return Math.min(
    ...layers.map((layer) =>
      layer.type === 'embedding' && layer.inputs[0] === name ? layer.numEmbeddings : Infinity,
    ),
  );
}

function checkStates(network: Network, initial: InitialStates): void {
  const unknown = new Set(initial.keys());
  for (const layer of network.layers.filter(isRecurrent)) {
    for (let level = 0; level < layer.levels; level++) {
      for (const direction of layer.directions) {
        const key = stateKey(layer.name, level, direction);
        unknown.delete(key);
        const state = initial.get(key);
        if (!state) continue;
        checkLength(say`initial hidden state of ${key}`, state.h, stateSize(layer));
        if (state.c) checkLength(say`initial cell state of ${key}`, state.c, layer.hiddenSize);
      }
    }
  }
  for (const key of unknown) throw new RangeError(say`there is no state ${key} to initialise`);
}

function checkLength(what: string, values: ArrayLike<number>, expected: number): void {
  if (values.length !== expected) {
    throw new RangeError(say`${what}: expected ${expected} numbers, found ${values.length}`);
  }
}

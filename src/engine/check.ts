/** Checks a network, its weights and a sequence against one another before anything is computed. */
import {
  INPUT,
  type Layer,
  type Network,
  type RecurrentLayer,
  inputWidth,
  isRecurrent,
  sameStates,
  stateSize,
} from '../model/network';
import { layerParameters } from '../model/parameters';
import type { Sequence } from '../model/samples';
import { type Weights, elementCount } from '../model/weights';
import { type InitialStates, stateKey } from './cells/cell';

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
  checkSequence(network, sequence);
  checkStates(network, initial);
}

function checkNetwork(network: Network): void {
  if (network.layers.length === 0) throw new RangeError('the network has no layers');
  const oneHot = network.input.kind === 'vector' || network.input.encoding === 'one_hot';
  const widths = new Map([[INPUT, inputWidth(network.input)]]);
  const indices = new Set(oneHot ? [] : [INPUT]);
  for (const layer of network.layers) {
    if (layer.inputs.length !== 1) {
      throw new RangeError(`${layer.name}: expected one input, found ${layer.inputs.length}`);
    }
    const [input] = layer.inputs;
    const width = widths.get(input);
    if (width === undefined)
      throw new RangeError(`${layer.name}: its input ${input} does not stand before it`);
    if (indices.has(input) !== (layer.type === 'embedding')) {
      throw new TypeError(
        layer.type === 'embedding'
          ? `${layer.name}: an embedding needs token ids, found vectors from ${input}`
          : `${layer.name}: expected vectors from ${input}, found token ids`,
      );
    }
    if (layer.type !== 'embedding' && width !== layer.inputSize) {
      throw new RangeError(`${layer.name}: expected ${layer.inputSize} inputs, found ${width} from ${input}`);
    }
    if (isRecurrent(layer)) checkRecurrent(layer, network.layers.slice(0, network.layers.indexOf(layer)));
    widths.set(layer.name, layer.outputSize);
  }
}

function checkRecurrent(layer: RecurrentLayer, before: readonly Layer[]): void {
  const { name, clip, initialState } = layer;
  if (clip !== undefined && !(clip > 0)) {
    throw new RangeError(`${name}: expected a clip above 0, found ${clip}`);
  }
  if (layer.type === 'lstm' && layer.keeps === 'output' && layer.projSize > 0) {
    throw new RangeError(`${name}: a forget gate that multiplies the output allows no projection`);
  }
  if (layer.type === 'lstm' && layer.forgetBias !== undefined && !Number.isFinite(layer.forgetBias)) {
    throw new RangeError(`${name}: expected a finite forget bias, found ${layer.forgetBias}`);
  }
  if (initialState?.kind !== 'layer') return;
  const source = before.find((one) => one.name === initialState.layer);
  if (!source)
    throw new RangeError(`${name}: the initial state's layer ${initialState.layer} does not stand before it`);
  if (!sameStates(layer, source)) {
    throw new RangeError(
      `${name}: the final state of ${source.name} has another type, size, levels or directions`,
    );
  }
}

function checkWeights(layer: Layer, weights: Weights): void {
  for (const { name, shape } of layerParameters(layer)) {
    const tensor = weights.get(name);
    const expected = shape.join(' × ');
    if (!tensor) throw new RangeError(`the tensor ${name} (${expected}) is missing`);
    const same = tensor.shape.length === shape.length && tensor.shape.every((n, k) => n === shape[k]);
    if (!same || tensor.data.length !== elementCount(shape)) {
      throw new RangeError(`the tensor ${name}: expected ${expected}, found ${tensor.shape.join(' × ')}`);
    }
  }
}

function checkSequence(network: Network, sequence: Sequence): void {
  const { input } = network;
  if (sequence.kind !== input.kind) {
    throw new TypeError(`expected a sequence of ${input.kind}s, found one of ${sequence.kind}s`);
  }
  if (sequence.steps < 1) throw new RangeError('the sequence is empty');
  if (sequence.kind === 'vector') {
    if (sequence.size !== inputWidth(input)) {
      throw new RangeError(`expected ${inputWidth(input)} features a step, found ${sequence.size}`);
    }
    checkLength('values', sequence.values, sequence.steps * sequence.size);
    return;
  }
  checkLength('ids', sequence.ids, sequence.steps);
  const count = idCount(network);
  sequence.ids.forEach((id, step) => {
    if (id < 0 || id >= count) {
      throw new RangeError(`step ${step}: expected an id from 0 to ${count - 1}, found ${id}`);
    }
  });
}

/** Ids that every reader of the input knows: rows of the smallest embedding, or the one-hot width. */
function idCount(network: Network): number {
  const { input } = network;
  if (input.kind === 'token' && input.encoding === 'one_hot') return inputWidth(input);
  return Math.min(
    ...network.layers.map((layer) => (layer.type === 'embedding' ? layer.numEmbeddings : Infinity)),
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
        checkLength(`initial hidden state of ${key}`, state.h, stateSize(layer));
        if (state.c) checkLength(`initial cell state of ${key}`, state.c, layer.hiddenSize);
      }
    }
  }
  for (const key of unknown) throw new RangeError(`there is no state ${key} to initialise`);
}

function checkLength(what: string, values: ArrayLike<number>, expected: number): void {
  if (values.length !== expected) {
    throw new RangeError(`${what}: expected ${expected} numbers, found ${values.length}`);
  }
}

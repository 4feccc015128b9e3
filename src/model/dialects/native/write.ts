/** Writes a network of any dialect in the native format. */
import { cellFacts } from '../../../cells';
import {
  INPUT,
  type Activation,
  type Conv2dLayer,
  type HandedState,
  type InitialState,
  type JoinedRows,
  type Layer,
  type Merge,
  type Network,
  type NetworkInput,
  type OperationLayer,
  type Padding,
  type RecurrentLayer,
  isRecurrent,
} from '../../network';
import { jsonText } from '../../json/text';
import { handedWhole, statePartsOf, type StatePart } from '../../states';
import { shortest } from '../../tensors/floats';
import type { Sample, Sequence } from '../../samples';
import { unless } from './cellOptions';

/** Longer samples are left out: they belong into files of their own. */
const MAX_NUMBERS = 20_000;

/** A safetensors file beside the model; `trained` is false if any of it was seeded. */
interface WeightsFile {
  readonly file: string;
  readonly trained: boolean;
}

/** The text of a `*.rnn.json` file whose weights go by the names of `parametersOf(network)`. */
export function writeNative(
  network: Network,
  { file, trained }: WeightsFile,
  samples: readonly Sample[],
): string {
  const { name, description, input, layers, outputLabels } = network;
  const model = {
    format: 'rnn-model',
    version: 1,
    name,
    ...(description !== undefined && { description }),
    input: inputJson(input),
    layers: layers.map((layer, k) => layerJson(layer, layers[k - 1]?.name ?? INPUT, layers)),
    ...(outputLabels && { output: { labels: outputLabels } }),
    weights: { file, ...(!trained && { trained }) },
    samples: samples.flatMap(sampleJson),
  };
  return `${indented(model)}\n`;
}

function inputJson(input: NetworkInput) {
  if (input.kind === 'vector') {
    const { standsFor, ...vector } = input;
    return { ...vector, ...(standsFor && { stands_for: standsFor }) };
  }
  const { lowercase, ...rest } = input;
  return { ...rest, ...(lowercase && { lowercase }) };
}

/** `before` is what a layer reads that names no input; `layers` are all of them. */
function layerJson(layer: Layer, before: string, layers: readonly Layer[]) {
  const { name, type, fixed } = layer;
  return { name, type, ...inputsJson(layer, before), ...optionsJson(layer, layers), ...(fixed && { fixed }) };
}

function inputsJson({ type, inputs }: Layer, before: string) {
  if (type === 'input') return {};
  if (type === 'merge' || type === 'attention' || (type === 'not_run' && inputs.length !== 1)) {
    return { input: inputs };
  }
  return unless(before, 'input', inputs[0]);
}

/** What a layer says of itself, its name, type and inputs apart; most of what is the default is left out. */
export function optionsJson(layer: Layer, layers: readonly Layer[]): Record<string, unknown> {
  switch (layer.type) {
    case 'input':
      return { sequence: inputJson(layer.input), ...unless('shared', 'clock', layer.clock) };
    case 'embedding': {
      const sizes = { num_embeddings: layer.numEmbeddings, embedding_dim: layer.outputSize };
      return { ...sizes, ...(layer.maskZero && { mask_zero: true }) };
    }
    case 'linear':
      return { out_features: layer.outputSize, ...biasJson(layer), ...activationJson(layer) };
    case 'dropout':
      return { p: layer.p };
    case 'final_state':
      return {
        ...unless('h', 'signal', layer.signal),
        ...{ ...unless(0, 'level', layer.level), ...unless('forward', 'direction', layer.direction) },
      };
    case 'not_run':
      return { kind: layer.kind, reason: layer.reason, out_features: layer.outputSize };
    default:
      return isRecurrent(layer)
        ? { ...recurrentJson(layer, layers), ...cellFacts(layer).native.write(layer) }
        : operationJson(layer);
  }
}

function operationJson(layer: OperationLayer): Record<string, unknown> {
  switch (layer.type) {
    case 'masking':
      return { mask_value: layer.maskValue };
    case 'layer_norm':
      return { epsilon: layer.epsilon, ...biasJson(layer) };
    case 'group_norm':
      return { groups: layer.groups, epsilon: layer.epsilon, ...biasJson(layer) };
    case 'rms_norm':
    case 'batch_norm':
      return { epsilon: layer.epsilon };
    case 'activation':
      return { activation: layer.activation };
    case 'elementwise':
      return { function: layer.function };
    case 'power':
      return { exponent: layer.exponent };
    case 'clip':
      return { ...unless(undefined, 'min', layer.min), ...unless(undefined, 'max', layer.max) };
    case 'merge':
      return { mode: layer.mode, ...unless(undefined, 'masked', layer.masked) };
    case 'flatten':
      return { steps: layer.outputSize / layer.inputSize };
    case 'reshape':
      return { out_features: layer.outputSize };
    case 'repeat_vector':
      return { count: layer.count };
    case 'conv1d': {
      const { kernelSize, stride, padding, dilation } = layer;
      const window = { kernel_size: kernelSize, stride, padding: paddingJson(padding), dilation };
      const mode = unless(undefined, 'padding_mode', layer.paddingMode);
      return {
        ...{ out_channels: layer.outputSize, ...window, ...mode },
        ...{ ...biasJson(layer), ...activationJson(layer) },
      };
    }
    case 'pool1d':
      return {
        mode: layer.mode,
        size: layer.size,
        stride: layer.stride,
        padding: paddingJson(layer.padding),
      };
    case 'conv2d': {
      const { channels, outChannels, kernel, dilation, groups } = layer;
      return {
        ...{ channels, out_channels: outChannels, kernel_height: kernel.height, kernel_steps: kernel.steps },
        ...windowJson(layer),
        ...unless(1, 'dilation_height', dilation.height),
        ...unless(1, 'dilation_steps', dilation.steps),
        ...{ ...unless(1, 'groups', groups), ...biasJson(layer), ...activationJson(layer) },
      };
    }
    case 'pool2d': {
      const { channels, mode, kernel } = layer;
      return { channels, mode, ...kernel, ...windowJson(layer) };
    }
    case 'global_pool':
      return { mode: layer.mode, ...unless(undefined, 'masked', layer.masked) };
    case 'select':
      return { step: layer.step };
    case 'slice':
      return {
        ...{ ...unless(0, 'from', layer.from), ...unless(undefined, 'to', layer.to) },
        ...unless(1, 'stride', layer.stride),
      };
    case 'attention':
      return {
        ...{ ...unless(undefined, 'scale', layer.scale), ...unless(undefined, 'heads', layer.heads) },
        ...unless(undefined, 'causal', layer.causal),
      };
  }
}

function paddingJson(padding: Padding) {
  return typeof padding === 'string' ? padding : [padding.before, padding.after];
}

function windowJson({ stride, padding }: Pick<Conv2dLayer, 'stride' | 'padding'>) {
  return {
    ...{ ...unless(1, 'stride_height', stride.height), ...unless(1, 'stride_steps', stride.steps) },
    ...{ ...unless(0, 'padding_top', padding.top), ...unless(0, 'padding_bottom', padding.bottom) },
    ...{ ...unless(0, 'padding_before', padding.before), ...unless(0, 'padding_after', padding.after) },
  };
}

function biasJson({ bias }: { readonly bias: boolean }) {
  return unless(true, 'bias', bias);
}

function activationJson({ activation }: { readonly activation: Activation }) {
  return unless<Activation>('none', 'activation', activation);
}

function recurrentJson(layer: RecurrentLayer, layers: readonly Layer[]) {
  const { directions, initialState } = layer;
  return {
    input_size: layer.inputSize,
    hidden_size: layer.hiddenSize,
    ...unless(1, 'num_layers', layer.levels),
    ...(directions.length === 2 && { bidirectional: true, merge: layer.merge }),
    ...(directions.join() === 'backward' && { go_backwards: true }),
    ...biasJson(layer),
    ...unless(true, 'return_sequences', layer.returnSequences),
    ...unless(undefined, 'clip', layer.clip),
    ...(layer.layerNorm && { layer_norm: layer.layerNorm }),
    ...(layer.reverseOutput && { reverse_output: true }),
    ...(layer.masked === 'zeros' && { masked: 'zeros' }),
    ...unless(undefined, 'sequence_length', layer.sequenceLength),
    ...(initialState && { initial_state: initialStateJson(layer, initialState, layers) }),
  };
}

function initialStateJson(layer: RecurrentLayer, state: InitialState, layers: readonly Layer[]): unknown {
  if (state.kind === 'learned') return 'learned';
  const whole = handedWhole(layer, layers);
  if (whole !== undefined) return { layer: whole };
  // A list even of one where that has a layer alone, which by itself would be all the states of that layer.
  const states = state.states.map((one) => stateJson(one, layer.type));
  return states.length === 1 && Object.keys(states[0]).join() !== 'layer' ? states[0] : states;
}

/** h and c together where they come from the same places. */
function stateJson({ h, c }: HandedState, type: RecurrentLayer['type']): object | string {
  if (!h && !c) return 'zeros';
  const [hidden, cell] = [h && joinedJson(h, 'h'), c && joinedJson(c, 'c')];
  const together = statePartsOf(type).includes('c')
    ? JSON.stringify(hidden) === JSON.stringify(cell)
    : hidden !== undefined;
  const apart = [h, c].some((rows, k) => rows?.of.some(({ signal }) => signal !== ['h', 'c'][k]));
  if (together && !apart) return hidden!;
  return { ...(hidden && { h: hidden }), ...(cell && { c: cell }) };
}

function joinedJson({ merge, of }: JoinedRows, part: StatePart): object {
  const rows = of.map(({ layer, level, direction, signal }) => ({
    layer,
    ...unless(0, 'level', level),
    ...unless('forward', 'direction', direction),
    ...unless<string>(part, 'signal', signal),
  }));
  return rows.length === 1 ? rows[0] : { ...unless<Merge>('concat', 'merge', merge), of: rows };
}

function sampleJson({ name, sequence, expected }: Sample): object[] {
  const own = sequenceJson(sequence);
  const more = [...(sequence.more ?? [])].map(([input, further]) => [input, sequenceJson(further)] as const);
  if (!own || more.some(([, further]) => !further)) return [];
  const inputs = more.length > 0 && { inputs: Object.fromEntries(more) };
  const known = expected && isShort(expected.values) && { expected: rowsOf(expected.values, expected.units) };
  return [{ name, ...own, ...inputs, ...known }];
}

/** Undefined for one that has no place in the model's file. */
function sequenceJson(sequence: Sequence): object | undefined {
  if (sequence.kind === 'token') {
    return sequence.steps > MAX_NUMBERS ? undefined : { ids: Array.from(sequence.ids) };
  }
  const { size, values } = sequence;
  return isShort(values) ? { values: rowsOf(values, size) } : undefined;
}

function isShort(values: Float32Array): boolean {
  return values.length <= MAX_NUMBERS && values.every(Number.isFinite);
}

function rowsOf(values: Float32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width), shortest),
  );
}

/** JSON with an object or a list a line once it is short. */
function indented(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + flat.length <= 100) {
    return jsonText(value);
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) return flat;
    return `[\n${value.map((item) => inner + indented(item, inner)).join(',\n')}\n${indent}]`;
  }
  const lines = Object.entries(value).map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${indented(item, inner)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

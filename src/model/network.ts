/**
 * What a network is: the one intermediate representation in which every dialect's reader ends.
 *
 * A network is a graph of layers, each naming its inputs; a chain is the common case. It is plain data without
 * weights, so it travels to the webview as it is. Weights stand beside it, keyed by PyTorch's parameter names and
 * with PyTorch's gate order (LSTM i, f, g, o; GRU r, z, n), whatever the file's own convention was.
 */
import { type CellLayer, type CellType, CELLS, cellFacts } from '../cells';
import type { Activation, Direction, LayerBase, SignalAddress } from './layer';
import type { Weights } from './weights';

/** `Dialect.id`: dialects/all.ts lists them. */
export type DialectId = string;

/** The reserved name by which layers refer to the network's input. */
export const INPUT = 'input';

export interface VectorInput {
  readonly kind: 'vector';
  /** Features per step. */
  readonly size: number;
  /** Names of the features, `size` of them; absent where the file names none. */
  readonly features?: readonly string[];
  /** The layer of the file of which this is the output, where that cannot be run: its rows are given in its place. */
  readonly standsFor?: NotRun;
}

/** A layer of the file that cannot be run here. */
export interface NotRun {
  readonly name: string;
  /** What the file calls its kind: a class or an operator, such as `Lambda` or `Conv`. */
  readonly kind: string;
  /** Why, as a clause. */
  readonly reason: string;
}

export interface TokenInput {
  readonly kind: 'token';
  readonly vocabulary: readonly string[];
  readonly split: 'char' | 'word';
  readonly lowercase: boolean;
  /** The vocabulary entry that stands in for a token that is not in it. */
  readonly unknown?: string;
  /** Vocabulary entries that stand before and after every text; a list of tokens or ids is taken as it is. */
  readonly prefix?: readonly string[];
  readonly suffix?: readonly string[];
  /** `index` feeds an embedding; `one_hot` gives the first layer a vector of `vocabulary.length`. */
  readonly encoding: 'index' | 'one_hot';
}

export type NetworkInput = VectorInput | TokenInput;

/**
 * A further input of the network, beside `Network.input`; it reads no layer. `shared`: a row per step of the network's
 * input. `own`: a sequence of its own length (a decoder's). `row`: a single row.
 */
export interface InputLayer extends LayerBase {
  readonly type: 'input';
  readonly input: NetworkInput;
  readonly clock: 'shared' | 'own' | 'row';
}

export interface EmbeddingLayer extends LayerBase {
  readonly type: 'embedding';
  readonly numEmbeddings: number;
  /** True masks the steps whose id is 0: see `masked` of the recurrent layers. */
  readonly maskZero?: boolean;
}

export interface LinearLayer extends LayerBase {
  readonly type: 'linear';
  readonly bias: boolean;
  readonly activation: Activation;
}

/** Does nothing when running; kept because the file has it. */
export interface DropoutLayer extends LayerBase {
  readonly type: 'dropout';
  readonly p: number;
}

/** Masks the steps of which every feature equals a value, and hands zeros on there. */
export interface MaskingLayer extends LayerBase {
  readonly type: 'masking';
  readonly maskValue: number;
}

/** Over the units of each step: tensors `NAME.weight`, and `NAME.bias` unless there is none. */
export interface LayerNormLayer extends LayerBase {
  readonly type: 'layer_norm';
  readonly epsilon: number;
  readonly bias: boolean;
}

/** Of the units of each step, no mean taken off: tensor `NAME.weight`. */
export interface RmsNormLayer extends LayerBase {
  readonly type: 'rms_norm';
  readonly epsilon: number;
}

/** Of each group of neighbouring units over all steps, masked ones too: tensors `NAME.weight` and `NAME.bias`. */
export interface GroupNormLayer extends LayerBase {
  readonly type: 'group_norm';
  readonly groups: number;
  readonly epsilon: number;
  readonly bias: boolean;
}

/** With the means and variances kept from training: `NAME.weight`, `.bias`, `.running_mean`, `.running_var`. */
export interface BatchNormLayer extends LayerBase {
  readonly type: 'batch_norm';
  readonly epsilon: number;
}

export interface ActivationLayer extends LayerBase {
  readonly type: 'activation';
  readonly activation: Activation;
}

/** `gelu_tanh` is the approximation of GELU by tanh; `silu` is Swish, x σ(x). */
export type ElementFunction =
  | ('abs' | 'exp' | 'log' | 'sqrt' | 'reciprocal' | 'sin' | 'cos' | 'erf')
  | ('gelu' | 'gelu_tanh' | 'silu' | 'mish' | 'hard_swish');

/** A function of every number by itself. */
export interface ElementwiseLayer extends LayerBase {
  readonly type: 'elementwise';
  readonly function: ElementFunction;
}

/** Every number to a power. */
export interface PowerLayer extends LayerBase {
  readonly type: 'power';
  readonly exponent: number;
}

/** Every number kept within bounds, of which either may be absent. */
export interface ClipLayer extends LayerBase {
  readonly type: 'clip';
  readonly min?: number;
  readonly max?: number;
}

export type MergeMode = 'add' | 'multiply' | 'average' | 'concatenate';

/**
 * Puts several inputs together, step by step; `inputSize` is the first one's width. What comes after the first may be a single
 * row, which goes with every step.
 */
export interface MergeLayer extends LayerBase {
  readonly type: 'merge';
  readonly mode: MergeMode;
  /**
   * Which steps are masked: those masked in any input (Keras 2, TensorFlow.js; where absent), those masked in every one, a
   * product leaving masked inputs out (Keras 3.4 on), or none (Keras 3.0 – 3.3).
   */
  readonly masked?: 'every' | 'none';
}

/** All steps in one row; the sequence must have `outputSize / inputSize` of them. */
export interface FlattenLayer extends LayerBase {
  readonly type: 'flatten';
}

/** The same numbers in rows of `outputSize`. */
export interface ReshapeLayer extends LayerBase {
  readonly type: 'reshape';
}

/** One row, `count` times: what a decoder reads. */
export interface RepeatVectorLayer extends LayerBase {
  readonly type: 'repeat_vector';
  readonly count: number;
}

/**
 * `causal` looks at the past alone. Which rows there are, and where padding goes, is as in Keras, unless both ends are said.
 */
export type Padding = 'valid' | 'same' | 'causal' | RowsAround;

/** So many rows before the first and after the last. */
export interface RowsAround {
  readonly before: number;
  readonly after: number;
}

/**
 * What stands beyond the ends, other than zeros: the rows next to the end the other way round, without the last itself
 * (`reflect`), the last again and again (`edge`), or those from the other end (`wrap`).
 */
export const PADDING_MODES = ['reflect', 'edge', 'wrap'] as const;
export type PaddingMode = (typeof PADDING_MODES)[number];

/** Along the steps: tensors `NAME.weight` (out × in × kernel) and `NAME.bias` (out). */
export interface Conv1dLayer extends LayerBase {
  readonly type: 'conv1d';
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: Padding;
  /** Zeros where absent. */
  readonly paddingMode?: PaddingMode;
  readonly dilation: number;
  readonly bias: boolean;
  readonly activation: Activation;
}

export interface Pool1dLayer extends LayerBase {
  readonly type: 'pool1d';
  readonly mode: 'max' | 'average';
  readonly size: number;
  readonly stride: number;
  readonly padding: Exclude<Padding, 'causal'>;
}

/** A window over an image whose columns are the rows: the units of a row are channels × height. Padding is of zeros. */
interface Window2d extends LayerBase {
  /** Of what comes in. */
  readonly channels: number;
  readonly stride: Extent;
  readonly dilation: Extent;
  readonly padding: {
    readonly top: number;
    readonly bottom: number;
    readonly before: number;
    readonly after: number;
  };
}

export interface Extent {
  readonly height: number;
  readonly steps: number;
}

/** Tensors `NAME.weight` (out × channels / groups × height × steps) and `NAME.bias` (out). */
export interface Conv2dLayer extends Window2d {
  readonly type: 'conv2d';
  readonly outChannels: number;
  readonly kernel: Extent;
  readonly groups: number;
  readonly bias: boolean;
  readonly activation: Activation;
}

/** Padding is never the largest and does not count in a mean. */
export interface Pool2dLayer extends Window2d {
  readonly type: 'pool2d';
  readonly mode: 'max' | 'average';
  readonly kernel: Extent;
}

/** Over all steps, into one row. */
export interface GlobalPoolLayer extends LayerBase {
  readonly type: 'global_pool';
  readonly mode: 'max' | 'average' | 'sum';
  /** `counted` lets a mean count masked steps (TensorFlow.js); where absent it leaves them out (Keras). */
  readonly masked?: 'counted';
}

/** One row alone. */
export interface SelectLayer extends LayerBase {
  readonly type: 'select';
  /** Which one: from 0, or from the end, −1 being the last. */
  readonly step: number;
}

/** Some of the rows, as Python's `[from:to:stride]` takes them. */
export interface SliceLayer extends LayerBase {
  readonly type: 'slice';
  /** The first one: from 0, or from the end, −1 being the last. */
  readonly from: number;
  /** The first that is not taken any more, counted likewise; absent where they go on to the end. */
  readonly to?: number;
  readonly stride: number;
}

/** What a level and direction of a recurrent layer, its input, ends in, as numbers that other layers read: one row. */
export interface FinalStateLayer extends LayerBase {
  readonly type: 'final_state';
  /** `c` is an LSTM's. */
  readonly signal: 'h' | 'c';
  readonly level: number;
  readonly direction: Direction;
}

/**
 * A layer that the file has and that cannot be run here. What depends on it does not run either, unless a sequence brings
 * what it hands on (rows of `outputSize`), as it brings further inputs: see partial.ts. It may read nothing.
 */
export interface NotRunLayer extends LayerBase, NotRun {
  readonly type: 'not_run';
  readonly name: string;
}

/**
 * Dot-product attention (Luong et al. 2015): the inputs are query, value and, if it is not the value, key. Each head attends
 * with its own share of the units of each (Vaswani et al. 2017); what they give stands side by side.
 */
export interface AttentionLayer extends LayerBase {
  readonly type: 'attention';
  /** Factor of the scores; 1 where absent. */
  readonly scale?: number;
  /** 1 where absent. */
  readonly heads?: number;
  /** Whether each row of the query looks at the rows of values up to its own place alone. */
  readonly causal?: true;
}

/** Layers without state or tokens, each a function of the rows that it reads. */
export type OperationLayer =
  | MaskingLayer
  | LayerNormLayer
  | RmsNormLayer
  | GroupNormLayer
  | BatchNormLayer
  | ActivationLayer
  | ElementwiseLayer
  | PowerLayer
  | ClipLayer
  | MergeLayer
  | FlattenLayer
  | ReshapeLayer
  | RepeatVectorLayer
  | Conv1dLayer
  | Pool1dLayer
  | Conv2dLayer
  | Pool2dLayer
  | GlobalPoolLayer
  | SelectLayer
  | SliceLayer
  | AttentionLayer;

export type RecurrentLayer = CellLayer;
export type Layer =
  | InputLayer
  | EmbeddingLayer
  | LinearLayer
  | DropoutLayer
  | FinalStateLayer
  | NotRunLayer
  | OperationLayer
  | RecurrentLayer;
export type LayerType = Layer['type'];

export interface Network {
  readonly name: string;
  readonly description?: string;
  readonly dialect: DialectId;
  /** The file's conventions in words, for the footer: `PyTorch`, `i, f, g, o`, … */
  readonly conventions: readonly string[];
  /** Samples a second of the audio that the network is for, where the file says. */
  readonly sampleRate?: number;
  /** The first of its inputs; further ones are layers of type `input`. */
  readonly input: NetworkInput;
  /** In an order in which every layer stands after its inputs; the last one gives the network's output. */
  readonly layers: readonly Layer[];
  /** Steps of the only sequences that the file is for, where it fixes them: others run here all the same. */
  readonly fixedSteps?: number;
  /** Names of the last layer's units, where the file gives them. */
  readonly outputLabels?: readonly string[];
}

/** The network's inputs beside `Network.input`. */
export function furtherInputs({ layers }: Pick<Network, 'layers'>): InputLayer[] {
  return layers.filter((layer) => layer.type === 'input');
}

/** The input of a name: `INPUT`, or a layer that is one. */
export function inputOf(network: Network, name: string): NetworkInput {
  return furtherInputs(network).find((layer) => layer.name === name)?.input ?? network.input;
}

export function isRecurrent(layer: Layer): layer is RecurrentLayer {
  return isRecurrentType(layer.type);
}

export function isRecurrentType(type: string): type is RecurrentLayer['type'] {
  return Object.hasOwn(CELLS, type);
}

/** Width of the hidden state that one direction hands to its next step: P with a projection, else H. */
export function stateSize(layer: RecurrentLayer): number {
  return cellFacts(layer).stateSize?.(layer) ?? layer.hiddenSize;
}

/** Whether the final state of `other` can be the initial state of `layer`. */
export function sameStates(layer: RecurrentLayer, other: Layer): boolean {
  return (
    other.type === layer.type &&
    isRecurrent(other) &&
    other.levels === layer.levels &&
    other.hiddenSize === layer.hiddenSize &&
    stateSize(other) === stateSize(layer) &&
    other.directions.join() === layer.directions.join()
  );
}

/** Whether a cell is as PyTorch's nn.RNN, nn.LSTM and nn.GRU are: none of the options that others have. */
export function isStandardCell(layer: RecurrentLayer): boolean {
  if (layer.clip !== undefined || layer.layerNorm) return false;
  return cellFacts(layer).isStandard(layer);
}

/** Width of what level `level` of a recurrent layer reads, per step. */
export function levelInputSize(layer: RecurrentLayer, level: number): number {
  return level === 0 ? layer.inputSize : stateSize(layer) * layer.directions.length;
}

/** Width of what the network's first layers read, per step: features, or a one-hot vocabulary, or 1 for an index. */
export function inputWidth(input: NetworkInput): number {
  if (input.kind === 'vector') return input.size;
  return input.encoding === 'one_hot' ? input.vocabulary.length : 1;
}

/** Whether tokens are ids alone, written as numbers: the file has no words for them. */
export function readsIdsAlone({ split, vocabulary }: TokenInput): boolean {
  return split === 'word' && vocabulary.every((token, id) => token === String(id));
}

/** The gates or states that one cell of each type yields, in the order of the trace. */
export const SIGNALS: Readonly<Record<LayerType, readonly string[]>> = {
  ...cellSignals(),
  input: ['x'],
  embedding: ['y'],
  linear: ['y'],
  dropout: ['y'],
  final_state: ['y'],
  not_run: ['y'],
  masking: ['y'],
  layer_norm: ['y'],
  rms_norm: ['y'],
  group_norm: ['y'],
  batch_norm: ['y'],
  activation: ['y'],
  elementwise: ['y'],
  power: ['y'],
  clip: ['y'],
  merge: ['y'],
  flatten: ['y'],
  reshape: ['y'],
  repeat_vector: ['y'],
  conv1d: ['y'],
  pool1d: ['y'],
  conv2d: ['y'],
  pool2d: ['y'],
  global_pool: ['y'],
  select: ['y'],
  slice: ['y'],
  attention: ['y'],
};

function cellSignals(): Record<CellType, readonly string[]> {
  const entries = Object.entries(CELLS).map(([type, { signals }]) => [type, Object.keys(signals)]);
  return Object.fromEntries(entries) as Record<CellType, readonly string[]>;
}

export interface StepAddress extends SignalAddress {
  /** Absolute step of the sequence, from 0. */
  readonly step: number;
}

export * from './layer';
export type { CellType };
export type { LstmLayer } from '../cells/lstm/layer';
export type { GruLayer } from '../cells/gru/layer';
export type { RnnLayer } from '../cells/rnn/layer';
export type { Weights };

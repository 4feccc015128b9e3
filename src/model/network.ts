/**
 * What a network is: the one intermediate representation in which every dialect's reader ends.
 *
 * A network is a graph of layers, each naming its inputs; a chain is the common case. It is plain data without
 * weights, so it travels to the webview as it is. Weights stand beside it, keyed by PyTorch's parameter names and
 * with PyTorch's gate order (LSTM i, f, g, o; GRU r, z, n), whatever the file's own convention was.
 */
import type { ParameterKind } from './parameterKinds';
import type { Tensor, Weights } from './weights';

export type DialectId =
  | ('native' | 'keras' | 'tfjs' | 'pytorch' | 'onnx' | 'tflite')
  | ('brainjs' | 'guitarml' | 'rtneural' | 'nam' | 'ml5');

export type Direction = 'forward' | 'backward';
export type Merge = 'concat' | 'sum' | 'mul' | 'ave';

/** Applied unit by unit, with no numbers of its own. `none` is the identity. */
export type PlainActivation =
  'none' | 'tanh' | 'relu' | 'sigmoid' | 'softsign' | 'softplus' | 'selu' | 'hard_tanh';

/** `hard_sigmoid`: αx + β within 0 … 1; `elu`: α(eˣ − 1) below 0; `leaky_relu`: αx below 0. */
export type ParameterisedActivation =
  | { readonly kind: 'hard_sigmoid'; readonly alpha: number; readonly beta: number }
  | { readonly kind: 'elu'; readonly alpha: number }
  | { readonly kind: 'leaky_relu'; readonly alpha: number };

/** What a cell may apply to each of its sums. */
export type UnitActivation = PlainActivation | ParameterisedActivation;

/** `softmax` and its logarithm run over all units of a step. */
export type Activation = UnitActivation | 'softmax' | 'log_softmax';

/** Keras up to 2.15, tf.keras and TensorFlow.js: 0.2x + 0.5. */
export const HARD_SIGMOID_02: UnitActivation = { kind: 'hard_sigmoid', alpha: 0.2, beta: 0.5 };
/** Keras 3 and PyTorch: x/6 + 0.5. */
export const HARD_SIGMOID_6TH: UnitActivation = { kind: 'hard_sigmoid', alpha: 1 / 6, beta: 0.5 };

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

interface LayerBase {
  /** Unique within the network. */
  readonly name: string;
  /** Names of the layers that feed this one, or `INPUT`. */
  readonly inputs: readonly string[];
  /** Width of what comes in, per step. */
  readonly inputSize: number;
  /** Width of what goes out, per step. */
  readonly outputSize: number;
  /**
   * Tensors that are no parameters, since the file has no numbers for them: the second bias of a form that has one, a
   * matrix that picks units, a gain of 1, or all of them where a layer is called once more.
   */
  readonly fixed?: readonly ParameterKind[];
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

interface RecurrentBase extends LayerBase {
  readonly hiddenSize: number;
  /** Stacked levels; level k > 0 reads [forward, backward] of level k − 1, concatenated. */
  readonly levels: number;
  /** `['forward']`, `['backward']` or `['forward', 'backward']`. */
  readonly directions: readonly Direction[];
  /** How the last level's directions are put together. */
  readonly merge: Merge;
  readonly bias: boolean;
  /** False passes only the final output on: forward after the last step, backward after step 0. */
  readonly returnSequences: boolean;
  /** Bound on the sums inside every activation (ONNX's `clip`): −clip … clip. None where absent. */
  readonly clip?: number;
  /** What stands before the first step; zeros where absent. */
  readonly initialState?: InitialState;
  /** True turns the sequence that is passed on round in time, as Keras does after `go_backwards`. */
  readonly reverseOutput?: boolean;
  /**
   * What is passed on at masked steps, where the state stays as it is: the state before (Keras, TensorFlow.js) or zeros
   * (Bidirectional of tf.keras and Keras 3). `hold` where absent.
   */
  readonly masked?: 'hold' | 'zeros';
  /** Steps that count, from the first on: later ones are masked, in this layer alone (ONNX's `sequence_lens`). */
  readonly sequenceLength?: number;
  /** Layer normalisation inside the cell; none where absent. */
  readonly layerNorm?: SumNorm;
}

/**
 * Of the sums, before their biases: tensors `NAME.norm_…_weight_l0` and `NAME.norm_…_bias_l0`. RNN: of W_ih x_t + W_hh h_{t−1},
 * `norm_sum_` (H; Ba et al. 2016, eq. 4; TensorFlow Addons' LayerNormSimpleRNN). LSTM and GRU: of W_ih x_t and of
 * W_hh h_{t−1} apart, each over all gates together, `norm_ih_` and `norm_hh_` (G·H; Ba et al. 2016, eq. 20; haste's
 * LayerNormGRU, which resets after the product).
 */
export interface SumNorm {
  readonly epsilon: number;
}

/**
 * `learned`: tensors `NAME.h0_l0` and, of an LSTM, `NAME.c0_l0`. `handed`: what earlier layers end in, a state for each
 * level in turn and each of its directions.
 */
export type InitialState =
  { readonly kind: 'learned' } | { readonly kind: 'handed'; readonly states: readonly HandedState[] };

/** Zeros where absent; `c` is an LSTM's. */
export interface HandedState {
  readonly h?: JoinedRows;
  readonly c?: JoinedRows;
}

/**
 * The last rows of signals (h or c of a recurrent layer, after everything that its direction reads; y of another one),
 * side by side or unit by unit. At least one.
 */
export interface JoinedRows {
  readonly merge: Merge;
  readonly of: readonly SignalAddress[];
}

export interface RnnLayer extends RecurrentBase {
  readonly type: 'rnn';
  readonly nonlinearity: UnitActivation;
}

export interface LstmLayer extends RecurrentBase {
  readonly type: 'lstm';
  /** Width of the projected hidden state; 0 is no projection. */
  readonly projSize: number;
  /** Of the candidate g; tanh where absent. */
  readonly activation?: UnitActivation;
  /** Of the gates i, f and o; sigmoid where absent. */
  readonly recurrentActivation?: UnitActivation;
  /** Of the cell state on its way to h; as `activation` where absent. */
  readonly outputActivation?: UnitActivation;
  /** True lets i and f see c_{t−1}, and o see c_t: tensors `NAME.peephole_i_l0`, `_f_` and `_o_`. */
  readonly peepholes?: boolean;
  /** The gate that is computed where the other one of i and f is 1 minus it; its rows of the weights stay unused. */
  readonly coupled?: 'input' | 'forget';
  /** Added to the forget gate's sum when running (TensorFlow 1's BasicLSTMCell). */
  readonly forgetBias?: number;
  /** Bound on the cell state: −cellClip … cellClip (TensorFlow Lite, TensorFlow 1's LSTMCell). None where absent. */
  readonly cellClip?: number;
  /** What the forget gate multiplies: the cell state, or, in brain.js, the previous output. */
  readonly keeps?: 'cell' | 'output';
  readonly layerNorm?: CellNorm;
}

/**
 * Of c_t too, `norm_c_` (H): `output` shows h a normalised c_t and keeps the other (Ba et al. 2016); `state` keeps the
 * normalised one (PyTorch's custom_lstms.py, TensorFlow Addons).
 */
export interface CellNorm extends SumNorm {
  readonly cell: 'output' | 'state';
}

export interface GruLayer extends RecurrentBase {
  readonly type: 'gru';
  /** True multiplies the reset gate after the matrix product (PyTorch, cuDNN), false before it (Cho et al. 2014). */
  readonly resetAfter: boolean;
  /** Of the candidate n; tanh where absent. */
  readonly activation?: UnitActivation;
  /** Of the gates r and z; sigmoid where absent. */
  readonly recurrentActivation?: UnitActivation;
}

export type RecurrentLayer = RnnLayer | LstmLayer | GruLayer;
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
  return type === 'rnn' || type === 'lstm' || type === 'gru';
}

/** Width of the hidden state that one direction hands to its next step: P with a projection, else H. */
export function stateSize(layer: RecurrentLayer): number {
  return layer.type === 'lstm' && layer.projSize > 0 ? layer.projSize : layer.hiddenSize;
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

/** The activations of a cell with gates, defaults filled in. */
export function cellActivations(layer: LstmLayer | GruLayer): {
  readonly gates: UnitActivation;
  readonly candidate: UnitActivation;
  readonly output: UnitActivation;
} {
  const candidate = layer.activation ?? 'tanh';
  const output = (layer.type === 'lstm' ? layer.outputActivation : undefined) ?? candidate;
  return { gates: layer.recurrentActivation ?? 'sigmoid', candidate, output };
}

/** Whether a cell is as PyTorch's nn.RNN, nn.LSTM and nn.GRU are: none of the options that others have. */
export function isStandardCell(layer: RecurrentLayer): boolean {
  if (layer.clip !== undefined || layer.layerNorm) return false;
  if (layer.type === 'rnn') return layer.nonlinearity === 'tanh' || layer.nonlinearity === 'relu';
  const { gates, candidate, output } = cellActivations(layer);
  if (gates !== 'sigmoid' || candidate !== 'tanh' || output !== 'tanh') return false;
  if (layer.type === 'gru') return true;
  if (layer.cellClip !== undefined) return false;
  return !layer.peepholes && !layer.coupled && !layer.forgetBias && layer.keeps !== 'output';
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
export const SIGNALS = {
  input: ['x'],
  rnn: ['h'],
  lstm: ['i', 'f', 'g', 'o', 'c', 'h'],
  gru: ['r', 'z', 'n', 'h'],
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
} as const satisfies Record<LayerType, readonly string[]>;

/** A signal's address without its step: what tells one row of the picture from another. */
export interface SignalAddress {
  readonly layer: string;
  readonly level: number;
  readonly direction: Direction;
  readonly signal: string;
}

export interface StepAddress extends SignalAddress {
  /** Absolute step of the sequence, from 0. */
  readonly step: number;
}

export type { Tensor, Weights };

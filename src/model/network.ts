/**
 * What a network is: the one intermediate representation in which every dialect's reader ends.
 *
 * A network is a graph of layers, each naming its inputs; a chain is the common case. It is plain data without
 * weights, so it travels to the webview as it is. Weights stand beside it, keyed by PyTorch's parameter names and
 * with PyTorch's gate order (LSTM i, f, g, o; GRU r, z, n), whatever the file's own convention was.
 */
import type { Tensor, Weights } from './weights';

export type DialectId =
  'native' | 'keras' | 'tfjs' | 'pytorch' | 'onnx' | 'brainjs' | 'guitarml' | 'rtneural' | 'nam' | 'ml5';

export type Direction = 'forward' | 'backward';
export type Merge = 'concat' | 'sum' | 'mul' | 'ave';
export type Activation = 'none' | 'tanh' | 'relu' | 'sigmoid' | 'softmax';

/** The reserved name by which layers refer to the network's input. */
export const INPUT = 'input';

export interface VectorInput {
  readonly kind: 'vector';
  /** Features per step. */
  readonly size: number;
  /** Names of the features, `size` of them; absent where the file names none. */
  readonly features?: readonly string[];
}

export interface TokenInput {
  readonly kind: 'token';
  readonly vocabulary: readonly string[];
  readonly split: 'char' | 'word';
  readonly lowercase: boolean;
  /** The vocabulary entry that stands in for a token that is not in it. */
  readonly unknown?: string;
  /** `index` feeds an embedding; `one_hot` gives the first layer a vector of `vocabulary.length`. */
  readonly encoding: 'index' | 'one_hot';
}

export type NetworkInput = VectorInput | TokenInput;

interface LayerBase {
  /** Unique within the network. */
  readonly name: string;
  /** Names of the layers that feed this one, or `INPUT`. */
  readonly inputs: readonly string[];
  /** Width of what comes in, per step. */
  readonly inputSize: number;
  /** Width of what goes out, per step. */
  readonly outputSize: number;
}

export interface EmbeddingLayer extends LayerBase {
  readonly type: 'embedding';
  readonly numEmbeddings: number;
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

interface RecurrentBase extends LayerBase {
  readonly hiddenSize: number;
  /** Stacked levels; level k > 0 reads [forward, backward] of level k − 1, concatenated. */
  readonly levels: number;
  /** `['forward']` or `['forward', 'backward']`. */
  readonly directions: readonly Direction[];
  /** How the last level's directions are put together. */
  readonly merge: Merge;
  readonly bias: boolean;
  /** False passes only the final output on: forward after the last step, backward after step 0. */
  readonly returnSequences: boolean;
}

export interface RnnLayer extends RecurrentBase {
  readonly type: 'rnn';
  readonly nonlinearity: 'tanh' | 'relu';
}

export interface LstmLayer extends RecurrentBase {
  readonly type: 'lstm';
  /** Width of the projected hidden state; 0 is no projection. */
  readonly projSize: number;
}

export interface GruLayer extends RecurrentBase {
  readonly type: 'gru';
  /** True multiplies the reset gate after the matrix product (PyTorch, cuDNN), false before it (Cho et al. 2014). */
  readonly resetAfter: boolean;
}

export type RecurrentLayer = RnnLayer | LstmLayer | GruLayer;
export type Layer = EmbeddingLayer | LinearLayer | DropoutLayer | RecurrentLayer;
export type LayerType = Layer['type'];

export interface Network {
  readonly name: string;
  readonly description?: string;
  readonly dialect: DialectId;
  /** The file's conventions in words, for the footer: `PyTorch`, `i, f, g, o`, … */
  readonly conventions: readonly string[];
  readonly input: NetworkInput;
  /** In an order in which every layer stands after its inputs; the last one gives the network's output. */
  readonly layers: readonly Layer[];
  /** Names of the last layer's units, where the file gives them. */
  readonly outputLabels?: readonly string[];
}

export function isRecurrent(layer: Layer): layer is RecurrentLayer {
  return isRecurrentType(layer.type);
}

export function isRecurrentType(type: LayerType): type is RecurrentLayer['type'] {
  return type === 'rnn' || type === 'lstm' || type === 'gru';
}

/** Width of the hidden state that one direction hands to its next step: P with a projection, else H. */
export function stateSize(layer: RecurrentLayer): number {
  return layer.type === 'lstm' && layer.projSize > 0 ? layer.projSize : layer.hiddenSize;
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

/** The gates or states that one cell of each type yields, in the order of the trace. */
export const SIGNALS = {
  rnn: ['h'],
  lstm: ['i', 'f', 'g', 'o', 'c', 'h'],
  gru: ['r', 'z', 'n', 'h'],
  embedding: ['y'],
  linear: ['y'],
  dropout: ['y'],
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

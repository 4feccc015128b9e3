/** What every layer has, and what every recurrent layer has, whatever its cell. */
import type { ParameterKind } from './parameterKinds';

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

export interface LayerBase {
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

export interface RecurrentBase extends LayerBase {
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

/** A signal's address without its step: what tells one row of the picture from another. */
export interface SignalAddress {
  readonly layer: string;
  readonly level: number;
  readonly direction: Direction;
  readonly signal: string;
}

/** A layer whose cells have gates. */
export interface GatedBase extends RecurrentBase {
  /** Of the candidate; tanh where absent. */
  readonly activation?: UnitActivation;
  /** Of the gates; sigmoid where absent. */
  readonly recurrentActivation?: UnitActivation;
}

/** The activations of a cell with gates, defaults filled in. */
export function cellActivations(layer: GatedBase & { readonly outputActivation?: UnitActivation }): {
  readonly gates: UnitActivation;
  readonly candidate: UnitActivation;
  readonly output: UnitActivation;
} {
  const candidate = layer.activation ?? 'tanh';
  const output = layer.outputActivation ?? candidate;
  return { gates: layer.recurrentActivation ?? 'sigmoid', candidate, output };
}

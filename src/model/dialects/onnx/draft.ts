/** The layers that a graph is turned into, and what they pass to one another. */
import type { Layer, PaddingMode, RowsAround } from '../../network';
import type { Axis, Rows } from './axes';
import type { Constant } from './constant';
import type { InputView } from './inputs';

/** What a layer says of itself, without its wiring. */
export type Own<L extends Layer = Layer> = L extends Layer ? Omit<L, 'name' | 'inputs' | 'inputSize'> : never;

/** A layer to be: which names, and which of a recurrent layer's outputs are used, is known once the graph was walked. */
export interface Draft {
  /** Its name, if that is free. */
  readonly wanted: string;
  /** What it reads; nothing, of an input of the network. */
  readonly inputs: readonly Flow[];
  /** Undefined of an input of the network. */
  readonly own?: Own;
  /** The graph input that it is. */
  readonly view?: InputView;
  /** Of a state that a step begins with, which is no layer: what it is called. */
  readonly state?: string;
  /** Of what it reads, and of what it gives. */
  readonly inputSize: number;
  readonly width: number;
  /** The values of its parameters, by their names without the layer's. */
  readonly tensors: Tensors;
  /** What it begins with, of each of its directions. */
  readonly states?: readonly StatePieces[];
  /** Of a recurrent layer that is called for one step after the other: the units of inputs that it begins with. */
  readonly begins?: Readonly<Partial<Record<'h' | 'c', readonly Piece[]>>>;
  /** Of a layer that only scales and shifts: a number per unit each. */
  readonly affine?: Affine;
  /** Of a layer that only puts rows before and after what it reads. */
  readonly padded?: Padded;
  /** Of what a loop carries on where a mask lets a step count: what the step makes. */
  readonly masked?: Flow;
  /** In the order in which drafts were made. */
  readonly index: number;
}

/** Units of the final states of other layers, and of single rows; zeros where absent. */
export interface StatePieces {
  readonly h?: readonly Piece[];
  readonly c?: readonly Piece[];
}

export type Tensors = Readonly<Record<string, () => Promise<Float32Array>>>;

export interface Padded extends RowsAround {
  readonly input: Flow;
  /** Zeros where absent. */
  readonly mode?: PaddingMode;
}

export interface Affine {
  readonly scale?: Constant;
  readonly shift?: Constant;
}

/**
 * What layers pass to one another, as the tensor that ONNX makes of it. A layer gives rows of units; a tensor has axes in
 * any order, the units folded into several of them (directions, hidden units) or taken from several layers. The batch is
 * an axis of size 1.
 */
export interface Flow {
  readonly kind: 'flow';
  /** Where the units come from, in the order of the axes of units, the first of these varying slowest. */
  readonly pieces: readonly Piece[];
  readonly axes: readonly Axis[];
  /** Absent where it is a single row. */
  readonly rows?: Rows;
  /** Whether the last step stands first. */
  readonly reversed: boolean;
  /** Whether its type is one of integers. */
  readonly integer: boolean;
  /** Whether it is a single row, so many times; only what puts it together with other rows can read it. */
  readonly repeated?: true;
}

/** Some units of what a layer gives. */
export interface Piece extends Output {
  readonly from: number;
  readonly count: number;
}

/**
 * `rows`: every row that it gives. `final`: a recurrent layer's hidden state at the end of each direction; `cell`: its
 * cell state there. A number: that row alone, as `SelectLayer.step` counts.
 */
export interface Output {
  readonly draft: Draft;
  readonly at: 'rows' | 'final' | 'cell' | number;
}

/** What the engine must know of a type of cell: its equations, and if there are, faster forms of them. */
import type { Direction, RecurrentLayer } from '../../model/network';
import type { BackToCompile, CompiledBack } from '../kernels/back';
import type { BlockSizes } from '../kernels/blocks';
import type { CompiledCell } from '../kernels/cell';
import type { KernelInstance } from '../kernels/instance';
import type { Work } from '../slices';
import type { Cell, CellParameters, CellRun } from './cell';
import type { CellArithmetic, ProductOf } from './general/product';
import type { Held, SettlingStage } from './general/stage';
import type { CellMoment, UnitTerms } from './terms';
import type { CellGradient, InitialGradient, StateGradient, TransposedOf } from './gradient';

/** `Signals` are the cell's, by their names. */
export interface CellEquations<L extends RecurrentLayer, Signals> {
  /** With every option, settling one signal after another. */
  general(run: CellRun<L, Signals>, arithmetic: CellArithmetic): Work<Cell<SettlingStage>>;
  generalGradient(back: GeneralBack<L, Signals>): CellGradient;
  /** What a unit of a signal is the activation of; at a masked step too, where the states stay as they are instead. */
  terms(moment: CellMoment<L, Signals>, signal: keyof Signals): UnitTerms;
  /** Of a layer without options (`isStandardCell`), the same in fewer stages; the general form where absent. */
  readonly standard?: {
    cell(run: CellRun<L, Signals>): Cell;
    gradient(back: CellBack<L, Signals>): CellGradient;
    compile(instance: KernelInstance, cell: CellToCompile<L>): Work<CompiledCell>;
    /** The way back; undefined where no kernel has it. */
    compileBack?(instance: KernelInstance, cell: BackToCompile<L>): Work<CompiledBack> | undefined;
    /** Undefined where the kernel for two threads has no form of it. */
    divided?(layer: L): DividedForm | undefined;
  };
  /** What flows to parameters that not every cell has; those of the products are not of it. */
  readonly parameters?: {
    /** What rows `first` … of W_hh multiply at each step in place of h_{t−1}, which is `before`; steps × H. */
    hiddenInput?(
      run: CellRun<L, Signals>,
      before: Float32Array,
    ): { readonly first: number; readonly values: Float32Array } | undefined;
    /** What W_hr multiplies, steps × H. */
    projected?(run: CellRun<L, Signals>): Float32Array;
    /** ∂target/∂ of `CellParameters.vectors`, H each; `sums` is that of the gates' sums with their biases. */
    vectors?(run: CellRun<L, Signals>, memory: VectorInputs): ReadonlyMap<string, Float64Array>;
  };
}

export interface VectorInputs {
  /** ∂target/∂ of the gates' sums with their biases, steps × G·H. */
  readonly sums: Float64Array;
  /** The cell state before each step, steps × H. */
  readonly before: Float32Array;
}

/** What does the products of a way back. */
export interface BackProducts {
  readonly transposed: TransposedOf;
  readonly productOf: ProductOf;
  readonly cell?: CellWayBack;
}

/** All steps of a cell without options, or undefined where it has to go by its stages. */
export type CellWayBack = (back: CellBack, steps: PassedSteps) => Work<void> | undefined;

export interface PassedSteps {
  readonly rows: number;
  readonly direction: Direction;
  /** Of the input, and where what flows to it is added, if it is wanted. */
  readonly width: number;
  readonly dx: Float64Array | undefined;
}

/** A run on its way back. Gradients reach the initial state too, in `atInitial`. */
export interface CellBack<L extends RecurrentLayer = RecurrentLayer, Signals = unknown> extends CellRun<
  L,
  Signals
> {
  readonly gradient: StateGradient;
  readonly atInitial: InitialGradient;
  readonly products: BackProducts;
}

/** The same of a cell with options. */
export interface GeneralBack<L extends RecurrentLayer = RecurrentLayer, Signals = unknown> extends CellBack<
  L,
  Signals
> {
  /** W_ih x_t, steps × G·H, of a cell that normalises its sums; of others it is empty. */
  readonly inputSums: Float32Array;
  /** Gates and cell states that are held hand nothing back; of h, that is the caller's part. */
  readonly held: Held;
}

export interface CellToCompile<L extends RecurrentLayer> {
  readonly layer: L;
  readonly parameters: CellParameters;
  readonly inputSize: number;
  readonly sizes: BlockSizes;
}

/** As the kernel for two threads knows a cell: see assembly/parts.ts. */
export interface DividedForm {
  readonly gru: boolean;
  /** Of the input projection, G·H. */
  inputBias(parameters: CellParameters): Float32Array;
  /** Of the hidden product, G·H, where it stands apart. */
  hiddenBias?(parameters: CellParameters): Float32Array;
}

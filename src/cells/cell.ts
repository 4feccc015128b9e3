/** What is known of a type of cell apart from its arithmetic: what the readers, the picture and the words need. */
import type { Fields } from '../model/json/decode';
import type { Activation, RecurrentBase } from '../model/layer';
import type { NormPart, ParameterKind } from '../model/parameterKinds';
import type { Report } from '../model/report';
import type { SignalFacts } from '../model/signalFacts';

/** `L` are the layers of such cells. */
export interface CellFacts<L extends RecurrentBase> {
  /** What it is called: `LSTM`. */
  readonly title: string;
  /** What each signal is called in words, in the order of the trace. */
  readonly signals: Readonly<Record<string, string>>;
  /** What each signal does, for people who learn it. */
  readonly words: Readonly<Record<string, SignalWords>>;
  /** The sums, as the weights stack their rows. */
  readonly sums: readonly string[];
  /** Orders of the sums that programs are known to have; `letters`, where they call them otherwise. */
  readonly orders: readonly {
    readonly order: string;
    readonly letters?: string;
    readonly programs: readonly string[];
  }[];
  /** What a step hands to the next. */
  readonly states: readonly ('h' | 'c')[];
  /** The gate that says how much of the state stays. */
  readonly keeps?: string;
  /** What its gates and candidates do, by signal. */
  readonly roles: Readonly<Record<string, Role>>;
  /** What layer normalisation normalises, in the order of the tensors. */
  readonly norms: readonly NormPart[];
  /** Vectors of H numbers that not every cell has, in the order of the tensors. */
  vectors?(layer: L): readonly ParameterKind[];
  /** Width of h where it is not H. */
  stateSize?(layer: L): number;
  /** Whether it has none of the options that PyTorch's own layers do not have, those of all cells apart. */
  isStandard(layer: L): boolean;
  /** Why there can be no such layer, in words that follow its name. */
  fault?(layer: L): string | undefined;
  /** `signal` is one of its signals, or another one, which is unbounded. */
  signalFacts(layer: L, signal: string): SignalFacts;
  /** Conventions for the footer. */
  conventions(layer: L): readonly string[];
  readonly native: NativeOptions<L>;
  picture(layer: L): CellPicture;
  /** By signal, `_t` and `_{…}` being subscripts. */
  equations(layer: L, terms: EquationTerms): Readonly<Record<string, string>>;
}

export interface SignalWords {
  /** Its name in the picture, where there is little room. */
  readonly called: string;
  /** What it does, likewise: `{0}` as in `does`. */
  readonly brief: string;
  /** What it does at a step: `{0}` is how much, such as "about half", of a gate, and its number of others. */
  readonly does: string;
  /** What it is for, in two sentences. */
  readonly is: string;
  /** What the other cells have in its place, or have not. */
  readonly unlike: string;
}

/**
 * What a gate or candidate does to a state or to another signal, `to`: it says how much of the old one stays, how much of the
 * candidate comes in, how much is shown, or how much of the state before the candidate sees; or is that candidate.
 */
export interface Role {
  readonly does: 'keeps' | 'admits' | 'proposes' | 'shows' | 'filters';
  readonly to: string;
}

/** What the native format says of such a layer beside what it says of every recurrent one. */
export interface NativeOptions<L extends RecurrentBase> {
  readonly keys: readonly string[];
  /** Under the names of `L`, those at their defaults absent; `hiddenSize` is undefined where it could not be read. */
  read(fields: Fields, report: Report, hiddenSize: number | undefined): object;
  write(layer: L): Readonly<Record<string, unknown>>;
}

/** How a cell is drawn: gates side by side, above the bus where x and h meet. */
export interface CellPicture {
  /** From left to right; a cell without is its h alone. */
  readonly gates: readonly string[];
  /** In the cell, from the bus or a signal to a signal. */
  readonly wires: readonly (readonly [from: string, to: string])[];
  /** Where the state before goes to, beside the bus, to which h always goes. */
  readonly before: {
    /** Along the rail to the same state. */
    readonly c?: boolean;
    readonly h?: boolean;
    /** c to the bus. */
    readonly seen?: boolean;
  };
}

/** What the equations of cells are put together of. */
export interface EquationTerms {
  /** The states before. */
  readonly h: string;
  readonly c: string;
  /** `W_{ig} x_t`, normalised where that is so, with its bias. */
  input(gate: string): string;
  hidden(gate: string, state?: string): string;
  /** The bias of a form that has one, whose place is after all products. */
  sole(gate: string): string;
  /** A bias of a form that has two. */
  twin(name: string): string;
  normed(sum: string): string;
  /** Within `clip`, where there is one. */
  within(sum: string): string;
  activated(activation: Activation, inner: string): string;
  /** φ of both products, with whatever else is added. */
  gate(of: string, activation: Activation, more?: string): string;
  /** A number of few digits. */
  short(value: number): string;
}

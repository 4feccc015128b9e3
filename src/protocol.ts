/**
 * The messages between the extension host and the panel. The panel speaks first (`ready`); the host answers with all
 * that the first picture needs. Statistics travel once per run; full vectors only when asked for.
 */
import type { Differences } from './differences/differences';
import type { OrderBy, UnitOrder } from './engine/order/order';
import type { Against, Forecast, OutputRow } from './engine/outputOfRun';
import type { Rows, RowsQuestion } from './engine/rows';
import type { RowValues, SignalSummary, TraceSummary, UnitValues } from './engine/statistics';
import type { Attribution as WholeAttribution } from './engine/attribution/attribute';
import type { Method } from './engine/attribution/methods';
import type { Baseline } from './engine/attribution/baseline';
import type { Explanation } from './engine/explain/explain';
import type { Term, TermKind } from './engine/explain/term';
import type { InitialNorms } from './engine/gradient';
import type { LayerMemory } from './engine/memory';
import type { Network, SignalAddress, StepAddress } from './model/network';
import type { Problem } from './model/problem';
import type { TableFacts } from './model/samples';
import type { SignalRange } from './model/signalFacts';
import type { PictureOffer, PicturesGo, WantedPicture } from './picture/wanted';

/** A model as the panel shows it. */
export interface Scene {
  /** Grows with every good version of the document that may run otherwise; runs name the scene that they belong to. */
  readonly id: number;
  readonly network: Network;
  /** The file's name, for titles and announcements. */
  readonly fileName: string;
  readonly parameters: number;
  /** False exactly if any weight was seeded. */
  readonly trained: boolean;
  /** Whether the weights that the file names could not be read, so that nothing can be run. */
  readonly lacksWeights: boolean;
  readonly weightsFile?: string;
  readonly samples: readonly SampleSummary[];
}

export interface SampleSummary {
  readonly name: string;
  readonly steps: number;
}

/** What stands at the bottom of each column. */
export type Inputs =
  | { readonly kind: 'token'; readonly tokens: readonly string[] }
  | {
      readonly kind: 'vector';
      /** Features per step. */
      readonly size: number;
      /** How many of them are sent: `sentFeatures`. */
      readonly shown: number;
      /** steps × shown. */
      readonly values: Float32Array;
    };

/** Vectors of no more features show them as numbers, the first of them. */
export const SHOWN_FEATURES = 4;
/** Vectors of more show them as bars, as many as can be told apart. */
export const CHARTED_FEATURES = 48;
/** Values of a sequence that are sent of vectors with many features. */
const MOST_VALUES = 2 ** 20;

/** How many features of a sequence of vectors are sent to be shown: of a very long one fewer. */
export function sentFeatures(size: number, steps: number): number {
  const affordable = Math.max(SHOWN_FEATURES, Math.floor(MOST_VALUES / Math.max(1, steps)));
  return Math.min(size, CHARTED_FEATURES, affordable);
}

/** A sequence chosen but not necessarily run yet. */
export interface SequenceSummary {
  /** Null for typed text and chosen files. */
  readonly sample: string | null;
  /** What brings back a sequence that is no sample: the host's own words, given back to it by `ready`. */
  readonly origin?: string;
  /** What the toolbar calls it. */
  readonly title: string;
  readonly steps: number;
  readonly inputs: Inputs;
  /** What further inputs of the network read. */
  readonly further?: readonly FurtherInputs[];
  /** What was found in reading it, in the reader's words. */
  readonly warnings?: readonly string[];
  readonly taken?: TakenInputs;
  /** About how long a run takes, in milliseconds; absent where there are no weights to run with. */
  readonly estimate?: number;
  /** Dates and units, where it was read from a table. */
  readonly table?: TableFacts;
  /** The first step that the network itself added to a prompt. */
  readonly generatedFrom?: number;
}

/** The further inputs that a sequence of the user's own does not bring, and the sample that stands in with its. */
export interface TakenInputs {
  readonly layers: readonly string[];
  readonly sample: string;
}

export interface FurtherInputs {
  readonly layer: string;
  readonly inputs: Inputs;
}

export type { SignalRange, SignalSummary };

/** Names a run in questions. */
export type RunId = number;

/** What a run is for; one is held in each role. */
export type RunRole = 'base' | 'what-if' | 'compared';

/** What a run has otherwise than the base, as people write it: `lstm.f[12]=0`. */
export interface RunChanges {
  /** The base. */
  readonly of: RunId;
  readonly sets: readonly string[];
  /** Those of them that could not be done, and why. */
  readonly refused: readonly { readonly set: string; readonly reason: string }[];
}

/** Of a what-if, laid out as `RunSummary.mean`: the unit that it changes most, −1 where it changes none, and by how much. */
export interface UnitChanges {
  readonly unit: Int32Array;
  readonly value: Float32Array;
}

export interface RunSummary extends Omit<TraceSummary, 'rms'> {
  readonly trace: RunId;
  readonly role: RunRole;
  readonly scene: number;
  readonly sequence: SequenceSummary;
  readonly milliseconds: number;
  /** Whether it is too long to hold every row of: rows are computed again when they are asked for, few at a time. */
  readonly recorded: boolean;
  /** Of a what-if. */
  readonly changes?: RunChanges;
  /** Of a what-if of single units, of which the mean tells little; absent of a run that is recorded. */
  readonly unitChanges?: UnitChanges;
  /** Of a compared run: what it is of. */
  readonly name?: string;
  /** Of a compared run of another model. */
  readonly network?: Network;
}

/** One signal at one step, for the hover card. */
export type Values = RowValues;

export interface AddressedValues {
  readonly address: StepAddress;
  readonly values: Values;
}

/** Numbers that are asked for ahead of the pointer at most. */
export const MOST_AHEAD = 2 ** 16;

/** How far back the output at a step reaches: the size of its gradient at every state before it. */
export interface Memory {
  /** The question that it answers. */
  readonly trace: RunId;
  readonly step: number;
  readonly part: number;
  readonly unit: number | null;
  /** The number whose gradient it is: the largest unit of the output at the step, or of its last row. */
  readonly target: { readonly step: number; readonly unit: number; readonly value: number };
  /** The first step that it has been followed back to; where that is not 0, the next part of the answer reaches farther. */
  readonly reached: number;
  /** Recurrent layers, in the order of the trace. */
  readonly rows: readonly MemoryRow[];
}

export interface MemoryRow extends Pick<LayerMemory, 'layer' | 'level' | 'direction'> {
  /** What it says, in sentences. */
  readonly text: readonly string[];
  /** The state that carries the memory: an LSTM's c, else h. */
  readonly signal: 'c' | 'h';
  /** |∂target/∂state|₂, row after row. */
  readonly norms: Float64Array;
  /** |∂target/∂h|₂ of the same rows, where `norms` are those of c. */
  readonly hidden: Float64Array | null;
  /**
   * |∂target/∂state| of the unit that was asked for, of the same rows; NaN where it is not kept, which only the rows
   * nearest to the target of a very long run are; null where the state has no such unit.
   */
  readonly ofUnit: Float64Array | null;
  /** |∂target/∂ of h and c before the first step|₂; null where that is not reached yet, or where a single row says all. */
  readonly initial: InitialNorms | null;
  /** The step that each row belongs to. */
  readonly steps: Int32Array;
  /** The step from which on those before the first row are all 0; null where there are none. */
  readonly zerosFrom: number | null;
  /** Steps in which the norm halves; Infinity if it does not fall, null if that cannot be told. */
  readonly halfLife: number | null;
}

/** Steps of a window in which every output is followed back to every state. */
export const MATRIX_STEPS = 512;

/** How the output at each step of a window depends on a state at each other step; or how far that is worked out. */
export interface Matrix {
  /** The question that it answers. */
  readonly trace: RunId;
  readonly from: number;
  readonly row: number;
  readonly part: number;
  /** Steps of the window. */
  readonly steps: number;
  /** The states that can be looked at, of which `row` is one. */
  readonly places: readonly Pick<MemoryRow, 'layer' | 'level' | 'direction' | 'signal'>[];
  /** The steps whose largest output has been followed back, of `total`. */
  readonly targets: Int32Array;
  readonly total: number;
  /** Targets × steps of the window: |∂target/∂state|₂; 0 where it is less than 10⁻¹² of its largest. */
  readonly norms: Float64Array;
  /** Of each target at the initial state, which comes before a window that is read from its first step, or after one that is read backwards; null of other windows. */
  readonly initial: Float64Array | null;
}

/** Of which number of the output, and how, it is told what the input brings to it. */
export interface AttributionChoice {
  readonly step: number;
  /** Null for the largest. */
  readonly unit: number | null;
  readonly method: Method;
  readonly baseline: Baseline;
  /** Of the number before the output's last activation, where it has one. */
  readonly logit: boolean;
}

/** What the input brings to a number of the output; or how far that is worked out. */
export interface Attribution {
  /** The question that it answers. */
  readonly trace: RunId;
  readonly part: number;
  readonly choice: AttributionChoice;
  /** Points that were taken, of all; while there is nothing found, the next part of the answer has more. */
  readonly done: number;
  readonly total: number;
  readonly found: AttributionFound | null;
}

export interface AttributionFound extends Pick<
  WholeAttribution,
  'target' | 'logit' | 'points' | 'inputs' | 'completeness'
> {
  /** What is to be said of it, in sentences. */
  readonly text: readonly string[];
}

/** Why a unit has its value at a step. */
export interface Why extends Omit<Explanation, 'terms'> {
  /** Its terms, the largest first: as many as are told apart. */
  readonly terms: readonly Term[];
  /** All others together. */
  readonly rest: { readonly count: number; readonly product: number };
  /** The state that a gate or candidate works on, whose terms it is a factor of. */
  readonly into: Explanation | null;
  /** In how many steps the gate that keeps the state halves it, on average over the run, or over some rows; null without one. */
  readonly halfLife: {
    readonly steps: number;
    /** The first row, and the one after the last. */
    readonly within?: { readonly from: number; readonly to: number };
  } | null;
}

/** Terms that are told apart. */
export const NAMED_TERMS = 64;

export type { InputAttribution } from './engine/attribution/attribute';
export type { Against, Forecast, OrderBy, OutputRow, Rows, Term, TermKind, UnitOrder, UnitValues };

/** Shades on either side of 0. */
export const SHADES = 64;
/** Stands for a number that has no shade: NaN. */
export const NO_SHADE = -128;

/** What a heat map shows of rows that share columns as those of `Rows` do. */
export interface Shades extends Pick<Rows, 'from' | 'to' | 'units' | 'columns'> {
  /**
   * columns × units: the shade of the number of the largest size of each unit in each column, from −`SHADES` to `SHADES`,
   * which stand for both ends of the signal's scale and what lies beyond; `NO_SHADE` where there is a NaN.
   */
  readonly shades: Int8Array;
  /** The least and the largest number, NaN where there is none. */
  readonly least: number;
  readonly largest: number;
}

/** Questions from the panel and the type of their answers. */
export interface Requests {
  values: { ask: { readonly trace: RunId; readonly address: StepAddress }; answer: Values };
  /** What `values` says of every signal at steps `from` to `to` − 1; of those that have a row there. */
  window: {
    ask: { readonly trace: RunId; readonly from: number; readonly to: number };
    answer: readonly AddressedValues[];
  };
  /** Root mean squares over the units, laid out as `RunSummary.mean`: of a long run too much to be sent unasked. */
  sizes: { ask: { readonly trace: RunId }; answer: Float32Array };
  /** Values of one unit of every signal: all of them; of a run that is recorded, those of a stretch, which must be given. */
  unit: {
    ask: {
      readonly trace: RunId;
      readonly unit: number;
      readonly stretch?: { readonly from: number; readonly to: number };
    };
    answer: UnitValues;
  };
  /** Every unit of a signal, or one, over a stretch of its rows. */
  rows: { ask: RowsQuestion & { readonly trace: RunId }; answer: Rows };
  /** Every unit of a signal over a stretch of its rows, as a picture shows it: an eighth of what the rows take. */
  shades: { ask: RowsQuestion & { readonly trace: RunId }; answer: Shades };
  /** The units of a signal, ordered by what they do in the whole run; a question that another has followed fails. */
  order: {
    ask: { readonly trace: RunId; readonly signal: SignalAddress; readonly by: OrderBy };
    answer: UnitOrder;
  };
  /** Where a run differs from another, `against`. */
  differences: { ask: { readonly trace: RunId; readonly against: RunId }; answer: Differences };
  /** Without a unit that of the one that stands out. */
  why: {
    ask: {
      readonly trace: RunId;
      readonly signal: SignalAddress;
      readonly unit: number | null;
      readonly step: number;
    };
    answer: Why;
  };
  output: { ask: { readonly trace: RunId; readonly step: number }; answer: OutputRow };
  /** The probability that each step gives the token that came next, NaN at the last; empty where none is predicted. */
  next: { ask: { readonly trace: RunId }; answer: Float32Array };
  /** With null for what the file says. */
  forecast: {
    ask: { readonly trace: RunId; readonly unit: number; readonly against: Against | null };
    answer: Forecast;
  };
  /**
   * Of long runs in parts, the first within about a second. Parts are counted from 0, and come one after the other; the
   * answer to a question that another has followed is an error. With a unit the gradient of that unit of each state, too.
   */
  memory: {
    ask: {
      readonly trace: RunId;
      readonly step: number;
      readonly part: number;
      readonly unit: number | null;
    };
    answer: Memory;
  };
  /** In parts, as the memory is: of up to `MATRIX_STEPS` steps from `from` on, and of the state `row` of those that there are. */
  matrix: {
    ask: { readonly trace: RunId; readonly from: number; readonly row: number; readonly part: number };
    answer: Matrix;
  };
  /** In parts, as the memory is: nothing is worked out while no part is asked for. */
  attribution: {
    ask: AttributionChoice & { readonly trace: RunId; readonly part: number };
    answer: Attribution;
  };
  /** In parts, as the memory; it goes on while other runs take the place of the one that it is about. */
  matches: { ask: MatchesQuestion & { readonly part: number }; answer: Matches };
}

/** A search for other places at which the units are on that are on through some steps of a run. */
export interface MatchesQuestion {
  readonly trace: RunId;
  readonly signal: SignalAddress;
  /** First and last step. */
  readonly from: number;
  readonly to: number;
  /** A unit is on where its value is above it. */
  readonly threshold: number;
  /** Rows before and after the steps in which the units are off; 0 where it does not matter. */
  readonly offBefore: number;
  readonly offAfter: number;
  /** The newest `version` of what is searched beside. */
  readonly sources: number;
}

export interface Matches {
  readonly question: MatchesQuestion;
  /** Parts are counted from 0; where not all is done, the next one brings more. */
  readonly part: number;
  readonly done: boolean;
  /** The units that are on; null while the run is searched. */
  readonly units: readonly number[] | null;
  /** Where none is: below this threshold one would be, but for the margins; null where that is not known. */
  readonly highest: number | null;
  /** The steps that are asked for. */
  readonly range: Surroundings;
  /** How many there are so far, of which `matches` are the best, the best first. */
  readonly found: number;
  readonly matches: readonly FoundMatch[];
  /** What is searched, the run first. */
  readonly places: readonly MatchPlace[];
}

export interface FoundMatch {
  /** Which of the places it is in. */
  readonly place: number;
  /** First and last step. */
  readonly from: number;
  readonly to: number;
  /** From 0 to 1: the units that it shares, of those that either has. */
  readonly score: number;
  readonly around: Surroundings;
}

export interface MatchPlace {
  /** The run that the steps are of, another sample, or the file that was chosen. */
  readonly kind: 'run' | 'sample' | 'file';
  /** The sample's name; null where it is none. */
  readonly sample: string | null;
  readonly title: string;
  readonly steps: number;
  readonly state: 'waits' | 'searching' | 'searched' | 'left';
  /** How much of it is done, 0 to 1. */
  readonly share: number;
  /** Why it is left out, in words. */
  readonly reason?: string;
  /** Whether the labels have a line for each of its steps. */
  readonly labelled: boolean;
}

/** Some steps of a sequence and those beside them. */
export type Surroundings = {
  /** The first step that is here. */
  readonly first: number;
  /** One for each of what is here, from the labels that were chosen. */
  readonly labels?: readonly string[];
} & (
  | {
      readonly kind: 'token';
      readonly tokens: readonly string[];
      /** Whether they are words. */
      readonly apart: boolean;
    }
  /** The first feature: the mean of each `stride` steps; labels are those of the first of them. */
  | { readonly kind: 'vector'; readonly stride: number; readonly values: Float32Array }
);

/** What is searched beside the model's samples, and what is said of steps. */
export interface SearchSources {
  /** Grows with every change. */
  readonly version: number;
  /** The name of the file that is searched. */
  readonly file: string | null;
  readonly labels: { readonly file: string; readonly column: string; readonly rows: number } | null;
  /** Why what was chosen last cannot be used, in words. */
  readonly failure: string | null;
}

export type RequestMessage = {
  [K in keyof Requests]: {
    readonly type: 'request';
    readonly id: number;
    readonly kind: K;
    readonly ask: Requests[K]['ask'];
  };
}[keyof Requests];

export interface ReplyMessage {
  readonly type: 'reply';
  readonly id: number;
  readonly result: { readonly ok: Requests[keyof Requests]['answer'] } | { readonly err: string };
}

export type Detail = 'gates' | 'cells';
export type Step = 'next' | 'previous';

/** What the user does with the what-ifs, which the panel keeps: wherever it is done. */
export type ChangeMessage =
  | { readonly type: 'change'; readonly sets: readonly string[] }
  /** Takes back what is changed of a signal: all before `=`. */
  | { readonly type: 'restore'; readonly address: string }
  | { readonly type: 'undoChange' }
  | { readonly type: 'redoChange' }
  | { readonly type: 'clearChanges' };

export type ToWebview =
  /** A new good version of the model. `sequence` is what the inputs show until a run. */
  | { readonly type: 'scene'; readonly scene: Scene; readonly sequence: SequenceSummary | null }
  /** The problems of the newest version; an empty list clears them. The last good picture stays. */
  | { readonly type: 'problems'; readonly problems: readonly Problem[]; readonly drawable: boolean }
  | { readonly type: 'running'; readonly title: string; readonly done: number; readonly steps: number }
  | { readonly type: 'ran'; readonly run: RunSummary }
  /** What was asked for could not be done; in whole sentences. */
  | { readonly type: 'failed'; readonly message: string }
  /** A sequence that waits for the user to run it, in place of the one before and its run. */
  | { readonly type: 'offered'; readonly sequence: SequenceSummary }
  /** A run was cancelled: the picture before it stands. */
  | { readonly type: 'cancelled' }
  | { readonly type: 'navigate'; readonly step: Step }
  /** The layer in whose text the cursor stands; null where it stands in none. */
  | { readonly type: 'mark'; readonly layer: string | null }
  /** None of the changes could be done. */
  | { readonly type: 'unchanged'; readonly changes: RunChanges }
  | ChangeMessage
  | { readonly type: 'sources'; readonly sources: SearchSources }
  /** Opens a view of the dock, by its name, or closes it. */
  | { readonly type: 'showView'; readonly view: string; readonly on: boolean }
  /** Of which views there can be a picture: `savePicture` says. */
  | { readonly type: 'askPictures'; readonly to: PicturesGo }
  /** Answered by `picture`: the file, or an empty one where the picture, a PNG, is to go to the clipboard. */
  | {
      readonly type: 'takePicture';
      readonly id: number;
      readonly picture: WantedPicture;
      readonly to: PicturesGo;
    }
  | ReplyMessage;

/** What the window shows and what is chosen, so that the host can copy the same diagram and export the same part. */
export interface ShownView {
  /** The first step, and how many columns there are. */
  readonly start: number;
  readonly steps: number;
  readonly detail: Detail;
  readonly signal: SignalAddress | null;
  /** Steps that are chosen, both ends included. */
  readonly range: { readonly from: number; readonly to: number } | null;
}

export type FromWebview =
  /** The sequence shown before the panel was hidden or reloaded, to be shown again: a sample, or one of the user's own. */
  | { readonly type: 'ready'; readonly sample: string | null; readonly origin: string | null }
  | { readonly type: 'run'; readonly sample: string | null }
  /** Opens the host's picker: samples, typed text, a file. */
  | { readonly type: 'pick' }
  | { readonly type: 'cancel' }
  /** Opens the host's picker for a file to be searched, or for a table of labels. */
  | { readonly type: 'pickSource'; readonly what: 'file' | 'labels' }
  | { readonly type: 'dropSource'; readonly what: 'file' | 'labels' }
  /** Runs what matches are in: the file that is searched, or what the steps were of that are searched for. */
  | { readonly type: 'runSource'; readonly what: 'file' | 'origin' }
  /** Runs the base with changes; without any, it stands alone again. */
  | ({ readonly type: 'whatIf' } & Pick<RunChanges, 'of' | 'sets'>)
  /** The compared run is not wanted any more. */
  | { readonly type: 'endCompare' }
  /** Opens one of the examples that ship with the extension, by its file's name. */
  | { readonly type: 'openExample'; readonly file: string }
  | { readonly type: 'compareCells' }
  /** Opens the host's choice of what to compare with. */
  | { readonly type: 'compareWith' }
  /** Opens the host's field for changes. */
  | { readonly type: 'askWhatIf' }
  | { readonly type: 'reveal'; readonly problem: Problem }
  /** Shows where a layer, or the input, stands in the text: where that is open beside, or else only with `focus`. */
  | { readonly type: 'revealLayer'; readonly layer: string; readonly focus: boolean }
  | { readonly type: 'openSource' }
  | { readonly type: 'chooseReading' }
  | { readonly type: 'attachWeights' }
  | { readonly type: 'copy'; readonly text: string }
  /** Opens the host's choice of a picture, and of a file for it where it goes to one. */
  | { readonly type: 'savePicture'; readonly offers: readonly PictureOffer[]; readonly to: PicturesGo }
  | {
      readonly type: 'picture';
      readonly id: number;
      readonly result: { readonly ok: Uint8Array } | { readonly err: string };
    }
  | { readonly type: 'export' }
  | ({ readonly type: 'view' } & ShownView)
  /** The picture was painted: milliseconds since the page began to load. */
  | { readonly type: 'painted'; readonly milliseconds: number }
  | RequestMessage;

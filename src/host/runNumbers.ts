/** What is known of a run, whether all of it is held or not. */
import type { Clamp } from '../engine/clamps';
import type { OnProgress, OnQuestion } from '../engine/matches/ofRun';
import type { OnUnits } from '../engine/matches/onUnits';
import type { Recording } from '../engine/recording/record';
import type { Rows, RowsQuestion } from '../engine/rows';
import type { SliceOptions, Work } from '../engine/slices';
import type { RowValues, TraceSummary, UnitValues } from '../engine/statistics';
import type { Trace } from '../engine/trace';
import type { Network, StepAddress, Weights } from '../model/network';
import type {
  AddressedValues,
  Against,
  AttributionChoice,
  Forecast,
  Matrix,
  Memory,
  OutputRow,
  Requests,
  Why,
} from '../protocol';
import type { Translate } from '../words/translate';
import type { AttributionAnswer } from './attributionOfRun';
import type { MatrixQuestion } from './matrixOfRun';
import type { MemoryQuestion } from './memoryOfRun';

/** What answers questions about the numbers of a run. */
export interface RunNumbers {
  readonly summary: TraceSummary;
  /** Whether rows are computed again when they are asked for, which is done for few at a time. */
  readonly recorded: boolean;
  /** Absent where rows are computed again. */
  readonly trace?: Trace;
  /** What they are computed from; absent where all are held. */
  readonly recording?: Recording;
  /** One signal at one step. Rejects with RangeError for an address that the run does not have. */
  values(address: StepAddress): Promise<RowValues>;
  /** Every signal at some steps. Rejects as `valuesIn` does. */
  window(from: number, to: number): Promise<AddressedValues[]>;
  /** One unit of every signal; where rows are computed again, in a stretch of them, which must be given. */
  unit(unit: number, stretch?: Stretch): Promise<UnitValues>;
  /** A stretch of a signal's rows. Rejects with RangeError as `values` does, and for a stretch that it does not have. */
  rows(question: RowsQuestion): Promise<Rows>;
  /** Rejects with RangeError as `values` does, and for an input, which is given. */
  why(question: Omit<Requests['why']['ask'], 'trace'>): Promise<Why>;
  /**
   * Which units of a signal are on; where rows are computed again, `onStretch` hears of every stretch. Throws RangeError as
   * `rows` rejects.
   */
  on(question: OnQuestion, onStretch: OnProgress): Work<OnUnits>;
  /** The output at a step, or its last row. */
  output(step: number): Promise<OutputRow>;
  /** See `nextTokens`. */
  next(): Float32Array;
  /** One unit of the output beside what it is compared with. Throws as `forecastOf` does, and where it is not kept. */
  forecast(unit: number, against: Against | null): Forecast;
  /** See `MemoryOfRun`. Rejects with an error named `AbortError` when cancelled. */
  matrix(question: MatrixQuestion, signal: AbortSignal): Promise<Omit<Matrix, 'trace'>>;
  memory(question: MemoryQuestion, signal: AbortSignal): Promise<Omit<Memory, 'trace'>>;
  /** See `AttributionOfRun`. Rejects with an error named `AbortError` when cancelled. */
  attribution(choice: AttributionChoice, part: number, signal: AbortSignal): Promise<AttributionAnswer>;
}

/** The first row, and the one after the last. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What is run. */
export interface RunnableModel {
  readonly network: Network;
  readonly weights: Weights;
  readonly trained: boolean;
  /** What is held fixed; nothing where absent. */
  readonly clamps?: readonly Clamp[];
}

export interface FinishOptions extends SliceOptions {
  /** As `onProgress`, of what follows the run: its figures. */
  readonly onSummary?: SliceOptions['onProgress'];
  readonly translate: Translate;
  /** Bytes of a trace beyond which the run is recorded, where the network allows it. */
  readonly most?: number;
  /** Bytes that an answer to a question may take. */
  readonly memory?: number;
}

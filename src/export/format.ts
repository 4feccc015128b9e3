/** What a format of an export is: see CONTRIBUTING.md, "Add a format". */
import type { Baseline } from '../engine/attribution/baseline';
import type { Method } from '../engine/attribution/methods';
import type { Asked } from '../engine/explain/ofRun';
import type { SliceOptions } from '../engine/slices';
import type { StepRange } from '../model/sequences/window';
import type { ThemeName } from '../picture/colour/themes';
import type { Detail } from '../protocol';
import type { Translate } from '../words/translate';
import type { ExportedModel, ExportedRun, SignalChoice } from './exported';

/** What may be chosen of an export; the names are those of the command line's options. */
export interface ExportOptions {
  /** Steps of the run: `from` and `steps` on the command line, checked to be within it. */
  readonly range?: StepRange;
  /** Signals, in any order; all where absent. */
  readonly signals?: readonly SignalChoice[];
  readonly detail?: Detail;
  readonly theme?: ThemeName;
  /** Of a picture: pixels for each of its own, 1 where absent. */
  readonly scale?: number;
  /** Of a picture: which view of the panel it shows, the diagram where absent. */
  readonly view?: PictureView;
  /** Which unit of the output Memory, Output and What mattered are of. */
  readonly unit?: number;
  /** The unit, signal and step that Why is of. */
  readonly at?: Asked;
  /** Of What mattered: the step of the output, and how it is taken. */
  readonly step?: number;
  readonly method?: Method;
  readonly baseline?: Baseline;
  readonly points?: number;
  readonly logit?: boolean;
}

/** What is chosen does not go together, or is not there: the choice is wrong, not the run. */
export class ChoiceError extends RangeError {}

/** A RangeError of what is done with a choice is one of the choice. */
export async function byChoice<T>(action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof RangeError ? new ChoiceError(error.message) : error;
  }
}

export const PICTURE_VIEWS = [
  ...(['diagram', 'heatmap', 'memory', 'matrix'] as const),
  ...(['output', 'why', 'attribution'] as const),
] as const;
export type PictureView = (typeof PICTURE_VIEWS)[number];

/** The options that a format may take beside the format and the file, as the command line names them. */
export const OPTIONS = [
  ...(['from', 'steps', 'signal', 'detail', 'theme'] as const),
  ...(['scale', 'no-values', 'view', 'unit', 'at'] as const),
  ...(['step', 'method', 'baseline', 'points', 'logit'] as const),
] as const;
export type OptionName = (typeof OPTIONS)[number];

/** What each view of a picture heeds beside the theme and the scale. */
export const VIEW_OPTIONS: Readonly<Record<PictureView, readonly OptionName[]>> = {
  diagram: ['from', 'steps', 'detail', 'no-values'],
  heatmap: ['from', 'steps', 'signal'],
  memory: ['from', 'steps', 'unit'],
  matrix: ['from', 'steps', 'signal'],
  output: ['from', 'steps', 'unit'],
  why: ['at'],
  attribution: ['step', 'unit', 'method', 'baseline', 'points', 'logit'],
};

/** Cancelled, it throws an error named `AbortError`. */
export interface WriteOptions extends SliceOptions {
  readonly translate: Translate;
  /** Makes a PNG of an SVG; absent where nothing can. Rejects with a RangeError where it would be too large. */
  readonly rasterise?: (svg: string) => Promise<Uint8Array>;
  /** Reads a file of what is built, by its path there; absent where it is not at hand. */
  readonly own?: (path: string) => Promise<Uint8Array>;
}

/** Pieces of a file, in order. */
export type Chunks = AsyncIterable<Uint8Array | string>;

interface FormatFacts {
  /** As `--format` takes it. */
  readonly name: string;
  /** In a list of formats. */
  readonly label: string;
  /** What it holds, in a few words, through `Translate`. */
  readonly about: string;
  /** Of its files, without the dot, the usual one first. */
  readonly endings: readonly [string, ...string[]];
  readonly options: readonly OptionName[];
}

/** A format of the model alone, weights or not. */
export interface ModelFormat extends FormatFacts {
  readonly of: 'model';
  /** Throws RangeError, before the first piece, where it cannot be written: a ChoiceError where something else can be chosen. */
  write(model: ExportedModel, options: ExportOptions, how: WriteOptions): Chunks;
}

/** A format of a run. */
export interface RunFormat extends FormatFacts {
  readonly of: 'run';
  /** Throws RangeError, before the first piece, where it cannot be written. */
  write(run: ExportedRun, options: ExportOptions, how: WriteOptions): Chunks;
}

/** A format of a picture: of a run, or, without values, of the model alone. */
export interface PictureFormat extends FormatFacts {
  readonly of: 'picture';
  /** Throws RangeError, before the first piece, where it cannot be drawn. */
  write(subject: ExportedModel | ExportedRun, options: ExportOptions, how: WriteOptions): Chunks;
}

export type Format = ModelFormat | RunFormat | PictureFormat;

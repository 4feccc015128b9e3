/** A page that stands alone: its empty form, and what it holds of a model. */
import type { Network, SignalAddress } from '../model/network';
import type { Sample, Sequence } from '../model/samples';
import type { Weights } from '../model/weights';
import type { Detail } from '../protocol';

/** The form, in the folder of what is built: esbuild.js makes it of webview/alone. */
export const PAGE_FILE = 'alone.html';

/** What is put in, in this order, where the form has the name in two pairs of braces. */
export const PLACES = ['language', 'theme', 'title', 'needs', 'noScript', 'sentences', 'scene'] as const;

/** Packed by `packed`, compressed by gzip, in Base64. */
export interface PageScene {
  readonly fileName: string;
  readonly network: Network;
  readonly weights: Weights;
  readonly trained: boolean;
  /** What is run and shown. */
  readonly sequence: Sequence;
  /** The sample that it is, of `samples`; else null, and `title` says what it is. */
  readonly sample: string | null;
  readonly title: string;
  readonly samples: readonly Sample[];
  /** What the run has otherwise, as people write it. */
  readonly sets: readonly string[];
  /** Where the playhead is at first. */
  readonly step: number;
  readonly detail: Detail;
  /** The signal that is chosen. */
  readonly signal?: SignalAddress;
}

/** What is wrong with a model, and where in its text: the one form in which every reader reports. */

import type { Fix } from './fix';

export type Severity = 'error' | 'warning';

/** A stretch of the model's text. `line` and `column` count from 1, `offset` from 0; all in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly length: number;
}

/** Which part of the model is affected: only a problem about the structure leaves nothing to draw. */
export type ProblemSubject = 'structure' | 'weights' | 'samples' | 'file';

export interface Problem {
  readonly severity: Severity;
  /** Stable, kebab-case, for filters and tests: `unknown-key`, `missing-tensor`, … */
  readonly code: string;
  /** Says what was expected and what was found, in the words of the file. */
  readonly message: string;
  readonly place: Place;
  readonly about: ProblemSubject;
  /** True if the shipped JSON schema marks the same fault, so that the editor need not repeat it. */
  readonly markedBySchema?: boolean;
  /** What would take it away, the likeliest first. */
  readonly fixes?: readonly Fix[];
}

export const START_OF_FILE: Place = { line: 1, column: 1, offset: 0, length: 0 };

export function hasErrors(problems: readonly Problem[], about?: ProblemSubject): boolean {
  return problems.some((p) => p.severity === 'error' && (about === undefined || p.about === about));
}

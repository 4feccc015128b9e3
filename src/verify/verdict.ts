import type { OutputNotRun } from '../model/partial';
import type { ExpectedOutput, Sequence } from '../model/samples';
import type { Comparison } from './compare';
import type { Precision } from './precision';
import type { Undone } from './remedy';

/** A sequence and what the model is known to give for it. */
export interface Check {
  readonly name: string;
  readonly sequence: Sequence;
  readonly expected: ExpectedOutput;
}

export interface Checked extends Comparison {
  readonly name: string;
  readonly steps: number;
  /** Where the model's own output is not run: what is compared is another layer's, and means something only if it matches. */
  readonly notRun?: OutputNotRun;
}

/** Whether what differs differs in the model's own output. */
export function isComparable({ matches, notRun }: Checked): boolean {
  return matches || notRun === undefined;
}

/** A change of the model that makes it match, or come much closer. */
export interface Finding extends Undone {
  readonly maxError: number;
  readonly matches: boolean;
}

export interface Verdict {
  readonly matches: boolean;
  readonly tolerance: number;
  readonly checks: readonly Checked[];
  readonly finding?: Finding;
  /** The precision of the weights that makes a difference of this size, where nothing explains it. */
  readonly rounding?: Rounding;
  /** What is known against the model: see `doubtOf`. */
  readonly doubt?: Doubt;
  /** Variants of the model that were tried. */
  readonly tried: number;
}

/** Why an output may differ although nothing was mistaken. */
export type Doubt =
  | { readonly code: 'seeded' }
  /** A further input that was not given, and is a sample's. */
  | { readonly code: 'input-of-sample'; readonly input: string; readonly sample: string }
  /** What was said of the file when it was read. */
  | { readonly code: 'warning'; readonly message: string };

export interface Rounding {
  /** `int8` of a model that computes with numbers of 8 bits, `float32` of sums taken in another order. */
  readonly precision: Precision | 'int8' | 'float32';
  /** Whether the model's own weights are those that are rounded. */
  readonly own: boolean;
}

/** How a mistake is undone, in codes and figures: words/remedies.ts says it in words. */
import type { Activation, Merge } from '../model/layer';
import type { Precision } from './precision';

/** What one change makes of a model. Layers go by their names. */
export type Remedy =
  | { readonly cause: 'update-gate' | 'transposed' }
  /** `order` has the letters that the programs which are known to stack so have for the gates. */
  | { readonly cause: 'gate-order'; readonly order: string; readonly programs: readonly string[] }
  | { readonly cause: 'reset-placement'; readonly resetAfter: boolean }
  | { readonly cause: 'gate-activation'; readonly activation: GateActivation }
  | { readonly cause: 'activation'; readonly of: 'cell' | 'rnn'; readonly activation: CellActivation }
  | { readonly cause: 'biases'; readonly change: 'summed' | 'without-bias_ih' | 'without-bias_hh' }
  | { readonly cause: 'forget-bias'; readonly change: 'added' | 'left-out' | 'taken'; readonly by: number }
  | { readonly cause: 'forget-gate'; readonly keeps: 'cell' | 'output' }
  | { readonly cause: 'directions'; readonly change: Exclude<Merge, 'concat'> | 'exchanged' }
  | { readonly cause: 'reversed'; readonly change: 'input' | 'output' | 'output-back' }
  | { readonly cause: 'steps'; readonly change: 'all' | 'last' }
  /** `before` which layer; null at the end. */
  | { readonly cause: 'steps'; readonly change: Pooling; readonly before: string | null }
  | { readonly cause: 'steps'; readonly change: Pooling | 'last'; readonly layer: string }
  | { readonly cause: 'output-activation'; readonly activation: Activation; readonly before: Activation }
  | {
      readonly cause: 'hidden-activation';
      readonly activation: Activation;
      readonly after: readonly string[];
    }
  | {
      readonly cause: 'hidden-activation';
      readonly activation: Activation;
      readonly between: readonly NamePair[];
    }
  | { readonly cause: 'skip'; readonly added: boolean }
  | { readonly cause: 'exchanged'; readonly layers: NamePair }
  | { readonly cause: 'exchanged'; readonly levels: readonly [number, number]; readonly layer: string }
  | { readonly cause: 'precision'; readonly precision: Precision }
  | { readonly cause: 'mask'; readonly maskZero: boolean };

/** What is changed of a model. */
export interface Undone {
  readonly remedies: readonly [Remedy, ...Remedy[]];
  /** The only recurrent layer that is changed, where others could be too. */
  readonly layer?: string;
}

export type Cause = Remedy['cause'];
/** The hard sigmoids are Keras 2's, and Keras 3's and PyTorch's. */
export type GateActivation = 'sigmoid' | 'hard-sigmoid-0.2' | 'hard-sigmoid-1/6';
export type CellActivation = 'none' | 'tanh' | 'relu' | 'sigmoid';
export type Pooling = 'average' | 'max';
export type NamePair = readonly [string, string];

/** The first thing that is changed. */
export function causeOf({ remedies: [{ cause }] }: Undone): Cause {
  return cause;
}

/** A cell that is not written as PyTorch writes its own. */
import type { Blocks } from './sources';

/** What `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh` are made of, a block a gate in PyTorch's order. */
export type CellBlocks = ReadonlyMap<string, Blocks>;

export interface CellModule {
  readonly type: 'rnn' | 'lstm' | 'gru';
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly bias: boolean;
  /** The program whose form it has, or `hand`. */
  readonly written: 'flax' | 'equinox' | 'haiku' | 'hand';
  /** Of a GRU: where the reset gate multiplies. */
  readonly resetAfter?: boolean;
  readonly forgetBias?: number;
  /** Of a plain RNN: what it is taken to use; tanh where absent. */
  readonly nonlinearity?: 'none';
  /** Whether its matrices multiply input and state side by side, in an order that the file does not say. */
  readonly concatenated?: boolean;
  /** Whether its gates stand in one matrix, in an order that the file does not say. */
  readonly fused?: boolean;
  /** `inputLast` takes [h, x], not [x, h], for what concatenated matrices multiply. */
  readonly blocks: (inputLast: boolean) => CellBlocks;
}

export interface FoundCell {
  readonly cell: CellModule;
  readonly prefix: string;
  readonly tensors: readonly string[];
}

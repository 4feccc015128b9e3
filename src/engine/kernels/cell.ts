/** One level and direction in an instance's memory, ready to compute blocks of steps. */
import type { BlockCell, BlockSteps } from './blocks';
import type { Panels } from './panels';

export interface CompiledCell extends BlockCell {
  readonly input: Panels;
  readonly inputBias: number;
  /** Where the input projection goes: a row of `input.count` panels per step. */
  readonly sums: number;
  compute(block: BlockSteps): void;
}

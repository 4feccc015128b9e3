import type { Direction, RecurrentLayer } from '../model/network';
import type { CellState } from './cells/cell';
import type { Clamp } from './clamps';
import type { Edge } from './edge';
import type { SignalTrace } from './trace';

/** All steps of one level and direction. */
export interface LevelRun {
  readonly layer: RecurrentLayer;
  readonly level: number;
  readonly direction: Direction;
  readonly input: Edge;
  /** As many rows as the input has. */
  readonly signals: readonly SignalTrace[];
  readonly initial: CellState;
  readonly clamps: readonly Clamp[];
}

import type { LayerRun } from '../edges';
import type { Ran } from '../gradient';
import type { Trace } from '../trace';

/** A run, and what its layers read: see `layerRuns`. */
export interface Explained extends Ran {
  readonly trace: Pick<Trace, 'steps' | 'layers'>;
  readonly runs: readonly LayerRun[];
}

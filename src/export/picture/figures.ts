import type { SliceOptions } from '../../engine/slices';
import { summarise, type TraceSummary } from '../../engine/statistics';
import { INPUT, type Network } from '../../model/network';
import type { Trace } from '../../engine/trace';
import type { KeptRun } from '../exported';

/** The figures of every row of a run. */
export async function figuresOf(kept: KeptRun, network: Network, how: SliceOptions): Promise<TraceSummary> {
  return 'trace' in kept ? summarise(network, kept.trace, how) : kept.recording.summary;
}

/** As the engine's `run` gives it. */
export function withoutInput(trace: Trace): Trace {
  return { ...trace, layers: trace.layers.filter(({ layer }) => layer !== INPUT) };
}

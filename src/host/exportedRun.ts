/** A run of the panel, as it is exported. */
import { withInput } from '../engine/trace';
import type { ExportedRun } from '../export/exported';
import { notRunJson } from '../export/notRun';
import type { Network, Weights } from '../model/network';
import { runningPart } from '../model/partial';
import type { Sample } from '../model/samples';
import type { HeldRun } from './runs';

interface RunModel {
  readonly network: Network;
  readonly weights: Weights;
  readonly trained: boolean;
  readonly samples: readonly Sample[];
}

/** `base` is the run without changes: itself, where it has none. */
export function exportedRun(
  fileName: string,
  { network, weights, trained, samples }: RunModel,
  { choice, finished, changes, clamps = [] }: HeldRun,
  base: HeldRun,
): ExportedRun {
  const { sequence } = choice;
  const { trace, recording } = finished;
  const refused = new Set(changes?.refused.map(({ set }) => set));
  const set = changes?.sets.filter((one) => !refused.has(one)) ?? [];
  return {
    ...{ network, fileName },
    ran: { network, weights, sequence, clamps },
    kept: trace ? { trace: withInput(trace, sequence) } : { recording: recording! },
    origin: { model: network.name, dialect: network.dialect, trained, sample: choice.sample },
    ...{ sets: set, unchanged: base.choice.sequence, title: choice.title, samples },
    beside: { ...(set.length > 0 && { set }), ...notRunJson(network, runningPart(network, sequence)) },
  };
}

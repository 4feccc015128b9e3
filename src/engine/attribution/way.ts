/** What is run again and again for an attribution. */
import { INPUT, type NetworkInput, furtherInputs } from '../../model/network';
import { beforeActivation } from '../../model/logits';
import { say } from '../../words/say';
import type { InitialStates } from '../cells/cell';
import type { Ran } from '../gradient';
import { outputRows } from '../plan';
import { clampsWithin, runsInSegments, segmentOf } from '../recording/segments';
import { type Baseline, baselineOf } from './baseline';
import { Path } from './path';
import { begunAtVectors } from './vectors';

/** From where on a run is attributed. */
export interface Stretch {
  readonly from: number;
  /** The states before that step; what came earlier is held. */
  readonly states: InitialStates | undefined;
}

export interface NamedInput {
  readonly name: string;
  readonly input: NetworkInput;
}

/** A run begun at vectors, each with its path from the baseline. */
export interface Way {
  readonly ran: Ran;
  readonly paths: readonly Path[];
  /** The network's inputs, its own first. */
  readonly inputs: readonly NamedInput[];
  readonly stretch: Stretch;
}

interface Wanted {
  readonly step?: number;
  readonly logit?: boolean;
  readonly baseline?: Baseline;
}

/** Cut to the stretch, and to the steps that bear on `step`. Throws RangeError for a logit where there is none. */
export function wayOf(whole: Ran, { step, logit, baseline = 'zero' }: Wanted, stretch: Stretch): Way {
  const network = logit ? beforeActivation(whole.network)?.network : whole.network;
  if (!network) throw new RangeError(say`the output is made by no activation: it has no logits`);
  const { ran, sources } = begunAtVectors({ ...whole, network });
  const { steps } = ran.sequence;
  const inputs = [{ name: INPUT, input: network.input }, ...furtherInputs(network)];
  const [from, to] = [stretch.from, isCausal(whole, step) ? step + 1 : steps];
  const paths = sources.map((source) => new Path(source, baselineOf(source, baseline)));
  if (from === 0 && to === steps) return { ran, paths, inputs, stretch };
  const sequence = segmentOf(ran.network, ran.sequence, from, to);
  const clamps = clampsWithin(ran.clamps, from, to);
  const parts = paths.map((path) => path.cut(from, to));
  return { ran: { ...ran, sequence, clamps }, paths: parts, inputs, stretch };
}

/** Whether the steps behind `step` bring nothing to it. */
function isCausal({ network, sequence }: Ran, step: number | undefined): step is number {
  if (step === undefined || step >= sequence.steps || !runsInSegments(network)) return false;
  return outputRows(network, sequence).get(network.layers.at(-1)!.name) === sequence.steps;
}

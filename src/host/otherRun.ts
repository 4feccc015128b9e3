/** What a run is compared with: another model on the same input, or the same model on another one. */
import { sameInput } from '../differences/sameInput';
import { withFurtherInputs } from '../model/furtherInputs';
import type { Network } from '../model/network';
import type { Sample } from '../model/samples';
import type { RunnableModel } from './runNumbers';
import type { ChosenSequence } from './scene';

export interface OtherRun {
  /** What it is called. */
  readonly name: string;
  /** The other model; the panel's own where absent. */
  readonly model?: RunnableModel & { readonly samples: readonly Sample[] };
  /** The other sequence; the one that runs where absent. */
  readonly choice?: ChosenSequence;
}

/** The sequence that it runs on. Throws RangeError, saying what the other model reads, if it cannot read it. */
export function otherChoice(network: Network, choice: ChosenSequence, other: OtherRun): ChosenSequence {
  if (other.choice) return other.choice;
  if (!other.model) return choice;
  const { sequence, problems } = sameInput(network, choice.sequence, other.model.network);
  if (!sequence) throw new RangeError(problems.map(({ message }) => message).join('; '));
  const warnings = [...(choice.warnings ?? []), ...problems.map(({ message }) => message)];
  const whole = withFurtherInputs(other.model.network, sequence, other.model.samples);
  return { ...choice, sequence: whole, ...(warnings.length > 0 && { warnings }) };
}

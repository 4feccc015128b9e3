/** Each step with the class that it is held to be, as high as the network is sure of it. */
import type { Network } from '../../model/network';
import { outputNames, outputReading } from '../../model/outputs';
import type { Inputs, RunSummary } from '../../protocol';
import { outputNamer } from '../names';
import type { TokenPicture } from './tokens';

/** The largest of each row of a run's output, and the sequence that they are of. */
export interface Likeliest {
  readonly top: RunSummary['top'];
  readonly sequence: { readonly steps: number; readonly inputs: Inputs };
}

/** Whether each step of a run has a likeliest class, of those that have names. */
export function showsClasses(network: Network, { top, sequence: { steps } }: Likeliest): boolean {
  const reading = outputReading(network);
  const isShare = reading === 'probabilities' || reading === 'likelihoods';
  return isShare && top.unit.length === steps && steps > 1 && (outputNames(network)?.length ?? 0) > 1;
}

/** Without its colours. */
export function classesPicture(
  network: Network,
  { top, sequence: { steps, inputs } }: Likeliest,
): Omit<TokenPicture, 'scale'> {
  return {
    tokens: inputs.kind === 'token' ? inputs.tokens : Array.from({ length: steps }, () => ''),
    shares: top.value,
    names: Array.from(top.unit, outputNamer(network)),
  };
}

/** The unit that is shown over time where none is chosen: of numbers the first, else the largest at the end. */
export function usualUnit(network: Network, { unit }: RunSummary['top']): number {
  return outputReading(network) === 'numbers' ? 0 : Math.max(0, unit[unit.length - 1] ?? 0);
}

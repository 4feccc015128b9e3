/** How much memory a command may take. */
import type { Values } from './command';
import { stepsWithin, traceBytes } from '../engine/plan';
import { DEFAULT_LIMITS } from '../model/dialects/dialect';
import { counted } from '../model/json/decode';
import { inUnits, limitInWords, type Limits } from '../model/limits';
import type { Network } from '../model/network';
import type { Lengths } from '../model/partial';
import { wholeNumber } from './values';
import { EXIT, Failure } from './output';

/** What `--memory` says, in megabytes as of the editor's setting; `raisedBy`, which is no option, is what raises it there. */
export function limitsOf(values: Values): Limits {
  const megabytes = wholeNumber(values, 'memory', 1);
  const memory = megabytes === undefined ? DEFAULT_LIMITS.memory : megabytes * 2 ** 20;
  const { raisedBy } = values;
  return { memory, raisedBy: typeof raisedBy === 'string' ? raisedBy : '--memory MB' };
}

interface Demand {
  /** How often as much is taken; once where absent. */
  readonly times?: number;
  /** What a run takes; its trace where absent. */
  readonly bytesOf?: (network: Network, lengths: Lengths) => number;
  /** What to do; to run a part where absent. */
  readonly advice?: string;
}

/** Fails, with what to do, if something would take more memory than the limit. */
export function demandSteps(
  values: Values,
  what: string,
  network: Network,
  lengths: Lengths,
  { times = 1, bytesOf = traceBytes, advice = 'run a part: --from STEP --steps N' }: Demand = {},
): void {
  const limits = limitsOf(values);
  const bytes = times * bytesOf(network, lengths);
  if (bytes <= limits.memory) return;
  const fit = stepsWithin(network, lengths, limits.memory / times, bytesOf);
  const message = `${what} would take ${inUnits(bytes)} of memory for ${counted(lengths.steps, 'step')}, of which ${fit} fit; the limit is ${limitInWords(limits)}`;
  throw new Failure(EXIT.input, `${message}: ${advice}`);
}

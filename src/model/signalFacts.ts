/** What is known of values before any run: how they are spread, and what counts as saturated. */
import type { Activation } from './layer';

/** How a signal's values are spread, which decides its colour scale: 0 … 1, −1 … 1, or anything. */
export type SignalRange = 'gate' | 'signed' | 'unbounded';

/** Saturated is below 0.1 or above 0.9 for `sigmoid`, beyond ±0.9 for `tanh`, exactly 0 for `dead` (relu). */
export type Saturation = 'sigmoid' | 'tanh' | 'dead';

export interface SignalFacts {
  readonly range: SignalRange;
  /** Null where saturation means nothing. */
  readonly saturation: Saturation | null;
}

const SIGMOID: SignalFacts = { range: 'gate', saturation: 'sigmoid' };
const TANH: SignalFacts = { range: 'signed', saturation: 'tanh' };
const RELU: SignalFacts = { range: 'unbounded', saturation: 'dead' };
const SHARES: SignalFacts = { range: 'gate', saturation: null };
export const UNBOUNDED: SignalFacts = { range: 'unbounded', saturation: null };

const OF_ACTIVATION: Record<Extract<Activation, string>, SignalFacts> = {
  none: UNBOUNDED,
  tanh: TANH,
  relu: RELU,
  sigmoid: SIGMOID,
  softmax: SHARES,
  log_softmax: UNBOUNDED,
  softsign: TANH,
  hard_tanh: TANH,
  softplus: UNBOUNDED,
  selu: UNBOUNDED,
};

/** Of what an activation gives. */
export function activationFacts(activation: Activation): SignalFacts {
  if (typeof activation === 'string') return OF_ACTIVATION[activation];
  return activation.kind === 'hard_sigmoid' ? SIGMOID : UNBOUNDED;
}

/** A gate from 0 to 1 leaves a bounded signal within its bounds. */
export function gated(gate: SignalFacts, of: SignalFacts): SignalFacts {
  return gate.range === 'gate' && of.range !== 'unbounded' ? of : UNBOUNDED;
}

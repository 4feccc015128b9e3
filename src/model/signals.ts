/** What is known of a signal's values before any run: how they are spread, and what counts as saturated. */
import type { Activation, Layer } from './network';

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
const UNBOUNDED: SignalFacts = { range: 'unbounded', saturation: null };

const OF_ACTIVATION: Record<Activation, SignalFacts> = {
  none: UNBOUNDED,
  tanh: TANH,
  relu: RELU,
  sigmoid: SIGMOID,
  softmax: SHARES,
};

/** `signal` is one of the layer's, as `SIGNALS` in network.ts lists them; another one, such as an input x, is unbounded. */
export function signalFacts(layer: Layer, signal: string): SignalFacts {
  switch (layer.type) {
    case 'rnn':
      return signal === 'h' ? OF_ACTIVATION[layer.nonlinearity] : UNBOUNDED;
    case 'lstm':
      if ('ifo'.includes(signal)) return SIGMOID;
      if (signal === 'g') return TANH;
      return signal === 'h' && layer.projSize === 0 ? TANH : UNBOUNDED;
    case 'gru':
      if ('rz'.includes(signal)) return SIGMOID;
      return signal === 'n' || signal === 'h' ? TANH : UNBOUNDED;
    case 'linear':
      return signal === 'y' ? OF_ACTIVATION[layer.activation] : UNBOUNDED;
    default:
      return UNBOUNDED;
  }
}

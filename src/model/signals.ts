/** What is known of a signal's values before any run: how they are spread, and what counts as saturated. */
import { type Activation, type Layer, cellActivations, isRecurrent, stateSize } from './network';

/** Width of a signal of a layer. */
export function signalUnits(layer: Layer, signal: string): number {
  if (layer.type === 'input') return layer.input.kind === 'vector' ? layer.input.size : 1;
  if (!isRecurrent(layer)) return layer.outputSize;
  return signal === 'h' ? stateSize(layer) : layer.hiddenSize;
}

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

function factsOf(activation: Activation): SignalFacts {
  if (typeof activation === 'string') return OF_ACTIVATION[activation];
  return activation.kind === 'hard_sigmoid' ? SIGMOID : UNBOUNDED;
}

/** `signal` is one of the layer's, as `SIGNALS` in network.ts lists them; another one, such as an input x, is unbounded. */
export function signalFacts(layer: Layer, signal: string): SignalFacts {
  switch (layer.type) {
    case 'rnn':
      return signal === 'h' ? factsOf(layer.nonlinearity) : UNBOUNDED;
    case 'lstm': {
      const { gates, candidate, output } = cellActivations(layer);
      if ('ifo'.includes(signal)) return factsOf(gates);
      if (signal === 'g') return factsOf(candidate);
      return signal === 'h' && layer.projSize === 0 ? gated(factsOf(gates), factsOf(output)) : UNBOUNDED;
    }
    case 'gru': {
      const { gates, candidate } = cellActivations(layer);
      if ('rz'.includes(signal)) return factsOf(gates);
      if (signal === 'n') return factsOf(candidate);
      return signal === 'h' ? gated(factsOf(gates), factsOf(candidate)) : UNBOUNDED;
    }
    case 'linear':
    case 'conv1d':
    case 'activation':
      return signal === 'y' ? factsOf(layer.activation) : UNBOUNDED;
    default:
      return UNBOUNDED;
  }
}

/** A gate from 0 to 1 leaves a bounded signal within its bounds. */
function gated(gate: SignalFacts, of: SignalFacts): SignalFacts {
  return gate.range === 'gate' && of.range !== 'unbounded' ? of : UNBOUNDED;
}

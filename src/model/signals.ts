/** Signals of layers: how wide they are, and what is known of their values before any run. */
import { cellFacts } from '../cells';
import { type Layer, isRecurrent, stateSize } from './network';
import { activationFacts, type SignalFacts, UNBOUNDED } from './signalFacts';

/** Width of a signal of a layer. */
export function signalUnits(layer: Layer, signal: string): number {
  if (layer.type === 'input') return layer.input.kind === 'vector' ? layer.input.size : 1;
  if (!isRecurrent(layer)) return layer.outputSize;
  return signal === 'h' ? stateSize(layer) : layer.hiddenSize;
}

/** `signal` is one of the layer's, as `SIGNALS` in network.ts lists them; another one, such as an input x, is unbounded. */
export function signalFacts(layer: Layer, signal: string): SignalFacts {
  if (isRecurrent(layer)) return cellFacts(layer).signalFacts(layer, signal);
  switch (layer.type) {
    case 'linear':
    case 'conv1d':
    case 'activation':
      return signal === 'y' ? activationFacts(layer.activation) : UNBOUNDED;
    default:
      return UNBOUNDED;
  }
}

import { type Activation, type Layer, type Network } from './network';

/** What a network's output was before its last function. */
export interface BeforeActivation {
  readonly network: Network;
  /** Softmax, say. */
  readonly activation: Activation;
}

/** The network without the activation that makes its output; undefined where its last layer has none. */
export function beforeActivation(network: Network): BeforeActivation | undefined {
  const last = network.layers.at(-1);
  const before = network.layers.at(-2);
  if (!last) return undefined;
  if (last.type === 'activation') {
    const { activation, inputs } = last;
    if (activation === 'none' || before?.name !== inputs[0]) return undefined;
    return { network: { ...network, layers: network.layers.slice(0, -1) }, activation };
  }
  if (!hasActivation(last) || last.activation === 'none') return undefined;
  const bare: Layer = { ...last, activation: 'none' };
  return { network: { ...network, layers: network.layers.with(-1, bare) }, activation: last.activation };
}

function hasActivation(layer: Layer): layer is Extract<Layer, { type: 'linear' | 'conv1d' | 'conv2d' }> {
  return layer.type === 'linear' || layer.type === 'conv1d' || layer.type === 'conv2d';
}

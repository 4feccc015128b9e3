/** How the end of a network may have been meant otherwise: its activation, and a residual connection to the input. */
import { INPUT, type Activation, type Layer, type Network, inputWidth, isRecurrent } from '../model/network';
import { outputLayer } from '../model/partial';
import { unusedName } from './layerVariants';
import type { Variant } from './variant';

const ACTIVATIONS: readonly Activation[] = ['none', 'softmax', 'sigmoid', 'tanh', 'relu', 'log_softmax'];

export function outputVariants(network: Network): Variant[] {
  return [...activationVariants(network), ...skipVariants(network)];
}

function activationVariants(network: Network): Variant[] {
  const last = outputLayer(network);
  const has = !isRecurrent(last) && 'activation' in last;
  const current = has ? last.activation : 'none';
  return ACTIVATIONS.filter((activation) => activation !== current).map((activation) => ({
    remedies: [{ cause: 'output-activation', activation, before: current }],
    of: ({ network: { layers, ...rest }, weights }) => ({
      network: {
        ...rest,
        layers: has
          ? layers.map((layer) => (layer.name === last.name ? ({ ...layer, activation } as Layer) : layer))
          : [...layers, { ...appended(layers), type: 'activation', activation }],
      },
      weights,
    }),
  }));
}

/** What a layer after the last one has, whatever its type. */
function appended(layers: readonly Layer[]) {
  const last = layers[layers.length - 1];
  return {
    name: unusedName(layers),
    inputs: [last.name],
    inputSize: last.outputSize,
    outputSize: last.outputSize,
  };
}

/** Models of guitar amplifiers add their input to their output, or not. */
function skipVariants({ input, layers }: Network): Variant[] {
  const last = layers[layers.length - 1];
  const adds = last.type === 'merge' && last.mode === 'add' && last.inputs.includes(INPUT);
  if (adds && layers.length > 1) {
    return [
      {
        remedies: [{ cause: 'skip', added: false }],
        of: ({ network, weights }) => ({ network: { ...network, layers: layers.slice(0, -1) }, weights }),
      },
    ];
  }
  if (input.kind !== 'vector' || inputWidth(input) !== last.outputSize) return [];
  const sum = { ...appended(layers), type: 'merge', mode: 'add', inputs: [last.name, INPUT] } as const;
  return [
    {
      remedies: [{ cause: 'skip', added: true }],
      of: ({ network, weights }) => ({ network: { ...network, layers: [...network.layers, sum] }, weights }),
    },
  ];
}

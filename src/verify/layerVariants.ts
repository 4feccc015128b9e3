/** What stands between layers, of which many files say nothing: activations, and how steps become one row. */
import {
  type ActivationLayer,
  type GlobalPoolLayer,
  type Layer,
  type Network,
  isRecurrent,
} from '../model/network';
import { outputLayer } from '../model/partial';
import type { Variant } from './variants';

export function layerVariants(network: Network): Variant[] {
  return [...activationVariants(network), ...poolVariants(network), ...otherPools(network)];
}

const ACTIVATIONS = ['relu', 'tanh', 'sigmoid'] as const;

/** After all linear layers but the last, after all recurrent ones, and after each of these alone. */
function activationVariants({ layers }: Network): Variant[] {
  const hidden = layers.slice(0, -1);
  const linear = hidden.filter((layer) => layer.type === 'linear' && layer.activation === 'none');
  const recurrent = hidden.filter(isRecurrent);
  const variants = (after: readonly Layer[], rare: boolean) =>
    ACTIVATIONS.map((activation): Variant => ({
      cause: 'hidden-activation',
      text: `with ${activation} after ${after.map(({ name }) => JSON.stringify(name)).join(', ')}`,
      rare,
      of: ({ network, weights }) => ({
        network: after.reduce(
          (changed, { name }) => inserted(changed, name, { type: 'activation', activation }),
          network,
        ),
        weights,
      }),
    }));
  return [linear, recurrent]
    .filter((group) => group.length > 0)
    .flatMap((group) => [
      ...variants(group, group.length > MAX_LISTED),
      ...(group.length > 1 ? group.flatMap((layer) => variants([layer], true)) : []),
    ]);
}

/** More are not all likely to have been forgotten. */
const MAX_LISTED = 8;

/** Where all steps go on behind the recurrent layers, one after the other: their mean or maximum, there or at the end. */
function poolVariants(network: Network): Variant[] {
  const { layers } = network;
  const last = layers.findLastIndex(isRecurrent);
  const recurrent = layers[last];
  if (!recurrent || !isRecurrent(recurrent) || !recurrent.returnSequences) return [];
  const head = layers.slice(last + 1);
  const chain = head.every(({ inputs }, k) => inputs.join() === layers[last + k].name);
  if (!chain || head.some(({ type }) => ACROSS_STEPS.includes(type))) return [];
  const places = [
    ...(head.length > 0 ? [{ after: recurrent.name, where: `before ${JSON.stringify(head[0].name)}` }] : []),
    { after: outputLayer(network).name, where: 'at the end' },
  ];
  return places.flatMap(({ after, where }) =>
    MODES.map(([mode, word]): Variant => ({
      cause: 'steps',
      text: `with the ${word} of all steps ${where}`,
      of: ({ network, weights }) => ({
        network: inserted(network, after, { type: 'global_pool', mode }),
        weights,
      }),
    })),
  );
}

const MODES = [
  ['average', 'mean'],
  ['max', 'maximum'],
] as const;
const ACROSS_STEPS: readonly Layer['type'][] = [
  'flatten',
  'reshape',
  'global_pool',
  'select',
  'slice',
  'final_state',
  'attention',
];

/** In place of the mean or the maximum over the steps: the other one, or the last step. */
function otherPools({ layers }: Network): Variant[] {
  return layers
    .filter((layer) => layer.type === 'global_pool')
    .flatMap((pool) => {
      const base = {
        name: pool.name,
        inputs: pool.inputs,
        inputSize: pool.inputSize,
        outputSize: pool.outputSize,
      };
      const others: [string, Layer][] = [
        ...MODES.filter(([mode]) => mode !== pool.mode).map(([mode, word]): [string, Layer] => [
          `the ${word} of all steps`,
          { ...pool, mode },
        ]),
        ['the last step', { ...base, type: 'select', step: -1 }],
      ];
      return others.map(([what, other]): Variant => ({
        cause: 'steps',
        text: `with ${what} in ${JSON.stringify(pool.name)}`,
        of: ({ network, weights }) => ({
          network: {
            ...network,
            layers: network.layers.map((layer) => (layer.name === pool.name ? other : layer)),
          },
          weights,
        }),
      }));
    });
}

type Inserted = Pick<ActivationLayer, 'type' | 'activation'> | Pick<GlobalPoolLayer, 'type' | 'mode'>;

/** A layer put behind one of another name: what read that one reads this one. */
function inserted(network: Network, after: string, layer: Inserted): Network {
  const { layers } = network;
  const at = layers.findIndex(({ name }) => name === after);
  const { outputSize } = layers[at];
  const name = unusedName(layers);
  const added = { ...layer, name, inputs: [after], inputSize: outputSize, outputSize } as Layer;
  const later = layers.slice(at + 1).map((one): Layer => ({
    ...one,
    inputs:
      one.type === 'final_state' ? one.inputs : one.inputs.map((input) => (input === after ? name : input)),
  }));
  return { ...network, layers: [...layers.slice(0, at + 1), added, ...later] };
}

/** Longer than any other. */
export function unusedName(layers: readonly Layer[]): string {
  return `${layers.map(({ name }) => name).join(' ')} and more`;
}

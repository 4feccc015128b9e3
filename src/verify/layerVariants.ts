/** What stands between layers, of which many files say nothing: activations, and how steps become one row. */
import {
  type Activation,
  type ActivationLayer,
  type GlobalPoolLayer,
  type Layer,
  type Network,
  isRecurrent,
} from '../model/network';
import { gapBetween } from '../model/gaps';
import { outputLayer } from '../model/partial';
import { say } from '../words/say';
import type { NamePair, Pooling } from './remedy';
import type { Variant } from './variant';

export function layerVariants(network: Network): Variant[] {
  return [
    ...activationVariants(network),
    ...poolVariants(network),
    ...otherPools(network),
    ...maskVariants(network),
  ];
}

/** Steps of token 0 passed over, or not: files of weights do not say it. */
function maskVariants({ layers }: Network): Variant[] {
  return layers.flatMap((layer): Variant[] => {
    if (layer.type !== 'embedding') return [];
    const maskZero = !layer.maskZero;
    return [
      {
        remedies: [{ cause: 'mask', maskZero }],
        of: ({ network, weights }) => ({
          network: {
            ...network,
            layers: network.layers.map((one) => (one.name === layer.name ? { ...layer, maskZero } : one)),
          },
          weights,
        }),
      },
    ];
  });
}

const ACTIVATIONS: readonly Activation[] = ['relu', 'tanh', 'sigmoid'];
/** Where a module without parameters is known to stand: those that PyTorch's Sequential has, with its own parameters. */
const IN_GAPS: readonly Activation[] = [
  ...ACTIVATIONS,
  { kind: 'leaky_relu', alpha: 0.01 },
  { kind: 'elu', alpha: 1 },
  'selu',
  'softplus',
];

/**
 * In the gaps of Sequentials (`head.0`, `head.3`), one by one and all at once; then after all linear layers but the last,
 * after all recurrent ones, and after each of these alone.
 */
function activationVariants({ layers }: Network): Variant[] {
  const hidden = layers.slice(0, -1);
  const linear = hidden.filter((layer) => layer.type === 'linear' && layer.activation === 'none');
  const recurrent = hidden.filter(isRecurrent);
  const gaps = [...linear, ...recurrent].flatMap((layer) => {
    const [next, ...others] = layers.filter(({ inputs }) => inputs.includes(layer.name));
    return next && others.length === 0 && gapBetween(layer.name, next.name) ? [{ layer, next }] : [];
  });
  const variants = (after: readonly Layer[], rare: boolean, between?: readonly NamePair[]) =>
    (between ? IN_GAPS : ACTIVATIONS).map((activation): Variant => ({
      remedies: [
        {
          cause: 'hidden-activation',
          activation,
          ...(between ? { between } : { after: after.map(({ name }) => name) }),
        },
      ],
      rare,
      of: ({ network, weights }) => ({
        network: after.reduce(
          (changed, { name }) => inserted(changed, name, { type: 'activation', activation }),
          network,
        ),
        weights,
      }),
    }));
  const places = gaps.map(({ layer, next }): NamePair => [layer.name, next.name]);
  const inGaps = [
    ...gaps.flatMap(({ layer }, k) => variants([layer], gaps.length > MAX_LISTED, [places[k]])),
    ...(gaps.length > 1
      ? variants(
          gaps.map(({ layer }) => layer),
          gaps.length > MAX_LISTED,
          places,
        )
      : []),
  ];
  const known = gaps.map(({ layer }) => layer.name).join();
  const elsewhere = [linear, recurrent]
    .filter((group) => group.length > 0 && group.map(({ name }) => name).join() !== known)
    .flatMap((group) => [
      ...variants(group, group.length > MAX_LISTED),
      ...(group.length > 1 ? group.flatMap((layer) => variants([layer], true)) : []),
    ]);
  return [...inGaps, ...elsewhere];
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
    ...(head.length > 0 ? [{ after: recurrent.name, before: head[0].name }] : []),
    { after: outputLayer(network).name, before: null },
  ];
  return places.flatMap(({ after, before }) =>
    MODES.map((mode): Variant => ({
      remedies: [{ cause: 'steps', change: mode, before }],
      of: ({ network, weights }) => ({
        network: inserted(network, after, { type: 'global_pool', mode }),
        weights,
      }),
    })),
  );
}

const MODES: readonly Pooling[] = ['average', 'max'];
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
      const others: [Pooling | 'last', Layer][] = [
        ...MODES.filter((mode) => mode !== pool.mode).map((mode): [Pooling, Layer] => [
          mode,
          { ...pool, mode },
        ]),
        ['last', { ...base, type: 'select', step: -1 }],
      ];
      return others.map(([change, other]): Variant => ({
        remedies: [{ cause: 'steps', change, layer: pool.name }],
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
  return say`${layers.map(({ name }) => name).join(' ')} and more`;
}

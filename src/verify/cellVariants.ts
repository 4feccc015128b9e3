/** How recurrent layers may have been meant otherwise. */
import { gruChanges } from '../cells/gru/variants';
import { lstmChanges } from '../cells/lstm/variants';
import { rnnChanges } from '../cells/rnn/variants';
import type { Merge } from '../model/layer';
import { type Layer, type Network, type RecurrentLayer, isRecurrent, stateSize } from '../model/network';
import { layerParameters } from '../model/parameters';
import type { Tensor, Weights } from '../model/weights';
import { type Change, everyTensor } from './cellChange';
import { otherOrders } from './gateOrders';
import type { Variant } from './variant';

/** Changes of all recurrent layers that have them `together`, and of one layer `apart` where there are several. */
export function recurrentVariants(network: Network, weights: Weights) {
  const layers = network.layers.filter(isRecurrent);
  const ofLayers = layers.map((layer) => ({ layer, changes: changesOf(layer, network, weights) }));
  const together = new Map<string, Map<string, Change>>();
  for (const { layer, changes } of ofLayers) {
    for (const change of changes) {
      const key = JSON.stringify(change.remedy);
      const same = together.get(key) ?? new Map<string, Change>();
      together.set(key, same.set(layer.name, change));
    }
  }
  const apart =
    layers.length < 2
      ? []
      : ofLayers.flatMap(({ layer, changes }) =>
          changes.map((change) => variantOf(new Map([[layer.name, change]]), layer.name)),
        );
  return { together: [...together.values()].map((changes) => variantOf(changes)), apart };
}

/** `changes` are alike, by their layers' names. */
function variantOf(changes: ReadonlyMap<string, Change>, layer?: string): Variant {
  const [{ remedy, rare }] = changes.values();
  return {
    remedies: [remedy],
    layer,
    rare,
    of({ network, weights }) {
      const changed = new Map(weights);
      const layers = network.layers.map((layer) => {
        const change = changes.get(layer.name);
        if (!change || !isRecurrent(layer)) return layer;
        changeTensors(layer, change, weights, changed);
        return { ...layer, ...change.layer } as Layer;
      });
      return { network: { ...network, layers }, weights: changed };
    },
  };
}

function changeTensors(
  layer: RecurrentLayer,
  { tensors, from }: Change,
  weights: Weights,
  changed: Map<string, Tensor>,
): void {
  const prefix = `${layer.name}.`;
  for (const { name, shape } of layerParameters(layer)) {
    if (from) changed.set(name, weights.get(prefix + from(name.slice(prefix.length)))!);
    const suffix = tensors && /^weight_ih(_l.*)$/.exec(name.slice(prefix.length))?.[1];
    if (!suffix) continue;
    const data = (kind: string) => weights.get(prefix + kind + suffix)?.data;
    const cell = {
      weight_ih: data('weight_ih')!,
      weight_hh: data('weight_hh')!,
      bias_ih: data('bias_ih'),
      bias_hh: data('bias_hh'),
    };
    for (const [kind, values] of Object.entries(tensors(cell))) {
      const key = prefix + kind + suffix;
      if (values) changed.set(key, { shape: weights.get(key)?.shape ?? shape, data: values });
    }
  }
}

function changesOf(layer: RecurrentLayer, { dialect }: Network, weights: Weights): Change[] {
  return [
    ...gateOrders(layer, dialect),
    ...ownChanges(layer, weights),
    ...biasChanges(layer, weights),
    ...stepChanges(layer),
    ...directionChanges(layer),
    ...transposedChanges(layer),
  ];
}

/** What may be otherwise of some types of cell; of one that is not here, what may be of any. */
function ownChanges(layer: RecurrentLayer, weights: Weights): Change[] {
  switch (layer.type) {
    case 'rnn':
      return rnnChanges(layer);
    case 'lstm':
      return lstmChanges(layer);
    case 'gru':
      return gruChanges(layer, weights);
    default:
      return [];
  }
}

function gateOrders(layer: RecurrentLayer, dialect: Network['dialect']): Change[] {
  return otherOrders(layer.type, dialect).map(({ letters, programs, places }) => ({
    remedy: { cause: 'gate-order', order: letters, programs },
    rare: programs.length === 0,
    tensors: (cell) => everyTensor(cell, (data) => reordered(data, places)),
  }));
}

/** Blocks of rows put where `places` says that they are. */
function reordered(data: Float32Array, places: readonly number[]): Float32Array {
  const block = data.length / places.length;
  const result = new Float32Array(data.length);
  places.forEach((place, gate) =>
    result.set(data.subarray(place * block, (place + 1) * block), gate * block),
  );
  return result;
}

/** One of the two biases counted that was not meant, as where a single bias went into both. */
function biasChanges(layer: RecurrentLayer, weights: Weights): Change[] {
  return (['bias_hh', 'bias_ih'] as const)
    .filter((kind) => weights.get(`${layer.name}.${kind}_l0`)?.data.some((value) => value !== 0))
    .map((kind) => ({
      remedy: { cause: 'biases', change: `without-${kind}` },
      tensors: (cell) => ({ [kind]: cell[kind]?.map(() => 0) }),
    }));
}

function stepChanges(layer: RecurrentLayer): Change[] {
  const all = layer.returnSequences;
  return [
    {
      remedy: { cause: 'steps', change: all ? 'last' : 'all' },
      layer: { returnSequences: !all },
    },
  ];
}

function directionChanges(layer: RecurrentLayer): Change[] {
  if (layer.directions.length === 1) {
    if (layer.directions[0] === 'forward') return [];
    const turned = layer.reverseOutput === true;
    const change = turned ? 'output-back' : 'output';
    return [{ remedy: { cause: 'reversed', change }, layer: { reverseOutput: !turned } }];
  }
  return [
    ...mergesLike(layer.merge).map((merge): Change => ({
      remedy: { cause: 'directions', change: merge },
      layer: { merge },
    })),
    {
      remedy: { cause: 'directions', change: 'exchanged' },
      rare: true,
      from: (name) => (name.endsWith('_reverse') ? name.replace(/_reverse$/, '') : `${name}_reverse`),
    },
  ];
}

/** The other ways that give as many units. */
function mergesLike(merge: Merge) {
  return merge === 'concat' ? [] : (['sum', 'ave', 'mul'] as const).filter((other) => other !== merge);
}

function transposedChanges(layer: RecurrentLayer): Change[] {
  const H = layer.hiddenSize;
  if (stateSize(layer) !== H || H === 1) return [];
  return [
    {
      remedy: { cause: 'transposed' },
      rare: true,
      tensors: ({ weight_hh }) => ({
        weight_hh: weight_hh.map((_, k) => {
          const [row, column] = [Math.floor(k / H), k % H];
          const block = Math.floor(row / H) * H;
          return weight_hh[(block + column) * H + (row - block)];
        }),
      }),
    },
  ];
}

/** Weights that may have been put where those of another layer, or of another level of the same one, belong. */
import { type Layer, type Network, isRecurrent } from '../model/network';
import { layerParameters } from '../model/parameters';
import type { Tensor, Weights } from '../model/weights';
import type { NamePair, Remedy } from './remedy';
import type { Variant } from './variant';

/** Pairs of layers or levels; of more, none is likelier than another. */
const MAX_PAIRS = 30;

export function exchangeVariants(network: Network, weights: Weights): Variant[] {
  return [...levelVariants(network, weights), ...layerVariants(network)].slice(0, MAX_PAIRS);
}

function levelVariants({ layers }: Network, weights: Weights): Variant[] {
  return layers.filter(isRecurrent).flatMap((layer) => {
    const names = layerParameters(layer).map(({ name }) => name);
    const levels = Array.from({ length: Math.min(layer.levels, MAX_PAIRS) }, (_, level) => level);
    return pairsOf(levels).flatMap(([one, other]) => {
      const pairs = names.flatMap((name): NamePair[] => {
        const [, start, level, end = ''] = /^(.*_l)(\d+)(_reverse)?$/s.exec(name) ?? [];
        const there = `${start}${other}${end}`;
        return Number(level) === one && sameShape(weights.get(name), weights.get(there))
          ? [[name, there]]
          : [];
      });
      const remedy = { cause: 'exchanged', levels: [one, other], layer: layer.name } as const;
      return pairs.length > 0 ? [exchanged(remedy, pairs)] : [];
    });
  });
}

/** Of layers that have the same parameters in the same shapes. */
function layerVariants({ layers }: Network): Variant[] {
  const owning = layers.filter((layer) => layerParameters(layer).length > 0).slice(0, MAX_PAIRS);
  return pairsOf(owning)
    .filter(([one, other]) => signature(one) === signature(other))
    .map(([one, other]) => {
      const pairs = layerParameters(one).map(({ name }): NamePair => [
        name,
        other.name + name.slice(one.name.length),
      ]);
      return exchanged({ cause: 'exchanged', layers: [one.name, other.name] }, pairs);
    });
}

function signature(layer: Layer): string {
  const shapes = layerParameters(layer).map(({ name, shape }) => [name.slice(layer.name.length), shape]);
  return JSON.stringify([layer.type, shapes]);
}

function sameShape(one: Tensor | undefined, other: Tensor | undefined): boolean {
  return one !== undefined && other !== undefined && one.shape.join() === other.shape.join();
}

function pairsOf<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((one, k) => all.slice(k + 1).map((other): [T, T] => [one, other]));
}

function exchanged(remedy: Remedy, pairs: readonly NamePair[]): Variant {
  return {
    remedies: [remedy],
    rare: true,
    of({ network, weights }) {
      const changed = new Map(weights);
      for (const [one, other] of pairs) {
        changed.set(one, weights.get(other)!);
        changed.set(other, weights.get(one)!);
      }
      return { network, weights: changed };
    },
  };
}

/** Which layers of two networks stand for each other. */
import { isRecurrentType, type LayerType, type SignalAddress } from '../model/network';

/** A level and direction of a layer. */
export interface PlacedLayer extends Omit<SignalAddress, 'signal'> {
  readonly type: LayerType;
}

export interface Pairing<T> {
  /** In the order of the first network. */
  readonly pairs: readonly { readonly a: T; readonly b: T }[];
  /** What has no counterpart in the other. */
  readonly onlyA: readonly T[];
  readonly onlyB: readonly T[];
}

/**
 * Pairs layers, level by level and direction by direction: by name first, then those that are left by order and type,
 * at last recurrent layers by order whatever their type, since each of them has a hidden state.
 */
export function pairLayers<T extends PlacedLayer>(a: readonly T[], b: readonly T[]): Pairing<T> {
  const counterpart = new Map<T, T>();
  const left = new Set(b);
  const passes = [sameName, sameType, bothRecurrent];
  for (const standsFor of passes) {
    for (const one of a) {
      if (counterpart.has(one)) continue;
      const other = [...left].find((found) => samePlace(one, found) && standsFor(one, found));
      if (!other) continue;
      counterpart.set(one, other);
      left.delete(other);
    }
  }
  return {
    pairs: a.flatMap((one) => (counterpart.has(one) ? [{ a: one, b: counterpart.get(one)! }] : [])),
    onlyA: a.filter((one) => !counterpart.has(one)),
    onlyB: [...left],
  };
}

function samePlace(a: PlacedLayer, b: PlacedLayer): boolean {
  return a.level === b.level && a.direction === b.direction;
}

const sameName = (a: PlacedLayer, b: PlacedLayer) => a.layer === b.layer;
const sameType = (a: PlacedLayer, b: PlacedLayer) => a.type === b.type;
const bothRecurrent = (a: PlacedLayer, b: PlacedLayer) => isRecurrentType(a.type) && isRecurrentType(b.type);

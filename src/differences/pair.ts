/** Which layers of two networks stand for each other. */
import { isRecurrentType } from '../model/network';
import type { LayerTrace } from '../engine/trace';

export interface LayerPair {
  readonly a: LayerTrace;
  readonly b: LayerTrace;
}

export interface Pairing {
  /** In the order of the first trace. */
  readonly pairs: readonly LayerPair[];
  /** What has no counterpart in the other. */
  readonly onlyA: readonly LayerTrace[];
  readonly onlyB: readonly LayerTrace[];
}

/**
 * Pairs layers, level by level and direction by direction: by name first, then those that are left by order and type,
 * at last recurrent layers by order whatever their type, since each of them has a hidden state.
 */
export function pairLayers(a: readonly LayerTrace[], b: readonly LayerTrace[]): Pairing {
  const counterpart = new Map<LayerTrace, LayerTrace>();
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

function samePlace(a: LayerTrace, b: LayerTrace): boolean {
  return a.level === b.level && a.direction === b.direction;
}

const sameName = (a: LayerTrace, b: LayerTrace) => a.layer === b.layer;
const sameType = (a: LayerTrace, b: LayerTrace) => a.type === b.type;
const bothRecurrent = (a: LayerTrace, b: LayerTrace) => isRecurrentType(a.type) && isRecurrentType(b.type);

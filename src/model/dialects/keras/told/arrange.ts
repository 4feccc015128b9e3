/** Layers in a given order, each in the role in which it fits behind those before it. */
import type { StoredLayer } from '../files/layerArrays';
import { kindOf, rolesOf, type LayerLink } from './roles';

/** A layer in its place. */
export interface Place {
  readonly layer: StoredLayer;
  /** Absent for a layer without arrays, and for one that is not known by its arrays. */
  readonly link?: LayerLink;
}

/** Undefined if the layers do not fit together in this order. */
export function arranged(layers: readonly StoredLayer[]): readonly Place[] | undefined {
  const places: Place[] = [];
  let before: Pick<LayerLink, 'to' | 'added'> | undefined;
  let flattened = false;
  for (const layer of layers) {
    const roles = rolesOf(layer);
    flattened ||= kindOf(layer) === 'flatten';
    if (roles.length === 0) {
      if (layer.arrays.length > 0) before = undefined;
      places.push({ layer });
      continue;
    }
    const first = !places.some(({ link }) => link);
    const link = roles.find((role) => (role.role === 'embedding' ? first : fits(role, before, flattened)));
    if (!link) return undefined;
    places.push({ layer, link });
    before = link.role === 'norm' && before ? { ...before, to: link.to } : link;
    if (link.role !== 'norm') flattened = false;
  }
  return places;
}

function fits(
  { from }: LayerLink,
  before: Pick<LayerLink, 'to' | 'added'> | undefined,
  flattened: boolean,
): boolean {
  if (!before || from === undefined || from === before.to || from === before.added) return true;
  return flattened && stepsIn(from, before) !== undefined;
}

/** How many rows of what stands before a layer make one row that it reads, when they are flattened. */
function stepsIn(from: number, { to }: Pick<LayerLink, 'to'>): number | undefined {
  const steps = from / to;
  return Number.isInteger(steps) && steps > 0 ? steps : undefined;
}

/** What a layer of keras without arrays does to the steps, where its name tells it. */
const READS_STEPS = /^(flatten|(global_)?(max|average|avg|maximum)_pool(ing)?1d|time_distributed)$/;

/** Whether what stands behind a place needs a row for each step; undefined if it goes on from one row as well. */
export function stepsNeeded(behind: readonly Place[]): boolean | undefined {
  for (const { layer, link } of behind) {
    const kind = kindOf(layer);
    if (kind === 'repeat_vector') return false;
    if (link?.role === 'recurrent' || link?.role === 'convolution' || READS_STEPS.test(kind)) return true;
  }
  return undefined;
}

/** The steps of the input where a layer that flattens them tells it: windows before it take some away. */
export function stepsOfInput(places: readonly Place[]): number | undefined {
  const at = places.findIndex(({ layer }) => kindOf(layer) === 'flatten');
  const reader = places.slice(at + 1).find(({ link }) => link?.from !== undefined)?.link;
  const giver = places.slice(0, Math.max(at, 0)).findLast(({ link }) => link)?.link;
  if (at < 0 || !reader || !giver) return undefined;
  let steps = stepsIn(reader.from!, giver);
  for (const { layer, link } of places.slice(0, at).reverse()) {
    if (steps === undefined) return undefined;
    if (link?.role === 'convolution') steps += link.kernelSize - 1;
    else if (/^(max|average)_pooling1d$/.test(kindOf(layer))) steps *= 2;
    else if (kindOf(layer) === 'repeat_vector') return undefined;
  }
  return steps;
}

/** Parts of a tensor in the place of others, as a cache of states is updated. */
import { say } from '../../../../words/say';
import { elementCount } from '../../../weights';
import { integersOf, stridesOf, type Constant } from '../constant';
import { sameRows, sizeOf, sliced } from '../flow';
import type { Flow, Piece } from '../draft';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import type { Value } from '../value';
import { checkedAxis, type Operators } from './operator';

/** More parts would be too many to list. */
const MAX_PARTS = 4096;

/** Updates take the place of units of `data`: each starts at one of `starts`, one after the other, and has `size` units. */
function replaced(data: Flow, updates: Flow, starts: readonly number[], size: number): Flow {
  const total = data.pieces.reduce((sum, { count }) => sum + count, 0);
  if (data.axes.some(({ of }) => of === 'rows') || updates.axes.some(({ of }) => of === 'rows'))
    throw new Unsupported(say`it scatters steps`);
  if (!sameRows(data, updates) || starts.length > MAX_PARTS)
    throw new Unsupported(say`it scatters other numbers than units of a step`);
  let pieces: Piece[] = [...data.pieces];
  for (const [k, start] of starts.entries()) {
    const update = sliced(updates.pieces, k * size, (k + 1) * size);
    pieces = [...sliced(pieces, 0, start), ...update, ...sliced(pieces, start + size, total)];
  }
  return { ...data, pieces: joined(pieces) };
}

/** Neighbours that stand side by side in one layer, too. */
function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last && last.draft === piece.draft && last.at === piece.at && last.from + last.count === piece.from)
      found[found.length - 1] = { ...last, count: last.count + piece.count };
    else found.push(piece);
  }
  return found;
}

function sizesOf(flow: Flow): number[] {
  return flow.axes.map((axis) => Number(sizeOf(axis, flow)));
}

function wrapped(index: number, size: number): number {
  const found = index < 0 ? index + size : index;
  if (found >= 0 && found < size) return found;
  throw new Unsupported(say`there is no index ${index} of ${size}`);
}

/** Slices at the places that the rows of `indices` name. */
function scatterNd(node: Node): Value[] {
  const [data, indices, updates] = [node.flow(0), node.constant(1), node.flow(2)];
  checkReduction(node);
  const sizes = sizesOf(data);
  const depth = indices.shape.at(-1) ?? 0;
  if (depth < 1 || depth > sizes.length)
    throw new Unsupported(say`its indices name no part of what it reads`);
  const strides = stridesOf(sizes);
  const places = integersOf(indices, say`the indices`);
  const starts = Array.from({ length: places.length / depth }, (_, k) =>
    places
      .slice(k * depth, (k + 1) * depth)
      .reduce((start, index, axis) => start + wrapped(index, sizes[axis]) * strides[axis], 0),
  );
  return [replaced(data, updates, starts, elementCount(sizes.slice(depth)))];
}

/** Single numbers, each at an index along one axis. */
function scatterElements(node: Node): Value[] {
  const [first, , second] = node.inputs;
  if (first?.kind === 'constant' && second?.kind === 'constant') return [ofOne(first, second)];
  const [data, indices, updates] = [node.flow(0), node.constant(1), node.flow(2)];
  checkReduction(node);
  const sizes = sizesOf(data);
  const axis = checkedAxis(node.integer('axis', 0), sizes.length);
  const strides = stridesOf(sizes);
  const own = stridesOf(indices.shape);
  const starts = integersOf(indices, say`the indices`).map((index, place) =>
    indices.shape.reduce((start, size, k) => {
      const at = k === axis ? wrapped(index, sizes[axis]) : Math.floor(place / own[k]) % size;
      return start + at * strides[k];
    }, 0),
  );
  return [replaced(data, updates, starts, 1)];
}

function checkReduction(node: Node): void {
  if (node.text('reduction', 'none') !== 'none') throw new Unsupported(say`it adds up what it scatters`);
}

/** Of lists of one, as lengths of sequences are. */
function ofOne(data: Constant, updates: Constant): Constant {
  if (elementCount(data.shape) !== 1 || elementCount(updates.shape) !== 1)
    throw new Unsupported(say`it scatters`);
  return updates;
}

export const SCATTER: Operators = {
  ScatterND: scatterNd,
  ScatterElements: scatterElements,
  Scatter: scatterElements,
};

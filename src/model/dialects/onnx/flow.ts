/** What layers pass to one another, and tensors made of that by rearranging it. */
import { say } from '../../../words/say';
import type { Direction, RecurrentLayer } from '../../network';
import { elementCount } from '../../weights';
import { ONE, units, unitSizes, widthOf, type Axis, type Rows } from './axes';
import { indicesOf, stridesOf } from './constant';
import type { Draft, Flow, Output, Piece } from './draft';
import { sameScalar, type Scalar } from './scalar';
import { Unsupported } from './unsupported';

/** Everything that a layer gives. */
export function flowOf(
  draft: Draft,
  axes: readonly Axis[],
  rows: Rows | undefined,
  {
    at = 'rows',
    reversed = false,
    integer = false,
  }: { at?: Output['at']; reversed?: boolean; integer?: boolean } = {},
): Flow {
  const pieces = [{ draft, at, from: 0, count: draft.width }];
  return { kind: 'flow', pieces, axes, reversed, integer, ...(rows && { rows }) };
}

/** What `draft` gives, along the axes of `x`. */
export function flowFrom(x: Flow, draft: Draft): Flow {
  return flowOf(draft, x.axes, x.rows, x);
}

export function sizeOf(axis: Axis, { rows }: Flow): Scalar {
  switch (axis.of) {
    case 'rows':
      return rows!.size;
    case 'one':
      return 1;
    case 'units':
      return axis.size;
  }
}

export function shapeInWords(flow: Flow): string {
  const sizes = flow.axes.map((axis) => {
    const size = sizeOf(axis, flow);
    return typeof size === 'number' ? String(size) : say`steps`;
  });
  return `[${sizes.join(', ')}]`;
}

/** The same for the same units. */
export function keyOf(pieces: readonly Piece[]): string {
  return pieces.map(({ draft, at, from, count }) => `${draft.index}.${at}.${from}+${count}`).join(' ');
}

/** The layer of which a tensor is all that it gives; undefined if there is none. */
export function wholeOf({ pieces }: Flow): Draft | undefined {
  const [{ draft, at, from, count }] = pieces;
  return pieces.length === 1 && at === 'rows' && from === 0 && count === draft.width ? draft : undefined;
}

/** The same units along other axes; `order` gives for each of them in turn its place among the old ones. */
export function transposedFlow(flow: Flow, order: readonly number[]): Flow {
  const axes = order.map((axis) => flow.axes[axis]);
  const unitsBefore = flow.axes.flatMap((axis, k) => (axis.of === 'units' ? [k] : []));
  const unitsAfter = order.filter((axis) => flow.axes[axis].of === 'units');
  if (unitsBefore.every((axis, k) => axis === unitsAfter[k])) return { ...flow, axes };
  const strides = stridesOf(unitSizes(flow.axes));
  const sizes = unitSizes(axes);
  const to = stridesOf(sizes);
  const strideOf = unitsAfter.map((axis) => strides[unitsBefore.indexOf(axis)]);
  const pieces = picked(flow, elementCount(sizes), (place) =>
    indicesOf(place, sizes, to).reduce((sum, index, k) => sum + index * strideOf[k], 0),
  );
  return { ...flow, axes, pieces };
}

/** Some places along an axis of units. */
export function takenUnits(flow: Flow, axis: number, indices: readonly number[]): Flow {
  const size = (flow.axes[axis] as { readonly size: number }).size;
  const inner = widthOf({ axes: flow.axes.slice(axis + 1) });
  const outer = widthOf({ axes: flow.axes.slice(0, axis) });
  const runs = runsOf(indices);
  const cuts = outer * runs.length;
  const pieces =
    cuts * flow.pieces.length <= outer * indices.length * inner
      ? joined(
          Array.from({ length: cuts }, (_, cut) => {
            const { from, count } = runs[cut % runs.length];
            const start = Math.floor(cut / runs.length) * size + from;
            return sliced(flow.pieces, start * inner, (start + count) * inner);
          }).flat(),
        )
      : picked(flow, outer * indices.length * inner, (place) => {
          const along = indices[Math.floor(place / inner) % indices.length];
          return (Math.floor(place / (inner * indices.length)) * size + along) * inner + (place % inner);
        });
  return { ...flow, pieces, axes: flow.axes.with(axis, units(indices.length)) };
}

/** Indices that go up by one from each to the next, as stretches. */
function runsOf(indices: readonly number[]): { readonly from: number; readonly count: number }[] {
  const runs: { from: number; count: number }[] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last.from + last.count === index) last.count++;
    else runs.push({ from: index, count: 1 });
  }
  return runs;
}

/** The same units so many times along an axis of size 1. */
export function repeatedUnits(flow: Flow, axis: number, count: number): Flow {
  const inner = widthOf({ axes: flow.axes.slice(axis + 1) });
  const pieces = picked(flow, widthOf(flow) * count, (place) => {
    return Math.floor(place / (inner * count)) * inner + (place % inner);
  });
  return { ...flow, pieces, axes: flow.axes.with(axis, units(count)) };
}

/** One step alone; the axis of the rows stays, with size 1. `index` counts from 0, or from the end, −1 being the last. */
export function selectedStep(flow: Flow, index: number): Flow {
  if (flow.repeated) return onlyRow(flow);
  const { rows, reversed, axes, ...rest } = flow;
  const size = rows!.size;
  if (typeof size === 'number' && (index >= size || index < -size)) {
    throw new Unsupported(say`there is no step ${index} of ${size}`);
  }
  const step = reversed ? -1 - index : index;
  const pieces = flow.pieces.map((piece) => ({ ...piece, at: stepOf(piece.draft, step) }));
  return { ...rest, reversed: false, pieces, axes: axes.map((axis) => (axis.of === 'rows' ? ONE : axis)) };
}

/** The single row of what repeats it; any other tensor itself. */
export function onlyRow(flow: Flow): Flow {
  if (!flow.repeated) return flow;
  const { rows: _, repeated: __, axes, ...rest } = flow;
  return { ...rest, reversed: false, axes: axes.map((axis) => (axis.of === 'rows' ? ONE : axis)) };
}

/** Where a layer reads in one direction, its last step is its final state. */
function stepOf({ own }: Draft, step: number): Output['at'] {
  if (!own || !('directions' in own) || own.directions.length > 1) return step;
  return step === endOf(own, own.directions[0]) ? 'final' : step;
}

/** The directions whose final states, all of each, are what a piece has; undefined if it is something else. */
export function wholeDirections({ draft, at, from, count }: Piece): readonly Direction[] | undefined {
  const { own } = draft;
  if (!own || !('directions' in own) || (at !== 'final' && at !== 'cell')) return undefined;
  const each = draft.width / own.directions.length;
  const whole = from % each === 0 && count % each === 0;
  return whole ? own.directions.slice(from / each, (from + count) / each) : undefined;
}

/** The step at which a direction has read everything. */
export function endOf(
  { sequenceLength }: Pick<RecurrentLayer, 'sequenceLength'>,
  direction: Direction,
): number {
  if (direction === 'backward') return 0;
  return sequenceLength === undefined ? -1 : sequenceLength - 1;
}

/** Several tensors side by side along an axis of units, or of size 1. */
export function concatenatedFlows(flows: readonly Flow[], axis: number): Flow {
  const [first] = flows;
  for (const flow of flows) {
    const same = (one: Axis, k: number) => {
      const other = first.axes[k];
      return one.of === other.of && (one.of === 'rows' || sizeOf(one, flow) === sizeOf(other, first));
    };
    const fits =
      flow.axes.length === first.axes.length && flow.axes.every((one, k) => k === axis || same(one, k));
    if (flow.reversed !== first.reversed)
      throw new Unsupported(say`one of its inputs is turned round in time`);
    if (!fits || !sameRows(flow, first)) {
      throw new Unsupported(say`${shapeInWords(first)} and ${shapeInWords(flow)} do not go together`);
    }
  }
  if (first.axes[axis].of === 'rows') throw new Unsupported(say`steps cannot be put together`);
  const outer = widthOf({ axes: first.axes.slice(0, axis) });
  const blocks = flows.map((flow) => widthOf({ axes: flow.axes.slice(axis) }));
  if (outer * flows.length > MAX_UNITS)
    throw new Unsupported(say`more than ${MAX_UNITS} parts are put together`);
  const parts: Piece[] = [];
  for (let k = 0; k < outer; k++) {
    for (const [f, flow] of flows.entries())
      parts.push(...sliced(flow.pieces, k * blocks[f], (k + 1) * blocks[f]));
  }
  const size = flows.reduce((sum, flow) => sum + Number(sizeOf(flow.axes[axis], flow)), 0);
  return { ...first, pieces: joined(parts), axes: first.axes.with(axis, units(size)) };
}

/** Whether two tensors are rows of the same steps, or single rows both. */
export function sameRows(a: Flow, b: Flow): boolean {
  if (a.repeated !== b.repeated) return false;
  if (!a.rows || !b.rows) return !a.rows && !b.rows;
  return sameSize(a.rows.size, b.rows.size);
}

export function sameSize(a: Scalar, b: Scalar): boolean {
  if (a === undefined || b === undefined) return true;
  return sameScalar(a, b);
}

/** More could not be listed one by one. */
const MAX_UNITS = 1 << 15;
/** More would be too many layers to read from. */
const MAX_PARTS = 2048;

function picked({ pieces }: Flow, count: number, from: (place: number) => number): Piece[] {
  const total = pieces.reduce((sum, piece) => sum + piece.count, 0);
  if (total > MAX_UNITS || count > MAX_UNITS)
    throw new Unsupported(say`more than ${MAX_UNITS} units are rearranged`);
  const single = pieces.flatMap((piece) =>
    Array.from({ length: piece.count }, (_, k) => ({ ...piece, from: piece.from + k, count: 1 })),
  );
  return joined(Array.from({ length: count }, (_, place) => single[from(place)]));
}

/** The units from `start` to `end` − 1. */
export function sliced(pieces: readonly Piece[], start: number, end: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, piece.count);
    if (from < to) found.push({ ...piece, from: piece.from + from, count: to - from });
    at += piece.count;
  }
  return found;
}

/** Neighbouring units of one layer as one piece. */
export function joined(pieces: readonly Piece[]): Piece[] {
  if (pieces.length > MAX_UNITS) throw new Unsupported(say`more than ${MAX_UNITS} parts are put together`);
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last && last.draft === piece.draft && last.at === piece.at && last.from + last.count === piece.from) {
      found[found.length - 1] = { ...last, count: last.count + piece.count };
    } else found.push(piece);
  }
  if (found.length > MAX_PARTS) throw new Unsupported(say`more than ${MAX_PARTS} parts are put together`);
  return found;
}

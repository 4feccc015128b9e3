/** Operators that look at a tensor in another way, and those that compute shapes. */
import { say } from '../../../../words/say';
import { elementCount } from '../../../weights';
import {
  broadcastShape,
  checkedCount,
  concatenated,
  expanded,
  filled,
  integersOf,
  numbersOf,
  reshaped,
  scalarsOf,
  shifted,
  soleOf,
  taken,
  transposed,
  type Constant,
} from '../constant';
import { ROUND } from '../rounds';
import {
  concatenatedFlows,
  flowOf,
  onlyRow,
  repeatedUnits,
  sameRows,
  selectedStep,
  shapeInWords,
  sizeOf,
  takenUnits,
  transposedFlow,
  wholeOf,
} from '../flow';
import { ONE, ROWS, units, widthOf } from '../axes';
import type { Flow } from '../draft';
import { sameScalar, Steps, type Scalar } from '../scalar';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import { TensorProto_DataType as Type } from '../schema/onnx_pb';
import { inlineConstant } from '../tensors';
import type { Value } from '../value';
import { checkedAxes, checkedAxis, refuseFlows, view, viewsOf, type Operators } from './operator';
import { pad } from './pad';
import { reshapedFlow } from './reshape';

/** Axes are an attribute up to operator set 12, an input from 13 on. */
function axesOf(node: Node): number[] | undefined {
  const given = node.optionalConstant(1);
  return given ? integersOf(given, 'axes') : node.integers('axes');
}

const identity = (node: Node): Value[] => [node.inputs[0]!];

function squeezed<T>(sizes: readonly T[], axes: readonly number[]): T[] {
  return sizes.filter((_, axis) => !axes.includes(axis));
}

function unsqueezed<T>(sizes: readonly T[], axes: readonly number[], one: T): T[] {
  const rank = sizes.length + axes.length;
  const rest = [...sizes];
  const places = checkedAxes(axes, rank);
  return Array.from({ length: rank }, (_, axis) => (places.includes(axis) ? one : rest.shift()!));
}

function squeezedFlow(node: Node, x: Flow): Flow {
  const given = axesOf(node);
  const ones = x.axes.flatMap(({ of }, axis) => (of === 'one' ? [axis] : []));
  const axes = given ? checkedAxes(given, x.axes.length) : ones;
  if (axes.every((axis) => x.axes[axis].of === 'one')) return { ...x, axes: squeezed(x.axes, axes) };
  throw new Unsupported(say`the axes ${axes.join(', ')} of ${shapeInWords(x)} are not all of size 1`);
}

function squeezedConstant(node: Node, x: Constant): Constant {
  const given = axesOf(node);
  const axes = given
    ? checkedAxes(given, x.shape.length)
    : x.shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  return reshaped(x, squeezed(x.shape, axes));
}

const permutation = (node: Node, rank: number) => {
  const order = node.integers('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const whole = order.length === rank && new Set(order).size === rank;
  if (!whole) throw new Unsupported(say`the order [${order.join(', ')}] is none of ${rank} axes`);
  return checkedAxes(order, rank);
};

function target(node: Node): readonly Scalar[] {
  const given = node.optionalConstant(1);
  return given ? scalarsOf(given, say`a shape`) : (node.integers('shape') ?? []);
}

function reshapedConstant(node: Node, x: Constant): Constant {
  const shape = target(node).map((size, axis) => {
    if (typeof size !== 'number') throw new Unsupported(say`the shape of a constant depends on the sequence`);
    return size === 0 && node.integer('allowzero', 0) === 0 ? x.shape[axis] : size;
  });
  const rest = shape.filter((size) => size !== -1);
  const missing = elementCount(x.shape) / elementCount(rest);
  return reshaped(
    x,
    shape.map((size) => (size === -1 ? missing : size)),
  );
}

/** Everything before an axis, and everything from it on. */
function flattened(node: Node, x: Flow): Flow {
  const rank = x.axes.length;
  const at = node.integer('axis', 1);
  const axis = at === rank ? rank : checkedAxis(at, rank);
  const product = (sizes: readonly Scalar[]) =>
    sizes.reduce<Scalar>((a, b) => (a === 1 ? b : b === 1 ? a : times(a, b)), 1);
  const sizes = x.axes.map((one) => sizeOf(one, x));
  return reshapedFlow(node, x, [product(sizes.slice(0, axis)), product(sizes.slice(axis))]);
}

function times(a: Scalar, b: Scalar): number {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  throw new Unsupported(say`all steps are put into one row, but the file does not say how many there are`);
}

interface Range {
  readonly axis: number;
  readonly start: Scalar;
  readonly end: Scalar;
  readonly step: number;
}

function ranges(node: Node, rank: number): Range[] {
  const list = (index: number, name: string): readonly Scalar[] | undefined => {
    const given = node.optionalConstant(index);
    return given ? scalarsOf(given, name) : node.integers(name);
  };
  const starts = list(1, 'starts') ?? [];
  const ends = list(2, 'ends') ?? [];
  const axes = list(3, 'axes') ?? starts.map((_, axis) => axis);
  const steps = list(4, 'steps');
  return starts.map((start, k) => {
    const step = steps?.[k] ?? 1;
    if (typeof axes[k] !== 'number' || typeof step !== 'number' || step === 0) {
      throw new Unsupported(say`axes and steps of a slice must be known`);
    }
    return { axis: checkedAxis(axes[k], rank), start, end: ends[k], step };
  });
}

/** The places of a range along an axis of `size`, by the rules of Slice. */
function places({ start, end, step }: Range, size: number): number[] {
  if (typeof start !== 'number' || typeof end !== 'number')
    throw new Unsupported(say`a slice has ends that are not known`);
  const bound = (value: number, least: number, most: number) =>
    Math.min(Math.max(value < 0 ? value + size : value, least), most);
  const first = step > 0 ? bound(start, 0, size) : bound(start, 0, size - 1);
  const last = step > 0 ? bound(end, 0, size) : bound(end, -1, size - 1);
  const count = Math.max(0, Math.ceil((last - first) / step));
  checkedCount([count]);
  return Array.from({ length: count }, (_, k) => first + k * step);
}

function slicedFlow(node: Node, x: Flow): Flow {
  return ranges(node, x.axes.length).reduce((flow, range) => {
    const axis = flow.axes[range.axis];
    if (axis.of === 'rows') return isRound(range) ? roundOf(node, flow) : slicedRows(node, flow, range);
    const size = axis.of === 'one' ? 1 : axis.size;
    const indices = places(range, size);
    if (indices.length === 0) throw new Unsupported(say`nothing is left of it`);
    return indices.length === size && indices.every((index, k) => index === k)
      ? flow
      : takenUnits(flow, range.axis, indices);
  }, x);
}

/** Whether a range is the step of the round of a loop. */
function isRound({ start, end, step }: Range): boolean {
  const at = (bound: Scalar, plus: number) =>
    bound instanceof Steps && bound.of === ROUND && bound.plus === plus;
  return step === 1 && at(start, 0) && at(end, 1);
}

export function roundOf({ context }: Node, flow: Flow): Flow {
  if (context.rounds && !flow.repeated) return context.rounds.read(flow);
  throw new Unsupported(say`it takes the step of a round outside of its loop`);
}

/** All steps, in either order, one alone, or some of them. */
function slicedRows(node: Node, flow: Flow, { start, end, step }: Range): Flow {
  const { size } = flow.rows!;
  const far = (value: Scalar) => {
    if (value instanceof Steps)
      return size instanceof Steps && value.of === size.of && value.plus >= size.plus;
    return value !== undefined && value >= (typeof size === 'number' ? size : MANY);
  };
  const before = (value: Scalar) => value !== undefined && !(value instanceof Steps) && value <= -MANY;
  const fromEnd = (value: Scalar) => {
    if (value instanceof Steps) return shifted(value, size, -1);
    if (value === undefined || value < 0 || typeof size !== 'number') return value;
    return value - size;
  };
  if (step === 1 && start === 0 && far(end)) return flow;
  if (
    step === -1 &&
    (fromEnd(start) === -1 || far(start)) &&
    (before(end) || (typeof size === 'number' && end === -1 - size))
  ) {
    return { ...flow, reversed: !flow.reversed };
  }
  if (step === 1 && fromEnd(start) === -1 && (far(end) || fromEnd(end) === 0)) return selectedStep(flow, -1);
  if (step === 1 && typeof start === 'number' && typeof end === 'number' && end === start + 1) {
    return selectedStep(flow, start);
  }
  const place = (value: Scalar) => (value instanceof Steps ? shifted(value, size, -1) : value);
  return someSteps(node, flow, place(start), far(end) ? 'end' : place(end), step);
}

/** `from` and `to` count from 0, or from the end, −1 being the last. */
function someSteps(node: Node, flow: Flow, from: Scalar, to: Scalar | 'end', stride: number): Flow {
  if (typeof from !== 'number' || (typeof to !== 'number' && to !== 'end'))
    throw new Unsupported(say`it takes steps from or to a place that only a run knows`);
  if (stride < 1 || (flow.reversed && stride > 1))
    throw new Unsupported(say`it takes some of the steps, and turns them round`);
  const count = countOf(flow.rows!.size, from, to);
  if (typeof count === 'number' && count < 1) throw new Unsupported(say`no step is left of it`);
  if (count === 1) return selectedStep(flow, from);
  const size = typeof count === 'number' ? Math.ceil(count / stride) : stride === 1 ? count : undefined;
  const range = flow.reversed ? turnedRange(from, to) : { from, ...(to !== 'end' && { to }) };
  const own = { type: 'slice', ...range, stride, outputSize: widthOf(flow) } as const;
  const draft = node.context.draft(node.layerName, [flow], own);
  return flowOf(draft, flow.axes, { size }, flow);
}

/** Of a sequence whose last step stands first. */
function turnedRange(from: number, to: number | 'end'): { readonly from: number; readonly to?: number } {
  return { from: to === 'end' ? 0 : -to, ...(from !== 0 && { to: -from }) };
}

/** Steps between two places; undefined where only a run knows. */
function countOf(size: Scalar, from: number, to: number | 'end'): Scalar {
  if (typeof size === 'number') {
    const at = (place: number) => Math.min(Math.max(place < 0 ? place + size : place, 0), size);
    return (to === 'end' ? size : at(to)) - at(from);
  }
  if (to === 'end') return from < 0 ? -from : shifted(size, from, -1);
  if (from < 0 === to < 0) return to - from;
  return from < 0 ? undefined : shifted(shifted(size, from, -1), to, 1);
}

/** Ends that stand for "as far as there is" are far larger. */
const MANY = 2 ** 30;

function slicedConstant(node: Node, x: Constant): Constant {
  return ranges(node, x.shape.length).reduce(
    (value, range) => taken(value, range.axis, places(range, value.shape[range.axis])),
    x,
  );
}

function split(node: Node): readonly Value[] {
  const [x] = node.inputs;
  const count = node.outputCount;
  if (x?.kind === 'given') return viewsOf(node, x, split);
  const constant = x?.kind === 'constant' ? x : undefined;
  const flow = constant ? undefined : node.flow(0);
  const axis = checkedAxis(node.integer('axis', 0), constant?.shape.length ?? flow!.axes.length);
  const size = constant ? constant.shape[axis] : sizeOf(flow!.axes[axis], flow!);
  if (typeof size !== 'number')
    throw new Unsupported(say`it splits steps of which only a run knows how many there are`);
  const given = node.optionalConstant(1);
  const even = Math.ceil(size / count);
  const sizes = given
    ? integersOf(given, say`the sizes of the parts`)
    : (node.integers('split') ?? Array.from({ length: count }, (_, k) => Math.min(even, size - k * even)));
  let at = 0;
  return sizes.map((length) => {
    if (length < 0 || at + length > size)
      throw new Unsupported(say`${size} cannot be split into ${sizes.join(', ')}`);
    const indices = Array.from({ length }, (_, k) => at + k);
    at += length;
    if (constant) return taken(constant, axis, indices);
    if (length === size) return flow!;
    if (flow!.axes[axis].of === 'rows') return someSteps(node, flow!, at - length, at, 1);
    return takenUnits(flow!, axis, indices);
  });
}

function gather(node: Node): readonly Value[] {
  const [data, indices] = node.inputs;
  if (data?.kind === 'given') return viewsOf(node, data, gather);
  if (indices?.kind === 'flow') return [embedding(node, node.constant(0), indices)];
  const wanted = node.constant(1);
  const at = node.integer('axis', 0);
  if (data?.kind === 'constant') return [gatheredConstant(data, wanted, checkedAxis(at, data.shape.length))];
  const flow = node.flow(0);
  return [gatheredFlow(node, flow, wanted, checkedAxis(at, flow.axes.length))];
}

function gatheredConstant(data: Constant, indices: Constant, axis: number): Constant {
  const size = data.shape[axis];
  const places = integersOf(indices, say`the indices`).map((index) => checkedIndex(index, size));
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
  return reshaped(taken(data, axis, places), shape);
}

function checkedIndex(index: number, size: number): number {
  const found = index < 0 ? index + size : index;
  if (found >= 0 && found < size) return found;
  throw new Unsupported(say`there is no index ${index} of ${size}`);
}

function gatheredFlow(node: Node, flow: Flow, wanted: Constant, axis: number): Flow {
  const indices = scalarsOf(wanted, say`the indices`);
  if (wanted.shape.length > 1) throw new Unsupported(say`the indices have several axes`);
  const drop = wanted.shape.length === 0;
  const without = (found: Flow): Flow => (drop ? { ...found, axes: squeezed(found.axes, [axis]) } : found);
  const { rows } = flow;
  if (flow.axes[axis].of === 'rows') {
    const [index] = indices;
    if (index instanceof Steps && index.of === ROUND && index.plus === 0 && indices.length === 1)
      return without(roundOf(node, flow));
    const { size } = rows!;
    if (indices.length > 1) return gatheredSteps(node, flow, indices);
    const fromEnd = index instanceof Steps ? shifted(index, size, -1) : index;
    if (typeof fromEnd !== 'number') throw new Unsupported(say`it takes a step that only a run knows`);
    const last = typeof size === 'number' && fromEnd === size - 1;
    return without(selectedStep(flow, last ? -1 : fromEnd));
  }
  const size = Number(sizeOf(flow.axes[axis], flow));
  const places = indices.map((index) => {
    if (typeof index !== 'number') throw new Unsupported(say`the indices depend on the sequence`);
    return checkedIndex(index, size);
  });
  if (flow.axes[axis].of === 'units') return without(takenUnits(flow, axis, places));
  if (places.length !== 1) throw new Unsupported(say`it repeats units`);
  return without(flow);
}

/** Several steps, as far apart each from the one before. */
function gatheredSteps(node: Node, flow: Flow, indices: readonly Scalar[]): Flow {
  const places = indices.map((index) =>
    index instanceof Steps ? shifted(index, flow.rows!.size, -1) : index,
  ) as number[];
  const [first, second] = places;
  const stride = second - first;
  const last = first + stride * (places.length - 1);
  const even = places.every((place, k) => place === first + k * stride) && first < 0 === last < 0;
  if (!even || stride < 1) throw new Unsupported(say`it takes steps that do not lie as far apart each`);
  return someSteps(node, flow, first, last === -1 ? 'end' : last + 1, stride);
}

/** More tokens could not be listed. */
const MAX_VOCABULARY = 1_000_000;

function embedding(node: Node, table: Constant, ids: Flow): Flow {
  const { context } = node;
  if (table.shape.length !== 2 || node.integer('axis', 0) !== 0) {
    throw new Unsupported(
      say`expected a table of rows, found a tensor of ${table.shape.join(' × ')} numbers`,
    );
  }
  if (!wholeOf(ids)?.view || widthOf(ids) !== 1) {
    throw new Unsupported(say`the indices are not the tokens of the input`);
  }
  const [numEmbeddings, outputSize] = table.shape;
  if (numEmbeddings < 1 || numEmbeddings > MAX_VOCABULARY || outputSize < 1) {
    throw new Unsupported(
      say`expected a table of 1 to ${MAX_VOCABULARY} rows, found [${table.shape.join(', ')}]`,
    );
  }
  const own = { type: 'embedding', numEmbeddings, outputSize } as const;
  const draft = context.draft(node.layerName, [ids], own, { weight: () => table.floats() });
  const axes =
    outputSize === 1 ? [...ids.axes, ONE] : [...ids.axes, { of: 'units', size: outputSize } as const];
  return flowOf(draft, axes, ids.rows, { reversed: ids.reversed });
}

const MAX_ONE_HOT = 4096;

/** Vectors with a single 1, as rows of the unit matrix. */
function oneHot(node: Node): Value[] {
  const depth = soleOf(node.constant(1), say`the depth`);
  const [off, on] = scalarsOf(node.constant(2), say`the values`);
  const ids = node.flow(0);
  const axis = node.integer('axis', -1);
  if (off !== 0 || on !== 1 || (axis !== -1 && axis !== ids.axes.length) || !(depth <= MAX_ONE_HOT)) {
    throw new Unsupported(say`expected 1 among 0 on the last axis, and at most ${MAX_ONE_HOT} of them`);
  }
  const identityMatrix = async () =>
    Float32Array.from({ length: depth * depth }, (_, k) => (k % (depth + 1) === 0 ? 1 : 0));
  return [
    embedding(node, { kind: 'constant', shape: [depth, depth], integer: false, floats: identityMatrix }, ids),
  ];
}

function concat(node: Node): Value[] {
  const values = node.inputs.filter((value) => !(value?.kind === 'constant' && value.shape.includes(0)));
  return values.length === 0 ? [node.inputs[0]!] : joinedValues(node, values, node.integer('axis', 1));
}

/** Tensors of a list side by side, along a new axis if it is `fresh`. */
export function concatenatedValues(node: Node, items: readonly Value[], axis: number, fresh: boolean): Value {
  const wide = items.map((item): Value => {
    if (!fresh) return item;
    if (item.kind === 'constant') return reshaped(item, unsqueezed(item.shape, [axis], 1));
    return item.kind === 'flow' ? { ...item, axes: unsqueezed(item.axes, [axis], ONE) } : item;
  });
  if (wide.length === 0) throw new Unsupported(say`its list is empty`);
  return joinedValues(node, wide, axis)[0];
}

function joinedValues(node: Node, values: readonly (Value | undefined)[], at: number): Value[] {
  const constants = values.flatMap((value) => (value?.kind === 'constant' ? [value] : []));
  if (constants.length === values.length) {
    return [concatenated(constants, checkedAxis(at, constants[0].shape.length))];
  }
  const flows = values.flatMap((value) => (value?.kind === 'flow' ? [value] : []));
  const [first] = values;
  if (flows.length === 0 && constants.length === 0)
    return [first?.kind === 'given' ? { kind: 'given', name: first.name } : first!];
  if (flows.length < values.length)
    throw new Unsupported(say`the sequence is put together with other tensors`);
  const axis = checkedAxis(at, flows[0].axes.length);
  const stacked = node.context.stacked(flows, axis);
  if (stacked) return [stacked];
  const repeated = flows.some((flow) => flow.repeated);
  return [repeated ? besideRows(node, flows, axis) : concatenatedFlows(flows, axis)];
}

/** Rows of steps, and single rows beside each of them. */
function besideRows(node: Node, flows: readonly Flow[], axis: number): Flow {
  const steps = flows.find((flow) => !flow.repeated);
  if (!steps) return concatenatedFlows(flows, axis);
  const width = (flow: Flow) => Number(sizeOf(flow.axes[axis], flow));
  const single = flows.map((flow) => onlyRow(flow));
  const fits = single.every((flow) => {
    const others = flow.axes.every(
      (one, k) =>
        k === axis || ((one.of === 'rows' || one.of === 'one') && flow.axes.length === steps.axes.length),
    );
    return others && (flow.rows ? sameRows(flow, steps) && flow.reversed === steps.reversed : true);
  });
  if (!fits || steps.axes[axis].of === 'rows')
    throw new Unsupported(say`${flows.map(shapeInWords).join(say` and `)} do not go together`);
  const ordered = [...single].sort((a, b) => Number(b.rows !== undefined) - Number(a.rows !== undefined));
  const outputSize = flows.reduce((sum, flow) => sum + width(flow), 0);
  const own = { type: 'merge', mode: 'concatenate', outputSize } as const;
  const draft = node.context.draft(node.layerName, ordered, own);
  const whole = flowOf(draft, steps.axes.with(axis, units(outputSize)), steps.rows, steps);
  const starts = new Map(
    ordered.map((flow, k) => [flow, ordered.slice(0, k).reduce((sum, one) => sum + width(one), 0)]),
  );
  const places = single.flatMap((flow) =>
    Array.from({ length: width(flow) }, (_, k) => starts.get(flow)! + k),
  );
  return takenUnits(whole, axis, places);
}

/** A single row, so many times, as a decoder reads it; otherwise nothing may be repeated. */
function expandedFlow(node: Node, x: Flow, shape: readonly Scalar[]): Flow {
  const rank = Math.max(x.axes.length, shape.length);
  const axes = [...Array.from({ length: rank - x.axes.length }, () => ONE), ...x.axes];
  const wanted = [...Array.from({ length: rank - shape.length }, () => 1), ...shape];
  const grown = wanted.flatMap((size, axis) => {
    const own = sizeOf(axes[axis], x);
    if (size === 1 || sameScalar(size, own)) return [];
    return [axis];
  });
  if (grown.length === 0) return { ...x, axes };
  const [axis] = grown;
  const count = wanted[axis];
  if (grown.length === 1 && axes[axis].of === 'one' && x.rows && typeof count === 'number')
    return repeatedUnits({ ...x, axes }, axis, count);
  const rows = count instanceof Steps && count.of !== ROUND && !node.context.streaming;
  if (grown.length === 1 && axes[axis].of === 'one' && !x.rows && rows)
    return { ...x, axes: axes.with(axis, ROWS), rows: { size: count }, repeated: true };
  if (grown.length > 1 || axes[axis].of !== 'one' || x.rows || typeof count !== 'number') {
    throw new Unsupported(say`${shapeInWords(x)} is repeated in a way that no layer does`);
  }
  const own = { type: 'repeat_vector', count, outputSize: widthOf(x) } as const;
  const draft = node.context.draft(node.layerName, [x], own);
  return flowOf(draft, axes.with(axis, ROWS), { size: count });
}

function tiled(node: Node, x: Flow): Flow {
  const repeats = scalarsOf(node.constant(1), say`the repeats`);
  return expandedFlow(
    node,
    x,
    x.axes.map((axis, k) => repeatedSize(repeats[k], sizeOf(axis, x))),
  );
}

function repeatedSize(count: Scalar, size: Scalar): Scalar {
  if (count === 1) return size;
  return size === 1 ? count : times(count, size);
}

function sizesOf(node: Node): readonly Scalar[] {
  const [x] = node.inputs;
  const known = x?.kind === 'constant' || x?.kind === 'given' ? x.shape : undefined;
  if (known) return known;
  const flow = node.flow(0);
  return flow.axes.map((axis) => sizeOf(axis, flow));
}

function sizeOfAll(node: Node): Value[] {
  const count = sizesOf(node).reduce((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a * b;
    return a === 1 ? b : b === 1 ? a : undefined;
  }, 1);
  return [numbersOf([], true, [count])];
}

function shapeOf(node: Node): Value[] {
  const sizes = sizesOf(node);
  const taken = sizes.slice(node.integer('start', 0), node.has('end') ? node.integer('end', 0) : undefined);
  return [numbersOf([taken.length], true, taken)];
}

function constantNode(node: Node): Value[] {
  const tensor = node.tensor('value');
  if (tensor) return [inlineConstant(tensor)];
  if (node.has('value_float')) return [numbersOf([], false, [node.float('value_float', 0)])];
  if (node.has('value_int')) return [numbersOf([], true, [node.integer('value_int', 0)])];
  const integers = node.integers('value_ints');
  const values = node.has('value_ints') ? integers! : node.floats('value_floats');
  return [numbersOf([values.length], node.has('value_ints'), values)];
}

function constantOfShape(node: Node): Value[] {
  const shape = integersOf(node.constant(0), say`the shape`);
  const tensor = node.tensor('value');
  const value = tensor && inlineConstant(tensor);
  return [filled(shape, value?.integer ?? false, value ? soleOf(value, say`the value`) : 0)];
}

const INTEGERS: readonly number[] = [
  ...[Type.BOOL, Type.INT8, Type.INT16, Type.INT32, Type.INT64],
  ...[Type.UINT8, Type.UINT16, Type.UINT32, Type.UINT64],
];

/** Numbers that are cut off are tokens at most: nothing else is known to be whole. */
function castFlow(node: Node, x: Flow): Flow {
  const integer = INTEGERS.includes(node.integer('to', Type.FLOAT));
  if (!integer || x.integer || (wholeOf(x)?.view && widthOf(x) === 1)) return { ...x, integer };
  throw new Unsupported(say`it cuts numbers off to whole ones`);
}

function castConstant(node: Node, x: Constant): Constant {
  const to = node.integer('to', Type.FLOAT);
  const integer = INTEGERS.includes(to);
  if (!integer || x.integer) return { ...x, integer };
  const numbers = scalarsOf(x, say`a tensor`).map((value) =>
    typeof value === 'number' ? Math.trunc(value) : value,
  );
  return numbersOf(x.shape, true, numbers);
}

function range(node: Node): Value[] {
  const [start, limit, delta] = [0, 1, 2].map((index) => soleOf(node.constant(index), say`a bound`));
  const count = checkedCount([Math.max(0, Math.ceil((limit - start) / delta))]);
  const numbers = Array.from({ length: Math.min(count, 1 << 16) }, (_, k) => start + k * delta);
  return [numbersOf([count], node.constant(0).integer, numbers)];
}

/** Turns whole sequences round, where the lengths are those of all steps. */
function reverseSequence(node: Node): Value[] {
  const x = node.flow(0);
  const time = checkedAxis(node.integer('time_axis', 0), x.axes.length);
  const lengths = node.inputs[1];
  if (x.axes[time].of !== 'rows')
    throw new Unsupported(say`axis ${time} of ${shapeInWords(x)} is not that of the steps`);
  if (lengths?.kind === 'given')
    node.context.note(
      say`the sequence is turned round in full, whatever ${JSON.stringify(lengths.name)} says`,
    );
  else {
    const size = x.rows!.size;
    const full = scalarsOf(node.constant(1), say`the lengths`).every((length) => sameScalar(length, size));
    if (!full) throw new Unsupported(say`only some of the steps are turned round`);
  }
  return [{ ...x, reversed: !x.reversed }];
}

function dropout(node: Node): Value[] {
  const [x] = node.inputs;
  if (x?.kind !== 'flow') return [x!];
  const ratio = node.optionalConstant(1);
  const p = ratio ? soleOf(ratio, say`the ratio`) : node.float('ratio', 0.5);
  const own = { type: 'dropout', p: p >= 0 && p <= 1 ? p : 0, outputSize: widthOf(x) } as const;
  return [flowOf(node.context.draft(node.layerName, [x], own), x.axes, x.rows, x)];
}

/** One of two tensors where the condition is the same everywhere, as of a mask of which all steps count. */
function chosenOf(node: Node): Value | undefined {
  const [condition, ...both] = node.inputs;
  const numbers = condition?.kind === 'constant' ? condition.numbers : undefined;
  const [first] = numbers ?? [];
  if (typeof first !== 'number' || numbers!.some((one) => one !== first)) return undefined;
  const [chosen, other] = first ? both : both.toReversed();
  if (chosen?.kind !== 'flow') return undefined;
  const rank = Math.max(
    node.constant(0).shape.length,
    other?.kind === 'flow' ? other.axes.length : other?.kind === 'constant' ? other.shape.length : 0,
  );
  return rank <= chosen.axes.length ? chosen : undefined;
}

function where(node: Node): Value[] {
  const chosen = chosenOf(node);
  if (chosen) return [chosen];
  const [condition, a, b] = [node.constant(0), node.constant(1), node.constant(2)];
  const shape = [a, b].reduce((sizes, one) => broadcastShape(sizes, one.shape), condition.shape);
  const [c, p, q] = [condition, a, b].map((one) => scalarsOf(expanded(one, shape), say`a tensor`));
  const numbers = c.map((chosen, k) => {
    if (typeof chosen !== 'number') throw new Unsupported(say`the condition depends on the sequence`);
    return chosen ? p[k] : q[k];
  });
  return [numbersOf(shape, a.integer, numbers)];
}

/** One step, the same for all units. */
function gatherElements(node: Node): Value[] {
  const x = node.flow(0);
  const axis = checkedAxis(node.integer('axis', 0), x.axes.length);
  const indices = scalarsOf(node.constant(1), say`the indices`);
  const whole = node.constant(1).shape.every((size, k) => k === axis || size === sizeOf(x.axes[k], x));
  if (x.axes[axis].of !== 'rows' || !whole || !indices.every((index) => sameScalar(index, indices[0]))) {
    throw new Unsupported(say`it takes other elements than those of one step`);
  }
  return [gatheredFlow(node, x, numbersOf([1], true, [indices[0]]), axis)];
}

/** Of a list of one, as lengths of sequences are. */
function topOfOne(node: Node): Value[] {
  refuseFlows(node);
  const x = node.constant(0);
  if (elementCount(x.shape) !== 1) throw new Unsupported(say`it sorts`);
  return [x, numbersOf(x.shape, true, [0])];
}

export const SHAPES: Operators = {
  Identity: identity,
  Constant: constantNode,
  ConstantOfShape: constantOfShape,
  Shape: shapeOf,
  Size: sizeOfAll,
  Range: range,
  Where: where,
  Transpose: view({
    flow: (node, x) => transposedFlow(x, permutation(node, x.axes.length)),
    constant: (node, x) => transposed(x, permutation(node, x.shape.length)),
  }),
  Squeeze: view({ flow: squeezedFlow, constant: squeezedConstant }),
  Unsqueeze: view({
    flow: (node, x) => ({ ...x, axes: unsqueezed(x.axes, axesOf(node) ?? [], ONE) }),
    constant: (node, x) => reshaped(x, unsqueezed(x.shape, axesOf(node) ?? [], 1)),
  }),
  Reshape: view({
    flow: (node, x) => reshapedFlow(node, x, target(node)),
    constant: reshapedConstant,
  }),
  Flatten: view({
    flow: flattened,
    constant: (node, x) => {
      const outer = elementCount(x.shape.slice(0, node.integer('axis', 1)));
      return reshaped(x, [outer, elementCount(x.shape) / outer]);
    },
  }),
  Cast: view({ flow: castFlow, constant: castConstant }),
  Slice: view({ flow: slicedFlow, constant: slicedConstant }),
  Expand: view({
    flow: (node, x) => expandedFlow(node, x, scalarsOf(node.constant(1), say`a shape`)),
    constant: (node, x) => expanded(x, broadcastShape(x.shape, integersOf(node.constant(1), say`the shape`))),
  }),
  Tile: view({
    flow: tiled,
    constant: (node, x) => {
      const repeats = integersOf(node.constant(1), say`the repeats`);
      if (!x.shape.every((size, axis) => size === 1 || repeats[axis] === 1))
        throw new Unsupported(say`it repeats a tensor`);
      return expanded(
        x,
        x.shape.map((size, axis) => size * repeats[axis]),
      );
    },
  }),
  Split: split,
  Gather: gather,
  GatherElements: gatherElements,
  TopK: topOfOne,
  OneHot: oneHot,
  Concat: concat,
  Dropout: dropout,
  ReverseSequence: reverseSequence,
  Pad: pad,
};

/** Means, sums and maxima over steps or units. */
import { say } from '../../../../words/say';
import { indicesOf, integersOf, numbersOf, scalarsOf, stridesOf } from '../constant';
import { flowOf, shapeInWords } from '../flow';
import { ONE, widthOf } from '../axes';
import type { Flow } from '../draft';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import type { Value } from '../value';
import { merged } from './arithmetic';
import { byElements, reciprocal } from './elementwise';
import { checkedAxes, type Operators } from './operator';
import { pooledOverSteps } from './windows';

type Mode = 'average' | 'max' | 'sum';

function reduction(mode: Mode): (node: Node) => Value[] {
  return (node) => [reduced(node, node.flow(0), mode)];
}

function reduced(node: Node, x: Flow, mode: Mode): Flow {
  const axes = reducedAxes(node, x.axes.length);
  const found = over(node, x, mode, axes);
  const kept = node.integer('keepdims', 1) !== 0;
  return kept ? found : { ...found, axes: found.axes.filter((_, axis) => !axes.includes(axis)) };
}

/** The axes stay, with size 1. */
function over(node: Node, x: Flow, mode: Mode, axes: readonly number[]): Flow {
  const of = (kind: string) => axes.filter((axis) => x.axes[axis].of === kind);
  const row = of('rows').length > 0 ? pooledOverSteps(node, x, mode) : x;
  return of('units').length > 0 ? overUnits(node, row, mode, of('units')) : row;
}

const squared = (node: Node, x: Flow) => byElements(node, x, { type: 'power', exponent: 2 });
const root = (node: Node, x: Flow) => byElements(node, x, { type: 'elementwise', function: 'sqrt' });
const absolute = (node: Node, x: Flow) => byElements(node, x, { type: 'elementwise', function: 'abs' });

/** Divided by the sum of absolute values, or by the root of that of squares, along an axis. */
function lpNormalised(node: Node): Value[] {
  const x = node.flow(0);
  const axes = checkedAxes([node.integer('axis', -1)], x.axes.length);
  const p = node.integer('p', 2);
  if (p !== 1 && p !== 2) throw new Unsupported(say`expected p to be 1 or 2, found ${p}`);
  const sums = over(node, p === 1 ? absolute(node, x) : squared(node, x), 'sum', axes);
  return [merged(node, 'multiply', [x, reciprocal(node, p === 1 ? sums : root(node, sums))])];
}

/** An attribute, or an input in later operator sets; all axes where there are none. */
export function reducedAxes(node: Node, rank: number): number[] {
  const given = node.optionalConstant(1);
  const axes = given ? integersOf(given, 'axes') : node.integers('axes');
  if (axes && axes.length > 0) return checkedAxes(axes, rank);
  return node.integer('noop_with_empty_axes', 0) !== 0 ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

/** Sums of units are products with ones. */
function overUnits(node: Node, x: Flow, mode: Mode, along: readonly number[]): Flow {
  if (mode === 'max') throw new Unsupported(say`no layer takes the largest units of ${shapeInWords(x)}`);
  const axes = x.axes.map((axis, k) => (along.includes(k) ? ONE : axis));
  const width = widthOf(x);
  const outputSize = widthOf({ axes });
  const share = mode === 'average' ? outputSize / width : 1;
  const sizes = x.axes.map((axis) => (axis.of === 'units' ? axis.size : 1));
  const kept = sizes.map((size, k) => (along.includes(k) ? 1 : size));
  const [from, to] = [stridesOf(sizes), stridesOf(kept)];
  const weight = async () => {
    const values = new Float32Array(outputSize * width);
    for (let unit = 0; unit < width; unit++) {
      const row = indicesOf(unit, sizes, from).reduce(
        (sum, index, k) => sum + (kept[k] > 1 ? index * to[k] : 0),
        0,
      );
      values[row * width + unit] = share;
    }
    return values;
  };
  const own = {
    ...({ type: 'linear', bias: false, activation: 'none', outputSize, fixed: ['weight'] } as const),
  };
  const draft = node.context.draft(node.layerName, [x], own, { weight });
  return flowOf(draft, axes, x.rows, { reversed: x.reversed });
}

/** Of shapes. */
function productOfNumbers(node: Node): Value[] {
  const x = node.constant(0);
  const product = scalarsOf(x, say`a shape`).reduce((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a * b;
    if (a === 1 || b === 1) return a === 1 ? b : a;
    throw new Unsupported(say`it depends on the number of steps`);
  }, 1);
  const axes = reducedAxes(node, x.shape.length);
  if (axes.length < x.shape.length) throw new Unsupported(say`it reduces some axes of a constant`);
  const shape = node.integer('keepdims', 1) !== 0 ? x.shape.map(() => 1) : [];
  return [numbersOf(shape, x.integer, [product])];
}

export const REDUCTIONS: Operators = {
  ReduceMean: reduction('average'),
  ReduceSum: reduction('sum'),
  ReduceMax: reduction('max'),
  ReduceL1: (node) => [reduced(node, absolute(node, node.flow(0)), 'sum')],
  ReduceL2: (node) => [root(node, reduced(node, squared(node, node.flow(0)), 'sum'))],
  ReduceSumSquare: (node) => [reduced(node, squared(node, node.flow(0)), 'sum')],
  LpNormalization: lpNormalised,
  ReduceProd: productOfNumbers,
};

/** Products with matrices that the file holds. */
import { say } from '../../../../words/say';
import { transposed } from '../../gates';
import {
  dequantised,
  expanded,
  filled,
  indicesOf,
  mapped,
  numbersOf,
  remapped,
  reshaped,
  stridesOf,
  type Constant,
} from '../constant';
import { elementCount } from '../../../weights';
import { flowOf, shapeInWords } from '../flow';
import { ONE, units, widthOf } from '../axes';
import type { Flow } from '../draft';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import type { Value } from '../value';
import { affine, merged } from './arithmetic';
import { expectation, type Operators } from './operator';

/** W x + b for every row; `weight` is outputs × inputs. */
function product(
  node: Node,
  x: Flow,
  [outputs, inputs]: readonly number[],
  weight: Values,
  bias?: Values,
): Flow {
  checkInputs(x, inputs);
  const own = { type: 'linear', bias: bias !== undefined, activation: 'none', outputSize: outputs } as const;
  const draft = node.context.draft(node.layerName, [x], own, { weight, ...(bias && { bias }) });
  return flowOf(draft, [...x.axes.slice(0, -1), units(outputs)], x.rows, { reversed: x.reversed });
}

type Values = () => Promise<Float32Array>;

/** A matrix inputs × outputs as outputs × inputs. */
function turned(matrix: Constant): Values {
  const [inputs, outputs] = matrix.shape;
  const known = turnedBefore.get(matrix.floats);
  if (known) return known;
  const values = async () => transposed(await matrix.floats(), inputs, outputs);
  turnedBefore.set(matrix.floats, values);
  return values;
}

/** The same function for the same matrix, by which equal layers are told. */
const turnedBefore = new WeakMap<Values, Values>();

/** Zeros times a matrix, as a first step computes of its state. */
function ofZeros(a: Value | undefined, outputs: number): Constant | undefined {
  if (a?.kind !== 'constant' || !(a.fill === 0 || a.numbers?.every((number) => number === 0)))
    return undefined;
  return filled([...a.shape.slice(0, -1), outputs], false, 0);
}

/** The product runs along the last axis, which must be all units. */
function checkInputs(x: Flow, inputs: number): void {
  const last = x.axes.at(-1);
  const size = last?.of === 'units' ? last.size : last?.of === 'one' ? 1 : undefined;
  if (size === inputs && widthOf(x) === inputs) return;
  if (last?.of === 'rows')
    throw expectation(say`${inputs} units on the last axis`, say`the steps there: ${shapeInWords(x)}`);
  if (size !== inputs) throw expectation(say`${inputs} units on the last axis`, shapeInWords(x));
  throw expectation(
    say`the ${inputs} units of the last axis to be all that a step has`,
    say`${widthOf(x)} units as ${shapeInWords(x)}`,
  );
}

function matMul(node: Node): Value[] {
  const [a, b] = node.inputs;
  if (a?.kind === 'constant' && b?.kind === 'constant') {
    const zeros = ofZeros(a, b.shape.at(-1) ?? 1);
    if (zeros) return [zeros];
    throw new Unsupported(say`it multiplies two constants`);
  }
  return [matrixProduct(node, node.flow(0), node.constant(1))];
}

/** Times a matrix inputs × outputs. */
export function matrixProduct(node: Node, x: Flow, weight: Constant, bias?: Constant): Flow {
  const [inputs, outputs] = weight.shape.slice(-2);
  if (
    weight.shape.length < 2 ||
    inputs * outputs === 0 ||
    weight.shape.slice(0, -2).some((size) => size !== 1)
  ) {
    throw expectation(say`a matrix`, say`a tensor of ${weight.shape.join(' × ')} numbers`);
  }
  const axes = [...Array.from({ length: weight.shape.length - x.axes.length }, () => ONE), ...x.axes];
  const values = turned(reshaped(weight, [inputs, outputs]));
  const row = bias && expanded(rowOf(bias), [outputs]);
  return product(node, { ...x, axes }, [outputs, inputs], values, row?.floats);
}

/** α A B + β C. */
function gemm(node: Node): Value[] {
  if (node.integer('transA', 0) !== 0) throw new Unsupported(say`it turns its first input`);
  const given = node.constant(1);
  if (given.shape.length !== 2)
    throw expectation(say`a matrix`, say`a tensor of ${given.shape.join(' × ')} numbers`);
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  const scaled = (value: Constant, factor: number) =>
    factor === 1 ? value : mapped(value, false, (v) => v * factor);
  const turnedAlready = node.integer('transB', 0) !== 0;
  const [outputs, inputs] = turnedAlready ? given.shape : given.shape.toReversed();
  const weight = scaled(given, alpha);
  const added = node.inputs[2]?.kind === 'flow' ? node.flow(2) : undefined;
  const c = added ? undefined : node.optionalConstant(2);
  const bias = c && scaled(expanded(rowOf(c), [outputs]), beta);
  const zeros = ofZeros(node.inputs[0], outputs);
  if (zeros && !added) return [bias ? expanded(bias, zeros.shape) : zeros];
  const values = turnedAlready ? weight.floats : turned(weight);
  const times = product(node, node.flow(0), [outputs, inputs], values, bias?.floats);
  if (!added) return [times];
  const factor = beta === 1 ? {} : { scale: numbersOf([], false, [beta]) };
  return [merged(node, 'add', [times, affine(node, added, factor, false)])];
}

function rowOf(c: Constant): Constant {
  const size = c.shape.at(-1) ?? 1;
  if (c.shape.slice(0, -1).every((one) => one === 1)) return reshaped(c, [size]);
  throw new Unsupported(say`it adds something else than a bias`);
}

/** (x − zero point) · scale, of weights: one of each, or one for each place or each block of places along an axis. */
function dequantize(node: Node): Value[] {
  const [x, scale, zero] = [node.constant(0), node.constant(1), node.optionalConstant(2)];
  const axis = node.integer('axis', 1);
  const rank = x.shape.length;
  const at = axis < 0 ? axis + rank : axis;
  const block = node.integer('block_size', 0);
  const along = (value: Constant) =>
    block > 0
      ? inBlocks(value, x.shape, at, block)
      : reshaped(
          value,
          x.shape.map((size, k) => (k === at && elementCount(value.shape) === size ? size : 1)),
        );
  return [dequantised(x, along(scale), zero && along(zero))];
}

/** Each place of a tensor's axis `at` in a row as often as a block is long. */
function inBlocks(value: Constant, shape: readonly number[], at: number, block: number): Constant {
  const blocks = shape.map((size, k) => (k === at ? Math.ceil(size / block) : size));
  const fits = value.shape.length === shape.length && value.shape.every((size, k) => size === blocks[k]);
  if (!fits) throw expectation(say`scales [${blocks.join(', ')}]`, `[${value.shape.join(', ')}]`);
  const [to, from] = [stridesOf(shape), stridesOf(blocks)];
  return remapped(value, shape, (place) =>
    indicesOf(place, shape, to).reduce(
      (sum, index, k) => sum + (k === at ? Math.floor(index / block) : index) * from[k],
      0,
    ),
  );
}

export const LINEAR: Operators = { MatMul: matMul, Gemm: gemm, DequantizeLinear: dequantize };

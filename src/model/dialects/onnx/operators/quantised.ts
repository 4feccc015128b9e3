/**
 * Products of 8-bit numbers, as quantisation writes them: computed with the weights times their scales. What a tensor of the
 * sequence is rounded to on its way is not imitated; the bounds of a fixed scale are, since they may stand for a relu.
 */
import { say } from '../../../../words/say';
import { combined, dequantised, numbersOf, reshaped, soleOf, type Constant } from '../constant';
import type { Flow } from '../draft';
import { Unsupported } from '../unsupported';
import { MICROSOFT } from '../inputs';
import { Node } from '../node';
import { TensorProto_DataType as Type } from '../schema/onnx_pb';
import type { Unknown, Value } from '../value';
import { affine } from './arithmetic';
import { clipped } from './elementwise';
import { OPERATORS } from './index';
import { matrixProduct } from './linear';
import { Parts } from './parts';

/** `quantised`: `of` in 8 bits. `scale`: what one of its steps is, times `factor`. `product`: of the numbers without their scale. */
type Part =
  | { readonly is: 'quantised'; readonly of: Flow; readonly scale?: number; readonly zero?: number }
  | { readonly is: 'scale'; readonly of: Flow; readonly factor?: Constant }
  | { readonly is: 'zero'; readonly of: Flow }
  | { readonly is: 'product'; readonly of: Flow; readonly flow: Flow };

const parts = new Parts<Part>(say`a product of 8-bit numbers`, ({ of }) => [of]);

/** Operators that only look at a tensor in another way, or take its largest numbers. */
const VIEWS = [
  ...['Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity', 'Gather', 'Slice', 'MaxPool'],
];

/** What a node gives that does one of the steps; undefined of any other. */
export function ofQuantised(node: Node): readonly Value[] | undefined {
  const [a, b] = node.inputs;
  const [x, y] = [parts.of(a), parts.of(b)];
  if (node.proto.domain === MICROSOFT) return ofMicrosoft(node, x);
  switch (node.type) {
    case 'DynamicQuantizeLinear':
      return a?.kind === 'flow' ? dynamic(node, a) : undefined;
    case 'QuantizeLinear':
      return a?.kind === 'flow' ? [fixed(node, a, 1)] : undefined;
    case 'DequantizeLinear':
      return x?.is === 'quantised' ? [restored(node, x)] : undefined;
    case 'MatMulInteger':
    case 'ConvInteger':
      return x?.is === 'quantised' ? [integerProduct(node, x)] : undefined;
    case 'QLinearMatMul':
    case 'QLinearConv':
      return x?.is === 'quantised' ? [scaledProduct(node, x)] : undefined;
    case 'Cast':
      return x?.is === 'product' ? [step(node, x)] : undefined;
    case 'Mul':
      return multiplied(node, x, y);
    default:
      return x?.is === 'quantised' && VIEWS.includes(node.type) ? [viewed(node, x)] : undefined;
  }
}

function step(node: Node, part: Part): Unknown {
  node.context.computesInEightBits();
  return parts.step(node, part);
}

function dynamic(node: Node, of: Flow): readonly Value[] {
  return (['quantised', 'scale', 'zero'] as const).map((is) => step(node, { is, of }));
}

const BOUNDS: Readonly<Record<number, readonly [number, number]>> = {
  [Type.UINT8]: [0, 255],
  [Type.INT8]: [-128, 127],
  [Type.UINT16]: [0, 65535],
  [Type.INT16]: [-32768, 32767],
};

/** With a scale and a zero point that the file gives, from the input `at` on. */
function fixed(node: Node, x: Flow, at: number): Unknown {
  const scale = soleOf(node.constant(at), say`the scale`);
  const given = node.optionalConstant(at + 1);
  const zero = given ? soleOf(given, say`the zero point`) : 0;
  const bounds = BOUNDS[given?.dataType ?? node.integer('output_dtype', Type.UINT8)];
  if (!bounds) throw new Unsupported(say`it rounds to numbers of neither 8 nor 16 bits`);
  const [least, most] = bounds.map((bound) => (bound - zero) * scale);
  return step(node, { is: 'quantised', of: clipped(node, x, least, most), scale, zero });
}

function restored(node: Node, { of, scale, zero }: Extract<Part, { is: 'quantised' }>): Flow {
  const given = node.optionalConstant(2);
  const same =
    soleOf(node.constant(1), say`the scale`) === scale &&
    (given ? soleOf(given, say`the zero point`) : 0) === zero;
  if (same) return of;
  throw new Unsupported(say`its scale or zero point is another than that of what it restores`);
}

/** Of weights without their scale, as `node` multiplies them: by the matrix, or by the kernel. */
function productWith(node: Node, x: Flow, weights: Constant, bias?: Constant): Flow {
  if (!node.type.includes('Conv')) return matrixProduct(node, x, weights, bias);
  const proto = { ...node.proto, opType: 'Conv', domain: '' };
  const [flow] = OPERATORS.get('Conv')!(new Node(proto, [x, weights, bias], node.context));
  if (flow.kind === 'flow') return flow;
  throw new Unsupported(say`its kernel cannot be read`);
}

/** Which axis of the weights has a scale for each place: columns of a matrix, output channels of a kernel. */
function along(node: Node, weights: Constant, of: Constant): Constant {
  const axis = node.type.includes('Conv') ? 0 : weights.shape.length - 1;
  const count = of.numbers?.length ?? of.shape[0];
  return reshaped(
    of,
    weights.shape.map((_, k) => (k === axis ? count : 1)),
  );
}

function weightsOf(
  node: Node,
  at: number,
  scale: Constant | undefined,
  zero: Constant | undefined,
): Constant {
  const weights = node.constant(at);
  const one = scale ?? numbersOf([1], false, [1]);
  return dequantised(weights, along(node, weights, one), zero && along(node, weights, zero));
}

function integerProduct(node: Node, x: Extract<Part, { is: 'quantised' }>): Value {
  const flow = productWith(node, x.of, weightsOf(node, 1, undefined, node.optionalConstant(3)));
  if (x.scale === undefined) return step(node, { is: 'product', of: x.of, flow });
  return affine(node, flow, { scale: numbersOf([], false, [1 / x.scale]) }, false);
}

/** Inputs: a and its scale and zero point, the weights likewise, and scale and zero point of what comes out. */
function scaledProduct(node: Node, x: Extract<Part, { is: 'quantised' }>): Value {
  const scale = node.constant(4);
  const weights = weightsOf(node, 3, scale, node.optionalConstant(5));
  const given = node.type === 'QLinearConv' ? node.optionalConstant(8) : undefined;
  const steps = numbersOf([1], false, [soleOf(node.constant(1), say`the scale`)]);
  const bias = given && times(given, times(reshaped(scale, [scale.shape[0] ?? 1]), steps));
  return fixed(node, productWith(node, x.of, weights, bias), 6);
}

const times = (a: Constant, b: Constant) => combined(a, b, false, (p, q) => p * q);

function multiplied(node: Node, x: Part | undefined, y: Part | undefined): readonly Value[] | undefined {
  const [a, b] = node.inputs;
  const [part, other, value] = x && x.is !== 'scale' ? [x, y, b] : y ? [y, x, a] : [x, y, b];
  if (part?.is === 'scale' && value?.kind === 'constant') {
    const factor = part.factor ? times(part.factor, value) : value;
    return [step(node, { ...part, factor })];
  }
  if (part?.is !== 'product') return undefined;
  if (value?.kind === 'constant') return [step(node, { ...part, flow: scaledBy(node, part.flow, value) })];
  if (other?.is !== 'scale' || other.of !== part.of) return undefined;
  return [other.factor ? scaledBy(node, part.flow, other.factor) : part.flow];
}

/** By one number, or by one for each unit. */
function scaledBy(node: Node, flow: Flow, factor: Constant): Flow {
  return affine(
    node,
    flow,
    { scale: reshaped(factor, [factor.numbers?.length ?? factor.shape.at(-1)!]) },
    false,
  );
}

function viewed(node: Node, part: Extract<Part, { is: 'quantised' }>): Value {
  const [, ...rest] = node.inputs;
  const [value] = OPERATORS.get(node.type)!(new Node(node.proto, [part.of, ...rest], node.context));
  if (value.kind !== 'flow') throw new Unsupported(say`it looks at 8-bit numbers in a way that is not known`);
  return step(node, { ...part, of: value });
}

/** onnxruntime's own, docs/ContribOperators.md. */
function ofMicrosoft(node: Node, x: Part | undefined): readonly Value[] | undefined {
  const [a] = node.inputs;
  if (node.type === 'DynamicQuantizeMatMul' && a?.kind === 'flow') {
    const weights = weightsOf(node, 1, node.constant(2), node.optionalConstant(3));
    const [of] = dynamic(node, a);
    return [productWith(node, parts.of(of)!.of, weights, node.optionalConstant(4))];
  }
  if (node.type !== 'MatMulIntegerToFloat' || x?.is !== 'quantised') return undefined;
  const weights = weightsOf(node, 1, node.constant(3), node.optionalConstant(5));
  return [productWith(node, x.of, weights, node.optionalConstant(6))];
}

/** TensorFlow Lite's operators, each in those of ONNX. */
import { reshaped, transposed, type Constant } from '../onnx/constant';
import type { Options } from './options';
import { TFLITE_RECURRENT } from './recurrent';
import { isInteger } from './tensors';
import { FAR, type Attribute, type Site } from './site';

/** Fields of the options are numbered as schema.fbs has them. */
type Translate = (site: Site, options: Options) => void;

/** ONNX's operators for the activations that other operators bring with them, by `ActivationFunctionType`. */
const FUSED: Readonly<Record<number, (site: Site, x: string, to: string) => void>> = {
  1: (site, x, to) => site.node('Relu', [x], {}, to),
  2: (site, x, to) => bounded(site, x, -1, 1, to),
  3: (site, x, to) => bounded(site, x, 0, 6, to),
  4: (site, x, to) => site.node('Tanh', [x], {}, to),
};

function bounded(site: Site, x: string, least: number, most: number, to: string): void {
  site.node('Clip', [x, site.literal([], [least], false), site.literal([], [most], false)], {}, to);
}

/** What `make` gives, with the operator's own activation after it. */
function activated(site: Site, code: number, make: (to: string | undefined) => string): void {
  const then = FUSED[code];
  if (code === 0) make(site.output());
  else if (then) then(site, make(undefined), site.output());
  else site.own();
}

/** One operator of ONNX with the same inputs. */
function same(type: string, attributes: Readonly<Record<string, Attribute>> = {}): Translate {
  return (site) => {
    site.node(type, site.inputs, attributes, site.outputs);
  };
}

/** Of a field of the options: an activation. */
function withActivation(type: string): Translate {
  return (site, options) => activated(site, options.byte(0), (to) => site.node(type, site.inputs, {}, to));
}

const FULLY_CONNECTED = { activation: 0, format: 1, keepDims: 2 };

/** y = W x + b, of rows: other axes than the last are put into one, unless they are kept. */
function fullyConnected(site: Site, options: Options): void {
  const weights = site.constant(1);
  const inputs = weights?.shape[1];
  if (options.byte(FULLY_CONNECTED.format) !== 0 || weights?.shape.length !== 2 || inputs === undefined) {
    site.own();
    return;
  }
  const shape = site.tensor(0)?.shape ?? [];
  const keeps = options.byte(FULLY_CONNECTED.keepDims) !== 0;
  const rows =
    keeps || (shape.length === 2 && shape[1] === inputs)
      ? site.input(0)
      : reshapedTo(site, site.input(0), [-1, inputs]);
  const bias = site.input(2);
  activated(site, options.byte(FULLY_CONNECTED.activation), (to) =>
    site.node('Gemm', [rows, site.input(1), ...(bias ? [bias] : [])], { transB: 1 }, to),
  );
}

function reshapedTo(site: Site, x: string, shape: readonly number[], to?: string): string {
  return site.node('Reshape', [x, site.literal([shape.length], shape)], {}, to);
}

function reshape(site: Site, options: Options): void {
  const given = site.input(1);
  const shape = options.ints(0);
  if (given) site.node('Reshape', [site.input(0), given], {}, site.output());
  else if (shape) reshapedTo(site, site.input(0), shape, site.output());
  else site.own();
}

function transpose(site: Site): void {
  const perm = site.numbers(1);
  if (perm) site.node('Transpose', [site.input(0)], { perm }, site.output());
  else site.own();
}

function squeeze(site: Site, options: Options): void {
  const axes = options.ints(0) ?? [];
  site.node('Squeeze', [site.input(0)], axes.length > 0 ? { axes } : {}, site.output());
}

const STRIDED = { begin: 0, end: 1, ellipsis: 2, newAxis: 3, shrink: 4, offset: 5 };

/** Bits of the masks stand for axes: begin and end there are "as far as there is", or one place alone, without its axis. */
function stridedSlice(site: Site, options: Options): void {
  const [begin, end, strides] = [1, 2, 3].map((index) => site.numbers(index));
  const unknown =
    options.int(STRIDED.ellipsis) || options.int(STRIDED.newAxis) || options.byte(STRIDED.offset);
  if (!begin || !end || !strides || unknown) {
    site.own();
    return;
  }
  const has = (mask: number, axis: number) => ((options.int(mask) >> axis) & 1) === 1;
  const shrunk = begin.flatMap((_, axis) => (has(STRIDED.shrink, axis) ? [axis] : []));
  const starts = begin.map((start, axis) => {
    if (has(STRIDED.shrink, axis) || !has(STRIDED.begin, axis)) return start;
    return strides[axis] > 0 ? 0 : FAR;
  });
  const ends = end.map((stop, axis) => {
    if (has(STRIDED.shrink, axis)) return starts[axis] === -1 ? FAR : starts[axis] + 1;
    if (!has(STRIDED.end, axis)) return stop;
    return strides[axis] > 0 ? FAR : -FAR;
  });
  const steps = strides.map((step, axis) => (has(STRIDED.shrink, axis) ? 1 : step));
  sliced(site, site.input(0), { starts, ends, steps, shrunk });
}

interface Ranges {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
  readonly shrunk?: readonly number[];
}

function sliced(site: Site, x: string, { starts, ends, steps, shrunk = [] }: Ranges): void {
  const list = (numbers: readonly number[]) => site.literal([numbers.length], numbers);
  const axes = starts.map((_, axis) => axis);
  const inputs = [x, list(starts), list(ends), list(axes), list(steps)];
  if (shrunk.length === 0) site.node('Slice', inputs, {}, site.output());
  else site.node('Squeeze', [site.node('Slice', inputs)], { axes: shrunk }, site.output());
}

function slice(site: Site): void {
  const [begin, size] = [site.numbers(1), site.numbers(2)];
  if (!begin || !size) {
    site.own();
    return;
  }
  const ends = begin.map((start, axis) => (size[axis] === -1 ? FAR : start + size[axis]));
  sliced(site, site.input(0), { starts: begin, ends, steps: begin.map(() => 1) });
}

/** Turns whole axes round. */
function reverse(site: Site): void {
  const axes = site.numbers(1);
  if (!axes) {
    site.own();
    return;
  }
  const list = (numbers: readonly number[]) => site.literal([numbers.length], numbers);
  const each = (value: number) => list(axes.map(() => value));
  site.node('Slice', [site.input(0), each(-1), each(-FAR), list(axes), each(-1)], {}, site.output());
}

function split(site: Site): void {
  const [axis] = site.numbers(0) ?? [];
  if (axis === undefined) site.own();
  else site.node('Split', [site.input(1)], { axis }, site.outputs);
}

function splitBySizes(site: Site): void {
  const [axis] = site.numbers(2) ?? [];
  if (axis === undefined) site.own();
  else site.node('Split', [site.input(0), site.input(1)], { axis }, site.outputs);
}

function unpack(site: Site, options: Options): void {
  const axis = options.int(1);
  const parts = site.outputs.map((name) => `${name}:part`);
  site.node('Split', [site.input(0)], { axis }, parts);
  for (const [k, name] of site.outputs.entries()) site.node('Squeeze', [parts[k]], { axes: [axis] }, name);
}

function pack(site: Site, options: Options): void {
  const axis = options.int(1);
  const parts = site.inputs.map((name) => site.node('Unsqueeze', [name], { axes: [axis] }));
  site.node('Concat', parts, { axis }, site.output());
}

function concatenation(site: Site, options: Options): void {
  activated(site, options.byte(1), (to) => site.node('Concat', site.inputs, { axis: options.int(0) }, to));
}

function gather(site: Site, options: Options): void {
  if (options.int(1) !== 0) site.own();
  else site.node('Gather', site.inputs, { axis: options.int(0) }, site.output());
}

function oneHot(site: Site, options: Options): void {
  const [on, off] = [site.numbers(2), site.numbers(3)];
  if (!on || !off) site.own();
  else
    site.node(
      'OneHot',
      [site.input(0), site.input(1), site.literal([2], [off[0], on[0]], false)],
      { axis: options.int(0) },
      site.output(),
    );
}

function reduction(type: string): Translate {
  return (site, options) => {
    const axes = site.numbers(1);
    if (axes) site.node(type, [site.input(0)], { axes, keepdims: options.byte(0) }, site.output());
    else site.own();
  };
}

/** A list of two numbers for each axis. */
function pad(site: Site): void {
  const pairs = site.numbers(1);
  const value = site.input(2);
  if (!pairs) {
    site.own();
    return;
  }
  const pads = [0, 1].flatMap((side) => pairs.filter((_, k) => k % 2 === side));
  site.node(
    'Pad',
    [site.input(0), site.literal([pads.length], pads), ...(value ? [value] : [])],
    {},
    site.output(),
  );
}

function softmax(site: Site, options: Options): void {
  const beta = options.float(0);
  const scaled =
    beta === 1 ? site.input(0) : site.node('Mul', [site.input(0), site.literal([], [beta], false)]);
  site.node('Softmax', [scaled], { axis: -1 }, site.output());
}

function cast(site: Site): void {
  const to = isInteger(site.outputTensor()?.type ?? 0) ? INT32 : FLOAT;
  site.node('Cast', [site.input(0)], { to }, site.output());
}

/** `TensorProto.DataType`. */
const FLOAT = 1;
const INT32 = 6;

function batchMatMul(site: Site, options: Options): void {
  const [adjX, adjY] = [options.byte(0), options.byte(1)];
  const rank = site.tensor(1)?.shape.length ?? 0;
  if (adjX !== 0) {
    site.own();
    return;
  }
  const perm = Array.from({ length: rank }, (_, k) => (k < rank - 2 ? k : 2 * rank - 3 - k));
  const right = adjY === 0 ? site.input(1) : site.node('Transpose', [site.input(1)], { perm });
  site.node('MatMul', [site.input(0), right], {}, site.output());
}

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];
const CONV = { padding: 0, strideW: 1, strideH: 2, activation: 3, dilationW: 4, dilationH: 5 };
const DEPTHWISE = { ...CONV, activation: 4, dilationW: 5, dilationH: 6 };
const POOL = { padding: 0, strideW: 1, strideH: 2, width: 3, height: 4, activation: 5 };
const SAME = 0;

/** [batch, height, width, channels], with the kernel [out, height, width, in] or, of one for each channel, [1, height, width, out]. */
function convolution(depthwise: boolean): Translate {
  return (site, options) => {
    const fields = depthwise ? DEPTHWISE : CONV;
    const kernel = site.constant(1);
    const channels = site.tensor(0)?.shape[3];
    if (kernel?.shape.length !== 4 || channels === undefined) {
      site.own();
      return;
    }
    const [out, height, width, last] = kernel.shape;
    const turned: Constant = depthwise
      ? reshaped(transposed(kernel, [3, 0, 1, 2]), [last, out, height, width])
      : transposed(kernel, TO_CHANNELS_FIRST);
    const x = site.node('Transpose', [site.input(0)], { perm: TO_CHANNELS_FIRST });
    const bias = site.input(2);
    const y = site.node('Conv', [x, site.given(turned), ...(bias ? [bias] : [])], {
      kernel_shape: [height, width],
      strides: [options.int(fields.strideH, 1), options.int(fields.strideW, 1)],
      dilations: [options.int(fields.dilationH, 1), options.int(fields.dilationW, 1)],
      auto_pad: options.byte(fields.padding) === SAME ? 'SAME_UPPER' : 'VALID',
      group: depthwise ? channels : channels / last,
    });
    activated(site, options.byte(fields.activation), (to) =>
      site.node('Transpose', [y], { perm: TO_CHANNELS_LAST }, to),
    );
  };
}

function pooling(type: string): Translate {
  return (site, options) => {
    const x = site.node('Transpose', [site.input(0)], { perm: TO_CHANNELS_FIRST });
    const y = site.node(type, [x], {
      kernel_shape: [options.int(POOL.height), options.int(POOL.width)],
      strides: [options.int(POOL.strideH, 1), options.int(POOL.strideW, 1)],
      auto_pad: options.byte(POOL.padding) === SAME ? 'SAME_UPPER' : 'VALID',
    });
    activated(site, options.byte(POOL.activation), (to) =>
      site.node('Transpose', [y], { perm: TO_CHANNELS_LAST }, to),
    );
  };
}

function squaredDifference(site: Site): void {
  const difference = site.node('Sub', site.inputs);
  site.node('Mul', [difference, difference], {}, site.output());
}

/** Options of the recurrent operators, by their fields in schema.fbs. */
const RECURRENT_OPTIONS: Readonly<Record<string, (options: Options) => Readonly<Record<string, number>>>> = {
  LSTM: (o) => ({ ...cell(o), basic: o.byte(3) }),
  UNIDIRECTIONAL_SEQUENCE_LSTM: (o) => ({ ...cell(o), time_major: o.byte(3) }),
  BIDIRECTIONAL_SEQUENCE_LSTM: (o) => ({ ...cell(o), merge_outputs: o.byte(3), time_major: o.byte(4, 1) }),
  RNN: (o) => ({ activation: o.byte(0) }),
  UNIDIRECTIONAL_SEQUENCE_RNN: (o) => ({ time_major: o.byte(0), activation: o.byte(1) }),
  BIDIRECTIONAL_SEQUENCE_RNN: (o) => ({
    time_major: o.byte(0),
    activation: o.byte(1),
    merge_outputs: o.byte(2),
  }),
};

function cell(options: Options): Readonly<Record<string, number>> {
  return { activation: options.byte(0), cell_clip: options.float(1), proj_clip: options.float(2) };
}

const recurrent: Translate = (site, options) => site.own(RECURRENT_OPTIONS[site.operator.type](options));

export const OPERATORS: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ...[...TFLITE_RECURRENT.keys()].map((type) => [type, recurrent] as const),
  ...Object.entries({
    FULLY_CONNECTED: fullyConnected,
    BATCH_MATMUL: batchMatMul,
    CONV_2D: convolution(false),
    DEPTHWISE_CONV_2D: convolution(true),
    MAX_POOL_2D: pooling('MaxPool'),
    AVERAGE_POOL_2D: pooling('AveragePool'),
    ADD: withActivation('Add'),
    SUB: withActivation('Sub'),
    MUL: withActivation('Mul'),
    DIV: withActivation('Div'),
    ADD_N: same('Sum'),
    SQUARED_DIFFERENCE: squaredDifference,
    SQUARE: ((site) => site.node('Mul', [site.input(0), site.input(0)], {}, site.output())) as Translate,
    RSQRT: ((site) =>
      site.node('Reciprocal', [site.node('Sqrt', site.inputs)], {}, site.output())) as Translate,
    ...{ SQRT: same('Sqrt'), EXP: same('Exp'), LOG: same('Log'), ABS: same('Abs'), NEG: same('Neg') },
    ...{ FLOOR: same('Floor'), CEIL: same('Ceil'), POW: same('Pow'), FLOOR_MOD: same('Mod') },
    ...{ MAXIMUM: same('Max'), MINIMUM: same('Min'), EQUAL: same('Equal'), LESS: same('Less') },
    ...{ LESS_EQUAL: same('LessOrEqual'), GREATER: same('Greater'), GREATER_EQUAL: same('GreaterOrEqual') },
    ...{ LOGICAL_AND: same('And'), LOGICAL_OR: same('Or'), LOGICAL_NOT: same('Not') },
    ...{ SELECT: same('Where'), SELECT_V2: same('Where') },
    ...{ TANH: same('Tanh'), LOGISTIC: same('Sigmoid'), RELU: same('Relu'), HARD_SWISH: same('HardSwish') },
    ...{
      GELU: same('Gelu'),
      PRELU: same('PRelu'),
      ELU: same('Elu'),
      LOG_SOFTMAX: same('LogSoftmax', { axis: -1 }),
    },
    RELU6: ((site) => bounded(site, site.input(0), 0, 6, site.output())) as Translate,
    RELU_N1_TO_1: ((site) => bounded(site, site.input(0), -1, 1, site.output())) as Translate,
    RELU_0_TO_1: ((site) => bounded(site, site.input(0), 0, 1, site.output())) as Translate,
    LEAKY_RELU: ((site, options) =>
      site.node('LeakyRelu', site.inputs, { alpha: options.float(0) }, site.output())) as Translate,
    SOFTMAX: softmax,
    RESHAPE: reshape,
    TRANSPOSE: transpose,
    SQUEEZE: squeeze,
    EXPAND_DIMS: same('Unsqueeze'),
    STRIDED_SLICE: stridedSlice,
    SLICE: slice,
    REVERSE_V2: reverse,
    REVERSE_SEQUENCE: ((site, options) =>
      site.node(
        'ReverseSequence',
        site.inputs,
        { time_axis: options.int(0), batch_axis: options.int(1) },
        site.output(),
      )) as Translate,
    SPLIT: split,
    SPLIT_V: splitBySizes,
    UNPACK: unpack,
    PACK: pack,
    CONCATENATION: concatenation,
    GATHER: gather,
    EMBEDDING_LOOKUP: ((site) =>
      site.node('Gather', [site.input(1), site.input(0)], { axis: 0 }, site.output())) as Translate,
    ONE_HOT: oneHot,
    CAST: cast,
    ...{ SHAPE: same('Shape'), RANGE: same('Range'), TILE: same('Tile'), BROADCAST_TO: same('Expand') },
    FILL: ((site) => site.node('Expand', [site.input(1), site.input(0)], {}, site.output())) as Translate,
    PAD: pad,
    PADV2: pad,
    ...{ MEAN: reduction('ReduceMean'), SUM: reduction('ReduceSum'), REDUCE_MAX: reduction('ReduceMax') },
    REDUCE_PROD: reduction('ReduceProd'),
    // Rounding to whole numbers and back is not done: the reader says so.
    ...{ QUANTIZE: same('Identity'), DEQUANTIZE: same('Identity'), FAKE_QUANT: same('Identity') },
  }),
]);

/** Convolutions and pooling along the steps: [batch, channels, steps], with axes of size 1 beside the steps allowed. */
import { say } from '../../../../words/say';
import type { Padding, PaddingMode, RowsAround } from '../../../network';
import { reshaped, taken, type Constant } from '../constant';
import { flowOf, shapeInWords, sizeOf } from '../flow';
import { ONE, units, widthOf, type Rows } from '../axes';
import type { Flow } from '../draft';
import { Steps, type Scalar } from '../scalar';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import type { Value } from '../value';
import { columnOf, convolutionAlong, poolingAlong } from './columns';
import { convolutionOf, imageOf, poolingOf } from './images';
import { expectation, type Operators } from './operator';
import { unpadded } from './pad';
import { NO_PADDING, paddingAlong, windowOf, type AxisWindow } from './window';

/** The only axis behind the channels that is not of size 1 is that of the steps. */
function checkChannels(x: Flow): number {
  const time = x.axes.findIndex(({ of }) => of === 'rows');
  const channels = x.axes[1];
  const rest = x.axes.every(({ of }, k) => k === 1 || k === time || of === 'one');
  if (x.axes.length >= 3 && time >= 2 && rest && channels.of !== 'rows' && !x.reversed) return time;
  throw expectation('[1, channels, steps]', shapeInWords(x));
}

/** By Keras's name, where it has one. */
function paddingOf(node: Node, { size, stride, dilation, before, after }: AxisWindow, rows: Scalar): Padding {
  const reach = (size - 1) * dilation + 1;
  const automatic = node.text('auto_pad', 'NOTSET');
  if (automatic === 'SAME_UPPER') return 'same';
  if (automatic === 'SAME_LOWER' && stride === 1) {
    const half = Math.floor((reach - 1) / 2);
    return reach % 2 === 1 ? 'same' : { before: reach - 1 - half, after: half };
  }
  if (automatic !== 'NOTSET' && automatic !== 'VALID')
    throw new Unsupported(say`auto_pad ${automatic} pads as no layer does`);
  if (automatic === 'VALID' || (before === 0 && after === 0)) return 'valid';
  if (before === reach - 1 && after === 0) return 'causal';
  const needed =
    stride === 1
      ? reach - 1
      : typeof rows === 'number'
        ? Math.max(0, (Math.ceil(rows / stride) - 1) * stride + reach - rows)
        : undefined;
  if (needed === before + after && Math.floor(needed / 2) === before) return 'same';
  return { before, after };
}

function rowsAfter({ rows }: Flow, padding: Padding, { size, stride, dilation }: AxisWindow): Rows {
  const before = rows!.size;
  const around = typeof padding === 'string' ? 0 : padding.before + padding.after;
  const lost = padding === 'same' || padding === 'causal' ? 0 : (size - 1) * dilation - around;
  if (typeof before === 'number') return { size: Math.floor((before - lost - 1) / stride) + 1 };
  return {
    size: before instanceof Steps && stride === 1 ? new Steps(before.plus - lost, before.of) : undefined,
  };
}

/** Of a single place, such as a final state [1, channels, 1]: the numbers of the kernel that lie on it, as a dense layer. */
function atOnePlace(node: Node, x: Flow): Flow {
  const weight = node.constant(1);
  const [outputSize, inGroup, ...kernel] = weight.shape;
  const groups = node.integer('group', 1);
  const list = (name: string, otherwise: number, count = kernel.length) =>
    node.integers(name) ?? Array.from({ length: count }, () => otherwise);
  const [strides, dilations, pads] = [
    list('strides', 1),
    list('dilations', 1),
    list('pads', 0, 2 * kernel.length),
  ];
  const places = kernel.map((size, k) => {
    const [stride, dilation] = [strides[k], dilations[k]];
    const given = { size, stride, dilation, before: pads[k], after: pads[kernel.length + k] };
    const [before, after] = paddingAlong(node, given, 1);
    const around = before + after - (size - 1) * dilation;
    const place = before / dilation;
    const single = Math.floor(around / stride) === 0 && Number.isInteger(place) && place < size;
    if (!single) throw new Unsupported(say`its windows give several places where it reads one`);
    return place;
  });
  const fits =
    x.axes.length === kernel.length + 2 &&
    x.axes.every(({ of }, k) => k === 1 || of === 'one' || (of === 'rows' && k === 0));
  if (!fits || inGroup * groups !== widthOf(x)) {
    throw new Unsupported(say`its kernel [${weight.shape.join(', ')}] does not go with ${shapeInWords(x)}`);
  }
  const only = places.reduce((value, place, k) => taken(value, 2 + k, [place]), weight);
  const flat = reshaped(only, [outputSize, inGroup, 1]);
  const bias = node.optionalConstant(2);
  const own = { type: 'linear', bias: bias !== undefined, activation: 'none', outputSize } as const;
  const draft = node.context.draft(node.layerName, [x], own, {
    weight: () => (groups === 1 ? flat.floats() : ungrouped(flat, groups)),
    ...(bias && { bias: () => bias.floats() }),
  });
  return flowOf(draft, x.axes.with(1, units(outputSize)), x.rows, { reversed: x.reversed });
}

function convolution(node: Node): Value[] {
  const x = node.flow(0);
  if (x.axes.findIndex(({ of }) => of === 'rows') < 2) {
    const axis = columnOf(x);
    return [axis === undefined ? atOnePlace(node, x) : convolutionAlong(node, x, axis)];
  }
  const image = imageOf(x);
  if (image) return [convolutionOf(node, image)];
  const time = checkChannels(x);
  const weight = node.constant(1);
  const [outputSize, inGroup, ...kernel] = weight.shape;
  const groups = node.integer('group', 1);
  const inputSize = Number(sizeOf(x.axes[1], x));
  if (inGroup * groups !== inputSize || outputSize % groups !== 0 || widthOf(x) !== inputSize) {
    throw new Unsupported(say`its kernel [${weight.shape.join(', ')}] does not go with ${shapeInWords(x)}`);
  }
  const { flow, mode, ...padded } = paddingBefore(node, x);
  const window = windowOf(node, flow, time, kernel, padded);
  const padding = mode
    ? { before: window.before, after: window.after }
    : paddingOf(node, window, flow.rows!.size);
  const bias = node.optionalConstant(2);
  const flat = reshaped(weight, [outputSize, inGroup, window.size]);
  const draft = node.context.draft(
    node.layerName,
    [flow],
    {
      ...{
        type: 'conv1d',
        kernelSize: window.size,
        stride: window.stride,
        dilation: window.dilation,
        padding,
        ...(mode && { paddingMode: mode }),
      },
      ...{ bias: bias !== undefined, activation: 'none', outputSize },
    },
    {
      weight: () => (groups === 1 ? flat.floats() : ungrouped(flat, groups)),
      ...(bias && { bias: () => bias.floats() }),
    },
  );
  return [flowOf(draft, x.axes.with(1, units(outputSize)), rowsAfter(flow, padding, window))];
}

/** What a convolution reads before a Pad node, whose padding it takes as its own where it has none of another kind. */
function paddingBefore(
  node: Node,
  x: Flow,
): RowsAround & { readonly flow: Flow; readonly mode?: PaddingMode } {
  const found = unpadded(x);
  const pads = node.integers('pads')?.some((count) => count !== 0) === true;
  const automatic = node.text('auto_pad', 'NOTSET') !== 'NOTSET';
  if (!found || automatic || (pads && found.padded.mode)) return { ...NO_PADDING, flow: x };
  const { before, after, mode } = found.padded;
  return { before, after, flow: found.flow, ...(mode && { mode }) };
}

/** A kernel of which each group reads its own channels alone, as one that reads all, mostly with zeros. */
async function ungrouped(weight: Constant, groups: number): Promise<Float32Array> {
  const [outputs, inGroup, size] = weight.shape;
  const values = await weight.floats();
  const inputs = inGroup * groups;
  const whole = new Float32Array(outputs * inputs * size);
  for (let o = 0; o < outputs; o++) {
    const group = Math.floor(o / (outputs / groups));
    const from = o * inGroup * size;
    whole.set(values.subarray(from, from + inGroup * size), (o * inputs + group * inGroup) * size);
  }
  return whole;
}

function pooling(mode: 'max' | 'average'): (node: Node) => Value[] {
  return (node) => {
    const x = node.flow(0);
    const image = imageOf(x);
    if (image) return [poolingOf(node, image, mode)];
    const axis = columnOf(x);
    if (axis !== undefined) return [poolingAlong(node, x, axis, mode)];
    const time = checkChannels(x);
    const window = windowOf(node, x, time, node.integers('kernel_shape') ?? []);
    const padding = paddingOf(node, window, x.rows!.size);
    const counted = mode === 'average' && node.integer('count_include_pad', 0) !== 0 && padding !== 'valid';
    if (padding === 'causal' || window.dilation !== 1 || counted || node.integer('ceil_mode', 0) !== 0) {
      throw new Unsupported(say`its padding, dilation or ceil_mode is none that a pooling layer has`);
    }
    const { size, stride } = window;
    const own = { type: 'pool1d', mode, size, stride, padding, outputSize: widthOf(x) } as const;
    const draft = node.context.draft(node.layerName, [x], own);
    return [flowOf(draft, x.axes, rowsAfter(x, padding, window))];
  };
}

function globalPooling(mode: 'max' | 'average'): (node: Node) => Value[] {
  return (node) => {
    const x = node.flow(0);
    checkChannels(x);
    return [pooledOverSteps(node, x, mode)];
  };
}

/** All steps in one row; the axis of the steps stays, with size 1. */
export function pooledOverSteps(node: Node, x: Flow, mode: 'max' | 'average' | 'sum'): Flow {
  const own = { type: 'global_pool', mode, outputSize: widthOf(x) } as const;
  const draft = node.context.draft(node.layerName, [x], own);
  return flowOf(
    draft,
    x.axes.map((axis) => (axis.of === 'rows' ? ONE : axis)),
    undefined,
  );
}

export const WINDOWS: Operators = {
  Conv: convolution,
  MaxPool: pooling('max'),
  AveragePool: pooling('average'),
  GlobalMaxPool: globalPooling('max'),
  GlobalAveragePool: globalPooling('average'),
};

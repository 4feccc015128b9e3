/** Windows over images [1, channels, height, steps], or with the steps before the height: the columns are rows of layers. */
import { say } from '../../../../words/say';
import type { Extent } from '../../../network';
import { heightAfter } from '../../../time';
import { transposed, type Constant } from '../constant';
import { flowOf, sizeOf, transposedFlow } from '../flow';
import { ROWS, units, type Rows } from '../axes';
import type { Flow } from '../draft';
import { Steps } from '../scalar';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import type { Windowed, Windows } from './window';

interface Image {
  /** [1, channels, height, steps] */
  readonly flow: Flow;
  readonly channels: number;
  readonly height: number;
  /** Whether the steps stood before the height. */
  readonly turned: boolean;
}

/** Undefined where only one axis has more than one place, or none is that of the steps. */
export function imageOf(x: Flow): Image | undefined {
  const time = x.axes.findIndex(({ of }) => of === 'rows');
  const [batch, channels] = x.axes;
  if (x.axes.length !== 4 || time < 2 || batch.of !== 'one' || channels.of === 'rows' || x.reversed)
    return undefined;
  const turned = time === 2;
  const flow = turned ? transposedFlow(x, [0, 1, 3, 2]) : x;
  const height = Number(sizeOf(flow.axes[2], flow));
  if (height === 1) return undefined;
  return { flow, channels: Number(sizeOf(channels, x)), height, turned };
}

function windowsOf(node: Node, kernel: readonly number[], { turned }: Image): Windows {
  const list = (name: string, otherwise: number, count = 2) =>
    node.integers(name) ?? Array.from({ length: count }, () => otherwise);
  const [pads, strides, dilations] = [list('pads', 0, 4), list('strides', 1), list('dilations', 1)];
  const counts = [...kernel, ...strides, ...dilations, ...pads.map((count) => count + 1)];
  const known = counts.every((count) => Number.isSafeInteger(count) && count >= 1 && count < 1 << 16);
  if (kernel.length !== 2 || pads.length !== 4 || !known)
    throw new Unsupported(say`its kernel, strides, dilations or pads are not those of an image`);
  if (!['NOTSET', 'VALID'].includes(node.text('auto_pad', 'NOTSET')) || node.integer('ceil_mode', 0) !== 0)
    throw new Unsupported(say`it pads an image by auto_pad or ceil_mode, which no layer does`);
  const [h, s] = turned ? [1, 0] : [0, 1];
  const extent = (sizes: readonly number[]): Extent => ({ height: sizes[h], steps: sizes[s] });
  return {
    ...{ kernel: extent(kernel), stride: extent(strides), dilation: extent(dilations) },
    padding: { top: pads[h], bottom: pads[2 + h], before: pads[s], after: pads[2 + s] },
  };
}

function rowsAfter({ rows }: Flow, { kernel, stride, dilation, padding }: Windows): Rows {
  const { size } = rows!;
  const lost = (kernel.steps - 1) * dilation.steps - padding.before - padding.after;
  if (typeof size === 'number') return { size: Math.floor((size - lost - 1) / stride.steps) + 1 };
  return {
    size: size instanceof Steps && stride.steps === 1 ? new Steps(size.plus - lost, size.of) : undefined,
  };
}

/** What a window layer gives, with the axes where they stood. */
function given(node: Node, image: Image, { windows, outChannels, own, tensors = {} }: Windowed): Flow {
  const { flow, channels, turned } = image;
  const height = heightAfter(windows, image.height);
  if (!(height >= 1)) throw new Unsupported(say`its windows are higher than the image`);
  const whole = { ...own, ...windows, channels, outputSize: outChannels * height };
  const draft = node.context.draft(node.layerName, [flow], whole as never, tensors);
  const axes = [flow.axes[0], units(outChannels), units(height), ROWS];
  const found = flowOf(draft, axes, rowsAfter(flow, windows));
  return turned ? transposedFlow(found, [0, 1, 3, 2]) : found;
}

export function convolutionOf(node: Node, image: Image): Flow {
  const weight = node.constant(1);
  const [outChannels, inGroup, ...kernel] = weight.shape;
  const groups = node.integer('group', 1);
  if (inGroup * groups !== image.channels || outChannels % groups !== 0)
    throw new Unsupported(
      say`its kernel [${weight.shape.join(', ')}] does not go with ${image.channels} channels`,
    );
  const windows = windowsOf(node, kernel, image);
  const upright: Constant = image.turned ? transposed(weight, [0, 1, 3, 2]) : weight;
  const bias = node.optionalConstant(2);
  const own = { type: 'conv2d', outChannels, groups, bias: bias !== undefined, activation: 'none' };
  const tensors = { weight: () => upright.floats(), ...(bias && { bias: () => bias.floats() }) };
  return given(node, image, { windows, outChannels, own, tensors });
}

export function poolingOf(node: Node, image: Image, mode: 'max' | 'average'): Flow {
  const windows = windowsOf(node, node.integers('kernel_shape') ?? [], image);
  const padded = Object.values(windows.padding).some((count) => count > 0);
  if (padded && mode === 'average' && node.integer('count_include_pad', 0) !== 0)
    throw new Unsupported(say`its means count the padding, which no layer does`);
  return given(node, image, { windows, outChannels: image.channels, own: { type: 'pool2d', mode } });
}

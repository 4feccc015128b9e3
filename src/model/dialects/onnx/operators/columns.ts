/**
 * Windows over the units of each step, such as the samples that one call of a model is given: [1, channels, units] or
 * [steps, channels, units]. To the layers they are images of which a window sees one column.
 */
import { say } from '../../../../words/say';
import { heightAfter } from '../../../time';
import { units, widthOf } from '../axes';
import type { Flow } from '../draft';
import { flowOf, sizeOf } from '../flow';
import type { Node } from '../node';
import { Unsupported } from '../unsupported';
import { paddingAlong, windowOf, type AxisWindow, type Windowed, type Windows } from './window';

/** What windows run along. */
interface Along {
  readonly x: Flow;
  readonly axis: number;
}

/** The axis of the units that windows run along; undefined of a tensor whose steps stand there, or of a single place. */
export function columnOf({ axes }: Flow): number | undefined {
  const [batch, channels, ...places] = axes;
  const long = places.flatMap(({ of }, k) => (of === 'one' ? [] : [k + 2]));
  const [axis] = long;
  const alone = long.length === 1 && axes[axis].of === 'units';
  return alone && batch.of !== 'units' && channels.of !== 'rows' ? axis : undefined;
}

function windowsOf(node: Node, window: AxisWindow, height: number): Windows {
  const { size, stride, dilation } = window;
  const [top, bottom] = paddingAlong(node, window, height);
  const along = (places: number) => ({ height: places, steps: 1 });
  return {
    ...{ kernel: along(size), stride: along(stride), dilation: along(dilation) },
    padding: { top, bottom, before: 0, after: 0 },
  };
}

/** What a window layer gives, with the axes where they stood. */
function given(node: Node, { x, axis }: Along, { windows, outChannels, own, tensors = {} }: Windowed): Flow {
  const height = heightAfter(windows, Number(sizeOf(x.axes[axis], x)));
  if (!(height >= 1)) throw new Unsupported(say`its windows are longer than what they run along`);
  const whole = {
    ...own,
    ...windows,
    channels: Number(sizeOf(x.axes[1], x)),
    outputSize: outChannels * height,
  };
  const draft = node.context.draft(node.layerName, [x], whole as never, tensors);
  return flowOf(draft, x.axes.with(1, units(outChannels)).with(axis, units(height)), x.rows, x);
}

export function convolutionAlong(node: Node, x: Flow, axis: number): Flow {
  const weight = node.constant(1);
  const [outChannels, inGroup, ...kernel] = weight.shape;
  const groups = node.integer('group', 1);
  const channels = Number(sizeOf(x.axes[1], x));
  const height = widthOf(x) / channels;
  if (inGroup * groups !== channels || outChannels % groups !== 0)
    throw new Unsupported(say`its kernel [${weight.shape.join(', ')}] does not go with ${channels} channels`);
  const windows = windowsOf(node, windowOf(node, x, axis, kernel), height);
  const bias = node.optionalConstant(2);
  const own = { type: 'conv2d', outChannels, groups, bias: bias !== undefined, activation: 'none' };
  const tensors = { weight: () => weight.floats(), ...(bias && { bias: () => bias.floats() }) };
  return given(node, { x, axis }, { windows, outChannels, own, tensors });
}

export function poolingAlong(node: Node, x: Flow, axis: number, mode: 'max' | 'average'): Flow {
  const window = windowOf(node, x, axis, node.integers('kernel_shape') ?? []);
  const channels = Number(sizeOf(x.axes[1], x));
  const windows = windowsOf(node, window, widthOf(x) / channels);
  const { top, bottom } = windows.padding;
  const counted = mode === 'average' && node.integer('count_include_pad', 0) !== 0 && top + bottom > 0;
  if (counted || node.integer('ceil_mode', 0) !== 0)
    throw new Unsupported(say`its means count the padding, or it has a ceil_mode, which no layer does`);
  return given(node, { x, axis }, { windows, outChannels: channels, own: { type: 'pool2d', mode } });
}

/** The window of a convolution or of pooling along one axis. */
import { say } from '../../../../words/say';
import type { Conv2dLayer, RowsAround } from '../../../network';
import type { Flow, Tensors } from '../draft';
import type { Node } from '../node';
import { Unsupported } from '../unsupported';

export interface AxisWindow {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

export type Windows = Pick<Conv2dLayer, 'kernel' | 'stride' | 'dilation' | 'padding'>;

/** A layer of windows over two axes. */
export interface Windowed {
  readonly windows: Windows;
  readonly outChannels: number;
  /** What else it has. */
  readonly own: object;
  readonly tensors?: Tensors;
}

export const NO_PADDING: RowsAround = { before: 0, after: 0 };

/** The window along an axis, with what else is padded there; along axes of size 1 it must not do anything. */
export function windowOf(
  node: Node,
  x: Flow,
  time: number,
  kernel: readonly number[],
  more: RowsAround = NO_PADDING,
): AxisWindow {
  const spatial = kernel.length;
  const at = time - 2;
  const list = (name: string, otherwise: number) => node.integers(name) ?? kernel.map(() => otherwise);
  const [strides, dilations] = [list('strides', 1), list('dilations', 1)];
  const pads = node.integers('pads') ?? Array.from({ length: 2 * spatial }, () => 0);
  const others = kernel.every((size, k) => k === at || (size === 1 && !pads[k] && !pads[spatial + k]));
  if (spatial !== x.axes.length - 2 || pads.length !== 2 * spatial || !others) {
    throw new Unsupported(say`its windows reach along other axes than the steps`);
  }
  const [size, stride, dilation] = [kernel[at], strides[at], dilations[at]];
  const [before, after] = [pads[at] + more.before, pads[spatial + at] + more.after];
  const counts = [size, stride, dilation, before + 1, after + 1];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 1 && count < 1 << 20)) {
    throw new Unsupported(
      say`its kernel, strides, dilations or pads are not whole numbers from 1, or 0 of pads`,
    );
  }
  return { size, stride, dilation, before, after };
}

/** How many places are padded before and after `count` of them, by `pads` or by `auto_pad` (ONNX Conv). */
export function paddingAlong(
  node: Node,
  { size, stride, dilation, before, after }: AxisWindow,
  count: number,
): readonly [number, number] {
  const automatic = node.text('auto_pad', 'NOTSET');
  if (automatic === 'NOTSET') return [before, after];
  if (automatic === 'VALID') return [0, 0];
  const needed = (Math.ceil(count / stride) - 1) * stride + (size - 1) * dilation + 1 - count;
  const [less, more] = [Math.floor(needed / 2), Math.ceil(needed / 2)].map((one) => Math.max(0, one));
  return automatic === 'SAME_LOWER' ? [more, less] : [less, more];
}

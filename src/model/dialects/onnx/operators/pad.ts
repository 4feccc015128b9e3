/** Rows before and after the steps, which a convolution takes as its own padding, and units beside units. */
import { say } from '../../../../words/say';
import { PADDING_MODES, type Conv1dLayer, type LinearLayer, type PaddingMode } from '../../../network';
import { rowAt } from '../../../time';
import { units, widthOf, type Axis } from '../axes';
import { checkedCount, integersOf, shifted, soleOf } from '../constant';
import type { Flow, Own, Padded } from '../draft';
import { flowOf, shapeInWords, takenUnits, wholeOf } from '../flow';
import type { Node } from '../node';
import { Unsupported } from '../unsupported';
import type { Value } from '../value';
import { checkedAxes } from './operator';

const MAX_PADDING = 1 << 20;

interface Pads {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

export function pad(node: Node): Value[] {
  const x = node.flow(0);
  const value = node.optionalConstant(2);
  const filling = value ? soleOf(value, say`the padding`) : node.float('value', 0);
  const mode = modeOf(node);
  return [
    padsOf(node, x.axes.length).reduce((flow, pads) => {
      if (flow.axes[pads.axis].of === 'rows') return paddedRows(node, flow, pads, mode, filling);
      return paddedUnits(node, flow, pads, mode, filling);
    }, x),
  ];
}

/** Undefined where it pads with one number. */
function modeOf(node: Node): PaddingMode | undefined {
  const mode = node.text('mode', 'constant');
  const found = PADDING_MODES.find((one) => one === mode);
  if (found === undefined && mode !== 'constant')
    throw new Unsupported(say`its mode ${JSON.stringify(mode)} is none that is known`);
  return found;
}

/** Those that add something; an attribute up to operator set 10, for some of the axes from 18 on. */
function padsOf(node: Node, rank: number): Pads[] {
  const given = node.optionalConstant(1);
  const counts = given
    ? integersOf(given, say`the padding`)
    : (node.integers('pads') ?? node.integers('paddings') ?? []);
  const chosen = node.optionalConstant(3);
  const axes = chosen
    ? checkedAxes(integersOf(chosen, say`the axes`), rank)
    : Array.from({ length: rank }, (_, k) => k);
  if (counts.length !== 2 * axes.length)
    throw new Unsupported(say`expected ${2 * axes.length} counts of padding, found ${counts.length}`);
  const pads = axes.map((axis, k) => ({ axis, before: counts[k], after: counts[axes.length + k] }));
  const most = Math.max(0, ...counts);
  if (most > MAX_PADDING)
    throw new Unsupported(say`expected at most ${MAX_PADDING} of padding, found ${most}`);
  if (counts.some((count) => count < 0)) throw new Unsupported(say`it cuts off where its padding is below 0`);
  return pads.filter(({ before, after }) => before > 0 || after > 0);
}

/** A convolution that gives its rows as they are, and those around them. */
function paddedRows(
  node: Node,
  x: Flow,
  { before, after }: Pads,
  mode: PaddingMode | undefined,
  filling: number,
): Flow {
  if (!mode && filling !== 0)
    throw new Unsupported(say`it pads the steps with ${filling}, which no layer does`);
  const width = widthOf(x);
  checkedCount([width, width]);
  const [first, last] = x.reversed ? [after, before] : [before, after];
  const padded: Padded = { input: x, before: first, after: last, ...(mode && { mode }) };
  const own: Own<Conv1dLayer> = {
    ...{ type: 'conv1d', kernelSize: 1, stride: 1, dilation: 1, bias: false, activation: 'none' },
    ...{ padding: { before: first, after: last }, ...(mode && { paddingMode: mode }) },
    ...{ outputSize: width, fixed: ['weight'] },
  };
  const weight = async () =>
    Float32Array.from({ length: width * width }, (_, k) => (k % (width + 1) === 0 ? 1 : 0));
  const draft = node.context.draft(node.layerName, [x], own, { weight }, { padded });
  return flowOf(draft, x.axes, { size: shifted(x.rows!.size, before + after, 1) }, x);
}

/** What a padding that only a convolution reads is made of, with the axes of `x`; undefined of any other tensor. */
export function unpadded(x: Flow): { readonly flow: Flow; readonly padded: Padded } | undefined {
  const padded = wholeOf(x)?.padded;
  if (!padded) return undefined;
  const { pieces, rows } = padded.input;
  return { flow: { ...x, pieces, ...(rows && { rows }) }, padded };
}

/** Units taken again, or a product with ones and zeros. */
function paddedUnits(
  node: Node,
  x: Flow,
  { axis, before, after }: Pads,
  mode: PaddingMode | undefined,
  filling: number,
): Flow {
  const one: Axis = x.axes[axis];
  if (one.of === 'one' && one.batch) throw new Unsupported(say`it adds sequences to a batch`);
  const size = one.of === 'units' ? one.size : 1;
  const least = mode === 'reflect' ? size - 1 : mode === 'wrap' ? size : Infinity;
  if (Math.max(before, after) > least)
    throw new Unsupported(
      say`${size} units of ${shapeInWords(x)} do not give ${Math.max(before, after)} more`,
    );
  const count = before + size + after;
  const places = Array.from({ length: checkedCount([count]) }, (_, k) => rowAt(k - before, size, mode));
  if (mode) return takenUnits(x, axis, places);
  const inner = widthOf({ axes: x.axes.slice(axis + 1) });
  const outer = widthOf({ axes: x.axes.slice(0, axis) });
  const width = widthOf(x);
  const outputSize = checkedCount([outer, count, inner]);
  checkedCount([outputSize, width]);
  const sourceOf = (unit: number) => {
    const from = places[Math.floor(unit / inner) % count];
    return from < 0 ? -1 : (Math.floor(unit / (inner * count)) * size + from) * inner + (unit % inner);
  };
  const own: Own<LinearLayer> = {
    ...{ type: 'linear', activation: 'none', outputSize },
    ...{ bias: filling !== 0, fixed: filling === 0 ? ['weight'] : ['weight', 'bias'] },
  };
  const draft = node.context.draft(node.layerName, [x], own, {
    weight: async () => {
      const values = new Float32Array(outputSize * width);
      for (let unit = 0; unit < outputSize; unit++) {
        const from = sourceOf(unit);
        if (from >= 0) values[unit * width + from] = 1;
      }
      return values;
    },
    ...(filling !== 0 && {
      bias: async () => Float32Array.from({ length: outputSize }, (_, k) => (sourceOf(k) < 0 ? filling : 0)),
    }),
  });
  return flowOf(draft, x.axes.with(axis, units(count)), x.rows, x);
}

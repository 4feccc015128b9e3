/** What is known of the rows that a layer gives, beside their values: which are masked, which steps they belong to. */
import { maskedInputs, masksWhereEvery, startsMask } from '../model/masks';
import type { Layer, RecurrentLayer } from '../model/network';
import { type RowTime, boundsOf, rowsAfter, strideOf, windowLoss } from '../model/time';
import type { Edge, RowFacts } from './edge';

/** As Keras hands masks on: layers that work across steps end them, and one that turns its output round leaves them. */
export function factsAfter(layer: Layer, inputs: readonly Edge[]): RowFacts {
  if (layer.type === 'input') return layer.clock === 'own' ? { time: 'own' } : {};
  return { mask: maskAfter(layer, inputs), time: timeAfter(layer, inputs[0]) };
}

function maskAfter(layer: Layer, inputs: readonly Edge[]): Uint8Array | undefined {
  const [input] = inputs;
  if (layer.type === 'masking') return maskOfValues(input, layer.maskValue);
  if (startsMask(layer) && input.kind === 'ids')
    return Uint8Array.from(input.ids, (id) => (id === 0 ? 0 : 1));
  const masks = maskedInputs(layer)
    .map((name) => inputs[layer.inputs.indexOf(name)])
    .filter(({ rows }) => rows === input.rows)
    .map(({ mask }) => mask);
  return masksWhereEvery(layer)
    ? masks.reduce(either)
    : masks.reduce<Uint8Array | undefined>(both, undefined);
}

/** What a recurrent layer reads: rows from its sequence length on are masked to it, not to what follows. */
export function readBy({ sequenceLength: length }: RecurrentLayer, input: Edge): Edge {
  if (length === undefined || length >= input.rows) return input;
  return { ...input, mask: both(input.mask, new Uint8Array(input.rows).fill(1, 0, length)) };
}

/** 0 for each row of which every feature is `value`. */
export function maskOfValues(input: Edge, value: number): Uint8Array {
  const mask = new Uint8Array(input.rows).fill(1);
  if (input.kind === 'ids') return mask;
  const { rows, width, values } = input;
  const masked = Math.fround(value);
  for (let row = 0; row < rows; row++) {
    if (values.subarray(row * width, (row + 1) * width).every((one) => one === masked)) mask[row] = 0;
  }
  return mask;
}

function both(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined {
  return a && b ? a.map((value, k) => value & b[k]) : (a ?? b);
}

/** Rows that count in one of two; where one has no mask, all count. */
function either(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined {
  return a && b && a.map((value, k) => value | b[k]);
}

function timeAfter(layer: Layer, { rows, time }: Edge): RowTime | undefined {
  if (layer.type !== 'slice' && rowsAfter(layer, rows) === 1 && rows > 1) return undefined;
  switch (layer.type) {
    case 'reshape':
    case 'repeat_vector':
      return 'own';
    case 'conv1d':
    case 'pool1d':
    case 'conv2d':
    case 'pool2d': {
      const lost = windowLoss(layer);
      if (time === 'own' || lost < 0) return 'own';
      const { first, stride } = time ?? { first: 0, stride: 1 };
      const after = { first: first + stride * lost, stride: stride * strideOf(layer) };
      return !time && after.first === 0 && after.stride === 1 ? undefined : after;
    }
    case 'slice': {
      if (time === 'own') return 'own';
      const { first, stride } = time ?? { first: 0, stride: 1 };
      const all = rowsAfter(layer, rows) === rows;
      const taken = { first: first + stride * boundsOf(layer, rows).from, stride: stride * layer.stride };
      return all ? time : taken;
    }
    default:
      return time;
  }
}

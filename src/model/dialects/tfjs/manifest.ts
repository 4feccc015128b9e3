/** The `weightsManifest` of TensorFlow.js: groups of weights, each in the shards of its group one after the other. */
import { say } from '../../../words/say';
import {
  integer,
  listOf,
  numberWithin,
  oneOf,
  optionalAt,
  pathOf,
  quote,
  requiredAt,
  string,
  valueAt,
} from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { Report } from '../../report';
import { convert } from '../../tensors/floats';
import { elementCount } from '../../weights';

/** The types that weights are stored in, and their bytes. */
const STORED_BYTES = { float32: 4, int32: 4, uint8: 1, uint16: 2, bool: 1, float16: 2 } as const;
export type StoredType = keyof typeof STORED_BYTES;

export interface StoredWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: StoredType;
  /** What a stored number is multiplied by, and what is added then; absent where it is the value. */
  readonly scale?: number;
  readonly min?: number;
  /** Bytes in the group's shards, put together. */
  readonly start: number;
  readonly end: number;
}

export interface WeightGroup {
  /** Files beside the model, in order. */
  readonly paths: readonly string[];
  readonly weights: readonly StoredWeight[];
  readonly bytes: number;
  readonly at: JsonNode;
}

const MAX_GROUPS = 10_000;
const number = numberWithin(-3.4e38, 3.4e38);
const TYPES = Object.keys(STORED_BYTES) as StoredType[];

/** Undefined, with errors reported, if it is faulty. */
export function decodeManifest(node: JsonNode, report: Report): readonly WeightGroup[] | undefined {
  const groups = node.children ?? [];
  if (node.type !== 'array' || groups.length > MAX_GROUPS) {
    const message = say`${pathOf(node)}: expected a list of at most ${MAX_GROUPS} groups of weights`;
    report.error(node, 'wrong-value', message);
    return undefined;
  }
  const decoded = groups.map((group) => decodeGroup(group, report));
  return decoded.includes(undefined) ? undefined : (decoded as WeightGroup[]);
}

function decodeGroup(node: JsonNode, report: Report): WeightGroup | undefined {
  const paths = requiredAt(node, 'paths', listOf(string), report);
  const list = requiredAt(node, 'weights', itself, report);
  if (!paths || !list) return undefined;
  let bytes = 0;
  const weights: StoredWeight[] = [];
  for (const child of list.children ?? []) {
    const weight = decodeWeight(child, bytes, report);
    if (!weight) return undefined;
    weights.push(weight);
    bytes = weight.end;
  }
  return { paths, weights, bytes, at: node };
}

const itself = (node: JsonNode) => node;

function decodeWeight(node: JsonNode, start: number, report: Report): StoredWeight | undefined {
  const name = requiredAt(node, 'name', string, report);
  const shape = requiredAt(node, 'shape', listOf(integer(0)), report);
  const quantization = valueAt(node, 'quantization');
  const type = quantization
    ? requiredAt(quantization, 'dtype', oneOf(...TYPES), report)
    : requiredAt(node, 'dtype', oneOf(...TYPES), report);
  if (name === undefined || !shape || !type) return undefined;
  const scale = quantization && optionalAt(quantization, 'scale', number, report);
  const min = quantization && optionalAt(quantization, 'min', number, report);
  const end = start + elementCount(shape) * STORED_BYTES[type];
  if (!Number.isSafeInteger(end)) {
    const message = say`weight ${quote(name)}: shape [${shape.join(', ')}] has more elements than can be stored`;
    report.error(node, 'too-large', message);
    return undefined;
  }
  return {
    name,
    shape,
    type,
    start,
    end,
    ...(scale !== undefined && { scale }),
    ...(min !== undefined && { min }),
  };
}

/** The numbers of a weight out of its bytes, which stand alone in their buffer: as they are if they are float32. */
export function valuesOf({ shape, type, scale = 1, min = 0 }: StoredWeight, bytes: Uint8Array): Float32Array {
  if (type === 'float32') return new Float32Array(bytes.buffer);
  const values = new Float32Array(elementCount(shape));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'float16':
      convert('F16', bytes, values, 0);
      return values;
    case 'int32':
      for (let k = 0; k < values.length; k++) values[k] = view.getInt32(4 * k, true);
      return values;
    case 'uint8':
    case 'bool':
      for (let k = 0; k < values.length; k++) values[k] = bytes[k] * scale + min;
      return values;
    case 'uint16':
      for (let k = 0; k < values.length; k++) values[k] = view.getUint16(2 * k, true) * scale + min;
      return values;
  }
}

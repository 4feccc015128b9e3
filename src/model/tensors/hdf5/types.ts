import { say } from '../../../words/say';
import { elementCount } from '../../weights';
import { TensorFileError } from '../bytes';
import type { FloatType } from '../floats';
import type { Cursor } from './reader';

/** What one value of a dataset or an attribute is (HDF5 file format specification, IV.A.2.d). */
export type Datatype =
  | { readonly kind: 'float'; readonly format: FloatType; readonly bigEndian: boolean; readonly size: number }
  /** Text of a fixed length in bytes, filled up with zeros or spaces. */
  | { readonly kind: 'text'; readonly size: number }
  /** A reference to text in a global heap. */
  | { readonly kind: 'variable-text'; readonly size: number }
  | { readonly kind: 'other'; readonly name: string; readonly size: number };

const CLASS_NAMES = [
  ...[say`integer`, say`floating-point`, say`time`, say`text`, say`bit field`, say`opaque`, say`compound`],
  ...[say`reference`, say`enumeration`, say`variable-length`, say`array`],
];
/** Size, bits of the exponent and of the fraction. */
const FLOATS: readonly (readonly [FloatType, number, number, number])[] = [
  ['F16', 2, 5, 10],
  ['BF16', 2, 8, 7],
  ['F32', 4, 8, 23],
  ['F64', 8, 11, 52],
];
const INTEGER = 0;
const FLOAT = 1;
const TEXT = 3;
const VARIABLE = 9;

export function readDatatype(message: Cursor): Datatype {
  const kind = message.u8() & 0x0f;
  const bits = message.unsigned(3);
  const size = message.u32();
  if (kind === FLOAT) return readFloat(message, bits, size);
  if (kind === TEXT) return { kind: 'text', size };
  if (kind === VARIABLE && (bits & 0x0f) === 1) return { kind: 'variable-text', size };
  const name = kind === INTEGER ? `${bits & 8 ? 'int' : 'uint'}${8 * size}` : CLASS_NAMES[kind];
  return { kind: 'other', name: name ?? say`class ${kind}`, size };
}

function readFloat(message: Cursor, bits: number, size: number): Datatype {
  const exponentBits = message.skip(5).u8();
  const fractionBits = message.skip(1).u8();
  const known = FLOATS.find(([, ...form]) => form.join() === [size, exponentBits, fractionBits].join());
  const vax = (bits & 0x40) !== 0;
  if (!known || vax) return { kind: 'other', name: say`float${8 * size} of an unknown form`, size };
  return { kind: 'float', format: known[0], bigEndian: (bits & 1) !== 0, size };
}

const MAX_RANK = 32;

/** A dataset's or attribute's shape: `[]` is a single value, `[0]` none (IV.A.2.b). */
export function readShape(message: Cursor): number[] {
  const version = message.u8();
  const rank = message.u8();
  if ((version !== 1 && version !== 2) || rank > MAX_RANK) {
    throw message.fault(say`expected a shape, found version ${version} with ${rank} axes`);
  }
  message.skip(1);
  const isNull = version === 2 ? message.u8() === 2 : (message.skip(5), false);
  if (isNull) return [0];
  const shape = Array.from({ length: rank }, () => message.u64());
  if (!Number.isSafeInteger(elementCount(shape)) || !shape.every(Number.isSafeInteger)) {
    throw new TensorFileError(say`shape [${shape.join(', ')}] has more elements than can be stored`);
  }
  return shape;
}

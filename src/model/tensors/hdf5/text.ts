import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { elementCount } from '../../weights';
import { TensorFileError } from '../bytes';
import { readDense } from './dense';
import { MESSAGE, messageOf, type Message } from './messages';
import { isSet, type Cursor, type StructureReader } from './reader';
import { readDatatype, readShape, type Datatype } from './types';

interface Attribute {
  readonly type: Datatype;
  readonly shape: readonly number[];
  readonly data: Cursor;
}

/**
 * The strings of an attribute, one of a scalar, of fixed or variable length; undefined if the object has no such
 * attribute. Throws `TensorFileError` if it holds anything else.
 */
export async function readStrings(
  reader: StructureReader,
  messages: readonly Message[],
  name: string,
): Promise<string[] | undefined> {
  const found = findAttribute(await attributesOf(reader, messages), name);
  if (!found) return undefined;
  const { type, shape, data } = found;
  const count = elementCount(shape);
  if (count === 0) return [];
  if (type.kind !== 'text' && type.kind !== 'variable-text') {
    const holds = type.kind === 'float' ? 'floating-point' : type.name;
    throw new TensorFileError(say`attribute ${quote(name)}: expected text, found ${holds} values`);
  }
  if (type.size < 1 || count > data.left / type.size) {
    throw data.fault(
      say`attribute ${quote(name)} has ${count} values, more than its ${data.left} bytes hold`,
    );
  }
  const heaps = new Map<number, Promise<Heap>>();
  const strings: string[] = [];
  for (let k = 0; k < count; k++) {
    if (type.kind === 'text') strings.push(trimmed(data.bytes(type.size)));
    else strings.push(await readVariable(reader, data.part(type.size, say`attribute ${quote(name)}`), heaps));
  }
  return strings;
}

/** The messages of an object's attributes, in its header or, if there are many, in a heap. */
async function attributesOf(reader: StructureReader, messages: readonly Message[]): Promise<Cursor[]> {
  const info = messageOf(messages, MESSAGE.attributeInfo);
  if (info) {
    const flags = info.skip(1).u8();
    const heap = info.skip(flags & 1 ? 2 : 0).u64();
    if (isSet(heap)) return readDense(reader, heap, info.u64(), say`an attribute`);
  }
  return messages
    .filter(({ type, shared }) => type === MESSAGE.attribute && !shared)
    .map(({ body }) => body());
}

/** IV.A.2.m. */
function findAttribute(messages: readonly Cursor[], wanted: string): Attribute | undefined {
  for (const message of messages) {
    const version = message.u8();
    if (version < 1 || version > 3) throw message.fault(say`version ${version} of an attribute is not known`);
    const flags = message.u8();
    const sizes = [message.u16(), message.u16(), message.u16()];
    if (version === 3) message.skip(1);
    const [name, datatype, dataspace] = sizes.map((size) => {
      const start = message.place;
      const part = message.part(size, say`an attribute`);
      if (version === 1) message.align(start, 8);
      return part;
    });
    if (trimmed(name.bytes(name.left)) !== wanted) continue;
    const sharesItsType = version > 1 && (flags & 3) !== 0;
    if (sharesItsType)
      throw message.fault(say`its type is kept in another object of the file, which is not read here`);
    return { type: readDatatype(datatype), shape: readShape(dataspace), data: message };
  }
  return undefined;
}

/** Without the zeros behind it; or spaces, as Fortran programs leave. */
function trimmed(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trimEnd();
}

/** Places of a global heap's objects, by index (III.E). */
type Heap = ReadonlyMap<number, { readonly place: number; readonly size: number }>;

async function readVariable(
  reader: StructureReader,
  reference: Cursor,
  heaps: Map<number, Promise<Heap>>,
): Promise<string> {
  const length = reference.u32();
  const address = reference.u64();
  const index = reference.u32();
  if (length === 0 || !isSet(address) || address === 0) return '';
  const heap = heaps.get(address) ?? readHeap(reader, address);
  heaps.set(address, heap);
  const found = (await heap).get(index);
  if (!found || found.size < length) {
    throw reference.fault(
      say`it refers to text ${index} of the heap at offset ${address}, which is not there`,
    );
  }
  const text = await reader.at(found.place, length, say`a text`);
  return trimmed(text.bytes(length));
}

async function readHeap(reader: StructureReader, address: number): Promise<Heap> {
  const head = await reader.at(address, 16, say`a global heap`);
  const size = head.expectSignature('GCOL').skip(4).u64();
  const end = address + size;
  const objects = new Map<number, { place: number; size: number }>();
  for (let place = address + 16; place + 16 <= end;) {
    const object = await reader.at(place, 16, say`an object of a global heap`);
    const index = object.u16();
    if (index === 0) break;
    const bytes = object.skip(6).u64();
    objects.set(index, { place: place + 16, size: bytes });
    place += 16 + Math.ceil(bytes / 8) * 8;
  }
  return objects;
}

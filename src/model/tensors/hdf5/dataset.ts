import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { inUnits, limitInWords } from '../../limits';
import { Pauses } from '../../pauses';
import { elementCount } from '../../weights';
import { TensorFileError } from '../bytes';
import { convert } from '../floats';
import { placeChunk, readChunkIndex } from './chunks';
import { readFilters, unfiltered } from './filters';
import { MESSAGE, messageOf, type Message } from './messages';
import { Hdf5Object, type Hdf5Header, type Hdf5Options } from './object';
import { isSet, type Cursor, type StructureReader } from './reader';
import { readStrings } from './text';
import { readDatatype, readShape, type Datatype } from './types';

/** Read and converted at once, so that no stretch of work is long; a whole number of every type's values. */
const PIECE_BYTES = 1 << 20;
/** Stored, unpacked, unshuffled and converted. */
const CHUNK_COPIES = 4;
/** Classes of layouts. */
const COMPACT = 0;
const CONTIGUOUS = 1;
const CHUNKED = 2;

type Float = Extract<Datatype, { kind: 'float' }>;

/** An array of numbers in the file. */
export class Hdf5Dataset extends Hdf5Object {
  readonly kind = 'dataset';

  private constructor(
    header: Hdf5Header,
    readonly shape: readonly number[],
    private readonly type: Datatype,
    reader: StructureReader,
    options: Hdf5Options,
  ) {
    super(header, reader, options);
  }

  static async open(header: Hdf5Header, reader: StructureReader, options: Hdf5Options): Promise<Hdf5Dataset> {
    const { path, messages } = header;
    const dataspace = messageOf(messages, MESSAGE.dataspace);
    const datatype = messageOf(messages, MESSAGE.datatype);
    if (!dataspace || !datatype) throw new TensorFileError(say`${quote(path)} has no shape or no type`);
    const type = await withBfloat16(readDatatype(datatype), messages, reader);
    return new Hdf5Dataset(header, readShape(dataspace), type, reader, options);
  }

  /** The values, row-major. Throws `TensorFileError` if they are no floating-point numbers, or not all there. */
  async read(): Promise<Float32Array> {
    try {
      return await this.readValues();
    } catch (error) {
      if (!(error instanceof TensorFileError)) throw error;
      throw new TensorFileError(say`dataset ${quote(this.path)}: ${error.message}`);
    }
  }

  private async readValues(): Promise<Float32Array> {
    const { type, messages } = this;
    const { limits } = this.options;
    if (type.kind !== 'float') {
      const found = type.kind === 'other' ? type.name : say`text`;
      throw new TensorFileError(say`expected floating-point numbers, found ${found}`);
    }
    if (messages.some((message) => message.type === MESSAGE.externalFiles)) {
      throw new TensorFileError(say`its values are in another file, which is not read`);
    }
    const count = elementCount(this.shape);
    if (4 * count > limits.memory) {
      throw new TensorFileError(
        say`shape [${this.shape.join(', ')}] takes ${inUnits(4 * count)}, beyond the limit of ${limitInWords(limits)}`,
      );
    }
    const layout = messageOf(messages, MESSAGE.layout);
    if (!layout) throw new TensorFileError(say`it has no storage`);
    return this.readLayout(layout, type, count);
  }

  /** IV.A.2.i. */
  private async readLayout(layout: Cursor, type: Float, count: number): Promise<Float32Array> {
    const version = layout.u8();
    const kind = layout.u8();
    if (version !== 3 && version !== 4) throw layout.fault(say`version ${version} of a layout is not known`);
    const bytes = count * type.size;
    if (kind === COMPACT) {
      const values = new Float32Array(count);
      write(type, expectBytes(layout.bytes(layout.u16()), bytes), values, 0);
      return values;
    }
    if (kind === CONTIGUOUS) return this.readContiguous(layout.u64(), layout.u64(), type, count);
    if (kind === CHUNKED && version === 3) return this.readChunked(layout, type, count);
    throw layout.fault(
      say`its chunks have an index of a newer kind, which is not read here; saving the file with libver "earliest", the default, gives the older one`,
    );
  }

  private async readContiguous(
    address: number,
    stored: number,
    type: Float,
    count: number,
  ): Promise<Float32Array> {
    const { file } = this.reader;
    const bytes = count * type.size;
    if (bytes > 0 && !isSet(address)) throw new TensorFileError(say`no values were stored`);
    if (bytes > 0 && (stored < bytes || address + bytes > file.size)) {
      throw new TensorFileError(
        say`shape [${this.shape.join(', ')}] takes ${bytes} bytes, but ${Math.max(0, Math.min(stored, file.size - address))} are at offset ${address}: the file is truncated or damaged`,
      );
    }
    const pauses = new Pauses(this.options.signal);
    const values = new Float32Array(count);
    for (let from = 0; from < bytes; from += PIECE_BYTES) {
      const to = Math.min(from + PIECE_BYTES, bytes);
      const piece = expectBytes(await file.read(address + from, address + to), to - from);
      write(type, piece, values, from / type.size);
      await pauses.take();
    }
    return values;
  }

  private async readChunked(layout: Cursor, type: Float, count: number): Promise<Float32Array> {
    const rank = layout.u8() - 1;
    const tree = layout.u64();
    if (rank !== this.shape.length)
      throw layout.fault(say`chunks of ${rank} axes for shape of ${this.shape.length}`);
    const chunkShape = Array.from({ length: rank }, () => layout.u32());
    const bytes = elementCount(chunkShape) * type.size;
    const { limits } = this.options;
    if (!(bytes > 0 && CHUNK_COPIES * bytes + 4 * count <= limits.memory)) {
      const shape = chunkShape.join(', ');
      throw layout.fault(
        say`chunks of shape [${shape}] are empty, or beyond the limit of ${limitInWords(limits)}`,
      );
    }
    const values = new Float32Array(count);
    if (count === 0) return values;
    if (!isSet(tree)) throw new TensorFileError(say`no values were stored`);
    const { file } = this.reader;
    const filters = readFilters(this.messages);
    const pauses = new Pauses(this.options.signal);
    for (const chunk of await readChunkIndex(this.reader, tree, this.shape, chunkShape)) {
      if (chunk.address + chunk.bytes > file.size || chunk.bytes > mostStored(bytes)) {
        throw new TensorFileError(
          say`a chunk is said to be at offset ${chunk.address}, ${chunk.bytes} bytes long: the file is truncated or damaged`,
        );
      }
      const stored = expectBytes(await file.read(chunk.address, chunk.address + chunk.bytes), chunk.bytes);
      const plain = await unfiltered(
        stored,
        { filters, mask: chunk.mask, size: bytes, itemBytes: type.size },
        pauses,
      );
      const numbers = new Float32Array(bytes / type.size);
      write(type, plain, numbers, 0);
      placeChunk(numbers, chunkShape, chunk.offset, values, this.shape);
      await pauses.take();
    }
    return values;
  }
}

/** NumPy has no bfloat16; Keras stores its bytes as they are, and says so in an attribute (keras saving_lib.py). */
async function withBfloat16(
  type: Datatype,
  messages: readonly Message[],
  reader: StructureReader,
): Promise<Datatype> {
  if (type.kind !== 'other' || type.size !== 2) return type;
  const [name] = (await readStrings(reader, messages, 'dtype')) ?? [];
  return name === 'bfloat16' ? { kind: 'float', format: 'BF16', bigEndian: false, size: 2 } : type;
}

/** No filter makes a chunk much larger. */
function mostStored(bytes: number): number {
  return 2 * bytes + 1024;
}

/** Converts a whole number of values and puts them into `values` from `at` on. */
function write(type: Float, bytes: Uint8Array, values: Float32Array, at: number): void {
  convert(type.format, type.bigEndian ? reversed(bytes, type.size) : bytes, values, at);
}

/** Each value's bytes the other way round. */
function reversed(bytes: Uint8Array, size: number): Uint8Array {
  const turned = new Uint8Array(bytes.byteLength);
  for (let k = 0; k < bytes.byteLength; k++) turned[k] = bytes[k - (k % size) + size - 1 - (k % size)];
  return turned;
}

function expectBytes(bytes: Uint8Array, expected: number): Uint8Array {
  if (bytes.byteLength === expected) return bytes;
  throw new TensorFileError(say`expected ${expected} bytes of values, found ${bytes.byteLength}`);
}

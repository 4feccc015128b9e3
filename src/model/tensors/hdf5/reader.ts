import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { Pauses } from '../../pauses';
import { TensorFileError } from '../bytes';

const PAGE_BYTES = 1 << 14;
const MAX_PAGES = 256;
/** Far more than a file of weights takes; what points in circles, or at one place from everywhere, ends here. */
const MAX_READS = 200_000;
const MAX_BYTES = 256 << 20;
/** The longest thing that is read at once beside tensors: the configuration of a large model. */
const MAX_STRETCH = 32 << 20;

/** Reads the small structures that a file is made of: in pages, within the file, and in limited number. */
export class StructureReader {
  private readonly pages = new Map<number, Promise<Uint8Array>>();
  private readonly pauses: Pauses;
  private reads = 0;
  private bytesRead = 0;

  constructor(
    readonly file: ByteSource,
    signal?: AbortSignal,
  ) {
    this.pauses = new Pauses(signal);
  }

  /** `length` bytes at `offset`, called `what` in messages. Throws `TensorFileError`. */
  async at(offset: number, length: number, what: string): Promise<Cursor> {
    if (!(offset + length <= this.file.size)) {
      throw new TensorFileError(
        say`${what} is said to be at offset ${offset}, ${length} bytes long, but the file has ${this.file.size} bytes: it is truncated or damaged`,
      );
    }
    if (length > MAX_STRETCH) {
      throw new TensorFileError(
        say`${what} at offset ${offset} is ${length} bytes long; at most ${MAX_STRETCH} are read`,
      );
    }
    this.bytesRead += length;
    if (++this.reads > MAX_READS || this.bytesRead > MAX_BYTES) {
      throw new TensorFileError(say`the file is made of more parts than any file of weights: it is damaged`);
    }
    await this.pauses.take();
    return new Cursor(await this.bytes(offset, length), offset, what);
  }

  private async bytes(offset: number, length: number): Promise<Uint8Array> {
    const first = Math.floor(offset / PAGE_BYTES);
    const within = offset - first * PAGE_BYTES;
    if (within + length > PAGE_BYTES) return this.file.read(offset, offset + length);
    return (await this.page(first)).subarray(within, within + length);
  }

  private page(index: number): Promise<Uint8Array> {
    let page = this.pages.get(index);
    if (!page) {
      if (this.pages.size >= MAX_PAGES) this.pages.clear();
      page = this.file.read(index * PAGE_BYTES, Math.min((index + 1) * PAGE_BYTES, this.file.size));
      this.pages.set(index, page);
    }
    return page;
  }
}

/** An address or size that is not set has all bits set. */
export function isSet(address: number): boolean {
  return address < 2 ** 63;
}

/** Goes through bytes from front to back, little-endian; throws `TensorFileError` at their end. */
export class Cursor {
  private position = 0;
  private readonly view: DataView;

  /** `offset` is where the bytes stand in the file. */
  constructor(
    private readonly stretch: Uint8Array,
    private readonly offset: number,
    private readonly what: string,
  ) {
    this.view = new DataView(stretch.buffer, stretch.byteOffset, stretch.byteLength);
  }

  get left(): number {
    return this.stretch.byteLength - this.position;
  }

  /** Offset in the file. */
  get place(): number {
    return this.offset + this.position;
  }

  skip(count: number): this {
    this.take(count);
    return this;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** Exact up to 2⁵³; far beyond any file's size from there on. */
  u64(): number {
    const low = this.u32();
    return this.u32() * 2 ** 32 + low;
  }

  /** An unsigned number of `size` bytes. */
  unsigned(size: number): number {
    let value = 0;
    for (let k = 0; k < size; k++) value += this.u8() * 2 ** (8 * k);
    return value;
  }

  bytes(count: number): Uint8Array {
    const from = this.take(count);
    return this.stretch.subarray(from, from + count);
  }

  /** UTF-8, of which ASCII is a part. */
  text(count: number): string {
    return new TextDecoder().decode(this.bytes(count));
  }

  /** The bytes from here to the next multiple of `multiple`, counted from `start`, are filling. */
  align(start: number, multiple: number): void {
    const over = (this.place - start) % multiple;
    if (over > 0) this.take(Math.min(multiple - over, this.left));
  }

  expectSignature(signature: string): this {
    const found = this.text(signature.length);
    if (found === signature) return this;
    throw new TensorFileError(
      say`${this.what} at offset ${this.offset}: expected ${quote(signature)}, found ${quote(found)}`,
    );
  }

  /** Another cursor over the next `count` bytes. */
  part(count: number, what: string): Cursor {
    const place = this.place;
    return new Cursor(this.bytes(count), place, what);
  }

  /** Another cursor at the start of the same bytes. */
  again(): Cursor {
    return new Cursor(this.stretch, this.offset, this.what);
  }

  fault(message: string): TensorFileError {
    return new TensorFileError(say`${this.what} at offset ${this.offset}: ${message}`);
  }

  private take(count: number): number {
    if (!(count <= this.left)) {
      throw new TensorFileError(
        say`${this.what} at offset ${this.offset} ends ${count - this.left} bytes too early: the file is damaged`,
      );
    }
    const at = this.position;
    this.position += count;
    return at;
  }
}

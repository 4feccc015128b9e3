import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { TensorFileError } from '../bytes';

const PIECE_BYTES = 1 << 16;

/** A file read from some offset on, piece by piece: where a pickle ends is known only at its end. */
export class PickleInput {
  private piece = new Uint8Array();
  private view = new DataView(this.piece.buffer);
  private at = 0;

  constructor(
    private readonly file: ByteSource,
    /** Of the piece, in the file. */
    private start: number,
  ) {}

  /** Of the next byte, in the file. */
  get offset(): number {
    return this.start + this.at;
  }

  /** Whether the next `bytes` are at hand. */
  holds(bytes: number): boolean {
    return this.at + bytes <= this.piece.byteLength;
  }

  /** Reads on until `bytes` are at hand, or the file ends. */
  async fill(bytes: number): Promise<void> {
    if (this.holds(bytes)) return;
    const rest = this.piece.subarray(this.at);
    const from = this.start + this.piece.byteLength;
    const to = Math.min(this.file.size, from + Math.max(PIECE_BYTES, bytes));
    const read = to > from ? await this.file.read(from, to) : new Uint8Array();
    const piece = new Uint8Array(rest.byteLength + read.byteLength);
    piece.set(rest);
    piece.set(read, rest.byteLength);
    this.start += this.at;
    this.at = 0;
    this.piece = piece;
    this.view = new DataView(piece.buffer);
  }

  /** Throws `TensorFileError` if the file has fewer bytes left. Call before memory is taken for them. */
  expect(bytes: number): void {
    if (bytes > this.file.size - this.offset) throw this.cutOff(bytes);
  }

  uint8(): number {
    return this.view.getUint8(this.next(1));
  }

  uint16(): number {
    return this.view.getUint16(this.next(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.next(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.next(4), true);
  }

  uint64(): number {
    return Number(this.view.getBigUint64(this.next(8), true));
  }

  /** Pickles hold floating-point numbers with the highest byte first. */
  float64(): number {
    return this.view.getFloat64(this.next(8), false);
  }

  /** The next bytes, which must be at hand; not a copy. */
  bytes(count: number): Uint8Array {
    const start = this.next(count);
    return this.piece.subarray(start, start + count);
  }

  /** How many bytes are at hand before the next line break; undefined if none is. */
  lineLength(): number | undefined {
    const end = this.piece.indexOf(0x0a, this.at);
    return end < 0 ? undefined : end - this.at;
  }

  private next(bytes: number): number {
    if (!this.holds(bytes)) throw this.cutOff(bytes);
    const at = this.at;
    this.at += bytes;
    return at;
  }

  private cutOff(bytes: number): TensorFileError {
    const left = Math.max(0, this.file.size - this.offset);
    return new TensorFileError(
      say`expected ${bytes} bytes at offset ${this.offset}, found ${left}: the pickle is cut off`,
    );
  }
}

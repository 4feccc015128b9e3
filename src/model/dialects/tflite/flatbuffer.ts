/**
 * FlatBuffers as they lie in a file (flatbuffers.dev, "FlatBuffer Internals"): tables whose fields are found by a table of
 * offsets. Every offset is checked against the file, and what may be looked at is bounded: npm's `flatbuffers` reads
 * without either, and a file could point it anywhere, or at one place from everywhere.
 */
import { say } from '../../../words/say';
import { TensorFileError } from '../../tensors/bytes';

/** Elements of vectors, texts and fields that are looked at in one file. */
const MAX_VISITS = 8_000_000;
const MAX_TEXT = 1 << 16;

export class FlatBuffer {
  private readonly view: DataView;
  private visits = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Throws `TensorFileError` if the file is too short, as all reading here does for what does not lie in it. */
  get root(): Table {
    return new Table(this, this.follow(0, say`the root table`));
  }

  i8(at: number, what: string): number {
    return this.view.getInt8(this.check(at, 1, what));
  }

  u16(at: number, what: string): number {
    return this.view.getUint16(this.check(at, 2, what), true);
  }

  i32(at: number, what: string): number {
    return this.view.getInt32(this.check(at, 4, what), true);
  }

  u32(at: number, what: string): number {
    return this.view.getUint32(this.check(at, 4, what), true);
  }

  i64(at: number, what: string): number {
    return Number(this.view.getBigInt64(this.check(at, 8, what), true));
  }

  f32(at: number, what: string): number {
    return this.view.getFloat32(this.check(at, 4, what), true);
  }

  /** Where an offset leads to, which counts from itself. */
  follow(at: number, what: string): number {
    const target = at + this.u32(at, what);
    this.check(target, 4, what);
    return target;
  }

  /** `length` elements of `size` bytes from `at` on, which must lie in the file. */
  check(at: number, length: number, what: string, size = 1): number {
    if (++this.visits > MAX_VISITS)
      throw new TensorFileError(say`the file is made of more parts than any model: it is damaged`);
    if (at >= 0 && at + length * size <= this.bytes.byteLength) return at;
    throw new TensorFileError(
      say`${what} is said to be at offset ${at}, ${length * size} bytes long, but the file has ${this.bytes.byteLength} bytes: it is truncated or damaged`,
    );
  }
}

/** From `start` (inclusive) to `end` (exclusive). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export class Table {
  private readonly vtable: number;
  private readonly vtableBytes: number;

  constructor(
    private readonly file: FlatBuffer,
    private readonly at: number,
  ) {
    this.vtable = at - file.i32(at, say`a table`);
    this.vtableBytes = file.u16(this.vtable, say`the offsets of a table`);
    file.check(this.vtable, this.vtableBytes, say`the offsets of a table`);
  }

  i8(field: number, otherwise = 0): number {
    const at = this.place(field);
    return at === undefined ? otherwise : this.file.i8(at, say`a field`);
  }

  i32(field: number, otherwise = 0): number {
    const at = this.place(field);
    return at === undefined ? otherwise : this.file.i32(at, say`a field`);
  }

  u32(field: number): number {
    const at = this.place(field);
    return at === undefined ? 0 : this.file.u32(at, say`a field`);
  }

  i64(field: number): number {
    const at = this.place(field);
    return at === undefined ? 0 : this.file.i64(at, say`a field`);
  }

  f32(field: number): number {
    const at = this.place(field);
    return at === undefined ? 0 : this.file.f32(at, say`a field`);
  }

  text(field: number): string {
    const range = this.range(field);
    if (!range) return '';
    const end = Math.min(range.end, range.start + MAX_TEXT);
    return new TextDecoder().decode(this.file.bytes.subarray(range.start, end));
  }

  table(field: number): Table | undefined {
    const at = this.place(field);
    return at === undefined ? undefined : new Table(this.file, this.file.follow(at, say`a table`));
  }

  tables(field: number): Table[] {
    const { start, count } = this.vector(field, 4);
    return Array.from(
      { length: count },
      (_, k) => new Table(this.file, this.file.follow(start + 4 * k, say`an element of a vector`)),
    );
  }

  i32s(field: number): number[] {
    const { start, count } = this.vector(field, 4);
    return Array.from({ length: count }, (_, k) => this.file.i32(start + 4 * k, say`a vector`));
  }

  f32s(field: number): number[] {
    const { start, count } = this.vector(field, 4);
    return Array.from({ length: count }, (_, k) => this.file.f32(start + 4 * k, say`a vector`));
  }

  i64s(field: number): number[] {
    const { start, count } = this.vector(field, 8);
    return Array.from({ length: count }, (_, k) => this.file.i64(start + 8 * k, say`a vector`));
  }

  /** Where the bytes of a vector or text are; undefined if there is none. */
  range(field: number): Range | undefined {
    const at = this.place(field);
    if (at === undefined) return undefined;
    const start = this.file.follow(at, say`bytes`);
    const length = this.file.u32(start, say`bytes`);
    this.file.check(start + 4, length, say`bytes`);
    return { start: start + 4, end: start + 4 + length };
  }

  private vector(field: number, size: number): { readonly start: number; readonly count: number } {
    const at = this.place(field);
    if (at === undefined) return { start: 0, count: 0 };
    const start = this.file.follow(at, say`a vector`);
    const count = this.file.u32(start, say`a vector`);
    this.file.check(start + 4, count, say`a vector`, size);
    return { start: start + 4, count };
  }

  /** Of a field's value; undefined where it is left out. */
  private place(field: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.vtableBytes) return undefined;
    const offset = this.file.u16(this.vtable + entry, say`the offsets of a table`);
    return offset === 0 ? undefined : this.at + offset;
  }
}

/** ZIP archives (PKWARE's APPNOTE.TXT; its sections are named where they are followed), read member by member. */
import type { ByteSource } from '../../files/folder';
import { say } from '../../words/say';
import { quote } from '../json/decode';
import { inUnits, limitInWords, type Limits } from '../limits';
import { Pauses } from '../pauses';
import { partOf, sourceOf, TensorFileError } from './bytes';
import { inflate } from './inflate';
import {
  directoryIn,
  END_64_BYTES,
  isElsewhere,
  LOCATOR_BYTES,
  placeOfEnd,
  sizesWith,
  type Directory,
} from './zip64';

export interface ZipMember {
  readonly name: string;
  /** When unpacked, in bytes. */
  readonly size: number;
  /** Its contents: a part of the archive if stored as they are, else unpacked in memory. Throws `TensorFileError`. */
  open(): Promise<ByteSource>;
}

export interface ZipOptions {
  /** Of what one member may take when unpacked. */
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const MAX_DIRECTORY_BYTES = 16 << 20;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/** Whether a file that starts with `head` is a ZIP archive. */
export function isZip(head: Uint8Array): boolean {
  return firstMember(head) !== undefined;
}

/** Name of the first member of the archive that starts with `head`, as far as it is there; undefined if it is none. */
export function firstMember(head: Uint8Array): string | undefined {
  if (head.byteLength < 4) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, true) !== LOCAL_HEADER) return undefined;
  if (head.byteLength < LOCAL_BYTES) return '';
  return new TextDecoder().decode(head.subarray(LOCAL_BYTES, LOCAL_BYTES + view.getUint16(26, true)));
}

/** The members that an archive lists, by name. Throws `TensorFileError`. */
export async function openZip(
  file: ByteSource,
  options: ZipOptions,
): Promise<ReadonlyMap<string, ZipMember>> {
  const { start, size, count } = await findDirectory(file);
  const view = await viewOf(file, start, size, say`the list of members`);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let k = 0; k < count; k++) {
    if (at + CENTRAL_BYTES > size || view.getUint32(at, true) !== CENTRAL_HEADER) {
      throw new TensorFileError(
        say`expected ${count} members in the list at offset ${start}, found ${k}: the archive is damaged`,
      );
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true),
    );
    const behindName = at + CENTRAL_BYTES + nameBytes;
    if (behindName + extraBytes > size) throw new TensorFileError(say`the list of members is cut off`);
    const name = new TextDecoder().decode(
      new Uint8Array(view.buffer, view.byteOffset + at + CENTRAL_BYTES, nameBytes),
    );
    if (members.has(name)) throw new TensorFileError(say`the member ${quote(name)} is there twice`);
    const entry = new DataView(view.buffer, view.byteOffset + at, CENTRAL_BYTES);
    const extra = new DataView(view.buffer, view.byteOffset + behindName, extraBytes);
    members.set(name, memberAt(file, name, entry, extra, options));
    at = behindName + extraBytes + commentBytes;
  }
  return members;
}

/** 4.3.16: the list of members is found from the archive's end. */
async function findDirectory(file: ByteSource): Promise<Directory> {
  const tailStart = Math.max(0, file.size - LOCATOR_BYTES - END_BYTES - MAX_COMMENT_BYTES);
  const tail = await viewOf(file, tailStart, file.size - tailStart, say`the end of the archive`);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue;
    const older = {
      count: tail.getUint16(at + 10, true),
      size: tail.getUint32(at + 12, true),
      start: tail.getUint32(at + 16, true),
    };
    const found = isElsewhere(older) ? await findDirectory64(file, tail, at) : older;
    const { start, size } = found;
    if (size > MAX_DIRECTORY_BYTES || start + size > file.size) {
      throw new TensorFileError(say`its list of members cannot be at offset ${start}, ${size} bytes long`);
    }
    return found;
  }
  throw new TensorFileError(say`the end of the archive is missing: the file is truncated`);
}

async function findDirectory64(file: ByteSource, tail: DataView, end: number): Promise<Directory> {
  const at = end - LOCATOR_BYTES;
  const place = placeOfEnd(
    at < 0 ? undefined : new DataView(tail.buffer, tail.byteOffset + at, LOCATOR_BYTES),
  );
  return directoryIn(await viewOf(file, place, END_64_BYTES, say`the end record of a ZIP64 archive`));
}

/** `entry` begins at the member's header in the list (4.3.12). */
function memberAt(
  file: ByteSource,
  name: string,
  entry: DataView,
  extra: DataView,
  options: ZipOptions,
): ZipMember {
  const flags = entry.getUint16(8, true);
  const method = entry.getUint16(10, true);
  const older = {
    packed: entry.getUint32(20, true),
    size: entry.getUint32(24, true),
    header: entry.getUint32(42, true),
  };
  const { packed, size, header } = sizesWith(older, extra);
  const fail = (fault: string) => new TensorFileError(say`member ${quote(name)}: ${fault}`);
  return {
    name,
    size,
    async open() {
      if (flags & ENCRYPTED) throw fail(say`it is encrypted`);
      if (![packed, size, header].every(Number.isSafeInteger)) {
        throw fail(say`its sizes are said to stand behind its name, and do not`);
      }
      const local = await viewOf(file, header, LOCAL_BYTES, say`the header of member ${quote(name)}`);
      if (local.getUint32(0, true) !== LOCAL_HEADER)
        throw fail(say`it is not at offset ${header}, where it should be`);
      const start = header + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
      if (start + packed > file.size) throw fail(say`it ends behind the file, which has ${file.size} bytes`);
      if (method === STORED && packed === size) return partOf(file, start, size);
      if (method === STORED) throw fail(say`it is stored as it is, but says ${packed} and ${size} bytes`);
      if (method !== DEFLATED) throw fail(say`it is packed by method ${method}; expected none or deflate`);
      if (size + packed > options.limits.memory) {
        throw fail(
          say`${inUnits(size)} when unpacked are beyond the limit of ${limitInWords(options.limits)}`,
        );
      }
      const bytes = await file.read(start, start + packed);
      const pauses = new Pauses(options.signal);
      return sourceOf(await inflate(bytes, size, 'raw', say`member ${quote(name)}`, pauses));
    },
  };
}

async function viewOf(file: ByteSource, start: number, length: number, what: string): Promise<DataView> {
  const bytes = await file.read(start, start + length);
  if (bytes.byteLength < length) {
    throw new TensorFileError(
      say`${what}: expected ${length} bytes at offset ${start}, found ${bytes.byteLength}: the archive is truncated`,
    );
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

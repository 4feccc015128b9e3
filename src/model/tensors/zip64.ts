/** What ZIP archives beyond 4 GB, or of more than 65535 members, have beside the older fields (APPNOTE.TXT, its sections named). */
import { say } from '../../words/say';
import { TensorFileError } from './bytes';

/** In place of a number that stands elsewhere. */
const ELSEWHERE_16 = 0xffff;
const ELSEWHERE_32 = 0xffffffff;
const LOCATOR = 0x07064b50;
export const LOCATOR_BYTES = 20;
const END = 0x06064b50;
export const END_64_BYTES = 56;
const EXTRA = 0x0001;
const EXTRA_HEADER_BYTES = 4;

/** Where the list of members is. */
export interface Directory {
  readonly start: number;
  /** In bytes. */
  readonly size: number;
  /** Members. */
  readonly count: number;
}

/** Of a member. */
export interface Sizes {
  readonly packed: number;
  readonly size: number;
  /** Offset of its header. */
  readonly header: number;
}

export function isElsewhere({ start, size, count }: Directory): boolean {
  return start === ELSEWHERE_32 || size === ELSEWHERE_32 || count === ELSEWHERE_16;
}

/** 4.3.15: offset of the end record that has all the numbers; `locator` stands before the older end record. */
export function placeOfEnd(locator: DataView | undefined): number {
  if (locator?.getUint32(0, true) !== LOCATOR) {
    throw new TensorFileError(say`it says that it is a ZIP64 archive, but does not say where its list is`);
  }
  return uint64(locator, 8);
}

/** 4.3.14 */
export function directoryIn(end: DataView): Directory {
  if (end.getUint32(0, true) !== END) {
    throw new TensorFileError(say`the end record of a ZIP64 archive is not where it should be`);
  }
  return { count: uint64(end, 32), size: uint64(end, 40), start: uint64(end, 48) };
}

/** 4.5.3: of those numbers that stand elsewhere, in this order; `extra` are a member's further fields. */
export function sizesWith({ size, packed, header }: Sizes, extra: DataView): Sizes {
  const found = [size, packed, header];
  if (!found.includes(ELSEWHERE_32)) return { size, packed, header };
  const numbers = numbersIn(extra);
  const [all, stored, at] = found.map((value) => (value === ELSEWHERE_32 ? (numbers.shift() ?? NaN) : value));
  return { size: all, packed: stored, header: at };
}

function numbersIn(extra: DataView): number[] {
  for (let at = 0; at + EXTRA_HEADER_BYTES <= extra.byteLength;) {
    const length = extra.getUint16(at + 2, true);
    const start = at + EXTRA_HEADER_BYTES;
    if (extra.getUint16(at, true) === EXTRA && start + length <= extra.byteLength) {
      return Array.from({ length: Math.floor(length / 8) }, (_, k) => uint64(extra, start + 8 * k));
    }
    at = start + length;
  }
  return [];
}

function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

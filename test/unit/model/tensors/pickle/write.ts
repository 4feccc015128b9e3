/** Pickles put together by hand, and files that they are read from. */
import type { ByteSource } from '../../../../../src/files/folder';

/** Text stands for its characters' codes. */
export function bytes(...parts: readonly (string | number | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'string') return Array.from(part, (character) => character.charCodeAt(0));
      return typeof part === 'number' ? [part] : [...part];
    }),
  );
}

export const PROTOCOL_2 = '\x80\x02';

/** BINUNICODE */
export const text = (value: string): Uint8Array => bytes('X', uint32(value.length), value);

/** The lowest byte first. */
export function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

export function uint64(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}

/** GLOBAL */
export const global = (module: string, name: string): string => `c${module}\n${name}\n`;

/** What calling a function with one text would give. */
export const call = (module: string, name: string, argument: string): Uint8Array =>
  bytes(global(module, name), text(argument), '\x85R');

export function source(content: Uint8Array): ByteSource & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    size: content.byteLength,
    reads,
    read(start, end) {
      reads.push([start, end]);
      return Promise.resolve(content.subarray(start, end));
    },
  };
}

/** Values with typed arrays, maps and numbers that JSON has no word for, as JSON text; and back. */

const ARRAYS = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;

/** Objects with exactly these keys stand for what JSON cannot say; values of ours have no such keys. */
type Packed =
  | { readonly array: ArrayName; readonly base64: string }
  | { readonly map: readonly (readonly [unknown, unknown])[] }
  | { readonly number: string };

export function packed(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) return { number: String(part) } satisfies Packed;
    if (part instanceof Map) return { map: [...part] } satisfies Packed;
    const array = (Object.keys(ARRAYS) as ArrayName[]).find((name) => part instanceof ARRAYS[name]);
    if (!array) return part;
    const { buffer, byteOffset, byteLength } = part as Uint8Array;
    return { array, base64: toBase64(new Uint8Array(buffer, byteOffset, byteLength)) } satisfies Packed;
  });
}

/** What `packed` was given. */
export function unpacked(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    const { array, base64, map, number } = part as Record<string, unknown>;
    switch (Object.keys(part).sort().join()) {
      case 'array,base64':
        return new ARRAYS[array as ArrayName](fromBase64(base64 as string).buffer);
      case 'map':
        return new Map(map as [unknown, unknown][]);
      case 'number':
        return Number(number);
      default:
        return part;
    }
  });
}

/** Characters in one call. */
const PIECE = 1 << 15;

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += PIECE) {
    text += String.fromCharCode(...bytes.subarray(from, from + PIECE));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

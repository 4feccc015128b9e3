/** Images inside of pictures: PNG, third edition, as a data URI. */
import { zlibSync } from 'fflate';
import type { Pixels } from './brush';

/** What a smoothed edge takes of a pixel is not seen where each is drawn as several. */
const WIDE = 2048;
const MOST_COPIES = 64;

/** Rows `first` to `first` + `size` − 1 of an image, each pixel as several, so that its edges stay sharp where it is drawn larger. */
export function imageUri(
  { width, pixels }: Pixels,
  { first, size }: { readonly first: number; readonly size: number },
): string {
  const copies = (count: number) => Math.max(1, Math.min(MOST_COPIES, Math.floor(WIDE / count)));
  const [across, down] = [copies(width), copies(size)];
  const row = 1 + 4 * width * across;
  const raw = new Uint8Array(row * size * down);
  const view = new DataView(raw.buffer);
  for (let y = 0; y < size; y++) {
    const begin = y * down * row;
    let at = begin + 1;
    for (let x = 0; x < width; x++) {
      const pixel = pixels[(first + y) * width + x];
      for (let copy = 0; copy < across; copy++, at += 4) view.setUint32(at, pixel, true);
    }
    for (let copy = 1; copy < down; copy++) raw.copyWithin(begin + copy * row, begin, begin + row);
  }
  return `data:image/png;base64,${base64(png(width * across, size * down, raw))}`;
}

/** @param raw rows of 8 bits for each of red, green, blue and opacity, each behind the number of its filter. */
function png(width: number, height: number, raw: Uint8Array): Uint8Array {
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 6], 8);
  const chunks = [chunk('IHDR', head), chunk('IDAT', zlibSync(raw)), chunk('IEND', new Uint8Array())];
  const signature = [137, 80, 78, 71, 13, 10, 26, 10];
  const file = new Uint8Array(signature.length + chunks.reduce((sum, { length }) => sum + length, 0));
  file.set(signature);
  let at = signature.length;
  for (const one of chunks) {
    file.set(one, at);
    at += one.length;
  }
  return file;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** PNG, annex D. */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

const PART = 1 << 15;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PART)
    text += String.fromCharCode(...bytes.subarray(at, at + PART));
  return btoa(text);
}

/** A PNG's pixels: 8 bits a channel, colours alone or with opacity (PNG, third edition, 9). */
import assert from 'node:assert/strict';
import { crc32, inflateSync } from 'node:zlib';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, opacity. */
  at(x: number, y: number): readonly number[];
}

export function decodePng(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.deepEqual([...bytes.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks: { readonly type: string; readonly data: Uint8Array }[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = view.getUint32(at);
    const [body, data] = [bytes.subarray(at + 4, at + 8 + length), bytes.subarray(at + 8, at + 8 + length)];
    assert.equal(view.getUint32(at + 8 + length), crc32(Buffer.from(body)), 'checksum');
    chunks.push({ type: Buffer.from(body.subarray(0, 4)).toString('latin1'), data });
    at += 12 + length;
  }
  assert.equal(chunks.at(-1)?.type, 'IEND');
  const head = Buffer.from(chunks[0].data);
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const [depth, kind, , , interlaced] = head.subarray(8);
  assert.ok(depth === 8 && (kind === 2 || kind === 6) && interlaced === 0);
  const size = kind === 6 ? 4 : 3;
  const data = chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data);
  const pixels = unfiltered(inflateSync(Buffer.concat(data)), width * size, height, size);
  const at = (x: number, y: number) => {
    const from = (Math.floor(y) * width + Math.floor(x)) * size;
    return [...pixels.subarray(from, from + size), ...(size === 3 ? [255] : [])];
  };
  return { width, height, at };
}

function unfiltered(raw: Uint8Array, row: number, rows: number, size: number): Uint8Array {
  assert.equal(raw.length, (row + 1) * rows);
  const pixels = new Uint8Array(row * rows);
  const pixel = (y: number, x: number) => (y < 0 || x < 0 ? 0 : pixels[y * row + x]);
  for (let y = 0; y < rows; y++) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x++) {
      const [left, up, corner] = [pixel(y, x - size), pixel(y - 1, x), pixel(y - 1, x - size)];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, x < size ? 0 : corner)][filter];
      pixels[y * row + x] = raw[y * (row + 1) + 1 + x] + guess;
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const all = [left, up, corner];
  const distances = all.map((one) => Math.abs(left + up - corner - one));
  return all[distances.indexOf(Math.min(...distances))];
}

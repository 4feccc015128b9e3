/** A reader of uncompressed ZIP files and of NumPy's arrays in them, after the formats' specifications. */
import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';

export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What is in the file, in the order of its directory; every length, offset and checksum is looked at. */
export function readNpz(bytes: Uint8Array): Map<string, NpyArray> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50, 'end of the directory');
  const count = view.getUint16(end + 10, true);
  const found = new Map<string, NpyArray>();
  let at = view.getUint32(end + 16, true);
  assert.equal(at + view.getUint32(end + 12, true), end, 'the directory reaches to its end');
  for (let k = 0; k < count; k++) {
    assert.equal(view.getUint32(at, true), 0x02014b50);
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    assert.equal(method, 0, 'stored');
    const [crc, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const local = view.getUint32(at + 42, true);
    const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength);
    const name = new TextDecoder('utf-8', { fatal: true }).decode(nameBytes);
    assert.ok(/^[\x20-\x7e]*$/.test(name) || flags & 0x800, 'says that a name is UTF-8');
    assert.equal(view.getUint32(local, true), 0x04034b50);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const content = bytes.subarray(start, start + size);
    assert.equal(packed, size);
    assert.equal(crc32(content), crc, `checksum of ${name}`);
    assert.ok(name.endsWith('.npy') && !found.has(name));
    found.set(name.slice(0, -4), readNpy(content));
    at += 46 + nameLength + extra + comment;
  }
  assert.equal(at, end);
  return found;
}

function readNpy(bytes: Uint8Array): NpyArray {
  assert.deepEqual([...bytes.subarray(0, 8)], [0x93, ...Buffer.from('NUMPY'), 1, 0]);
  const start = 10 + bytes[8] + 256 * bytes[9];
  assert.equal(start % 64, 0);
  const header = Buffer.from(bytes.subarray(10, start)).toString('latin1');
  const [, shape] = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+, \d+)\), \} *\n$/.exec(
    header,
  )!;
  const sizes = shape.split(', ').map(Number);
  const data = bytes.slice(start);
  assert.equal(data.length, 4 * sizes[0] * sizes[1]);
  return { shape: sizes, values: new Float32Array(data.buffer) };
}

import assert from 'node:assert/strict';
import { constants, deflateRawSync } from 'node:zlib';
import { zipSync, type Zippable } from 'fflate';
import type { ByteSource } from '../../../../src/files/folder';
import { TensorFileError } from '../../../../src/model/tensors/bytes';
import { firstMember, isZip, openZip } from '../../../../src/model/tensors/zip';

const MEMORY = 1 << 20;
const TEXT = new TextEncoder().encode('hello '.repeat(100));
const archive = (members: Zippable = { 'a.txt': [TEXT, { level: 9 }], 'b.txt': [TEXT, { level: 0 }] }) =>
  zipSync(members);

/** Bytes behind a hole of zeros. */
interface HoleFile {
  readonly hole: number;
  readonly bytes: Uint8Array;
}

function source(file: Uint8Array | HoleFile): ByteSource & { readonly reads: [number, number][] } {
  const { hole, bytes } = file instanceof Uint8Array ? { hole: 0, bytes: file } : file;
  const reads: [number, number][] = [];
  return {
    size: hole + bytes.byteLength,
    reads,
    read(start, end) {
      reads.push([start, end]);
      const part = bytes.subarray(Math.max(0, start - hole), Math.max(0, end - hole));
      return Promise.resolve(
        start < hole ? new Uint8Array([...new Uint8Array(hole - start), ...part]) : part,
      );
    },
  };
}

async function contents(bytes: Uint8Array, name: string, memory = MEMORY): Promise<Uint8Array> {
  const member = (await openZip(source(bytes), { limits: { memory } })).get(name);
  assert.ok(member);
  const opened = await member.open();
  return opened.read(0, opened.size);
}

function faults(action: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(action, (error) => {
    assert.ok(error instanceof TensorFileError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

/** Where the header of a member in the list of members is, or its local header. */
function headerOf(bytes: Uint8Array, signature: number, which = 0): DataView {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let left = which;
  for (let at = 0; at + 4 <= bytes.byteLength; at++) {
    if (view.getUint32(at, true) === signature && left-- === 0)
      return new DataView(bytes.buffer, bytes.byteOffset + at);
  }
  throw new Error('no header');
}

const CENTRAL = 0x02014b50;
const END = 0x06054b50;

function changed(change: (bytes: Uint8Array) => void, bytes = archive()): Uint8Array {
  const copy = bytes.slice();
  change(copy);
  return copy;
}

describe('ZIP archives', () => {
  it('give members packed or not', async () => {
    const bytes = archive();
    assert.deepEqual(
      [...(await openZip(source(bytes), { limits: { memory: MEMORY } })).keys()],
      ['a.txt', 'b.txt'],
    );
    assert.deepEqual(Buffer.from(await contents(bytes, 'a.txt')), Buffer.from(TEXT));
    assert.deepEqual(Buffer.from(await contents(bytes, 'b.txt')), Buffer.from(TEXT));
  });

  it('are known by their first bytes, and tell their first member', () => {
    assert.equal(firstMember(archive()), 'a.txt');
    assert.ok(!isZip(TEXT));
    assert.ok(!isZip(new Uint8Array([0x50, 0x4b])));
  });

  it('hand out a stored member piece by piece, without a copy', async () => {
    const bytes = archive({ big: [new Uint8Array(200_000), { level: 0 }] });
    const file = source(bytes);
    const opened = await (await openZip(file, { limits: { memory: 10 } })).get('big')!.open();
    file.reads.length = 0;
    assert.equal((await opened.read(100, 110)).byteLength, 10);
    assert.equal((await opened.read(199_999, 300_000)).byteLength, 1);
    assert.deepEqual(
      file.reads.map(([start, end]) => end - start),
      [10, 1],
    );
  });

  it('are read behind a comment', async () => {
    const bytes = archive();
    const end = headerOf(bytes, END);
    end.setUint16(20, 5, true);
    const commented = new Uint8Array([...bytes, ...new TextEncoder().encode('hello')]);
    assert.equal((await openZip(source(commented), { limits: { memory: MEMORY } })).size, 2);
  });

  it('are read beyond 4 GB', async () => {
    const hole = 5 * 2 ** 30;
    const members = [...(await openZip(source(behind(hole)), { limits: { memory: MEMORY } })).values()];
    assert.deepEqual(
      members.map(({ name, size }) => [name, size]),
      [['b.txt', TEXT.byteLength]],
    );
    const opened = await members[0].open();
    assert.deepEqual(Buffer.from(await opened.read(0, opened.size)), Buffer.from(TEXT));
  });

  it('say what they cannot give', async () => {
    const central = (field: number, value: number, which = 0) =>
      changed((bytes) => headerOf(bytes, CENTRAL, which).setUint16(field, value, true));
    const size = (field: number, value: number, which = 0) =>
      changed((bytes) => headerOf(bytes, CENTRAL, which).setUint32(field, value, true));
    await faults(contents(central(8, 1), 'a.txt'), /member "a.txt": it is encrypted/);
    await faults(contents(central(10, 12), 'a.txt'), /packed by method 12; expected none or deflate/);
    await faults(
      contents(size(24, 0xffffffff), 'a.txt'),
      /its sizes are said to stand behind its name, and do not/,
    );
    await faults(contents(size(24, 599), 'a.txt'), /expected 599 bytes when unpacked, found more/);
    await faults(contents(size(24, 601), 'a.txt'), /expected 601 bytes when unpacked, found 600/);
    await faults(contents(size(24, 0x7fffffff), 'a.txt'), /beyond the limit of 1\.0 MB/);
    await faults(contents(size(24, 601, 1), 'b.txt'), /stored as it is, but says 600 and 601/);
    await faults(contents(size(20, 0x7fffffff), 'a.txt'), /ends behind the file/);
    await faults(contents(size(42, 3), 'a.txt'), /not at offset 3, where it should be/);
  });

  it('do not unpack a bomb', async () => {
    // 1 GB of zeros in 1 MB: blocks that end at whole bytes can stand one after the other.
    const block = deflateRawSync(new Uint8Array(1 << 20), { finishFlush: constants.Z_SYNC_FLUSH });
    const packed = new Uint8Array(1024 * block.byteLength);
    for (let k = 0; k < 1024; k++) packed.set(block, k * block.byteLength);
    const bombOf = (size: number) =>
      changed(
        (bytes) => {
          const header = headerOf(bytes, CENTRAL);
          header.setUint16(10, 8, true);
          header.setUint32(24, size, true);
        },
        archive({ bomb: [packed, { level: 0 }] }),
      );
    const before = process.memoryUsage().arrayBuffers;
    await faults(
      contents(bombOf(1 << 30), 'bomb', 1 << 28),
      /1\.0 GB when unpacked are beyond the limit of 256 MB/,
    );
    await faults(contents(bombOf(1000), 'bomb', 1 << 28), /expected 1000 bytes when unpacked, found more/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 128 << 20);
  });

  it('refuse lists that are damaged', async () => {
    const open = (bytes: Uint8Array) => openZip(source(bytes), { limits: { memory: MEMORY } });
    const bytes = archive();
    const end = (field: number, value: number, wide = true) =>
      changed((copy) => {
        if (wide) headerOf(copy, END).setUint32(field, value, true);
        else headerOf(copy, END).setUint16(field, value, true);
      });
    await faults(open(bytes.subarray(0, -1)), /the end of the archive is missing/);
    await faults(open(new Uint8Array()), /the end of the archive is missing/);
    await faults(open(end(16, 0xffffffff)), /a ZIP64 archive, but does not say where its list is/);
    await faults(open(end(12, 0x10000000)), /cannot be at offset/);
    await faults(open(end(10, 3, false)), /expected 3 members.*found 2/);
    const twice = changed((copy) => copy.set(new TextEncoder().encode('a'), copyOfName(copy)));
    await faults(open(twice), /the member "a.txt" is there twice/);
  });

  it('stay calm whatever bit is flipped', async () => {
    const bytes = archive();
    for (let at = 0; at < bytes.byteLength; at++) {
      const damaged = changed((copy) => (copy[at] ^= 1 << (at % 8)));
      try {
        for (const member of (await openZip(source(damaged), { limits: { memory: MEMORY } })).values())
          await member.open();
      } catch (error) {
        assert.ok(error instanceof TensorFileError, String((error as Error).stack));
      }
    }
  });
});

/** An archive of one member behind a hole of so many bytes, which take no memory; its numbers are those of ZIP64. */
function behind(hole: number): HoleFile {
  const plain = archive({ 'b.txt': [TEXT, { level: 0 }] });
  const list = headerOf(plain, CENTRAL).byteOffset;
  const parts = Buffer.alloc(46 + 5 + 4 + 24 + 56 + 20 + 22);
  parts.set(plain.subarray(list, list + 46 + 5));
  for (const field of [20, 24, 42]) parts.writeUInt32LE(0xffffffff, field);
  parts.writeUInt16LE(4 + 24, 30);
  let at = 46 + 5;
  at = parts.writeUInt16LE(1, at);
  at = parts.writeUInt16LE(24, at);
  for (const number of [TEXT.byteLength, TEXT.byteLength, hole])
    at = parts.writeBigUInt64LE(BigInt(number), at);
  const end = at;
  parts.writeUInt32LE(0x06064b50, end);
  for (const [field, number] of [
    [32, 1],
    [40, end],
    [48, hole + list],
  ]) {
    parts.writeBigUInt64LE(BigInt(number), end + field);
  }
  parts.writeUInt32LE(0x07064b50, end + 56);
  parts.writeBigUInt64LE(BigInt(hole + list + end), end + 56 + 8);
  parts.writeUInt32LE(END, end + 76);
  parts.fill(0xff, end + 76 + 8, end + 76 + 20);
  return { hole, bytes: new Uint8Array([...plain.subarray(0, list), ...parts]) };
}

/** Of the second member, in the list. */
function copyOfName(bytes: Uint8Array): number {
  return headerOf(bytes, CENTRAL, 1).byteOffset - bytes.byteOffset + 46;
}

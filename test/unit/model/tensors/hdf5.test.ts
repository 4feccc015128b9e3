import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSource } from '../../../../src/files/folder';
import { TensorFileError } from '../../../../src/model/tensors/bytes';
import { isHdf5, openHdf5, type Hdf5Group } from '../../../../src/model/tensors/hdf5';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/hdf5');
const LAYOUTS = ['old', 'tracked', 'newest'];
const MEMORY = 1 << 20;
const VALUES = Array.from({ length: 35 }, (_, k) => (k - 17) / 8);

const bytesOf = (name: string) => new Uint8Array(readFileSync(join(FIXTURES, `${name}.h5`)));

function source(bytes: Uint8Array): ByteSource & { read: ByteSource['read']; readonly reads: number[] } {
  const reads: number[] = [];
  return {
    size: bytes.byteLength,
    reads,
    read(start, end) {
      const piece = bytes.subarray(start, end);
      reads.push(piece.byteLength);
      return Promise.resolve(piece);
    },
  };
}

const open = (bytes: Uint8Array, memory = MEMORY) => openHdf5(source(bytes), { limits: { memory } });

async function dataset(root: Hdf5Group, path: string) {
  const found = await root.find(path);
  assert.ok(found?.kind === 'dataset', `${path} is no dataset`);
  return found;
}

function faults(action: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(action, (error) => {
    assert.ok(error instanceof TensorFileError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

for (const layout of LAYOUTS) {
  describe(`HDF5, ${layout} layout`, () => {
    let root: Hdf5Group;
    before(async () => (root = await open(bytesOf(layout))));

    it('gives text of fixed and variable length, one or many', async () => {
      const strings = (name: string) => root.strings(name);
      assert.deepEqual(await strings('variable'), ['Grüße']);
      assert.deepEqual(await strings('bytes'), ['abc']);
      assert.deepEqual(await strings('fixed'), ['fixed']);
      assert.deepEqual(await strings('list'), ['one', 'three', '']);
      assert.deepEqual(await strings('variable list'), ['a', '한글']);
      assert.deepEqual(await strings('empty'), []);
      assert.deepEqual(await strings('null'), []);
      assert.deepEqual(await strings('more 9'), ['value 9']);
      assert.equal(await strings('missing'), undefined);
      await faults(strings('number'), /attribute "number": expected text, found floating-point/);
    });

    for (const type of ['<f2', '<f4', '<f8', '>f2', '>f4', '>f8', 'bfloat16']) {
      it(`reads ${type}`, async () => {
        const found = await dataset(root, `floats/${type}`);
        assert.deepEqual(found.shape, [5, 7]);
        assert.deepEqual([...(await found.read())], VALUES);
      });
    }

    it('reads compact storage, and chunks plain, packed, shuffled and with checksums', async () => {
      assert.deepEqual([...(await (await dataset(root, 'storage/compact')).read())], VALUES);
      for (const name of ['chunks', 'gzip', 'all']) {
        const values = (await dataset(root, `storage/${name}`)).read();
        if (layout === 'newest') await faults(values, /index of a newer kind.*libver/);
        else assert.deepEqual([...(await values)], VALUES);
      }
    });

    it('reads a scalar, and nothing of an empty array', async () => {
      const scalar = await dataset(root, 'others/scalar');
      assert.deepEqual([scalar.shape, ...(await scalar.read())], [[], 2.5]);
      const none = await dataset(root, 'others/none');
      assert.deepEqual([none.shape, ...(await none.read())], [[0, 3]]);
    });

    it('says what it cannot read', async () => {
      const read = async (name: string) => (await dataset(root, `others/${name}`)).read();
      await faults(read('int32'), /"\/others\/int32": expected floating-point numbers, found int32/);
      await faults(read('complex'), /found compound/);
      await faults(read('text'), /found text/);
      await faults(read('unset'), /no values were stored/);
      if (layout !== 'newest') await faults(read('lzf'), /filter 32000/);
    });

    it('follows no links to elsewhere, and goes round in circles only as far as it is led', async () => {
      await faults(root.find('links/soft'), /"\/links\/soft" is a soft link/);
      await faults(root.find('links/external/x'), /"\/links\/external" is an external link/);
      const round = await root.group('links/loop/links/loop/floats');
      assert.equal(round?.names.length, 7);
    });

    it('finds one of many names, and names that objects have of themselves', async () => {
      const many = await root.group('many');
      assert.equal(many?.names.length, 24);
      assert.deepEqual([...(await (await dataset(root, 'many/23')).read())], [23, 23]);
      assert.deepEqual([...(await (await dataset(root, '__proto__/constructor/x')).read())], [1]);
      assert.equal(await root.find('toString'), undefined);
      assert.equal(await root.find('many/23/x'), undefined);
      assert.equal(await root.find('nowhere/at/all'), undefined);
    });

    it('says where a truncated file ends', async () => {
      const bytes = bytesOf(layout);
      for (let size = 0; size < bytes.byteLength; size += 997) {
        await readAll(bytes.subarray(0, size));
      }
    });

    it('meets flipped bits with an error or with values, in little time and memory', async () => {
      const bytes = bytesOf(layout);
      for (let k = 0; k < 400; k++) {
        const damaged = bytes.slice();
        // Structures stand at the front; the multiplier spreads the flips over them.
        const at = (k * 7919) % bytes.byteLength;
        damaged[at] ^= 1 << (k % 8);
        await readAll(damaged);
      }
    });
  });
}

/** Everything that there is, to the end or to a TensorFileError; anything else is a fault. */
async function readAll(bytes: Uint8Array): Promise<void> {
  const started = performance.now();
  const attempt = async (action: () => Promise<unknown>) => {
    try {
      return await action();
    } catch (error) {
      assert.ok(error instanceof TensorFileError, String((error as Error).stack ?? error));
      return undefined;
    }
  };
  const root = (await attempt(() => open(bytes))) as Hdf5Group | undefined;
  for (const name of ['variable list', 'list', 'more 3']) await attempt(async () => root?.strings(name));
  for (const name of ['floats', 'storage', 'others', 'many', 'links']) {
    const group = (await attempt(async () => root?.group(name))) as Hdf5Group | undefined;
    for (const child of group?.names ?? []) {
      await attempt(async () => {
        const found = await group?.find(child);
        if (found?.kind === 'dataset') await found.read();
      });
    }
  }
  assert.ok(performance.now() - started < 5000);
}

describe('HDF5 files', () => {
  it('are known by their first bytes', () => {
    assert.ok(isHdf5(bytesOf('old')));
    assert.ok(!isHdf5(new TextEncoder().encode('HDF5 HDF5')));
    assert.ok(!isHdf5(new Uint8Array()));
  });

  it('are read only where it is asked for', async () => {
    const file = source(bytesOf('old'));
    const root = await openHdf5(file, { limits: { memory: MEMORY } });
    await (await dataset(root, 'floats/<f4')).read();
    assert.ok(Math.max(...file.reads) <= 1 << 14, 'pages, and one dataset');
    assert.equal(file.reads.at(-1), 4 * 35);
  });

  it('give no dataset beyond the limit for memory', async () => {
    const root = await open(bytesOf('old'), 100);
    await faults((await dataset(root, 'floats/<f4')).read(), /140 bytes, beyond the limit of 100/);
    const chunks = await open(bytesOf('old'), 200);
    await faults((await dataset(chunks, 'storage/chunks')).read(), /beyond the limit of 200 bytes/);
  });

  it('that lead in circles, or to one place from everywhere, end in an error', async () => {
    const bytes = bytesOf('old');
    const view = new DataView(bytes.buffer);
    const tree = view.getBigUint64(ROOT_TREE_AT, true);
    const table = view.getBigUint64(Number(tree) + 32, true);
    const circle = withRootTree(bytes, tree, [node(1, 1, BigInt(bytes.byteLength))]);
    await faults(open(circle), /B-tree.*does not fit into its tree/);
    const size = 24n + 16n * 60_000n;
    const start = BigInt(bytes.byteLength);
    const levels = [3, 2, 1].map((level, k) => node(level, 60_000, start + size * BigInt(k + 1)));
    const fan = withRootTree(bytes, tree, [...levels, node(0, 60_000, table)]);
    await faults(open(fan), /made of more parts/);
  }).timeout(10_000);

  it('stop when they are cancelled', async () => {
    const cancelled = new AbortController();
    const file = source(bytesOf('old'));
    const root = await openHdf5(file, { limits: { memory: MEMORY }, signal: cancelled.signal });
    const found = await dataset(root, 'floats/<f8');
    cancelled.abort();
    await assert.rejects(found.read(), { name: 'AbortError' });
  });
});

/** In the superblock of the older layout. */
const ROOT_TREE_AT = 80;

/** A node of a group's B-tree, all of whose children are the same. */
function node(level: number, children: number, child: bigint): Uint8Array {
  const bytes = new Uint8Array(24 + 16 * children);
  bytes.set(new TextEncoder().encode('TREE'));
  const view = new DataView(bytes.buffer);
  view.setUint8(5, level);
  view.setUint16(6, children, true);
  for (let k = 0; k < children; k++) view.setBigUint64(24 + 16 * k + 8, child, true);
  return bytes;
}

/** The file with further nodes at its end, the first of which is the root group's tree. */
function withRootTree(bytes: Uint8Array, tree: bigint, nodes: readonly Uint8Array[]): Uint8Array {
  const longer = new Uint8Array([...bytes, ...nodes.flatMap((added) => [...added])]);
  const view = new DataView(longer.buffer);
  for (let at = 0; at + 8 <= bytes.byteLength; at += 8) {
    if (view.getBigUint64(at, true) === tree) view.setBigUint64(at, BigInt(bytes.byteLength), true);
  }
  return longer;
}

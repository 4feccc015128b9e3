import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError, type FileErrorReason } from '../../../src/files/folder';
import { NodeFolder } from '../../../src/platform/nodeFolder';

describe('NodeFolder', () => {
  let root: string;
  let folder: NodeFolder;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'gatescope-'));
    await mkdir(join(root, 'model/sub'), { recursive: true });
    await writeFile(join(root, 'secret'), 'secret');
    await writeFile(join(root, 'model/a'), '0123456789');
    await writeFile(join(root, 'model/sub/b'), 'b');
    await symlink(join(root, 'secret'), join(root, 'model/out'));
    await symlink(root, join(root, 'model/up'));
    await symlink(join(root, 'model/a'), join(root, 'model/in'));
    await symlink(join(root, 'model'), join(root, 'linked'));
    folder = new NodeFolder(join(root, 'model'));
  });

  after(() => rm(root, { recursive: true }));

  const text = async (promise: Promise<Uint8Array>) => new TextDecoder().decode(await promise);
  const rejects = (promise: Promise<unknown>, reason: FileErrorReason) =>
    assert.rejects(promise, (error) => error instanceof FileError && error.reason === reason);

  it('reads whole files, ranges, and what is left of a range beyond the end', async () => {
    assert.equal(await folder.size('a'), 10);
    assert.equal(await text(folder.read('a')), '0123456789');
    assert.equal(await text(folder.read('a', 2, 5)), '234');
    assert.equal(await text(folder.read('a', 8, 50)), '89');
    assert.equal(await text(folder.read('a', 20, 50)), '');
    assert.equal(await text(folder.read('sub/b')), 'b');
  });

  it('follows links that stay inside, and a folder that is a link itself', async () => {
    assert.equal(await text(folder.read('in', 0, 3)), '012');
    assert.equal(await text(new NodeFolder(join(root, 'linked')).read('a', 0, 1)), '0');
  });

  it('refuses links and paths that lead outside', async () => {
    await rejects(folder.read('out'), 'outside');
    await rejects(folder.size('up/secret'), 'outside');
    await rejects(folder.read('../secret'), 'outside');
    await rejects(folder.read(join(root, 'model/a')), 'outside');
  });

  it('tells missing files and folders apart', async () => {
    await rejects(folder.read('none'), 'missing');
    await rejects(folder.read('a/none'), 'missing');
    await rejects(folder.size('sub'), 'not-a-file');
    await rejects(folder.read('.'), 'not-a-file');
  });
});

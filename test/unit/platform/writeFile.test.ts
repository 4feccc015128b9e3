import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeWhole } from '../../../src/platform/writeFile';

const MODULE = pathToFileURL(join(import.meta.dirname, '../../../src/platform/writeFile.ts')).href;

describe('a file that is written whole', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatescope-write-'));
    file = join(folder, 'run.csv');
    writeFileSync(file, 'before');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has every piece in order, the mode of the one before, and nothing beside it', async () => {
    chmodSync(file, 0o640);
    const pieces = Array.from({ length: 3000 }, (_, k) => (k % 2 ? `é${k}\n` : Uint8Array.of(k & 0x7f, 10)));
    await writeWhole(file, pieces);
    const expected = Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
    assert.ok(readFileSync(file).equals(expected));
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder), ['run.csv']);
  });

  it('stands where a link leads to, and the link stays', async () => {
    const link = join(folder, 'link.csv');
    symlinkSync('run.csv', link);
    await writeWhole(link, ['after']);
    assert.deepEqual([readlinkSync(link), readFileSync(file, 'utf8')], ['run.csv', 'after']);
  });

  it('is not written where the one before is read-only', async () => {
    chmodSync(file, 0o444);
    await assert.rejects(writeWhole(file, ['after']), { code: 'EACCES' });
    assert.equal(readFileSync(file, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder), ['run.csv']);
  });

  it('is as it was where the pieces end in an error', async () => {
    async function* pieces() {
      yield 'x'.repeat(1 << 20);
      throw new Error('no more');
    }
    await assert.rejects(writeWhole(file, pieces()), /no more/);
    assert.equal(readFileSync(file, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder), ['run.csv']);
  });

  it('is as it was where the process is killed in the middle, and can be written again', async () => {
    const program = `
      import { writeWhole } from ${JSON.stringify(MODULE)};
      async function* pieces() {
        yield 'x'.repeat(1 << 20);
        process.stdout.write('in the middle');
        setInterval(() => undefined, 1000);
        await new Promise(() => undefined);
      }
      void writeWhole(${JSON.stringify(file)}, pieces());`;
    writeFileSync(join(folder, 'program.mts'), program);
    const args = ['--import', 'tsx', join(folder, 'program.mts')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [heard] = await once(child.stdout, 'data');
    assert.equal(String(heard), 'in the middle');
    const beside = readdirSync(folder).find((name) => /^\.run\.csv\.gatescope-[\w-]+\.tmp$/.test(name))!;
    assert.ok(statSync(join(folder, beside)).size > 0, 'what has been written stands beside');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(readFileSync(file, 'utf8'), 'before');
    const others = [beside.replace(`-${child.pid}-`, `-${process.pid}-`), '.mine.tmp'];
    for (const name of others)
      writeFileSync(join(folder, name), 'of a process that runs, or of another program');
    await writeWhole(file, ['after']);
    assert.equal(readFileSync(file, 'utf8'), 'after');
    assert.deepEqual(readdirSync(folder).sort(), [...others, 'program.mts', 'run.csv'].sort());
  });
});

/** That the program in the README runs as it stands there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');

describe('the README', () => {
  it('has a program that reads a model, runs it and takes its gradient', () => {
    const [, program] = /```ts\n([^]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))!;
    const scratch = mkdtempSync(join(tmpdir(), 'gatescope-readme-'));
    try {
      const file = join(scratch, 'program.mts');
      writeFileSync(file, program.replaceAll("'./src/", `'${pathToFileURL(ROOT).href}/src/`));
      const output = execFileSync(process.execPath, ['--import', 'tsx', file], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      assert.match(output, /^lstm\.f: 62 steps × \d+ units$/m);
      assert.match(output, /The gradient from step 61 reaches step 0/);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});

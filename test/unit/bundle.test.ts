import assert from 'node:assert/strict';
import * as esbuild from 'esbuild';
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { web, faultsInWorker } = require('../../esbuild.js');

/** What is at fault in the bundle for web workers of a program that begins with `contents`. */
async function faultsOf(contents: string): Promise<string[]> {
  const { metafile } = await esbuild.build({
    ...web,
    entryPoints: undefined,
    stdin: { contents, resolveDir: 'src', loader: 'ts' },
    logLevel: 'silent',
    metafile: true,
    write: false,
  });
  return faultsInWorker(metafile);
}

describe('the bundle for web workers', () => {
  it('needs nothing but VS Code, and does not train', async () => {
    assert.deepEqual(await faultsOf(`export { activate } from './extension';`), []);
  });

  it('is not built with what is of Node', async () => {
    await assert.rejects(faultsOf(`export { nodeThreads } from './platform/nodeThreads';`), /node:/);
    assert.deepEqual(await faultsOf(`try { require('node:fs'); } catch {}`), ['it imports node:fs']);
  });

  it('is told when training is in it', async () => {
    const faults = await faultsOf(`export { train } from './engine/train/train';`);
    assert.ok(faults.includes('it holds src/engine/train/train.ts'), String(faults));
  });
});

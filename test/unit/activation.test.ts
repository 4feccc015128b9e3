import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

/** More than what activation loads today, less than that and any of the readers. */
const MOST_BYTES = 148_000;

/** What is to be loaded on first use: what reads, runs, compares and converts models. */
const ON_FIRST_USE = [
  /^src\/model\/dialects\/(?!dialect\.ts|native\/(activations|cellOptions)\.ts)/,
  /^src\/model\/(read|convert)\.ts/,
  /^src\/model\/(python|sequences)\//,
  /^src\/model\/tensors\/(hdf5|bundle)\//,
  /^src\/engine\/(run|forward|backward|gradient|generate)\.ts/,
  /^src\/engine\/(kernels|operations|train)\//,
  /^src\/verify\//,
  /^src\/language\/text\//,
  /^src\/model\/json\/edit\.ts/,
];
const PACKAGES = /^node_modules\/(?!jsonc-parser\/)/;

/** Bytes of each file in a bundle, and of all of it. */
async function bundled(options: esbuild.BuildOptions) {
  const quiet = { write: false, metafile: true, logLevel: 'silent', sourcemap: false, minify: true } as const;
  const { metafile, warnings } = await esbuild.build({ ...options, ...quiet });
  assert.deepEqual(
    warnings.map(({ text }) => text),
    [],
  );
  const [{ bytes, inputs }] = Object.values(metafile.outputs);
  const files = Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0);
  return { bytes, files };
}

const late = (files: readonly string[]) =>
  files.filter((file) => [...ON_FIRST_USE, PACKAGES].some((one) => one.test(file)));

describe('what activation loads', () => {
  let extension: esbuild.BuildOptions;
  before(async () => {
    const build = join(process.cwd(), 'esbuild.js');
    const { product } = (await import(build)) as { readonly product: readonly esbuild.BuildOptions[] };
    [extension] = product;
  });

  it('holds neither readers nor engine, which come on first use', async () => {
    const { bytes, files } = await bundled(extension);
    assert.ok(files.includes('src/extension.ts') && files.includes('src/host/session.ts'), files.join());
    assert.deepEqual(late(files), []);
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  });

  it('would be seen to hold them if it imported them', async () => {
    const contents = `import './src/extension'; export { readModel } from './src/model/read'; export { run } from './src/engine/run';`;
    const stdin = { contents, resolveDir: process.cwd() };
    const { bytes, files } = await bundled({ ...extension, entryPoints: undefined, stdin });
    const found = late(files);
    for (const file of ['model/read', 'model/dialects/onnx/read', 'engine/run', 'engine/kernels/choose'])
      assert.ok(found.includes(`src/${file}.ts`), file);
    assert.ok(bytes > MOST_BYTES, `${bytes} bytes`);
  });
});

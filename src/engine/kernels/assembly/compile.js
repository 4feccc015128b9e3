/**
 * Compiles kernels.ts twice, for plain and for relaxed SIMD, into ../binaries.ts. `node compile.js` or from
 * esbuild.js; does nothing while the source is the one that the binaries name.
 */
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync, existsSync } = require('node:fs');
const path = require('node:path');

const SOURCE = path.join(__dirname, 'kernels.ts');
const TARGET = path.join(__dirname, '..', 'binaries.ts');
const FLAGS = ['-O3', '--runtime', 'stub', '--noAssert', '--importMemory', '--memoryBase', '64', '--enable', 'simd'];

async function binary(features) {
  const asc = await import('assemblyscript/asc');
  let bytes;
  const { error, stderr } = await asc.main(
    ['kernels.ts', ...FLAGS, ...features.flatMap((name) => ['--enable', name]), '--outFile', 'kernels.wasm'],
    {
      readFile: (name) => (name === 'kernels.ts' ? readFileSync(SOURCE, 'utf8') : null),
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) bytes = Buffer.from(contents);
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return bytes.toString('base64');
}

/** The text of ../binaries.ts. */
async function binaries() {
  const hash = createHash('sha256').update(readFileSync(SOURCE)).digest('hex');
  return [
    `/** Made from assembly/kernels.ts by assembly/compile.js. Source: sha256 ${hash} */`,
    `export const SIMD = '${await binary([])}';`,
    `export const RELAXED_SIMD = '${await binary(['relaxed-simd'])}';`,
    '',
  ].join('\n');
}

async function compileKernels() {
  const hash = createHash('sha256').update(readFileSync(SOURCE)).digest('hex');
  if (existsSync(TARGET) && readFileSync(TARGET, 'utf8').includes(hash)) return;
  writeFileSync(TARGET, await binaries());
}

module.exports = { compileKernels, binaries };
if (require.main === module) void compileKernels();

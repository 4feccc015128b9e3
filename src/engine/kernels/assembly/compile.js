/**
 * Compiles kernels.ts with back.ts (one thread) and parts.ts (two threads with a shared memory), each for plain and for
 * relaxed SIMD, into ../binaries.ts. `node compile.js` or from esbuild.js; does nothing while the sources are those that the
 * binaries name.
 */
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync, existsSync } = require('node:fs');
const path = require('node:path');

const SOURCES = ['arithmetic.ts', 'back.ts', 'kernels.ts', 'parts.ts'];
const TARGET = path.join(__dirname, '..', 'binaries.ts');
const FLAGS = ['-O3', '--runtime', 'stub', '--noAssert', '--importMemory', '--memoryBase', '64', '--enable', 'simd'];
/** Shared memories name their most pages; 4 GB, as instance.ts makes them. */
const SHARED = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
const RELAXED = ['--enable', 'relaxed-simd'];

const source = (name) => readFileSync(path.join(__dirname, name), 'utf8');

async function binary(entry, flags) {
  const asc = await import('assemblyscript/asc');
  let bytes;
  const { error, stderr } = await asc.main([entry, ...FLAGS, ...flags, '--outFile', 'kernels.wasm'], {
    readFile: (name) => (SOURCES.includes(path.basename(name)) ? source(path.basename(name)) : null),
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) bytes = Buffer.from(contents);
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return bytes.toString('base64');
}

function sourceHash() {
  const hash = createHash('sha256');
  for (const name of SOURCES) hash.update(source(name));
  return hash.digest('hex');
}

/** The text of ../binaries.ts. */
async function binaries() {
  return [
    `/** Made from assembly/*.ts by assembly/compile.js. Source: sha256 ${sourceHash()} */`,
    `export const SIMD = '${await binary('kernels.ts', [])}';`,
    `export const RELAXED_SIMD = '${await binary('kernels.ts', RELAXED)}';`,
    `export const SHARED_SIMD = '${await binary('parts.ts', SHARED)}';`,
    `export const SHARED_RELAXED_SIMD = '${await binary('parts.ts', [...SHARED, ...RELAXED])}';`,
    '',
  ].join('\n');
}

async function compileKernels() {
  if (existsSync(TARGET) && readFileSync(TARGET, 'utf8').includes(sourceHash())) return;
  writeFileSync(TARGET, await binaries());
}

module.exports = { compileKernels, binaries };
if (require.main === module) void compileKernels();

/**
 * Builds everything into dist/: `node esbuild.js [--watch]`.
 * With --tests, builds the suite that runs inside VS Code into out/ instead.
 */
const esbuild = require('esbuild');
const { readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { compileKernels } = require('./src/engine/kernels/assembly/compile.js');

const watch = process.argv.includes('--watch');
const common = { bundle: true, minify: !watch, sourcemap: watch, logLevel: 'info', target: 'es2022' };

const host = { ...common, platform: 'node', mainFields: ['module', 'main'] };

/** What the extension loads on first use, by `import()`: chunks that share their code with one another. */
const lazy = [
  'src/model/dialects/all.ts',
  'src/model/read.ts',
  'src/model/convert.ts',
  'src/model/sequences/index.ts',
  'src/model/sequences/csv.ts',
  'src/model/sequences/file.ts',
  'src/model/sequences/window.ts',
  'src/model/sequences/expected.ts',
  'src/verify/index.ts',
  'src/engine/generate.ts',
  'src/host/finishedRun.ts',
  'src/host/search.ts',
  'src/host/whatIf.ts',
  'src/host/otherRun.ts',
  'src/words/verdict.ts',
];

/** `model/read.ts` is `model-read`. */
const chunkName = (module) => module.replace(/^src\/|(\/index)?\.ts$/g, '').replaceAll('/', '-');

const lazyChunks = {
  name: 'lazy-chunks',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const wanted = resolve(resolveDir, path);
      const module = lazy.find((file) => [`${wanted}.ts`, `${wanted}/index.ts`].includes(resolve(file)));
      if (!module)
        return { errors: [{ text: `${path} is imported on first use, but not in the list of chunks` }] };
      return { path: `./chunks/${chunkName(module)}.mjs`, external: true };
    });
  },
};

/** Mermaid loads its parts on first use; the panel only ever draws flowcharts, with a layout of its own. */
const flowchartsOnly = {
  name: 'flowcharts-only',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
      const part = kind === 'dynamic-import' && /[\\/]node_modules[\\/]mermaid[\\/]/.test(importer);
      return part && !/\/flowDiagram-/.test(path) ? { path: 'part', namespace: 'left-out' } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: `throw new Error('this part of Mermaid is left out');`,
    }));
  },
};

const product = [
  {
    ...host,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    format: 'cjs',
    external: ['vscode'],
    plugins: [lazyChunks],
  },
  {
    ...host,
    entryPoints: Object.fromEntries(lazy.map((module) => [chunkName(module), module])),
    chunkNames: '[name]-[hash]',
    outdir: 'dist/chunks',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    splitting: true,
  },
  {
    ...host,
    entryPoints: { cli: 'src/cli.ts', thread: 'src/platform/worker.ts' },
    outdir: 'dist',
    format: 'cjs',
    // Read in ES modules only.
    logOverride: { 'empty-import-meta': 'silent' },
  },
  {
    ...common,
    entryPoints: { main: 'webview/main.ts' },
    outdir: 'dist/webview',
    platform: 'browser',
    format: 'esm',
    // In one file, for one that asks for the next is waited for each time.
    splitting: false,
    plugins: [flowchartsOnly],
  },
];

const tests = [
  {
    ...common,
    minify: false,
    entryPoints: ['test/vscode/suite/*.ts'],
    outbase: 'test',
    outdir: 'out',
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
  },
];

const builds = process.argv.includes('--tests') ? tests : product;

/** What is bundled of other packages, with their licences, as those ask for it. */
function thirdPartyNotices(results) {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = inputs.flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'))?.[0] ?? [],
  );
  const notices = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    return [
      `${name} ${version}${license ? ` (${license})` : ''}`,
      text ? readFileSync(join(folder, text), 'utf8').trim() : '',
    ];
  });
  const schema = ['The schema of ONNX, src/model/dialects/onnx/schema (Apache-2.0)', ''];
  return [...notices, schema].map((lines) => lines.join('\n\n')).join(`\n\n${'-'.repeat(80)}\n\n`);
}

async function main() {
  await compileKernels();
  if (watch) {
    const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  for (const { outdir } of builds) rmSync(outdir, { recursive: true, force: true });
  const results = await Promise.all(builds.map((options) => esbuild.build({ ...options, metafile: true })));
  if (builds === product) writeFileSync('dist/third-party-notices.txt', thirdPartyNotices(results));
}

if (require.main === module) main().catch(() => process.exit(1));

module.exports = { product };

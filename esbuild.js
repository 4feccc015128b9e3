/**
 * Builds everything into dist/: `node esbuild.js [--watch]`.
 * With --tests, builds the suite that runs inside VS Code into out/ instead.
 */
const esbuild = require('esbuild');
const { createHash } = require('node:crypto');
const { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { gzipSync } = require('node:zlib');
const { compileKernels } = require('./src/engine/kernels/assembly/compile.js');

const watch = process.argv.includes('--watch');
const common = { bundle: true, minify: !watch, sourcemap: watch, logLevel: 'info', target: 'es2022' };

const host = { ...common, platform: 'node', mainFields: ['module', 'main'] };

/** Where `__dirname` is told, `import.meta` is not read: it is there in ES modules only. */
const commonJs = { format: 'cjs', logOverride: { 'empty-import-meta': 'silent' } };

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
  'src/export/formats.ts',
  'src/export/choice.ts',
  'src/export/python.ts',
  'src/host/finishedRun.ts',
  'src/host/search.ts',
  'src/host/unitChanges.ts',
  'src/host/stuckInRun.ts',
  'src/host/whatIf.ts',
  'src/host/otherRun.ts',
  'src/words/verdict.ts',
  'src/language/text/index.ts',
  'src/tools/answer.ts',
  'src/tools/api.ts',
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

/** The command line loads what answers assistants from its own file, on first use. */
const assistants = {
  name: 'assistants',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/mcp\/server$/ }, () => ({ path: './mcp.js', external: true }));
  },
};

/** `platform.web.ts` in place of `platform.ts`. */
const webTwins = {
  name: 'web-twins',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\bplatform$/ }, ({ path, resolveDir }) => ({
      path: `${resolve(resolveDir, path)}.web.ts`,
    }));
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

const digest = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Puts what is built of webview/alone into its page. */
const onePage = {
  name: 'one-page',
  setup(build) {
    build.onEnd(({ outputFiles }) => {
      const built = (name) => outputFiles.find(({ path }) => path.endsWith(name)).text.trim();
      const [boot, program] = [built('boot.js'), built('main.js')];
      const policy = [
        "default-src 'none'",
        `script-src ${digest(boot)} ${digest(program)} 'wasm-unsafe-eval'`,
        "style-src 'unsafe-inline'",
        'img-src data:',
      ].join('; ');
      const parts = {
        ...{ policy, boot, style: `${built('themes.css')}\n${built('main.css')}` },
        program: gzipSync(program, { level: 9 }).toString('base64'),
      };
      const page = readFileSync('webview/alone/page.html', 'utf8');
      mkdirSync('dist', { recursive: true });
      writeFileSync(
        'dist/alone.html',
        page.replace(/\{\{(policy|style|program|boot)\}\}/g, (_, name) => parts[name]),
      );
    });
  },
};

/** The extension in a web worker, which has no `import()` of an extension's own files: all in one. */
const web = {
  ...common,
  entryPoints: { extension: 'src/extension.ts' },
  outdir: 'dist/web',
  platform: 'browser',
  mainFields: ['module', 'main'],
  format: 'cjs',
  external: ['vscode'],
  plugins: [webTwins],
};

/** The panel as a page that stands alone: all of it in one file, but for what is exported. */
const alone = {
  ...common,
  entryPoints: {
    main: 'webview/alone/main.ts',
    boot: 'webview/alone/boot.ts',
    themes: 'webview/alone/themes.css',
  },
  outdir: 'dist/alone',
  platform: 'browser',
  format: 'iife',
  write: false,
  plugins: [flowchartsOnly, webTwins, onePage],
};

const product = [
  {
    ...host,
    entryPoints: { extension: 'src/extension.ts' },
    ...commonJs,
    outdir: 'dist',
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
    entryPoints: { cli: 'src/cli.ts', thread: 'src/platform/worker.ts', mcp: 'src/mcp/server.ts' },
    ...commonJs,
    outdir: 'dist',
    plugins: [assistants],
  },
  {
    ...common,
    // Browsers take the first of them, too.
    ...{ platform: 'browser', mainFields: ['module', 'main'], external: ['node:*'] },
    entryPoints: { index: 'src/library/index.ts', node: 'src/library/node.ts' },
    chunkNames: '[name]-[hash]',
    outdir: 'dist/lib',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    splitting: true,
  },
  web,
  alone,
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

/** What the suite imports that a web worker has not: all tests of a folder, Node's strict assertions, and mocha. */
const inWorker = {
  name: 'in-worker',
  setup(build) {
    const folder = 'test/vscode/suite';
    const tests = readdirSync(folder).filter((file) => file.endsWith('.test.ts'));
    const modules = {
      'all-tests': tests.map((file) => `import './${file}';`).join('\n'),
      'node:assert/strict': `module.exports = require('assert/').strict;`,
      // Its package says that it is an ES module, which it is not.
      'mocha/mocha.js': readFileSync(require.resolve('mocha/mocha.js'), 'utf8'),
    };
    const filter = new RegExp(`^(${Object.keys(modules).join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'in-worker' }));
    build.onLoad({ filter, namespace: 'in-worker' }, ({ path }) => ({
      contents: modules[path],
      resolveDir: folder,
    }));
  },
};

/** Where the extension that asks this one is installed. */
const SECOND = 'out/extensions/gatescope-test.second-1.0.0';

const tests = [
  {
    ...common,
    minify: false,
    entryPoints: { extension: 'test/vscode/second/extension.ts' },
    outdir: SECOND,
    platform: 'browser',
    format: 'cjs',
    external: ['vscode'],
  },
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
  {
    ...common,
    minify: false,
    entryPoints: { suite: 'test/vscode/suite/web/index.ts' },
    outdir: 'out/web',
    platform: 'browser',
    format: 'cjs',
    external: ['vscode'],
    alias: { 'node:util': 'util' },
    define: { process: '{"env":{}}', global: 'globalThis' },
    plugins: [inWorker],
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
  const fonts = ['Fonts', readFileSync('src/platform/fonts/LICENSE.txt', 'utf8').trim()];
  return [...notices, schema, fonts].map((lines) => lines.join('\n\n')).join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** With what the command line makes PNG. */
function copyRasteriser() {
  mkdirSync('dist/picture');
  const fonts = readdirSync('src/platform/fonts').filter((name) => name.endsWith('.ttf'));
  for (const font of fonts) copyFileSync(join('src/platform/fonts', font), join('dist/picture', font));
  copyFileSync('node_modules/@resvg/resvg-wasm/index_bg.wasm', 'dist/picture/resvg.wasm');
}

/** What a bundle for a web worker holds that it must not: all but VS Code's API is in it, and it does not train. */
function faultsInWorker({ inputs, outputs }) {
  const missing = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external && path !== 'vscode' ? [`it imports ${path}`] : [])),
  );
  const training = Object.keys(inputs).filter((file) => /src\/engine\/train\//.test(file));
  return [...missing, ...training.map((file) => `it holds ${file}`)];
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
  const faults = results.flatMap(({ metafile }, k) => (builds[k] === web ? faultsInWorker(metafile) : []));
  if (faults.length > 0) throw new Error(`the bundle for web workers is at fault: ${faults.join('; ')}`);
  if (builds === tests) copyFileSync('test/vscode/second/package.json', join(SECOND, 'package.json'));
  if (builds !== product) return;
  copyRasteriser();
  writeFileSync('dist/third-party-notices.txt', thirdPartyNotices(results));
}

if (require.main === module) {
  main().catch((error) => {
    // esbuild has printed its own.
    if (!error.errors) console.error(error);
    process.exit(1);
  });
}

module.exports = { product, web, faultsInWorker };

/**
 * Builds everything into dist/: `node esbuild.js [--watch]`.
 * With --tests, builds the suite that runs inside VS Code into out/ instead.
 */
const esbuild = require('esbuild');
const { rmSync } = require('node:fs');

const watch = process.argv.includes('--watch');
const common = { bundle: true, minify: !watch, sourcemap: watch, logLevel: 'info', target: 'es2022' };

const product = [
  {
    ...common,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  },
  { ...common, entryPoints: { cli: 'src/cli.ts' }, outdir: 'dist', platform: 'node', format: 'cjs' },
  {
    ...common,
    entryPoints: { main: 'webview/main.ts' },
    outdir: 'dist/webview',
    platform: 'browser',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    metafile: true,
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

async function main() {
  if (watch) {
    const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  for (const { outdir } of builds) rmSync(outdir, { recursive: true, force: true });
  await Promise.all(builds.map((options) => esbuild.build(options)));
}

main().catch(() => process.exit(1));

/** The package for npm: packed, installed into an empty project, run, imported, and checked by TypeScript. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { gatescope } from '../cli/gatescope';

const ROOT = join(import.meta.dirname, '../../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const MODEL = join(ROOT, 'media/examples/tagger-bilstm.rnn.json');

const PROGRAM = `
import { FORMATS, inEnglish, run, toMermaid, traceJson, unroll, withInput } from 'gatescope';
import { builtFile, readModelFile, writeWhole } from 'gatescope/node';

const [, , model, out] = process.argv;
const { network, weights, samples, trained } = await readModelFile(model);
if (!network || !weights) throw new Error('nothing to run');
const [{ name, sequence }] = samples;
const trace = await run(network, weights, sequence);
const origin = { model: network.name, dialect: network.dialect, trained, sample: name };
process.stdout.write([...traceJson(trace, origin, {}, sequence)].join(''));
process.stderr.write(toMermaid(unroll(network, { columns: 8, detail: 'gates' })));
const ran = { network, weights, sequence, clamps: [] };
const exported = { network, fileName: 'x', kept: { trace: withInput(trace, sequence) }, ran, origin };
for (const format of FORMATS) {
  if (format.of === 'run') {
    await writeWhole(out + '.' + format.name, format.write(exported, {}, { translate: inEnglish, own: builtFile }));
  }
}
`;

const WRONG = `
import { run } from 'gatescope';
// @ts-expect-error a network has more than a name
void run({ name: 'x' }, new Map(), { steps: 3 });
// @ts-expect-error there is no such thing
export { ran } from 'gatescope';
`;

const OTHER_EXTENSION = `
import type { GatescopeApi } from 'gatescope/vscode';
export async function largest(gatescope: GatescopeApi, uri: { scheme: string; path: string }): Promise<number> {
  const { signals } = await gatescope.run(uri, { text: 'a', set: ['lstm.f=0'] });
  // @ts-expect-error a path is no URI
  void gatescope.open('/a.rnn.json');
  // @ts-expect-error there is no other version
  const two: 2 = gatescope.version;
  return Math.max(two, ...signals.flatMap(({ values }) => Array.from(values)));
}
`;

describe('the package for npm', function () {
  this.timeout(120_000);
  let folder: string;
  let installed: string;

  const at = (name: string) => join(folder, name);
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });

  before(() => {
    for (const file of ['dist/cli.js', 'dist/lib/index.mjs', 'dist/lib/types/library/index.d.ts']) {
      assert.ok(existsSync(join(ROOT, file)), `there is no ${file}: npm run compile makes it`);
    }
    folder = mkdtempSync(join(tmpdir(), 'gatescope-package-'));
    const [{ filename }] = JSON.parse(npm(ROOT, 'pack', '--json', '--pack-destination', folder));
    writeFileSync(at('package.json'), JSON.stringify({ name: 'empty', version: '1.0.0', private: true }));
    npm(folder, 'install', '--offline', `./${filename}`);
    installed = at('node_modules/gatescope');
  });
  after(() => folder && rmSync(folder, { recursive: true }));

  it('needs no other package, and brings nothing of the extension', () => {
    assert.deepEqual(
      readdirSync(at('node_modules')).filter((name) => !name.startsWith('.')),
      ['gatescope'],
    );
    assert.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'dist', 'package.json']);
    const parts = [
      'alone.html',
      'cli.js',
      'lib',
      'mcp.js',
      'picture',
      'third-party-notices.txt',
      'thread.js',
    ];
    assert.deepEqual(readdirSync(join(installed, 'dist')).sort(), parts);
  });

  it('has the command line', async () => {
    const bin = at(`node_modules/.bin/gatescope${process.platform === 'win32' ? '.cmd' : ''}`);
    const shell = process.platform === 'win32';
    const { stdout, status } = spawnSync(bin, ['run', MODEL, '--json'], { encoding: 'utf8', shell });
    assert.equal(status, 0);
    assert.equal(stdout, (await gatescope('run', MODEL, '--json')).stdout);
    for (const name of ['page.html', 'picture.png']) {
      const written = spawnSync(bin, ['export', MODEL, '-o', at(name)], { encoding: 'utf8', shell });
      assert.equal(written.status, 0, written.stderr);
      assert.ok(statSync(at(name)).size > 10_000);
    }
  });

  it('is a library that gives the numbers of the command line, and writes what it writes', async () => {
    writeFileSync(at('program.mjs'), PROGRAM);
    const args = [at('program.mjs'), MODEL, at('run')];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    assert.equal(stdout, (await gatescope('run', MODEL, '--json')).stdout, stderr);
    assert.equal(stderr, (await gatescope('unroll', MODEL)).stdout);
    for (const format of ['npz', 'csv', 'json']) {
      const { status } = await gatescope('export', MODEL, '-o', at(`own.${format}`));
      assert.equal(status, 0);
      assert.ok(readFileSync(at(`run.${format}`)).equals(readFileSync(at(`own.${format}`))), format);
    }
    // The other samples are not in it.
    assert.ok(statSync(at('run.html')).size > 100_000);
  });

  it('runs the program of the README', () => {
    const [, program] = /```ts\n([^]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))!;
    writeFileSync(at('readme.mjs'), program);
    const args = [at('readme.mjs'), join(ROOT, 'media/examples/recall-lstm.rnn.json')];
    const output = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    assert.match(output, /^lstm\.f: 62 steps × \d+ units$/m);
    assert.match(output, /The gradient from step 61 reaches step 0/);
  });

  it('has types, however a project has its modules resolved', () => {
    const [, program] = /```ts\n([^]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))!;
    const node =
      'declare const process: { argv: string[]; stdout: { write(text: string): void }; stderr: { write(text: string): void } };';
    writeFileSync(at('program.mts'), `${node}\n${PROGRAM}`);
    writeFileSync(at('readme.mts'), `${node}\n${program}`);
    writeFileSync(at('wrong.mts'), WRONG);
    writeFileSync(at('extension.mts'), OTHER_EXTENSION);
    const files = ['program.mts', 'readme.mts', 'wrong.mts', 'extension.mts'];
    const common = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom'];
    for (const [module, resolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const args = [TSC, ...files, ...common, '--module', module, '--moduleResolution', resolution];
      const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      assert.equal(stdout, '');
      assert.equal(status, 0);
    }
  });

  it('has nothing of Node in what browsers import', async () => {
    const bundled = (entry: string) =>
      build({
        entryPoints: [join(installed, 'dist/lib', entry)],
        ...{ bundle: true, platform: 'browser', format: 'esm', write: false, logLevel: 'silent' },
      });
    const { errors, outputFiles } = await bundled('index.mjs');
    assert.deepEqual([errors, outputFiles.length], [[], 1]);
    await assert.rejects(bundled('node.mjs'), /Could not resolve "(node:)?fs/);
  });
});

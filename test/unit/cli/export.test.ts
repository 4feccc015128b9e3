/** `export`, against what `run` and `unroll` print. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatescope } from './gatescope';

const ROOT = join(import.meta.dirname, '../../..');
const MODEL = join(ROOT, 'media/examples/char-lstm.rnn.json');

describe('export', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gatescope-export-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (name: string) => join(folder, name);

  async function exported(name: string, ...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await gatescope('export', MODEL, '-o', at(name), ...args);
    assert.deepEqual([status, stdout], [0, ''], stderr);
    assert.ok(stderr.endsWith(`wrote ${at(name)}\n`));
    return readFileSync(at(name), 'utf8');
  }

  it('writes what run prints, in the format that the file is named for, or that is asked for', async () => {
    const { stdout } = await gatescope('run', MODEL, '--json');
    assert.equal(await exported('run.json'), stdout);
    assert.equal(await exported('run.txt', '--format', 'json'), stdout);
    const held = ['--text', 'hello', '--set', 'lstm.f[3]=0'];
    const changed = await gatescope('run', MODEL, ...held, '--json');
    assert.equal(await exported('held.JSON', ...held), changed.stdout);
  });

  it('has a range of the run, which begins where the sequence does, and the signals that are asked for', async () => {
    const { stdout } = await gatescope('run', MODEL, '--json');
    const { c } = JSON.parse(stdout).layers.find(({ layer }: { layer: string }) => layer === 'lstm').signals;
    const part = JSON.parse(await exported('part.json', '--from', '3', '--steps', '2', '--signal', 'lstm.c'));
    assert.deepEqual([part.from, part.steps, part.output], [3, 2, undefined]);
    assert.deepEqual(part.layers.length, 1);
    assert.deepEqual(part.layers[0].signals, { c: c.slice(3, 5) });
    const table = await exported('part.csv', '--from', '3', '--steps', '2', '--signal', 'lstm.c');
    const [, first] = table.split('\n');
    assert.equal(first, `lstm,0,forward,c,3,0,${c[3][0]}`);
  });

  it('writes a model as Markdown, weights and samples or not', async () => {
    const bare = at('bare.rnn.json');
    const layers = [{ name: 'lstm', type: 'lstm', hidden_size: 3 }];
    const input = { kind: 'vector', size: 1 };
    writeFileSync(bare, JSON.stringify({ format: 'rnn-model', version: 1, name: 'bare', input, layers }));
    const { stdout } = await gatescope('unroll', bare, '--steps', '3', '--detail', 'cells');
    const args = ['-o', at('bare.md'), '--steps', '3', '--detail', 'cells'];
    const { status, stderr } = await gatescope('export', bare, ...args);
    assert.equal(status, 0, stderr);
    const text = readFileSync(at('bare.md'), 'utf8');
    assert.ok(text.startsWith('# bare\n') && text.endsWith(`\`\`\`mermaid\n${stdout}\`\`\`\n`), text);
  });

  it('writes the file whole, or leaves what was there', async () => {
    writeFileSync(at('run.csv'), 'before');
    const { status, stderr } = await gatescope('export', MODEL, '-o', at('run.csv'), '--signal', 'lstm.1');
    assert.equal(status, 2, stderr);
    assert.equal(readFileSync(at('run.csv'), 'utf8'), 'before');
    await exported('run.csv');
    assert.match(readFileSync(at('run.csv'), 'utf8'), /^layer,/);
    assert.deepEqual(readdirSync(folder), ['run.csv']);
  });

  it('tells on a terminal how far it is', async () => {
    const own = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
    try {
      const { stderr } = await gatescope('export', MODEL, '-o', at('run.csv'));
      const percents = [...stderr.matchAll(/\r(\d+) %/g)].map(([, percent]) => Number(percent));
      assert.ok(percents.length > 1 && percents.every((one, k) => k === 0 || one > percents[k - 1]), stderr);
      assert.match(stderr, /\r100 %\nwrote /);
    } finally {
      if (own) Object.defineProperty(process.stderr, 'isTTY', own);
      else delete (process.stderr as { isTTY?: boolean }).isTTY;
    }
  });

  it('stops at Ctrl-C, and leaves what was there', async () => {
    const model = at('long.rnn.json');
    const layers = [{ name: 'lstm', type: 'lstm', hidden_size: 64 }];
    const input = { kind: 'vector', size: 1 };
    const weights = { init: 'pytorch', seed: 1 };
    writeFileSync(
      model,
      JSON.stringify({ format: 'rnn-model', version: 1, name: 'long', input, layers, weights }),
    );
    writeFileSync(at('long.csv'), `${Array.from({ length: 60_000 }, (_, k) => k % 7).join('\n')}\n`);
    writeFileSync(at('run.csv'), 'before');
    const program = ['--import', 'tsx', join(ROOT, 'src/cli.ts')];
    const args = [...program, 'export', model, '--input', at('long.csv'), '-o', at('run.csv')];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = once(child, 'exit');
    const beside = () => readdirSync(folder).find((name) => name.endsWith('.tmp'));
    const begun = () => beside() !== undefined && statSync(at(beside()!)).size > 0;
    while (child.exitCode === null && !begun()) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const [code] = await ended;
    assert.equal(code, 1, said);
    assert.match(said, /^the run was cancelled$/m);
    assert.equal(readFileSync(at('run.csv'), 'utf8'), 'before');
    assert.equal(beside(), undefined);
  });

  it('takes a level or a direction of a layer', async () => {
    const model = join(ROOT, 'media/examples/tagger-bilstm.rnn.json');
    const directions: [string, string[]][] = [
      ['lstm.backward', ['backward']],
      ['lstm.0', ['backward', 'forward']],
      ['lstm.0.forward', ['forward']],
    ];
    for (const [signal, wanted] of directions) {
      const { status, stderr } = await gatescope('export', model, '-o', at('part.csv'), '--signal', signal);
      assert.equal(status, 0, stderr);
      const [, ...lines] = readFileSync(at('part.csv'), 'utf8').trim().split('\n');
      const columns = lines.map((line) => line.split(','));
      assert.deepEqual([...new Set(columns.map(([, , direction]) => direction))].sort(), wanted);
      assert.equal(new Set(columns.map((fields) => fields[3])).size, 6, 'every signal');
    }
  });

  it('says what is wrong with its words', async () => {
    const wrong: [string[], number, RegExp][] = [
      [[], 2, /^export needs a file to write: -o FILE$/m],
      [['-o', at('a.xyz')], 2, /a\.xyz does not say in which format: name it \.npz, \.csv, \.json/],
      [
        ['-o', at('a'), '--format', 'jsn'],
        2,
        /--format takes npz, csv, json.*, found jsn; did you mean "json"/,
      ],
      [['-o', at('a.csv'), '--theme', 'dark'], 2, /the format csv does not take --theme: /],
      [
        ['-o', at('a.csv'), '--signal', 'lstm.q'],
        2,
        /--signal lstm\.q: lstm has the signals i, f, g, o, c, h, found q/,
      ],
      [
        ['-o', at('a.csv'), '--signal', 'lst'],
        2,
        /--signal lst: expected one of input, .*, output, found lst; did you mean "lstm"/,
      ],
      [['-o', at('a.csv'), '--signal', 'lstm.1.c'], 2, /the run has no signal lstm\.1\.c/],
      [['-o', at('a.csv'), '--from', '9999'], 2, /expected a whole number from 0 to/],
      [['-o', MODEL, '--format', 'csv'], 2, /is what the model is read from: choose another name/],
      [['-o', join(folder, 'no', 'a.csv')], 1, /a\.csv cannot be written: there is no folder/],
      [['--format', 'csv', '-o', folder], 1, /cannot be written: it is a folder/],
    ];
    for (const [args, code, message] of wrong) {
      const { status, stderr } = await gatescope('export', MODEL, ...args);
      assert.match(stderr, message);
      assert.equal(status, code, stderr);
    }
    assert.ok(!existsSync(at('a.csv')));
  });
});

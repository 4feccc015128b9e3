import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { MACHINE } from '../../../src/cli/machine';
import { Roots } from '../../../src/mcp/roots';
import { type Around, answer } from '../../../src/tools/answer';
import { TOOLS } from '../../../src/tools/tools';
import { gatescope } from '../cli/gatescope';
import { jsonSchema } from './jsonSchema';

const ROOT = join(import.meta.dirname, '../../..');
const EXAMPLES = join(ROOT, 'media/examples');
const MODEL = join(EXAMPLES, 'char-lstm.rnn.json');
const SMALL = {
  format: 'rnn-model',
  version: 1,
  name: 'Small',
  input: { kind: 'vector', size: 1 },
  layers: [{ name: 'lstm', type: 'lstm', hidden_size: 2 }],
  samples: [{ name: 'two', values: [[0], [1]], expected: [[0, 0], [0, 0]] }], // prettier-ignore
};

describe('answers to assistants', () => {
  let folder: string;
  let around: Around;

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatescope-tools-')));
    writeFileSync(join(folder, 'small.rnn.json'), JSON.stringify(SMALL));
    symlinkSync(join(ROOT, 'package.json'), join(folder, 'out.json'));
    const roots = await Roots.of([EXAMPLES, folder]);
    const files = { ...MACHINE.files, file: (path: string) => roots.file(path) };
    around = { files, running: {} };
  });
  after(() => rmSync(folder, { recursive: true }));

  const ask = (name: string, asked: unknown, more: Partial<Around> = {}) =>
    answer(name, asked, { ...around, ...more });

  it('are what the command line prints, with its remarks', async () => {
    const small = join(folder, 'small.rnn.json');
    const cases: [string, Record<string, unknown>, string[]][] = [
      ['info', { model: MODEL }, ['info', MODEL]],
      ['run', { model: small, set: ['lstm.f=0'] }, ['run', small, '--set', 'lstm.f=0']],
      ['explain', { model: MODEL, at: 'lstm.f[12]@3' }, ['explain', MODEL, '--at', 'lstm.f[12]@3']],
      ['verify', { model: small }, ['verify', small]],
      ['compare', { model: MODEL, set: ['lstm.f=1'] }, ['compare', MODEL, '--set', 'lstm.f=1']],
      ['compare', { model: small, other: small }, ['compare', small, small]],
    ];
    for (const [name, asked, words] of cases) {
      const { text, isError } = await ask(name, asked);
      const { stdout, stderr } = await gatescope(...words, ...(name === 'run' ? [] : ['--json']));
      assert.equal(isError, false, text[0]);
      const [printed, remarks] = [stdout, stderr].map((one) => one.replaceAll('--weights FILE', 'weights'));
      assert.deepEqual(text, remarks === '' ? [printed] : [printed, remarks], name);
      assert.ok(name === 'run' || Object.keys(JSON.parse(text[0])).length > 2);
    }
  });

  it('are cut to what matters where they would be too long', async () => {
    const all = { format: 'rnn-model', version: 1, input: SMALL.input, samples: SMALL.samples };
    const layers = Array.from({ length: 90 }, (_, k) => ({ name: `l${k}`, type: 'gru', hidden_size: 1 }));
    writeFileSync(join(folder, 'deep.rnn.json'), JSON.stringify({ ...all, name: 'Deep', layers }));
    const { text } = await ask('compare', { model: 'deep.rnn.json', set: ['l0.z=0'] });
    const words = await gatescope('compare', join(folder, 'deep.rnn.json'), '--set', 'l0.z=0');
    assert.equal(text[0], words.stdout.replace('; --json has all', ''));
    assert.match(text[0], /… \d+ more\n/);
    const long = await ask('run', { model: MODEL, text: 'quick fox '.repeat(80), signals: ['lstm'] });
    assert.equal(long.isError, true);
    assert.match(long.text[0], /longer than 40000 characters: ask for fewer signals or steps/);
  });

  it('give single signals of some steps as numbers', async () => {
    const { text } = await ask('run', { model: MODEL, signals: ['lstm.c'], from: 2, steps: 2 });
    const { layers, from, steps } = JSON.parse(text[0]);
    const whole = JSON.parse((await gatescope('run', MODEL, '--json')).stdout).layers;
    const { c } = whole.find(({ layer }: { layer: string }) => layer === 'lstm').signals;
    assert.deepEqual([from, steps, layers[0].signals], [2, 2, { c: c.slice(2, 4) }]);
  });

  it('are of files in the folders only', async () => {
    for (const path of [join(ROOT, 'package.json'), '../../package.json', 'out.json', '/etc/passwd']) {
      for (const asked of [{ model: path }, { model: MODEL, weights: path }]) {
        const { text, isError } = await ask('info', asked);
        assert.ok(isError && /^there is no file ".*" in /.test(text[0]), text[0]);
      }
    }
  });

  it('say what is wrong with a question', async () => {
    const wrong: [string, unknown, RegExp][] = [
      ['run', { model: 7 }, /expected string, received number[^]*model/],
      ['run', null, /expected object/],
      ['explain', { model: MODEL }, /at/],
      ['run', { model: MODEL, sampel: 'up' }, /sampel/],
      ['explain', { model: MODEL, at: 'lstm.q[0]' }, /lstm/],
      ['run', { model: MODEL, sample: '--json' }, /unknown sample --json/],
      ['run', { model: MODEL, signals: ['nothing'] }, /^signals nothing: .*lstm/],
      ['train', {}, /there is no tool "train"/],
    ];
    for (const [name, asked, expected] of wrong) {
      const { text, isError } = await ask(name, asked);
      assert.equal(isError, true, name);
      assert.match(text[0], expected);
    }
  });

  it('name the arguments of the tool, not the options of the command line', async () => {
    const further = { ...SMALL, layers: [
      { name: 'b', type: 'input', sequence: { kind: 'vector', size: 1 } },
      { name: 'sum', type: 'merge', mode: 'add', input: ['input', 'b'] },
    ], samples: [{ name: 'two', values: [[0], [1]], inputs: { b: { values: [[1], [2]] } } }] }; // prettier-ignore
    writeFileSync(join(folder, 'further.rnn.json'), JSON.stringify(further));
    writeFileSync(join(folder, 'x.json'), '[[1], [2]]');
    const cases: [string, Record<string, unknown>, RegExp][] = [
      [
        'run',
        { model: MODEL, text: 'quick fox '.repeat(9) },
        /… \d+ more; with signals \(such as output\), from/,
      ],
      ['run', { model: MODEL, text: 'a', sample: 'b' }, /^take one of sample, text and input$/m],
      ['run', { model: 'small.rnn.json', text: 'a' }, /^text is for models that read tokens/m],
      ['run', { model: MODEL, set: ['lstm.q=0'] }, /^set lstm\.q=0: /],
      ['run', { model: MODEL, signals: ['lstm.f'], from: 99 }, /^the first step: expected .* found 99$/m],
      [
        'run',
        { model: 'further.rnn.json', input: 'x.json' },
        /give it with input: a JSON file \{"input": …, "b": …\}/,
      ],
      ['explain', { model: MODEL, at: 'lstm' }, /^at lstm: after lstm: expected \.SIGNAL/],
      [
        'compare',
        { model: MODEL },
        /^compare takes another model \(other\), against, or set: expected two runs/,
      ],
      ['verify', { model: MODEL }, /say input and expect$/m],
      ['verify', { model: MODEL, text: 'a' }, /^text needs the output that is expected: say expect$/m],
    ];
    for (const [name, asked, expected] of cases) {
      const { text } = await ask(name, asked);
      assert.match(text.join('\n'), expected);
      assert.ok(!/--[a-z]/.test(text.join('\n')), text.join('\n'));
    }
    const long = await ask(
      'compare',
      { model: MODEL, text: 'x'.repeat(9000), set: ['lstm.f=1'] },
      { values: { memory: '1' } },
    );
    assert.match(long.text[0], /the limit is 1\.0 MB: take a shorter sequence$/m);
    // What a user calls so stays.
    assert.match((await ask('run', { model: MODEL, sample: '--json' })).text[0], /^unknown sample --json; /);
  });

  it('keep to the memory that the settings give', async () => {
    const values = { memory: '1', raisedBy: 'setting gatescope.memoryLimit' };
    const { text, isError } = await ask(
      'compare',
      { model: MODEL, text: 'x'.repeat(9000), set: ['lstm.f=1'] },
      { values },
    );
    assert.equal(isError, true);
    assert.match(text[0], /the limit is 1\.0 MB \(setting gatescope\.memoryLimit\)/);
  });

  it('end when they are cancelled', async () => {
    const stop = new AbortController();
    const asked = ask('run', { model: MODEL, text: 'x'.repeat(9000) }, { running: { signal: stop.signal } });
    stop.abort();
    await assert.rejects(asked, { name: 'AbortError' });
  });
});

describe('the schemas of what assistants ask', () => {
  const ajv = new Ajv({ strictKeywords: true, allErrors: true });

  it('take what is meant, and refuse the rest', () => {
    const good: Record<string, object> = {
      info: { model: 'a.rnn.json' },
      run: { model: 'a.rnn.json', signals: ['lstm.f'], from: 0, steps: 2 },
      explain: { model: 'a.rnn.json', at: 'lstm.f[0]@1', set: ['lstm.f=0'] },
      verify: { model: 'a.rnn.json', tolerance: 1e-4 },
      compare: { model: 'a.rnn.json', other: 'b.rnn.json' },
    };
    for (const tool of TOOLS) {
      const check = ajv.compile(jsonSchema(tool));
      assert.ok(check(good[tool.name]), JSON.stringify(check.errors));
      for (const bad of [{}, { model: 7 }, { model: '' }, { model: 'a', weights: 'x'.repeat(5000) }]) {
        assert.ok(!check(bad), `${tool.name} ${JSON.stringify(bad).slice(0, 40)}`);
      }
    }
  });

  it('say of each part what it is', () => {
    for (const tool of TOOLS) {
      const { properties } = jsonSchema(tool) as { properties: Record<string, { description?: string }> };
      for (const [name, { description }] of Object.entries(properties)) {
        assert.ok(name === 'tolerance' || description, `${tool.name}: ${name}`);
      }
    }
  });
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { WaveFile } from 'wavefile';
import { gatescope } from './cli/gatescope';
import { writeSafetensors } from '../../src/model/tensors/safetensors';

const ROOT = join(import.meta.dirname, '../..');
const FIXTURES = join(ROOT, 'test/fixtures/pytorch');
const LSTM = join(FIXTURES, 'lstm.rnn.json');
const TEXT = join(ROOT, 'media/examples/char-lstm.rnn.json');

/** As a process of its own. */
function started(...args: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', join(ROOT, 'src/cli.ts'), ...args], {
    ...({ encoding: 'utf8', cwd: ROOT } as const),
  });
}

describe('command line', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatescope-cli-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function model(text: string | Uint8Array, name = 'model.rnn.json'): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  it('is a program: results on stdout, the rest on stderr, and an exit code', () => {
    const fine = started('info', LSTM, '--json');
    assert.deepEqual([fine.status, fine.stderr], [0, '']);
    assert.equal(JSON.parse(fine.stdout).name, 'lstm');
    const wrong = started('run', LSTM, '--sample', 'none');
    assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /unknown sample none/);
  });

  it('prints a trace that agrees with PyTorch to 1e-5', async () => {
    const { status, stdout, stderr } = await gatescope('run', LSTM, '--json');
    assert.equal(status, 0, stderr);
    const trace = JSON.parse(stdout);
    const expected = JSON.parse(readFileSync(join(FIXTURES, 'lstm.expected.json'), 'utf8'));
    assert.deepEqual(
      [trace.format, trace.version, trace.dialect, trace.trained, trace.steps],
      ['gatescope-trace', 1, 'native', true, expected.steps],
    );
    const lstm = trace.layers.find((layer: { type: string }) => layer.type === 'lstm');
    const wanted = expected.layers.find((layer: { type: string }) => layer.type === 'lstm');
    assert.deepEqual(Object.keys(lstm.signals), ['i', 'f', 'g', 'o', 'c', 'h']);
    for (const [signal, rows] of Object.entries<number[][]>(wanted.signals)) {
      rows.forEach((row, step) =>
        row.forEach((value, unit) =>
          assert.ok(Math.abs(lstm.signals[signal][step][unit] - value) < 1e-5, `${signal}[${step}][${unit}]`),
        ),
      );
    }
  });

  it('takes the folder of a SavedModel as its model', async () => {
    const saved = join(ROOT, 'test/fixtures/savedmodel/keras-2.12');
    const { status, stdout, stderr } = await gatescope('info', saved);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^reader: keras · Keras 2\.12\.0 .*\n382 parameters, trained/);
    assert.match(
      (await gatescope('info', folder)).stdout + (await gatescope('info', folder)).stderr,
      /is a folder: expected a model file/,
    );
  });

  it('runs what can be run, says whose output that is, and takes the output of a layer that is not run', async () => {
    const text = JSON.stringify({
      ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 2 } },
      layers: [
        { name: 'first', type: 'lstm', hidden_size: 3 },
        { name: 'between', type: 'not_run', kind: 'Lambda', reason: 'it holds code', out_features: 4 },
        { name: 'second', type: 'gru', hidden_size: 5 },
      ],
      weights: { init: 'pytorch', seed: 1 },
      samples: [
        {
          name: 'a',
          values: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
    });
    const file = model(text, 'partial.rnn.json');
    const brought = model('[[1, 2, 3, 4], [5, 6, 7, 8]]', 'between.json');
    const part = await gatescope('run', file, '--json');
    assert.equal(part.status, 0, part.stderr);
    assert.match(
      part.stderr,
      /the output is that of "first", the last layer that runs; not run: "between", "second"/,
    );
    const trace = JSON.parse(part.stdout);
    assert.equal(trace.outputOf, 'first');
    assert.deepEqual(trace.notRun, [
      { layer: 'between', kind: 'Lambda', reason: 'it holds code' },
      { layer: 'second', because: 'between' },
    ]);
    assert.deepEqual(trace.output, trace.layers[0].signals.h);
    const whole = await gatescope('run', file, '--input', `between=${brought}`, '--json');
    assert.equal(whole.status, 0, whole.stderr);
    const { layers, output, notRun } = JSON.parse(whole.stdout);
    assert.equal(notRun, undefined);
    assert.deepEqual(output, layers.at(-1).signals.h);
    const gradient = await gatescope('gradient', file, '--json');
    assert.equal(JSON.parse(gradient.stdout).outputOf, 'first', gradient.stderr);
    const back = await gatescope('gradient', file, '--input', `between=${brought}`);
    assert.match(back.stdout, /\ninput: 0 at step 0.*\nbetween: \d.* at step \d, .*\nsecond, level 0/);
    assert.doesNotMatch(back.stderr, /taken as they are/);
    const longer = model('[[1, 2, 3, 4], [5, 6, 7, 8], [1, 1, 1, 1]]', 'longer.json');
    for (const command of ['run', 'gradient']) {
      const { status, stderr } = await gatescope(command, file, '--input', `between=${longer}`);
      assert.equal(status, 0, stderr);
      assert.match(stderr, /"between" is given 3 steps, the input 2: they are taken as they are\n$/);
    }
    const known = model(JSON.stringify(output), 'whole_y.json');
    const input = ['--input', `between=${brought}`];
    const verified = await gatescope('verify', file, ...input, '--expect', known);
    assert.equal(verified.status, 0, verified.stderr + verified.stdout);
    const other = await gatescope('verify', file, '--sample', 'a', '--expect', known);
    assert.equal(other.status, 1);
    assert.equal(
      other.stdout,
      `a against ${known}: cannot be compared; the model's own output, that of "second", is not run; "between" (Lambda) is not run: it holds code. The last layer that runs is "first", whose output is another\n`,
    );
    const told = await gatescope('verify', file, '--sample', 'a', '--expect', known, '--json');
    const { matches, outputOf, notRun: idle, tried } = JSON.parse(told.stdout);
    assert.deepEqual([matches, outputOf, idle, tried], [false, 'first', trace.notRun, 0]);
    const firsts = model(JSON.stringify(trace.output), 'first_y.json');
    const same = await gatescope('verify', file, '--sample', 'a', '--expect', firsts);
    assert.equal(same.status, 0);
    assert.match(
      same.stdout,
      /matches; .*that is the output of "first", the last layer that runs: "between" \(Lambda\) is not run, nor "second"\n$/,
    );
    const none = JSON.parse(text);
    none.layers.shift();
    const idleModel = model(JSON.stringify(none), 'nothing.rnn.json');
    const nothing = await gatescope('run', idleModel);
    const unchecked = await gatescope('verify', idleModel, '--sample', 'a', '--expect', known);
    assert.deepEqual([unchecked.status, unchecked.stderr, unchecked.stdout], [1, nothing.stderr, '']);
    assert.deepEqual(
      [nothing.status, /no layer runs: "between" \(Lambda\) is not run: it holds code/.test(nothing.stderr)],
      [1, true],
      nothing.stderr,
    );
    const held = await gatescope('run', file, '--set', 'second.z=0');
    assert.match(held.stderr, /second\.z: nothing to hold: "between" \(Lambda\) is not run: it holds code/);
    assert.equal((await gatescope('run', file, ...input, '--set', 'second.z=0')).status, 0);
  });

  it('holds what --set names: gates, units, steps, states, inputs and tokens', async () => {
    const run = async (file: string, ...sets: string[]) => {
      const { status, stdout, stderr } = await gatescope(
        'run',
        file,
        '--json',
        ...sets.flatMap((set) => ['--set', set]),
      );
      assert.equal(status, 0, stderr);
      return JSON.parse(stdout);
    };
    const held = await run(
      LSTM,
      'lstm.f[1..2]=0',
      'lstm.0.o[0]@3=1',
      'lstm.c0=[1,2,3,4]',
      'input@0=[0,0,0]',
      'lstm.g@0=0',
    );
    const { f, o, c } = held.layers[0].signals;
    assert.deepEqual(
      f.map((row: number[]) => row.slice(1, 3)),
      Array(held.steps).fill([0, 0]),
    );
    assert.equal(o[3][0], 1);
    assert.deepEqual(held.set.slice(0, 2), ['lstm.f[1..2]=0', 'lstm.0.o[0]@3=1']);
    assert.deepEqual([c[0][1], c[0][2]], [0, 0]);
    assert.ok(Math.abs(c[0][3] - 4 * f[0][3]) < 1e-6);
    const typed = (await gatescope('run', TEXT, '--text', 'abc', '--set', 'input@1=x', '--json')).stdout;
    assert.deepEqual(
      JSON.parse(typed).output,
      JSON.parse((await gatescope('run', TEXT, '--text', 'axc', '--json')).stdout).output,
    );
    for (const [set, message] of [
      ['lstm.f[9]=0', /--set lstm.f\[9\]=0: lstm.f: unit: expected 0 to 3, found 9/],
      ['lstm.f[0]=1e40', /expected a number of at most 3.4e38 as its value, found 1e\+40/],
      ['lstm.f', /expected =VALUE at the end, such as lstm.f=0/],
      ['lstm=0', /after lstm: expected .SIGNAL/],
      ['lstm.f[x]=0', /after lstm: expected .*; found .f\[x\]=0/],
      ['lstm.backward.f=0', /expected level 0 forward, found level 0 backward/],
      ['lstm.q=0', /expected one of the signals i, f, g, o, c, h, h0, c0, found q/],
      ['lstm.f@3..1=0', /expected the first before the last, found 3..1/],
      ['lstn.f=0', /expected one of the layers input, lstm, found lstn; did you mean "lstm"/],
      ['lstm.f=half', /expected a number or a list of numbers after =, found half/],
      ['lstm.f[0..1]=[1,2,3]', /expected 2 values, found 3/],
      ['lstm.c0=[1,2,3]', /expected 4 values, found 3/],
    ] as const) {
      const { status, stderr } = await gatescope('run', LSTM, '--json', '--set', set);
      assert.deepEqual([status, message.test(stderr)], [2, true], `${set}: ${stderr}`);
    }
  });

  it('takes typed text, JSON and CSV files as sequences', async () => {
    const typed = JSON.parse((await gatescope('run', TEXT, '--text', 'abc', '--json')).stdout);
    assert.deepEqual([typed.sample, typed.steps], [null, 3]);
    const width = JSON.parse(readFileSync(LSTM, 'utf8')).input.size;
    const row = Array.from({ length: width }, (_, k) => k / 10);
    const json = model(JSON.stringify([row, row]), 'steps.json');
    const csv = model(`${row.join(',')}\n${row.join(',')}\n`, 'steps.csv');
    const outputOf = async (file: string) => (await gatescope('run', LSTM, '--input', file, '--json')).stdout;
    const [fromJson, fromCsv] = [await outputOf(json), await outputOf(csv)];
    assert.equal(JSON.parse(fromJson).steps, 2);
    assert.equal(fromCsv, fromJson);
  });

  it('takes text and ids for a model that reads tokens', async () => {
    const run = async (...args: string[]) => (await gatescope('run', TEXT, '--json', ...args)).stdout;
    const typed = await run('--text', 'abc');
    const { vocabulary } = JSON.parse((await gatescope('info', TEXT, '--json')).stdout).input;
    const ids = Array.from('abc', (token) => vocabulary.indexOf(token));
    assert.equal(await run('--input', model('abc', 'text.txt')), typed);
    assert.equal(await run('--input', model('"abc"', 'text.json')), typed);
    assert.equal(await run('--input', model(`id\n${ids.join('\n')}\n`, 'ids.csv')), typed);
    const expected = model(JSON.stringify(JSON.parse(typed).output), 'text_y.json');
    const { status, stdout } = await gatescope('verify', TEXT, '--text', 'abc', '--expect', expected);
    assert.deepEqual([status, stdout.startsWith('--text against')], [0, true], stdout);
  });

  it('takes every input of a model, and says which ones are made up', async () => {
    const layers = [
      { name: 'b', type: 'input', sequence: { kind: 'vector', size: 1 } },
      { name: 'sum', type: 'merge', mode: 'add', input: ['input', 'b'] },
    ];
    const samples = [{ name: 'x', values: [[1], [2]], inputs: { b: { values: [[10], [20]] } } }];
    const input = { kind: 'vector', size: 1 };
    const text = JSON.stringify({ format: 'rnn-model', version: 1, input, layers, samples });
    const file = model(text, 'two.rnn.json');
    const a = model('[[3], [4]]', 'a.json');
    const b = model('5\n6\n', 'b.csv');
    const run = async (...args: string[]) => {
      const { status, stdout, stderr } = await gatescope('run', file, '--json', ...args);
      assert.equal(status, 0, stderr);
      return [JSON.parse(stdout).output.flat(), stderr];
    };
    assert.deepEqual(await run('--input', a, '--input', `b=${b}`), [[8, 10], '']);
    assert.deepEqual(await run('--input', `b=${b}`, '--input', `input=${a}`, '--from', '1'), [[10], '']);
    const object = model('{"b": [[5], [6]], "input": [[3], [4]]}', 'both.json');
    assert.deepEqual(await run('--input', object), [[8, 10], '']);
    const missing = 'b is taken from the sample "x": give it with --input b=FILE\n';
    assert.deepEqual(await run('--input', a), [[13, 24], missing]);
    assert.deepEqual(await run('--input', `b=${b}`), [[6, 8], 'input is that of the sample "x"\n']);
    const y = model('8\n10\n', 'two_y.csv');
    assert.equal((await gatescope('verify', file, '--input', object, '--expect', y)).status, 0);
    const verified = await gatescope('verify', file, '--input', a, '--expect', y);
    assert.deepEqual([verified.status, verified.stderr], [1, missing]);
    for (const [args, message] of [
      [['--input', a, '--input', a], /--input gives "input" twice/],
      [['--input', `bb=${b}`], /expected one of the inputs input, b before =, found bb/],
      [['--input', a, '--text', 'x'], /take one of/],
    ] as const) {
      const { status, stderr } = await gatescope('run', file, ...args);
      assert.deepEqual([status, message.test(stderr)], [2, true], stderr);
    }
    const short = await gatescope('run', file, '--input', a, '--input', `b=${model('[[1]]', 'short.json')}`);
    assert.deepEqual([short.status, /"b", step by step: found 1 step of it/.test(short.stderr)], [1, true]);
  });

  it('takes audio, and runs a part of a sequence', async () => {
    const steps = [0, 0.5, -0.5, 0.25];
    const audio = new WaveFile();
    audio.fromScratch(
      1,
      48000,
      '16',
      steps.map((value) => value * 2 ** 15),
    );
    const amplifier = join(import.meta.dirname, '../fixtures/guitar/guitarml-lstm.json');
    const run = async (...rest: string[]) => gatescope('run', amplifier, '--json', ...rest);
    const wav = model(audio.toBuffer(), 'audio.wav');
    const csv = model(steps.join('\n'), 'audio.csv');
    assert.equal((await run('--input', wav)).stdout, (await run('--input', csv)).stdout);
    const part = (await run('--input', wav, '--from', '1', '--steps', '2')).stdout;
    assert.equal(part, (await run('--input', csv, '--from', '1', '--steps', '2')).stdout);
    assert.deepEqual([JSON.parse(part).from, JSON.parse(part).steps], [1, 2]);
    for (const [option, message] of [
      [['--from', '4'], /first step: expected a whole number from 0 to 3, found 4/],
      [
        ['--steps', '5'],
        /number of steps: expected a whole number from 1 to 4, since the sequence has 4 steps, /,
      ],
      [
        ['--from', '3', '--steps', '2'],
        /since the sequence has 4 steps and this part begins at step 3, found 2/,
      ],
      [['--steps', '-1'], /--steps/],
      [['--from', 'x'], /--from takes a whole number, found x/],
    ] as const) {
      const { status, stderr } = await run('--input', wav, ...option);
      assert.deepEqual([status, message.test(stderr)], [2, true], stderr);
    }
    const broken = await run('--input', model('RIFF', 'broken.wav'));
    assert.deepEqual([broken.status, /bad-wav expected a WAV file/.test(broken.stderr)], [1, true]);
  });

  it('takes weights from another file', async () => {
    const text = JSON.parse(readFileSync(LSTM, 'utf8'));
    delete text.weights;
    const seeded = model(JSON.stringify(text), 'seeded.rnn.json');
    assert.equal(JSON.parse((await gatescope('run', seeded, '--json')).stdout).trained, false);
    const weights = join(FIXTURES, 'lstm.safetensors');
    const [given, named] = [
      await gatescope('run', seeded, '--weights', weights, '--json'),
      await gatescope('run', LSTM, '--json'),
    ].map(({ stdout }) => JSON.parse(stdout));
    assert.deepEqual(given.layers, named.layers);
    assert.equal(given.trained, true);
  });

  it('exits with 2 for wrong usage and lists the samples', async () => {
    for (const args of [
      [],
      ['bogus'],
      ['run'],
      ['run', LSTM, '--json', '--bogus'],
      ['unroll', LSTM, '--steps', '0'],
      ['unroll', LSTM, '--detail', 'atoms'],
      ['run', TEXT, '--sample', 'hello', '--text', 'x', '--json'],
      ['toString', LSTM],
    ]) {
      const { status, stdout, stderr } = await gatescope(...args);
      assert.equal(status, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.ok(stderr.length > 0);
    }
    const names = JSON.parse((await gatescope('info', LSTM, '--json')).stdout).samples.map(
      ({ name }: { name: string }) => name,
    );
    for (const args of [
      ['--sample', 'no such'],
      ['--text', 'abc'],
    ]) {
      const { status, stderr } = await gatescope('run', LSTM, ...args, '--json');
      assert.equal(status, 2);
      for (const name of names) assert.ok(stderr.includes(name), stderr);
    }
  });

  it('exits with 2 where there is no sample to run', async () => {
    const file = model(
      '{"format":"rnn-model","version":1,"input":{"kind":"vector","size":1},"layers":[{"type":"rnn","hidden_size":2}]}',
    );
    assert.equal((await gatescope('check', file)).status, 0);
    assert.equal((await gatescope('run', file, '--json')).status, 2);
  });

  it('exits with 1 for an error in the input, and prints a problem as one line', async () => {
    const file = model('{\n  "format": "rnn-model",\n  "ver\\u001b[31m\\nsion": 1\n}', 'broken.rnn.json');
    const { status, stdout } = await gatescope('check', file);
    assert.equal(status, 1);
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) {
      assert.ok(line.startsWith(file));
      assert.match(line.slice(file.length), /^:\d+:\d+: (error|warning) [a-z-]+ .+$/);
      assert.ok(!line.includes('\u001b'));
    }
    assert.ok(
      lines.some((line) => line.startsWith(`${file}:3:3: error unknown-key`)),
      stdout,
    );
    for (const command of [['info'], ['unroll'], ['run', '--json']]) {
      const result = await gatescope(command[0], file, ...command.slice(1));
      assert.equal(result.status, 1, command[0]);
      assert.equal(result.stdout, '');
    }
    assert.equal((await gatescope('check', join(folder, 'missing.rnn.json'))).status, 1);
    assert.equal((await gatescope('check', folder)).status, 1);
  });

  it('says on stderr that a model has no problems', async () => {
    const { status, stdout, stderr } = await gatescope('check', LSTM);
    assert.deepEqual([status, stdout], [0, '']);
    assert.equal(stderr, `${LSTM}: no problems (1 layer, 144 parameters)\n`);
  });

  it('needs only the structure for info and unroll', async () => {
    const file = join(folder, 'lstm.rnn.json');
    copyFileSync(LSTM, file); // its weights are not beside it
    assert.equal((await gatescope('check', file)).status, 1);
    const info = await gatescope('info', file, '--json');
    assert.equal(info.status, 0);
    assert.ok(JSON.parse(info.stdout).problems.length > 0);
    assert.equal((await gatescope('unroll', file, '--steps', '2', '--detail', 'cells')).status, 0);
    assert.equal((await gatescope('run', file, '--json')).status, 1);
  });

  it('runs a good sample of a model whose other sample is broken', async () => {
    const file = model(
      '{"format":"rnn-model","version":1,"input":{"kind":"vector","size":1},"layers":[{"type":"rnn","hidden_size":2}],' +
        '"samples":[{"name":"bad","file":"missing.csv"},{"name":"good","values":[[1]]}]}',
    );
    assert.equal((await gatescope('run', file, '--sample', 'good', '--json')).status, 0);
    assert.equal((await gatescope('run', file, '--sample', 'bad', '--json')).status, 1);
    assert.equal((await gatescope('run', file, '--json')).status, 1);
    assert.equal((await gatescope('run', file, '--sample', 'other', '--json')).status, 2);
  });

  it('prints gradients that agree with PyTorch', async () => {
    const { gradient: expected } = JSON.parse(readFileSync(join(FIXTURES, 'lstm.expected.json'), 'utf8'));
    const { step, unit } = expected.target;
    const { status, stdout, stderr } = await gatescope(
      ...['gradient', LSTM, '--step', String(step), '--unit', String(unit), '--json'],
    );
    assert.equal(status, 0, stderr);
    const found = JSON.parse(stdout);
    assert.deepEqual([found.target.step, found.target.unit], [step, unit]);
    assert.equal(found.layers.length, expected.layers.length);
    for (const norms of ['dh', 'dc']) {
      expected.layers[0][norms].forEach((value: number, k: number) => {
        assert.ok(Math.abs(found.layers[0][norms][k] - value) <= 1e-4 * Math.abs(value) + 1e-12);
      });
    }
    assert.ok(found.memory[0].text.length > 0);
    for (const args of [
      ['--step', '99'],
      ['--unit', '-1'],
      ['--step', 'x'],
    ]) {
      assert.equal((await gatescope('gradient', LSTM, ...args, '--json')).status, 2, args.join(' '));
    }
  });

  it('prints no gradient that has lost its digits as if it said something', async () => {
    const rnn = { 'rnn.weight_ih_l0': [[1]], 'rnn.weight_hh_l0': [[0.001]] };
    const bias = { 'rnn.bias_ih_l0': [0], 'rnn.bias_hh_l0': [0] };
    /** With layers on top of the recurrent one that pass on 1e-38 of what they get. */
    const faint = (layers: number) => {
      const names = Array.from({ length: layers }, (_, k) => `fc${k}`);
      const linear = names.flatMap((name) => [
        [`${name}.weight`, [[1e-38]]],
        [`${name}.bias`, [0]],
      ]);
      return model(
        JSON.stringify({
          ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 1 } },
          layers: [
            { name: 'rnn', type: 'rnn', hidden_size: 1 },
            ...names.map((name) => ({ name, type: 'linear', out_features: 1 })),
          ],
          weights: { values: { ...rnn, ...bias, ...Object.fromEntries(linear) } },
          samples: [{ name: 'zeros', values: Array.from({ length: 107 }, () => [0]) }],
        }),
      );
    };
    const json = await gatescope('gradient', faint(0), '--json');
    assert.equal(json.status, 0, json.stderr);
    const { layers, input } = JSON.parse(json.stdout);
    for (const norms of [layers[0].dh, input]) {
      assert.deepEqual(norms.slice(0, 6), Array(6).fill(0));
      assert.ok(Math.abs(norms[7] / 1e-297 - 1) < 1e-5, String(norms[7]));
      assert.ok(Math.abs(norms[96] / 1e-30 - 1) < 1e-5, String(norms[96]));
    }
    const text = await gatescope('gradient', faint(8));
    assert.match(text.stdout, /h: below 1e-300 at step 106, below 1e-300 at step 105/);
  });

  it('takes gradients with values held by --set', async () => {
    const sets = ['lstm.c@4=0.5', 'lstm.h@4=0.1'].flatMap((set) => ['--set', set]);
    const { status, stdout, stderr } = await gatescope('gradient', LSTM, ...sets, '--json');
    assert.equal(status, 0, stderr);
    const { layers, input, set } = JSON.parse(stdout);
    assert.deepEqual(set, ['lstm.c@4=0.5', 'lstm.h@4=0.1']);
    assert.deepEqual([...layers[0].dh.slice(0, 4), ...input.slice(0, 5)], Array(9).fill(0));
    assert.ok(layers[0].dh[4] > 0 && input[5] > 0);
    const refused = await gatescope('gradient', LSTM, '--set', 'lstm.q=0');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /--set lstm\.q=0: .*one of the signals/);
  });

  it('goes on from a prompt, as text or as a trace', async () => {
    const go = async (...args: string[]) =>
      gatescope('generate', TEXT, '--prompt', 'the ', '--length', '6', ...args);
    const { status, stdout, stderr } = await go('--greedy', '--json');
    assert.equal(status, 0, stderr);
    const { format, sample, steps, layers, output, generated } = JSON.parse(stdout);
    assert.deepEqual([format, sample, steps, output.length], ['gatescope-trace', null, 10, 10]);
    assert.equal(layers[1].signals.f.length, 10);
    assert.deepEqual(generated.prompt, ['t', 'h', 'e', ' ']);
    assert.deepEqual([generated.from, generated.tokens.length, generated.topK], [4, 6, null]);
    generated.ids.forEach((id: number, k: number) => {
      const row: number[] = output[generated.from + k - 1];
      assert.equal(id, row.indexOf(Math.max(...row)), `token ${k}`);
    });
    const said = await go('--greedy');
    assert.deepEqual(
      [said.stdout, said.stderr],
      [`the ${generated.text}\n`, 'prompt: "the ", 4 tokens; 6 tokens follow\n'],
    );
    const unsaid = await gatescope('generate', TEXT, '--length', '2');
    assert.match(unsaid.stderr, /^no --prompt is given: it is the sample "[^"]+"\nprompt: "/);
    const long = await gatescope('generate', TEXT, '--prompt', 'a', '--length', '9000000');
    assert.match(long.stderr, /for 9000001 steps, of which \d+ fit; .*: take a smaller --length\n$/);
    assert.equal((await go('--seed', '7')).stdout, (await go('--seed', '7', '--temperature', '1')).stdout);
    assert.equal((await go('--top-k', '1', '--seed', '3')).stdout, (await go('--greedy')).stdout);
    const named = JSON.parse((await gatescope('generate', TEXT, '--sample', 'hello', '--json')).stdout);
    assert.deepEqual([named.sample, named.steps], ['hello', 45]);
  });

  it('lists the ways to read a file, with those that are taken, and says how another is', async () => {
    const numbers = (count: number) => Float32Array.from({ length: count }, (_, k) => Math.sin(k));
    const tensors = {
      'rnn.weight_ih_l0': [4, 3],
      'rnn.weight_hh_l0': [4, 4],
      'fc.weight': [2, 4],
      'fc.bias': [2],
    };
    const written = Object.entries(tensors).map(([name, shape]) => {
      const data = numbers(shape.reduce((product, size) => product * size));
      return [name, { shape, data }] as const;
    });
    const file = model(writeSafetensors(new Map(written)), 'ways.safetensors');
    const found = await gatescope('check', file);
    assert.match(found.stdout, /choose otherwise with --as "rnn\.nonlinearity=relu"\n/);
    assert.match(
      found.stdout,
      /"fc" is taken to have no activation .*; choose otherwise with --as "fc=softmax"\n/,
    );
    const state = await gatescope('run', file, '--input', `h=${file}`);
    assert.match(state.stderr, /found h; initial states are given with --set 'rnn\.h0=\[…\]'\n$/);
    assert.match(found.stderr, /^ways to read it, for --as WAY,…:\n/);
    assert.match(found.stderr, /\n {2}rnn\.nonlinearity=tanh: .* \(taken\)\n/);
    assert.match(found.stderr, /\n {2}fc=none: .* \(taken\)\n/);
    const other = await gatescope('check', file, '--json', '--as', 'rnn.nonlinearity=relu,fc=softmax');
    const { ways, problems } = JSON.parse(other.stdout);
    const taken = ways.filter((way: { taken: boolean }) => way.taken);
    assert.deepEqual(
      [taken.map((way: { value: string }) => way.value), problems.length > 0],
      [['rnn.nonlinearity=relu', 'fc=softmax'], true],
    );
  });

  it('generates nothing that steers a terminal', async () => {
    const bell = model(
      '{"format":"rnn-model","version":1,"input":{"kind":"token","vocabulary":["\\u001b","\\n"],"split":"char"},' +
        '"layers":[{"type":"rnn","hidden_size":2},{"type":"linear","out_features":2}],"samples":[{"name":"a","text":"\\n"}]}',
    );
    assert.match((await gatescope('generate', bell, '--temperature', '9')).stdout, /^\n(\n|\\u001b)+\n$/);
  });

  it('exits with 2 for what cannot generate, and for options out of their range', async () => {
    for (const args of [
      ['--greedy', '--temperature', '1'],
      ['--temperature', '-1'],
      ['--temperature', 'hot'],
      ['--length', '0'],
      ['--top-k', '0'],
      ['--seed', '1.5'],
      ['--prompt', 'a', '--sample', 'hello'],
      ['--sample', 'no such'],
    ]) {
      const { status, stdout, stderr } = await gatescope('generate', TEXT, ...args);
      assert.deepEqual([status, stdout, stderr.length > 0], [2, '', true], args.join(' '));
    }
    const { status, stderr } = await gatescope('generate', LSTM);
    assert.deepEqual([status, stderr], [2, 'only a network that reads tokens can generate them\n']);
    assert.equal((await gatescope('generate', TEXT, '--prompt', '')).status, 1);
  });

  it('verifies what is known of a model: pairs beside it, files, a sample', async () => {
    const { samples, ...lstm } = JSON.parse(readFileSync(LSTM, 'utf8'));
    const { output } = JSON.parse(readFileSync(join(FIXTURES, 'lstm.expected.json'), 'utf8'));
    copyFileSync(join(FIXTURES, 'lstm.safetensors'), join(folder, 'lstm.safetensors'));
    const csv = (rows: number[][]) => rows.map((row) => row.join(',')).join('\n');
    const x = model(csv(samples[0].values), 'good_x_1.csv');
    const y = model(csv(output), 'good_y_1.csv');
    const good = model(
      JSON.stringify({ ...lstm, samples: [{ ...samples[0], expected: output.slice(-1) }] }),
      'good.rnn.json',
    );
    const found = await gatescope('verify', good);
    assert.equal(found.status, 0, found.stderr);
    assert.deepEqual(
      found.stdout.split('\n').map((line) => line.split(';')[0]),
      [`${samples[0].name}: matches`, 'good_x_1.csv against good_y_1.csv: matches', ''],
    );
    const layers = [{ ...lstm.layers[0], forget_bias: 1 }];
    const wrong = model(JSON.stringify({ ...lstm, layers }), 'wrong.rnn.json');
    const { status, stdout } = await gatescope('verify', wrong, '--input', x, '--expect', y);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /differs; .*first at step 1[^]*Likely cause: without the 1 .* it matches within [\d.]+e-\d/,
    );
    const verdict = JSON.parse(
      (await gatescope('verify', wrong, '--input', x, '--expect', y, '--json')).stdout,
    );
    assert.deepEqual(
      [verdict.matches, verdict.cause.code, verdict.checks[0].first.step],
      [false, 'forget-bias', 1],
    );
    assert.equal((await gatescope('verify', good, '--tolerance', '0')).status, 1);
    const unsaid = await gatescope('verify', good, '--expect', y);
    const sample = JSON.stringify(samples[0].name);
    assert.deepEqual(
      [unsaid.status, unsaid.stderr],
      [0, `no --input is given: the sequence is that of the sample ${sample}\n`],
    );
    const lines = Array.from({ length: 100_000 }, () => samples[0].values[0].join(',')).join('\n');
    const long = model(lines, 'long_in.csv');
    const refused = await gatescope('verify', good, '--input', long, '--expect', y, '--memory', '4');
    assert.match(
      refused.stderr,
      /for 100000 steps, of which \d+ fit; .*: check a part: files of fewer steps\n$/,
    );
    assert.equal(
      (await gatescope('verify', wrong, '--input', x, '--expect', join(folder, 'none.csv'))).status,
      1,
    );
    for (const args of [
      [wrong],
      [good, '--input', x],
      [good, '--tolerance', 'low'],
      [good, '--sample', 'none'],
    ]) {
      assert.equal((await gatescope('verify', ...args)).status, 2, args.join(' '));
    }
  });

  it('says the warnings of a model on stderr, whatever it is asked for', async () => {
    const tokens = JSON.stringify({
      ...{ format: 'rnn-model', version: 1, input: { kind: 'token', vocabulary: ['a', 'b'], split: 'char' } },
      layers: [{ name: 'head', type: 'linear', out_features: 2, activation: 'softmax' }],
      weights: {
        values: {
          ...{
            'head.weight': [
              [1, 0],
              [0, 1],
            ],
            'head.bias': [0, 0],
          },
          spare: [1],
        },
      },
      samples: [{ name: 'ab', text: 'ab', expected: [[0.2689414, 0.7310586]] }],
    });
    const file = model(tokens, 'spare.rnn.json');
    const warning = (await gatescope('check', file)).stdout;
    assert.match(warning, /warning unused-tensor .*spare.*\n$/);
    const out = join(folder, 'spared.rnn.json');
    for (const [command, ...args] of [
      ['run'],
      ['run', '--json'],
      ['verify'],
      ['generate', '--length', '2'],
      ['unroll'],
      ['convert', '-o', out],
    ]) {
      const { status, stdout, stderr } = await gatescope(command, file, ...args);
      assert.equal(status, 0, stderr);
      assert.ok(stderr.startsWith(warning), `${command}: ${stderr}`);
      assert.ok(!stdout.includes('unused-tensor'), command);
    }
    const info = await gatescope('info', file);
    assert.deepEqual([info.stdout.split('unused-tensor').length, info.stderr], [2, '']);
  });

  const kerasLstm = JSON.stringify({
    class_name: 'Sequential',
    config: {
      name: 'm',
      layers: [{ class_name: 'LSTM', config: { name: 'lstm', units: 2, batch_input_shape: [null, 4, 1] } }],
    },
    ...{ keras_version: '2.15.0', backend: 'tensorflow' },
  });

  it('says of every command that the weights are seeded, on stderr, or where it lists what is wrong', async () => {
    const file = model(kerasLstm, 'seeded.json');
    const said =
      /^.*seeded\.json:1:1: warning untrained the weights are seeded, not trained: .*--weights FILE/m;
    const out = join(folder, 'seeded.rnn.json');
    for (const args of [['run'], ['gradient'], ['convert', '-o', out]]) {
      const { status, stderr } = await gatescope(args[0], file, ...args.slice(1));
      assert.equal(status, 0, stderr);
      assert.match(stderr, said, args[0]);
    }
    assert.match((await gatescope('check', file)).stdout, said);
    assert.match((await gatescope('info', file)).stdout, said);
    const { trained, weightsFile, problems } = JSON.parse((await gatescope('info', file, '--json')).stdout);
    assert.deepEqual([trained, weightsFile, problems.at(-1).code], [false, undefined, 'untrained']);
    assert.doesNotMatch((await gatescope('run', LSTM)).stderr, /untrained|seeded/);
  });

  it('names in info the file that the weights are from', async () => {
    const legacy = join(ROOT, 'test/fixtures/kerasfiles/legacy');
    for (const [from, to] of [
      ['model.json', 'net_structure.json'],
      ['model.h5', 'net_weights.weights.h5'],
    ]) {
      copyFileSync(join(legacy, from), join(folder, to));
    }
    const file = join(folder, 'net_structure.json');
    assert.match(
      (await gatescope('info', file)).stdout,
      /\n[\d,]+ parameters, trained, weights from net_weights\.weights\.h5\n/,
    );
    assert.equal(
      JSON.parse((await gatescope('info', file, '--json')).stdout).weightsFile,
      'net_weights.weights.h5',
    );
    const whole = join(ROOT, 'test/fixtures/kerasfiles/whole.h5');
    assert.match((await gatescope('info', whole)).stdout, /parameters, trained\n/);
  });

  it('refuses a long table without parsing it, says how many steps fit, and runs a part of it', async () => {
    const rows = 3_000_000;
    // Its last row would be a fault.
    const long = model(`v\n${'1\n'.repeat(rows - 1)}x\n`, 'huge.csv');
    const layers = [{ type: 'lstm', hidden_size: 8 }];
    const file = model(
      JSON.stringify({ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 1 }, layers }),
      'for-huge.rnn.json',
    );
    for (const [command, what] of [
      ['run', 'the run'],
      ['gradient', 'the gradient'],
    ]) {
      const { status, stderr } = await gatescope(command, file, '--input', long, '--memory', '256', '--json');
      const found =
        /(the \w+) would take [\d.]+ [MG]B of memory for 3000000 steps, of which (\d+) fit; the limit is 256 MB \(--memory MB\): run a part: --from STEP --steps N\n$/.exec(
          stderr,
        );
      assert.deepEqual([status, found?.[1]], [1, what], stderr);
      assert.doesNotMatch(stderr, /expected a number/);
      const fit = Number(found![2]);
      assert.ok(fit > 100_000 && fit < rows, String(fit));
      const part = ['--input', long, '--memory', '256', '--json', '--from', String(rows - 4)];
      const fine = await gatescope(command, file, ...part, '--steps', '3');
      assert.equal(fine.status, 0, fine.stderr);
      const bad = await gatescope(command, file, ...part);
      assert.match(bad.stderr, /line 3000001, column "v": expected a number, found "x"/);
      assert.equal(bad.status, 1);
    }
  });

  it('refuses long JSON and text without parsing them, a further input too', async () => {
    const native = (name: string, input: object, layers: object[]) =>
      model(JSON.stringify({ format: 'rnn-model', version: 1, input, layers }), name);
    const vectors = { kind: 'vector', size: 1 };
    const lstm = { name: 'lstm', type: 'lstm', hidden_size: 64 };
    const side = [
      { name: 'side', type: 'input', sequence: vectors },
      { ...lstm, input: 'side', return_sequences: false },
      { name: 'both', type: 'merge', mode: 'concatenate', input: ['input', 'lstm'] },
    ];
    const tokens = { kind: 'token', encoding: 'one_hot', split: 'char', vocabulary: ['a'] };
    const reading = native('reading.rnn.json', vectors, [lstm]);
    const two = native('two.rnn.json', vectors, side);
    // None of them could be parsed.
    const rows = model(`[${'[1],'.repeat(1_000_000)}x`, 'rows.json');
    const letters = model(`${'a'.repeat(1_000_000)}x`, 'letters.txt');
    const both = model(`{"input": [[1]], "side": [${'[1],'.repeat(1_000_000)}x`, 'both.json');
    const short = model('[[1]]', 'short.json');
    for (const [file, inputs] of [
      [reading, ['--input', rows]],
      [native('letters.rnn.json', tokens, [lstm]), ['--input', letters]],
      [two, ['--input', both]],
      [two, ['--input', short, '--input', `side=${rows}`]],
    ] as const) {
      const { status, stderr } = await gatescope('run', file, ...inputs, '--memory', '256', '--json');
      assert.equal(status, 1);
      assert.match(
        stderr,
        /the run would take 1\.4 GB of memory for \d+ steps?, of which \d+ fit; the limit is 256 MB \(--memory MB\): run a part: --from STEP --steps N\n$/,
      );
    }
  });

  it('prints a run whose trace would not fit, the same as of one that does; as JSON it needs all of it', async () => {
    const file = model(
      JSON.stringify({
        ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 1 } },
        layers: [
          { name: 'lstm', type: 'lstm', hidden_size: 16 },
          { name: 'fc', type: 'linear', out_features: 2 },
        ],
        weights: { init: 'pytorch', seed: 3 },
      }),
      'audio.rnn.json',
    );
    const rows = Array.from({ length: 100_000 }, (_, t) => Math.sin(t / 30).toFixed(4));
    const series = model(rows.join('\n'), 'series.csv');
    const whole = await gatescope('run', file, '--input', series);
    assert.equal(whole.status, 0, whole.stderr);
    assert.match(whole.stdout, /100000 steps; the output of fc, 100000 × 2/);
    const fit = await gatescope('run', file, '--input', series, '--memory', '28');
    assert.deepEqual([fit.status, fit.stdout], [0, whole.stdout], fit.stderr);
    const json = await gatescope('run', file, '--input', series, '--memory', '28', '--json');
    assert.equal(json.status, 1);
    assert.match(json.stderr, /the run would take 37 MB of memory for 100000 steps, of which \d+ fit/);
  });

  it('takes as much memory as --memory says, and names no setting of the editor', async () => {
    const layers = [{ type: 'rnn', hidden_size: 512 }];
    const input = { kind: 'vector', size: 1 };
    const samples = [{ name: 'one', values: [[1]] }];
    const file = model(
      JSON.stringify({ format: 'rnn-model', version: 1, input, layers, samples }),
      'large.rnn.json',
    );
    const checked = await gatescope('check', file, '--memory', '1');
    assert.equal(checked.status, 1);
    assert.match(
      checked.stdout,
      / error memory-limit the weights would take 1\.0 MB of memory; the limit is 1\.0 MB \(--memory MB\)\n$/,
    );
    const long = model('1\n'.repeat(2000), 'long.csv');
    assert.equal((await gatescope('run', file, '--input', long)).status, 0);
    const run = await gatescope('run', file, '--input', long, '--memory', '2');
    assert.equal(run.status, 1);
    assert.match(run.stderr, /the limit is 2\.0 MB \(--memory MB\): run a part: --from STEP --steps N\n$/);
    for (const value of ['0', '1.5', 'x']) {
      const { status, stderr } = await gatescope('info', file, '--memory', value);
      const message = `--memory takes a whole number from 1, found ${value}\n`;
      assert.deepEqual([status, stderr], [2, message]);
    }
  });

  it('refuses weights for a model that brings its own', async () => {
    const amplifier = join(import.meta.dirname, '../fixtures/guitar/guitarml-lstm.json');
    const { status, stderr } = await gatescope(
      'run',
      amplifier,
      '--weights',
      join(FIXTURES, 'lstm.safetensors'),
    );
    assert.deepEqual([status, /error weights-not-used .*GuitarML/.test(stderr)], [1, true], stderr);
  });

  it('refuses a way of reading that the file has not, and lists those that it has', async () => {
    const alone = await gatescope('run', LSTM, '--as', 'foo');
    assert.deepEqual([alone.status, alone.stderr], [2, `--as foo: there is only one way to read ${LSTM}\n`]);
    const cell = (name: string) => [
      { name: `${name}.weight_ih_l0`, shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) },
      { name: `${name}.weight_hh_l0`, shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) },
    ];
    const tensors = new Map([...cell('left'), ...cell('right')].map(({ name, ...tensor }) => [name, tensor]));
    const several = model(writeSafetensors(tensors), 'several.safetensors');
    assert.match(
      (await gatescope('check', several)).stdout,
      /several-readings .*; say it with --as VALUE\n$/,
    );
    const { status, stderr } = await gatescope('info', several, '--as', '3');
    assert.equal(status, 2);
    assert.match(stderr, /^--as takes one of 1: "left" .*; 2: "right" .*, found 3\n$/);
    assert.equal((await gatescope('info', several, '--as', '2')).status, 0);
  });

  it('does not write over what it reads, and says where there is no folder', async () => {
    const text = readFileSync(LSTM, 'utf8');
    const file = model(text, 'lstm.rnn.json');
    const weights = readFileSync(join(FIXTURES, 'lstm.safetensors'));
    model(weights, 'lstm.safetensors');
    const own = await gatescope('convert', file, '-o', file);
    assert.deepEqual([own.status, /is what the model is read from/.test(own.stderr)], [2, true], own.stderr);
    assert.equal(readFileSync(file, 'utf8'), text);
    const away = await gatescope('convert', file, '-o', join(folder, 'none', 'x.rnn.json'));
    assert.deepEqual(
      [away.status, /x\.rnn\.\w+ cannot be written: there is no folder /.test(away.stderr)],
      [1, true],
    );
  });

  it('says what a command takes, and its version', async () => {
    for (const flag of ['--help', '-h']) {
      const { status, stdout } = await gatescope('run', flag);
      assert.equal(status, 0);
      assert.match(stdout, /gatescope run .*--sample NAME[^]*--as WAY/);
      assert.doesNotMatch(stdout, /gatescope (check|convert)/);
    }
    assert.match(
      (await gatescope('check', '--help')).stdout,
      /^ {2}gatescope check {2}MODEL \[--as WAY,…\] \[--weights FILE\]/,
    );
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    assert.equal((await gatescope('--version')).stdout, `${version}\n`);
  });

  it('converts to Python, and refuses what the other library lacks', async () => {
    const out = join(folder, 'net.py');
    const { status, stderr } = await gatescope('convert', LSTM, '--to', 'pytorch', '-o', out);
    assert.equal(status, 0, stderr);
    assert.match(readFileSync(out, 'utf8'), /self\.lstm = nn\.LSTM\(3, 4, batch_first=True\)/);
    assert.ok(readFileSync(join(folder, 'net.rnn.safetensors')).length > 0);
    const clipped = JSON.parse(readFileSync(LSTM, 'utf8'));
    delete clipped.weights;
    clipped.layers[0].clip = 1;
    const file = model(JSON.stringify(clipped), 'clipped.rnn.json');
    const refused = await gatescope('convert', file, '--to', 'keras', '-o', out);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /"lstm": clip cannot be expressed in Keras/);
    for (const args of [
      ['--to', 'torch', '-o', out],
      ['--to', 'keras'],
      ['-o', out],
      ['--to', 'keras', '-o', 'x.rnn.json'],
    ]) {
      assert.equal((await gatescope('convert', LSTM, ...args)).status, 2, args.join(' '));
    }
  });

  it('names the option that is meant, and what one lacks', async () => {
    for (const [args, message] of [
      [['unroll', LSTM, '--stpes', '3'], 'unroll: unknown option --stpes; did you mean --steps?'],
      [['check', LSTM, '--verbose'], 'check: unknown option --verbose; known: --'],
      [['run', LSTM, '--sample'], 'run: --sample needs a value'],
      [['run', LSTM, '--sample', '--json'], 'run: --sample needs a value, found --json'],
      [['run', LSTM, '--json=yes'], 'run: --json takes no value, found yes'],
      [['run', LSTM, '--sample', 'a', '--sample=b'], 'run: --sample is given twice; it takes one value'],
      [['unroll', LSTM, '--steps', '2', '--steps', '3'], 'unroll: --steps is given twice'],
      [['convert', LSTM, '-o', 'a.rnn.json', '--out', 'b.rnn.json'], 'convert: --out is given twice'],
      [['run', LSTM, LSTM], 'run takes one model file, found 2'],
    ] as const) {
      const { status, stderr } = await gatescope(...args);
      assert.deepEqual([status, stderr.startsWith(message)], [2, true], stderr);
    }
  });

  it('says last which command was meant, and which sample', async () => {
    const wrong = async (...args: string[]) => {
      const { status, stderr } = await gatescope(...args);
      assert.equal(status, 2, stderr);
      return stderr.trimEnd().split('\n');
    };
    const lines = await wrong('chekc', LSTM);
    assert.equal(lines.at(-1), 'unknown command chekc; did you mean "check"?');
    assert.equal(lines.length, 2);
    assert.match(lines[0], /check, info, .*gatescope --help/);
    const stocks = join(import.meta.dirname, '../../media/examples/stocks-lstm.rnn.json');
    for (const [name, meant] of [
      ['amazon', 'Amazon'],
      ['goog', 'Google since its listing in 2004'],
      ['IBN', 'IBM'],
    ]) {
      const said = (await wrong('run', stocks, '--sample', name)).at(-1)!;
      assert.ok(
        said.startsWith(`unknown sample ${name}; the model's samples: Microsoft 2000 to 2005, `),
        said,
      );
      assert.ok(said.endsWith(`; did you mean "${meant}"?`), said);
    }
  });

  it('says which folder assistants may not have', async () => {
    for (const [root, found] of [
      ['/no/such/folder', 'none'],
      [LSTM, 'a file'],
    ]) {
      const { status, stderr } = await gatescope('mcp', '--root', root);
      assert.deepEqual([status, stderr], [2, `--root: expected a folder, found ${found} at ${root}\n`]);
    }
  });

  it('prints a run and a gradient as text', async () => {
    const numbers = await gatescope('run', LSTM);
    assert.equal(numbers.status, 0, numbers.stderr);
    const lines = numbers.stdout.trimEnd().split('\n');
    const { output } = JSON.parse((await gatescope('run', LSTM, '--json')).stdout);
    assert.equal(lines.length, 2 + output.length);
    const row = lines[2].trim().split(/ {2,}/);
    assert.deepEqual(row[0], '0');
    assert.deepEqual(
      row.slice(2).map(Number),
      output[0].map((value: number) => Number(value.toPrecision(4))),
    );
    const text = (await gatescope('run', TEXT, '--text', 'ab')).stdout;
    assert.match(text, /\n {3}0 {2}"a" {4}(\S+|" ") [\d.]+, /);
    const gradient = await gatescope('gradient', LSTM);
    assert.equal(gradient.status, 0, gradient.stderr);
    assert.match(
      gradient.stdout,
      /^lstm: y\[8\]\[0\] of lstm is .*\ninput: [\d.e-]+ at step \d, .*\nlstm, level 0, forward, hidden state h: [^]*\n {2}of the gradient of the cell state c:\n/,
    );
  });

  const idsModel = (input_dim: number) =>
    JSON.stringify({
      class_name: 'Sequential',
      config: {
        name: 'ids',
        layers: [
          {
            class_name: 'Embedding',
            config: { name: 'e', batch_input_shape: [null, 3], input_dim, output_dim: 2 },
          },
          { class_name: 'LSTM', config: { name: 'lstm', units: 1 } },
        ],
      },
      ...{ keras_version: '2.15.0', backend: 'tensorflow' },
    });

  it('says of a text for a model that reads ids alone that it takes ids, and takes them', async () => {
    const ids = model(idsModel(5), 'ids.json');
    const { status, stderr } = await gatescope('run', ids, '--text', 'hello');
    assert.equal(status, 1);
    assert.match(stderr, /"hello" at position 1 is no id: .* no vocabulary, .* the ids 0 to 4; expected ids/);
    assert.equal((await gatescope('run', ids, '--text', '3 1 4')).status, 0);
  });

  it('shortens a vocabulary of ids alone, and no other', async () => {
    const { input, layers } = JSON.parse(
      (await gatescope('info', model(idsModel(20000), 'ids.json'), '--json')).stdout,
    );
    assert.deepEqual([input.vocabularySize, input.vocabulary], [20000, ['0', '1', '2', '…', '19999']]);
    assert.equal(layers[0].options.numEmbeddings, 20000);
    const letters = JSON.parse((await gatescope('info', TEXT, '--json')).stdout).input;
    assert.ok(letters.vocabulary.length > 20);
    assert.equal(letters.vocabularySize, letters.vocabulary.length);
  });

  it('names every option that is not the default, as text and as JSON', async () => {
    const relu = model(
      JSON.stringify({
        class_name: 'Sequential',
        config: {
          name: 'm',
          layers: [
            {
              class_name: 'GRU',
              config: {
                ...{ name: 'gru', batch_input_shape: [null, 4, 1], units: 1, reset_after: false },
                ...{ activation: 'relu', recurrent_activation: 'relu' },
              },
            },
            { class_name: 'Dense', config: { name: 'out', units: 2, activation: 'softmax' } },
          ],
        },
        ...{ keras_version: '2.2.4-tf', backend: 'tensorflow' },
      }),
      'relu.json',
    );
    const { stdout } = await gatescope('info', relu);
    assert.match(stdout, /\n {2}gru .* {2}activation relu, recurrent_activation relu, reset_after false\n/);
    assert.match(stdout, /\n {2}out .* {2}activation softmax\n/);
    const [gru, out] = JSON.parse((await gatescope('info', relu, '--json')).stdout).layers;
    const { activation, recurrentActivation, resetAfter } = gru.options;
    assert.deepEqual(
      [activation, recurrentActivation, resetAfter, out.options.activation],
      ['relu', 'relu', false, 'softmax'],
    );
    assert.match((await gatescope('info', LSTM)).stdout, /\n {2}lstm .* parameters\n/);
  });

  it('calls a model whose file’s name says nothing after its folder', async () => {
    const named = async (file: string) => JSON.parse((await gatescope('info', file, '--json')).stdout).name;
    const layers = [{ type: 'rnn', hidden_size: 1 }];
    const text = JSON.stringify({
      format: 'rnn-model',
      version: 1,
      input: { kind: 'vector', size: 1 },
      layers,
    });
    assert.equal(await named(model(text, 'model.rnn.json')), basename(folder));
    assert.equal(await named(model(text, 'mine.rnn.json')), 'mine');
  });

  it('describes layers and parameters', async () => {
    const info = JSON.parse((await gatescope('info', TEXT, '--json')).stdout);
    const embedding = info.layers[0];
    assert.equal(embedding.type, 'embedding');
    assert.equal(
      info.parameters,
      info.layers.reduce((sum: number, layer: { parameters: number }) => sum + layer.parameters, 0),
    );
    assert.deepEqual(embedding.outputShape, [null, 8]);
    assert.match((await gatescope('info', TEXT)).stdout, /parameters, (un)?trained/);
    const short = join(ROOT, 'test/fixtures/onnx/gru-sequence-length-reverse.rnn.json');
    assert.match(
      (await gatescope('info', short)).stdout,
      /\n {2}cell {2}gru .* parameters {2}reads the first 5 steps only /,
    );
    assert.equal(
      JSON.parse((await gatescope('info', short, '--json')).stdout).layers[0].options.sequenceLength,
      5,
    );
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { MACHINE } from '../../../src/cli/machine';
import { readModelFile } from '../../../src/library/node';
import { infoOfModel, runModel, unrollModel } from '../../../src/tools/api';
import { gatescope } from '../cli/gatescope';

const FIXTURES = 'test/fixtures/pytorch';
const CHARACTERS = 'media/examples/char-lstm.rnn.json';
const around = { files: { ...MACHINE.files, file: (path: string) => Promise.resolve(path) }, running: {} };

const run = async (model: string, asked: Parameters<typeof runModel>[2], values = {}) =>
  runModel(model, await readModelFile(model), asked, { ...around, values });

describe('what other extensions are given', () => {
  it("is PyTorch's numbers of every signal", async () => {
    for (const name of ['lstm', 'gru-stacked-bidirectional', 'last-output-bidirectional']) {
      const expected = JSON.parse(readFileSync(`${FIXTURES}/${name}.expected.json`, 'utf8'));
      const found = await run(`${FIXTURES}/${name}.rnn.json`, {});
      assert.equal(found.steps, expected.steps);
      const close = (values: Float32Array, rows: number[][], where: string) =>
        rows.flat().forEach((value, k) => assert.ok(Math.abs(values[k] - value) <= 1e-5, `${where} ${k}`));
      for (const { layer, level, direction, signals } of expected.layers) {
        for (const [signal, rows] of Object.entries<number[][]>(signals)) {
          const one = found.signals.find(
            (other) =>
              other.signal === signal &&
              other.layer === layer &&
              other.level === level &&
              other.direction === direction,
          )!;
          assert.deepEqual([one.rows, one.units], [rows.length, rows[0].length]);
          close(one.values, rows, `${layer}.${signal}`);
        }
      }
      close(found.output.values, expected.output, 'output');
    }
  });

  it('is what the command line says of a model', async () => {
    const reading = await readModelFile(CHARACTERS);
    const { stdout } = await gatescope('info', CHARACTERS, '--json');
    assert.deepEqual(infoOfModel(reading), JSON.parse(stdout));
    const text = (await gatescope('unroll', CHARACTERS, '--steps', '3', '--detail', 'cells')).stdout;
    assert.equal(unrollModel(reading, { steps: 3, detail: 'cells' }), text);
    assert.throws(() => unrollModel(reading, { steps: 0 }), RangeError);
    assert.throws(() => unrollModel(reading, { steps: 1e9 }), /expected 1 to 1000, found 1000000000/);
  });

  it('runs a text, values and what is held', async () => {
    const text = await run(CHARACTERS, { text: 'hello', set: ['lstm.f[3]=0'] });
    const f = text.signals.find(({ signal }) => signal === 'f')!;
    assert.deepEqual([text.sample, text.steps, f.rows, f.units], [null, 5, 5, 64]);
    for (let row = 0; row < 5; row++) assert.equal(f.values[64 * row + 3], 0);
    const tokens = await run(CHARACTERS, { values: [...'hello'], set: ['lstm.f[3]=0'] });
    assert.deepEqual(tokens.output.values, text.output.values);
  });

  it('says what is wrong', async () => {
    await assert.rejects(
      run(CHARACTERS, { text: 'a', values: ['a'] }),
      /take one of sample, text and values/,
    );
    await assert.rejects(run(CHARACTERS, { sample: 'none' }), /unknown sample none; the model's samples: /);
    await assert.rejects(run(CHARACTERS, { values: [['a' as never]] }), /values/);
    await assert.rejects(run(CHARACTERS, { text: 'a', set: ['lstm.q=0'] }), /lstm\.q/);
    await assert.rejects(run('nowhere.rnn.json', {}), /"nowhere\.rnn\.json" does not exist/);
    const memory = { memory: '1', raisedBy: 'setting gatescope.memoryLimit' };
    const long = run(CHARACTERS, { text: 'x'.repeat(9000) }, memory);
    await assert.rejects(long, /the limit is 1\.0 MB \(setting gatescope\.memoryLimit\): run fewer steps/);
  });
});

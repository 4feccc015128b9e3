import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../../../src/engine/run';
import { runningPart } from '../../../../../src/model/partial';
import type { Reading } from '../../../../../src/model/dialects/dialect';
import { fixture } from '../../../engine/fixtures';
import { codes, f32, safetensors, type TensorSpec } from '../../support';
import { openFile, runReading } from '../support';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures');
const sized = (...shape: number[]): TensorSpec =>
  f32(shape, Array(shape.reduce((a, b) => a * b, 1)).fill(0.5));
const lstm = (inputs: number, hidden: number) => ({
  'lstm.weight_ih_l0': sized(4 * hidden, inputs),
  'lstm.weight_hh_l0': sized(4 * hidden, hidden),
});
const linear = (prefix: string, inputs: number, outputs: number) => ({
  [`${prefix}.weight`]: sized(outputs, inputs),
  [`${prefix}.bias`]: sized(outputs),
});
const norm = (prefix: string, size: number, batch = false) => ({
  [`${prefix}.weight`]: sized(size),
  [`${prefix}.bias`]: sized(size),
  ...(batch && { [`${prefix}.running_mean`]: sized(size), [`${prefix}.running_var`]: sized(size) }),
});
const attention = {
  'attention.in_proj_weight': sized(12, 4),
  'attention.in_proj_bias': sized(12),
  ...linear('attention.out_proj', 4, 4),
};
const open = (tensors: Record<string, TensorSpec>, choices: string[] = []) =>
  openFile('m.safetensors', safetensors(tensors), {}, { choices });
const layersOf = ({ network }: Reading) => network?.layers.map(({ name, type }) => `${name} ${type}`);
const errorsOf = ({ problems }: Reading) => problems.filter(({ severity }) => severity === 'error');
const notRunOf = ({ problems }: Reading) =>
  problems.filter(({ code }) => code === 'not-run').map(({ message }) => message);

async function ranOf(reading: Reading) {
  assert.deepEqual(errorsOf(reading), []);
  const { network, weights, samples } = reading;
  const { sequence } = samples[0];
  const trace = await run(runningPart(network!, sequence), weights!, sequence);
  return [...new Set(trace.layers.map(({ layer }) => layer))];
}

describe('a normalisation of a state dict', () => {
  it('stands where its width has one place', async () => {
    const reading = await openFile(
      'm.safetensors',
      readFileSync(join(FIXTURES, 'statedict/norms.safetensors')),
    );
    assert.deepEqual(layersOf(reading), [
      'norm layer_norm',
      'lstm lstm',
      'batchnorm batch_norm',
      'fc linear',
    ]);
    assert.match(
      reading.problems.map(({ message }) => message).join('\n'),
      /"batchnorm" is taken to have the epsilon/,
    );
  });

  it('that fits in several places is not run, nor is what may stand behind it; its place can be chosen', async () => {
    const tensors = { ...lstm(4, 4), ...norm('bn', 4, true), ...linear('fc', 4, 2) };
    const reading = await open(tensors);
    assert.deepEqual(layersOf(reading), ['lstm lstm', 'bn not_run', 'fc linear']);
    assert.deepEqual(await ranOf(reading), ['lstm']);
    assert.match(notRunOf(reading)[0], /^"bn" \(BatchNorm\) is not run: .*nor is what needs it \("fc"\)/);
    const orders = reading.choices?.filter(({ kind }) => kind === 'order') ?? [];
    const wanted = orders.find(({ label }) => /^"lstm" \(lstm\) → "bn"/.test(label));
    const chosen = await open(tensors, [wanted!.value]);
    assert.deepEqual(layersOf(chosen), ['lstm lstm', 'bn batch_norm', 'fc linear']);
    assert.deepEqual(await ranOf(chosen), ['lstm', 'bn', 'fc']);
  });

  it('of a convolution’s channels stands with that', async () => {
    const reading = await open({
      ...{ 'cnn.0.weight': sized(3, 1, 3, 3), 'cnn.0.bias': sized(3) },
      ...norm('cnn.1', 3, true),
      ...lstm(3, 4),
      ...linear('fc', 4, 2),
    });
    assert.deepEqual(layersOf(reading), ['lstm lstm', 'fc linear']);
    assert.deepEqual(notRunOf(reading).length, 1);
    assert.match(notRunOf(reading)[0], /^"cnn" \(Conv2d\) is not run: .*2 modules in all.*3 numbers a step$/);
  });
});

describe('modules of a state dict that have no place in it', () => {
  it('before the recurrent layers let these run from what they would hand on', async () => {
    for (const kernel of [[3], [3, 3], [3, 3, 3]]) {
      const reading = await open({
        'front.weight': sized(3, 1, ...kernel),
        ...lstm(3, 4),
        ...linear('fc', 4, 2),
      });
      const { input } = reading.network!;
      assert.ok(input.kind === 'vector' && input.size === 3);
      assert.deepEqual([input.standsFor?.name, input.standsFor?.kind], ['front', `Conv${kernel.length}d`]);
      assert.deepEqual(await ranOf(reading), ['lstm', 'fc']);
    }
  });

  it('behind them leave the gates to be seen, and what follows unrun until it is brought', async () => {
    const reading = await open({ ...lstm(3, 4), ...attention, ...linear('fc', 4, 2) });
    assert.deepEqual(layersOf(reading), ['lstm lstm', 'attention not_run', 'fc linear']);
    assert.deepEqual(await ranOf(reading), ['lstm']);
    const { sequence } = reading.samples[0];
    const more = new Map([
      [
        'attention',
        {
          kind: 'vector' as const,
          steps: sequence.steps,
          size: 4,
          values: new Float32Array(4 * sequence.steps),
        },
      ],
    ]);
    const whole = { ...sequence, more };
    const trace = await run(runningPart(reading.network!, whole), reading.weights!, whole);
    assert.equal(trace.output.rows, sequence.steps);
  });

  it('stand where the order of the file has them, if it has one', async () => {
    const rows = (count: number, width: number) => Array(count).fill(Array(width).fill(0.5));
    const dict = (last: boolean) => ({
      ...(!last && { 'odd.scale': [1, 2, 3] }),
      'lstm.weight_ih_l0': rows(8, 3),
      'lstm.weight_hh_l0': rows(8, 2),
      ...(last && { 'odd.scale': [1, 2, 3] }),
      'fc.weight': rows(1, 2),
    });
    const before = await openFile('m.json', JSON.stringify(dict(false)));
    assert.deepEqual(layersOf(before), ['lstm lstm', 'fc linear']);
    const behind = await openFile('m.json', JSON.stringify(dict(true)));
    assert.deepEqual(layersOf(behind), ['lstm lstm', 'odd not_run', 'fc linear']);
  });

  it('stand behind the layers that stand before them there, and not between what fits together', async () => {
    const rows = (count: number, width: number) => Array(count).fill(Array(width).fill(0.5));
    const reading = await openFile(
      'm.json',
      JSON.stringify({
        'lstm.weight_ih_l0': rows(8, 3),
        'lstm.weight_hh_l0': rows(8, 2),
        'fc.weight': rows(4, 2),
        'odd.scale': [1, 2, 3],
      }),
    );
    assert.deepEqual(layersOf(reading), ['lstm lstm', 'fc linear', 'odd not_run']);
    assert.deepEqual(await ranOf(reading), ['lstm', 'fc']);
  });

  it('and belong to the loss of the training are left out, and named', async () => {
    for (const name of ['loss_function', 'criterion', 'model.bce_loss', 'lossfn']) {
      const reading = await open({ ...lstm(3, 4), ...linear('fc', 4, 2), [`${name}.weight`]: sized(2) });
      assert.deepEqual(layersOf(reading), ['lstm lstm', 'fc linear']);
      assert.deepEqual(notRunOf(reading), []);
      const [{ code, message }] = reading.problems;
      assert.deepEqual(
        [code, message],
        ['ignored', `the module "${name}" is left out: by its name it belongs to the loss of the training`],
      );
    }
  });

  it('are told by their channels to stand before the recurrent layers or behind them', async () => {
    const reading = await open({
      'conv1.weight': sized(8, 1, 3),
      'conv2.weight': sized(6, 8, 3),
      'conv3.weight': sized(8, 6, 3),
      ...lstm(8, 8),
      'final_conv.weight': sized(1, 8, 1),
    });
    assert.deepEqual(layersOf(reading), ['lstm lstm', 'final_conv not_run']);
    assert.equal(reading.network?.layers[1].outputSize, 1);
    const { input } = reading.network!;
    assert.ok(input.kind === 'vector' && input.size === 8 && input.standsFor?.name === 'conv3');
    const messages = notRunOf(reading);
    assert.equal(messages.length, 4);
    assert.match(
      messages[0],
      /^"conv3" \(Conv1d\) is not run: .*; sequences are what it would hand on, 8 numbers a step$/,
    );
    assert.match(
      messages.join('\n'),
      /"conv2" \(Conv1d\) is not run: it is taken to stand before the recurrent layers, as "conv3" does, whose output the sequences are; /,
    );
    assert.deepEqual(await ranOf(reading), ['lstm']);
  });

  it('of another kind of model are one layer, with what can be done', async () => {
    const mamba = (k: number) => ({
      [`m.${k}.A_log`]: sized(4, 2),
      [`m.${k}.D`]: sized(4),
      [`m.${k}.x_proj.weight`]: sized(3, 4),
    });
    const reading = await open({ ...lstm(3, 4), ...mamba(0), ...mamba(1) });
    assert.deepEqual(codes(reading), ['warning not-run']);
    assert.match(notRunOf(reading)[0], /^"m" \(Mamba\) is not run: a state space model/);
    assert.deepEqual(await ranOf(reading), ['lstm']);
  });

  it('change no gate', async () => {
    const { sequence, expected } = await fixture('lstm');
    const plain = await openFile('m.safetensors', readFileSync(join(FIXTURES, 'pytorch/lstm.safetensors')));
    const weights = Object.fromEntries(
      [...plain.weights!].map(([name, { shape, data }]) => [name, f32(shape, [...data])]),
    );
    const reading = await open({ ...weights, 'front.weight': sized(2, 2, 3, 3) });
    const trace = await runReading(reading, sequence);
    const found = trace.layers[0].signals.find(({ signal }) => signal === 'f')!.values;
    expected.layers[0].signals.f
      .flat()
      .forEach((value: number, k: number) => assert.ok(Math.abs(found[k] - value) <= 1e-5));
  });
});

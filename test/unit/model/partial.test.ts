import assert from 'node:assert/strict';
import { gradient } from '../../../src/engine/gradient';
import { traceBytes } from '../../../src/engine/plan';
import { run } from '../../../src/engine/run';
import { writeNative } from '../../../src/model/dialects/native/write';
import type { Layer, Network, NotRunLayer } from '../../../src/model/network';
import { begunBehind, idleLayers, outputLayer, runningPart } from '../../../src/model/partial';
import { writePytorch } from '../../../src/model/python/pytorch';
import type { VectorSequence } from '../../../src/model/samples';
import { unroll } from '../../../src/unroll/graph';
import { toMermaid } from '../../../src/unroll/mermaid';
import { gru, linear, lstm, randomSequence, randomWeights } from '../engine/networks';
import { read } from './support';

function notRun(name: string, inputs: readonly string[], inputSize: number, outputSize: number): NotRunLayer {
  return { type: 'not_run', name, kind: 'Lambda', reason: 'it holds code', inputs, inputSize, outputSize };
}

function network(layers: readonly Layer[], size: number): Network {
  return { name: 'test', dialect: 'native', conventions: [], input: { kind: 'vector', size }, layers };
}

const FIRST = lstm(2, { name: 'first' });
const SECOND = gru(4, { name: 'second', inputs: ['between'] });
const HEAD = linear(3, 2, { name: 'head', inputs: ['second'] });
const WHOLE = network([FIRST, notRun('between', ['first'], 3, 4), SECOND, HEAD], 2);

/** What the layers would get of a sequence that is handed to them directly. */
const BEHIND = network([{ ...SECOND, inputs: ['input'] }, HEAD], 4);

const names = ({ layers }: { readonly layers: readonly Pick<Layer, 'name'>[] }) =>
  layers.map(({ name }) => name);

describe('a network with a layer that is not run', () => {
  const weights = randomWeights(WHOLE, 1);
  const sequence = randomSequence(5, 2, 2);
  const brought = randomSequence(5, 4, 3);
  const given: VectorSequence = { ...sequence, more: new Map([['between', brought]]) };

  it('runs up to it, and gives the output of the last layer that runs', async () => {
    const trace = await run(WHOLE, weights, sequence);
    const alone = await run(network([FIRST], 2), weights, sequence);
    assert.deepEqual(trace, alone);
    assert.equal(outputLayer(WHOLE).name, 'first');
    assert.equal(traceBytes(WHOLE, sequence), traceBytes(network([FIRST], 2), sequence));
  });

  it('runs all of it on what a sequence brings in its place', async () => {
    const { output, layers } = await run(WHOLE, weights, given);
    const behind = await run(BEHIND, weights, brought);
    assert.deepEqual(output, behind.output);
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      ['first', 'between', 'second', 'head'],
    );
  });

  it('takes gradients of what runs', async () => {
    const { layers } = await gradient(WHOLE, weights, sequence);
    const alone = await gradient(network([FIRST], 2), weights, sequence);
    assert.deepEqual(layers, alone.layers);
    const behind = await gradient(WHOLE, weights, given);
    const alongside = await gradient(BEHIND, weights, brought);
    assert.deepEqual(behind.layers, alongside.layers);
  });

  it('names what is idle, and why', () => {
    const idle = [...idleLayers(WHOLE)].map(([name, cause]) => [name, cause.name]);
    assert.deepEqual(idle, [
      ['between', 'between'],
      ['second', 'between'],
      ['head', 'between'],
    ]);
    assert.equal(runningPart(BEHIND, { steps: 1 }), BEHIND);
    assert.equal(idleLayers(WHOLE, new Set(['between'])).size, 0);
  });

  it('is idle where it begins with the state of an idle layer', () => {
    const state = { layer: 'second', level: 0, direction: 'forward', signal: 'h' } as const;
    const initialState = { kind: 'handed', states: [{ h: { merge: 'concat', of: [state] } }] } as const;
    const decoder = gru(2, { name: 'decoder', inputs: ['input'], initialState });
    const idle = idleLayers({ layers: [...WHOLE.layers, decoder] });
    assert.equal(idle.get('decoder')?.name, 'between');
  });

  it('is drawn whole, with the reason', () => {
    const { rows } = unroll(WHOLE, { columns: 2, detail: 'gates' });
    assert.deepEqual(
      rows.map(({ layer, idle }) => [layer, idle?.reason]),
      [
        ['input', undefined],
        ['first', undefined],
        ['between', 'it holds code'],
        ['second', 'it holds code'],
        ['head', 'it holds code'],
      ],
    );
    const text = toMermaid(unroll(WHOLE, { columns: 2, detail: 'cells' }));
    assert.match(text, /class l1_y_0,l1_y_1 notRun/);
  });

  it('is written natively and read back, with a warning that says how it could run', async () => {
    const text = writeNative(WHOLE, { file: 'w.safetensors', trained: true }, []);
    const { network: found, problems } = await read(text);
    assert.deepEqual(found?.layers, WHOLE.layers);
    const warning = problems.find(({ code }) => code === 'not-run')!;
    assert.equal(warning.severity, 'warning');
    assert.equal(
      warning.message,
      '"between" (Lambda) is not run: it holds code; nor is what needs it ("second", "head"), unless a sequence brings its output: 4 numbers a step, under its name',
    );
  });

  it('is left out of a Python file, which says so', () => {
    const text = writePytorch(WHOLE, 'w.safetensors', { name: 'x', sequence });
    assert.match(text, /^# Left out: "between" \(Lambda\) is not run: it holds code$/m);
    assert.match(text, /^# Left out: "head", which needs "between"$/m);
    assert.match(text, /nn\.LSTM/);
    assert.doesNotMatch(text, /GRU/);
  });
});

describe('a network whose recurrent layers all stand behind a layer that is not run', () => {
  const front = notRun('cnn', ['input'], 9, 4);
  const behind = gru(4, { name: 'second', inputs: ['cnn'] });
  const whole: Network = network([front, behind, HEAD], 9);

  it('begins behind it', async () => {
    const begun = begunBehind(whole);
    assert.deepEqual(begun.input, {
      ...{ kind: 'vector', size: 4 },
      standsFor: { name: 'cnn', kind: 'Lambda', reason: 'it holds code' },
    });
    assert.deepEqual(names(begun), ['second', 'head']);
    const weights = randomWeights(BEHIND, 1);
    const sequence = randomSequence(3, 4, 2);
    assert.deepEqual(await run(begun, weights, sequence), await run(BEHIND, weights, sequence));
  });

  it('is left as it is where anything else reads the input, and runs on what a sequence brings', async () => {
    const residual: Layer = {
      ...{ type: 'merge', mode: 'concatenate', name: 'both', inputs: ['second', 'input'] },
      ...{ inputSize: 3, outputSize: 12 },
    };
    const around = network([front, behind, residual], 9);
    assert.equal(begunBehind(around), around);
    assert.deepEqual([...idleLayers(around).keys()], ['cnn', 'second', 'both']);
    const sequence = randomSequence(3, 9, 2);
    const more = new Map([['cnn', randomSequence(3, 4, 3)]]);
    const { output } = await run(around, randomWeights(around, 1), { ...sequence, more });
    for (let t = 0; t < 3; t++)
      assert.deepEqual(
        output.values.slice(12 * t + 3, 12 * (t + 1)),
        sequence.values.slice(9 * t, 9 * (t + 1)),
        String(t),
      );
  });

  it('is left as it is where a layer that runs reads the input', () => {
    const skip = linear(9, 3, { name: 'skip', inputs: ['input'] });
    const sum: Layer = {
      ...{ type: 'merge', mode: 'add', name: 'sum', inputs: ['second', 'skip'], inputSize: 3, outputSize: 3 },
    };
    const beside = network([front, skip, behind, sum], 9);
    assert.equal(begunBehind(beside), beside);
    assert.equal(outputLayer(beside).name, 'skip');
    const before = linear(9, 4, { name: 'skip', inputs: ['input'] });
    const after = { ...front, inputs: ['skip'], inputSize: 4 };
    const shared = network([before, after, behind, { ...sum, inputs: ['cnn', 'skip'] }], 9);
    assert.equal(begunBehind(shared), shared);
    assert.deepEqual(names(begunBehind(network([before, after, behind], 9))), ['second']);
  });

  it('keeps recurrent layers behind other layers that are not run', () => {
    const other = notRun('other', ['input'], 9, 2);
    const beside = lstm(2, { name: 'beside', inputs: ['other'] });
    const begun = begunBehind(network([front, other, behind, beside], 9));
    assert.deepEqual(names(begun), ['other', 'second', 'beside']);
    assert.deepEqual(begun.layers[0].inputs, []);
    assert.equal(begun.layers[2].type, 'lstm');
  });

  it('is left as it is where its first recurrent layer needs the input too', () => {
    const both: Layer = {
      ...{ type: 'merge', mode: 'concatenate', name: 'both', inputs: ['input', 'cnn'] },
      ...{ inputSize: 9, outputSize: 13 },
    };
    const wide = gru(13, { name: 'second', inputs: ['both'] });
    const whole = network([front, both, wide], 9);
    assert.equal(begunBehind(whole), whole);
  });

  it('is left as it is where a recurrent layer runs', () => {
    assert.equal(begunBehind(WHOLE), WHOLE);
  });

  it('is written natively with what its input stands for', async () => {
    const text = writeNative(begunBehind(whole), { file: 'w.safetensors', trained: true }, []);
    const { network: found, problems } = await read(text);
    assert.deepEqual(found?.input, begunBehind(whole).input);
    assert.match(problems.find(({ code }) => code === 'not-run')!.message, /4 numbers a step$/);
  });
});

/** A run as CSV and as JSON, held whole or computed again, against its trace. */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { traceJson } from '../../../src/engine/json';
import type { Trace } from '../../../src/engine/trace';
import { csv } from '../../../src/export/csv';
import type { ExportOptions } from '../../../src/export/format';
import { json } from '../../../src/export/json';
import { linear, lstm, network, randomSequence, rnn, tokenSequence } from '../engine/networks';
import { bothWays, written } from './runs';

const STEPS = 4500;
const NETWORK = network(lstm(2, { hiddenSize: 6, levels: 2 }), linear(6, 3));
const SEQUENCE = randomSequence(STEPS, 2, 3);
const RANGE = { from: 4090, steps: 12 };

/** Numbers of a CSV file by their address. */
function numbersOf(text: string): Map<string, number> {
  const lines: string[][] = parse(text);
  assert.deepEqual(lines[0], ['layer', 'level', 'direction', 'signal', 'step', 'unit', 'value']);
  const found = new Map(
    lines.slice(1).map((cells) => [cells.slice(0, 6).join('.'), cells[6] === 'nan' ? NaN : Number(cells[6])]),
  );
  assert.equal(found.size, lines.length - 1, 'every address once');
  return found;
}

function numbersIn(trace: Trace, from: number, to: number): Map<string, number> {
  const found = new Map<string, number>();
  const add = (where: string, { rows, units, values }: Trace['output']) => {
    for (let step = from; step < to; step++) {
      const row = rows === 1 ? (step === trace.steps - 1 ? 0 : -1) : step;
      for (let unit = 0; row >= 0 && unit < units; unit++) {
        found.set(`${where}.${step}.${unit}`, values[row * units + unit]);
      }
    }
  };
  for (const { layer, level, direction, signals } of trace.layers) {
    for (const signal of signals) add(`${layer}.${level}.${direction}.${signal.signal}`, signal);
  }
  add('output.0.forward.output', trace.output);
  return found;
}

function sameNumbers(found: Map<string, number>, expected: Map<string, number>): void {
  assert.deepEqual([...found.keys()], [...expected.keys()]);
  for (const [key, value] of expected) {
    assert.ok(Object.is(Math.fround(found.get(key)!), value), `${key}: ${found.get(key)} for ${value}`);
  }
}

describe('a run as CSV', () => {
  it('has every number of a range of steps, whole or computed again, across stretches', async () => {
    const { trace, whole, recorded } = await bothWays(NETWORK, SEQUENCE);
    const text = await written(csv, whole, { range: RANGE });
    sameNumbers(numbersOf(text), numbersIn(trace, 4090, 4102));
    assert.equal(await written(csv, recorded, { range: RANGE }), text);
  });

  it('has all steps, and those signals that are asked for', async () => {
    const { trace, whole, recorded } = await bothWays(NETWORK, SEQUENCE);
    const options: ExportOptions = {
      signals: [{ layer: 'lstm', level: 1, signal: 'c' }, { layer: 'output' }],
    };
    const text = await written(csv, recorded, options);
    const all = numbersIn(trace, 0, STEPS);
    const expected = [...all].filter(([key]) => /^(lstm\.1\.forward\.c|output)\./.test(key));
    sameNumbers(numbersOf(text), new Map(expected));
    assert.equal(await written(csv, whole, options), text);
  });

  it('has a last row alone at its step, and not before', async () => {
    const single = network(rnn(2), lstm(3, { returnSequences: false }), linear(3, 2));
    const { trace, whole, recorded } = await bothWays(single, SEQUENCE);
    for (const range of [RANGE, { from: STEPS - 2, steps: 2 }]) {
      const to = range.from + range.steps;
      for (const one of [whole, recorded]) {
        sameNumbers(numbersOf(await written(csv, one, { range })), numbersIn(trace, range.from, to));
      }
    }
  });

  it('quotes names, has the ids of tokens as input, and no number that numpy would not read', async () => {
    const tokens = {
      kind: 'token',
      vocabulary: ['x', 'y'],
      split: 'char',
      lowercase: false,
      encoding: 'one_hot',
    } as const;
    const named = { ...network({ ...lstm(2), name: 'a "b",\nc' }), input: tokens };
    const { whole } = await bothWays(named, tokenSequence([1, 0, 1]));
    if (!('trace' in whole.kept)) assert.fail();
    const { values } = whole.kept.trace.layers[1].signals[0];
    values.set([NaN, Infinity, -Infinity]);
    const text = await written(csv, whole);
    assert.match(text, /^"a ""b"",\nc",0,forward,\w,0,0,nan\n/m);
    const ids = [...numbersOf(text)].filter(([key]) => key.startsWith('input.'));
    assert.deepEqual(
      ids.map(([, id]) => id),
      [1, 0, 1],
    );
    assert.match(text, /,1,inf\n[^]*,2,-inf\n/);
  });
});

describe('a run as JSON', () => {
  it('is what `run --json` prints, whole or computed again', async () => {
    const { trace, whole, recorded } = await bothWays(NETWORK, SEQUENCE);
    const layers = trace.layers.slice(1);
    const expected = [...traceJson({ ...trace, layers }, whole.origin, {}, SEQUENCE)].join('');
    const { input } = JSON.parse(expected) as { input: number[][] };
    assert.deepEqual(input.flat().map(Math.fround), [...SEQUENCE.values]);
    assert.equal(await written(json, whole), expected);
    assert.equal(await written(json, recorded), expected);
  });

  it('has a range of it, and of that the signals that are asked for, the input by its name', async () => {
    const { whole, recorded } = await bothWays(NETWORK, SEQUENCE);
    const options: ExportOptions = {
      range: RANGE,
      signals: [{ layer: 'input' }, { layer: 'lstm', signal: 'f' }],
    };
    const text = await written(json, recorded, options);
    const { layers, steps, from, first, output, input } = JSON.parse(text);
    assert.deepEqual([steps, from, first, output, input], [12, 4090, 0, undefined, undefined]);
    const names = layers.map(({ layer, level, signals }: any) => [layer, level, Object.keys(signals)]);
    assert.deepEqual(names, [
      ['input', 0, ['x']],
      ['lstm', 0, ['f']],
      ['lstm', 1, ['f']],
    ]);
    assert.deepEqual(layers[0].signals.x[3].map(Math.fround), [
      ...SEQUENCE.values.subarray(2 * 4093, 2 * 4094),
    ]);
    assert.equal(await written(json, whole, options), text);
    const part = JSON.parse(await written(json, whole, { range: RANGE }));
    assert.deepEqual(part.input.flat().map(Math.fround), [...SEQUENCE.values.subarray(2 * 4090, 2 * 4102)]);
  });

  it('refuses what the run has not', async () => {
    const { whole } = await bothWays(NETWORK, SEQUENCE);
    await assert.rejects(
      written(json, whole, { range: { from: STEPS } }),
      /expected a whole number from 0 to 4499/,
    );
    const signals = [{ layer: 'lstm', level: 2 }];
    await assert.rejects(written(json, whole, { signals }), /^RangeError: the run has no signal lstm.2/);
  });

  it('tells how far it is, and stops when it is cancelled', async () => {
    const { whole, recorded } = await bothWays(NETWORK, SEQUENCE);
    for (const one of [whole, recorded]) {
      const stop = new AbortController();
      const heard: [number, number][] = [];
      const onProgress = (...progress: [number, number]) => {
        heard.push(progress);
        if (heard.length === 3) stop.abort();
      };
      await assert.rejects(written(json, one, {}, { signal: stop.signal, onProgress }), {
        name: 'AbortError',
      });
      assert.equal(heard.length, 3);
      assert.ok(heard.every(([done, total], k) => done <= total && (k === 0 || done > heard[k - 1][0])));
    }
  });
});

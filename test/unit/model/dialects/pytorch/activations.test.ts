import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gapBetween } from '../../../../../src/model/gaps';
import { verify } from '../../../../../src/verify/verify';
import { assertOutput, openFile, runReading, vectors } from '../support';
import { causeIn, textOf } from '../../../verify/said';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/statedict');
const file = (name: string) => readFileSync(join(FIXTURES, name));
const expectedOf = (name: string) => JSON.parse(file(`${name}.expected.json`).toString());
const open = (name: string, choices: string[] = [], form = 'safetensors') =>
  openFile(`m.${form}`, file(`${name}.${form}`), {}, { choices });

async function verdictOf(name: string) {
  const { input, output } = expectedOf(name);
  const { network, weights } = await open(name);
  const expected = {
    rows: output.length,
    units: output[0].length,
    values: Float32Array.from(output.flat()),
  };
  return verify({ network: network!, weights: weights! }, [
    { name: 'x', sequence: vectors(input), expected },
  ]);
}

describe('the numbers that a Sequential leaves out', () => {
  it('are those between two parts, or before the first', () => {
    const gap = (before: string, after: string, taken: string[] = []) =>
      gapBetween(before, after, taken)?.numbers;
    assert.deepEqual(gap('head.0', 'head.3'), [1, 2]);
    assert.deepEqual(gap('0', '2'), [1]);
    assert.deepEqual(gap('lstm', 'head.1'), [0]);
    assert.deepEqual(gap('a.layers.0.fc', 'a.layers.2.fc'), [1]);
    assert.deepEqual(gap('net.0.0', 'net.0.2'), [1]);
    assert.deepEqual(gap('head.0', 'head.3', ['head.1', 'head.10']), [2]);
    assert.deepEqual(gap('head.0', 'head.2', ['head.1.conv']), undefined);
  });

  it('are none where parts follow each other, or the names are no numbers', () => {
    for (const [before, after] of [
      ...[
        ['head.0', 'head.1'],
        ['lstm', 'head.0'],
        ['fc1', 'fc3'],
        ['head.3', 'head.0'],
        ['lstm', 'fc'],
      ],
      ...[
        ['head.0', 'head.1000'],
        ['net.0.3', 'net.1.0'],
      ],
    ]) {
      assert.equal(gapBetween(before, after), undefined, `${before} ${after}`);
    }
  });

  for (const form of ['safetensors', 'json']) {
    it(`are said, and what may stand there; nothing is put there unless it is chosen (${form})`, async () => {
      const { input, output } = expectedOf('gap');
      const reading = await open('gap', [], form);
      const [message] = reading.problems
        .map((problem) => problem.message)
        .filter((text) => /stand for/.test(text));
      assert.match(
        message,
        /^the numbers 1 and 2 of "head" stand for modules without parameters, .*relu.*dropout: none is put between "head\.0" and "head\.3" unless it is chosen/,
      );
      assert.deepEqual(
        reading.network?.layers.map((layer) => 'activation' in layer && layer.activation),
        [false, 'none', 'none'],
      );
      const chosen = await open('gap', ['head.0=relu'], form);
      assertOutput(await runReading(chosen, vectors(input)), output);
      assert.ok(chosen.problems.every((problem) => !/stand for/.test(problem.message)));
    });
  }

  it('can be given activations before a linear layer, between, and after the last', async () => {
    const { input, output } = expectedOf('gap-before');
    const reading = await open('gap-before', ['lstm=tanh', 'head.1=leaky_relu', 'head.3=softmax']);
    assert.deepEqual(
      reading.network?.layers.map(({ name, type }) => `${name} ${type}`),
      ['lstm lstm', 'lstm.activation activation', 'head.1 linear', 'head.3 linear'],
    );
    assertOutput(await runReading(reading, vectors(input)), output);
  });

  it('are of kinds of their own to choose, one an end', async () => {
    const { choices = [] } = await open('gap-before');
    assert.deepEqual(
      [...new Set(choices.map(({ kind }) => kind))],
      ['activation lstm', 'activation head.1', 'activation head.3'],
    );
    assert.ok(choices.some(({ label }) => label === 'tanh between "lstm" and "head.1"'));
  });
});

describe('verify, where a Sequential leaves numbers out', () => {
  it('tries what may stand there, and says where', async () => {
    const { finding } = await verdictOf('gap');
    assert.deepEqual(
      [causeIn(finding), textOf(finding), finding?.matches],
      ['hidden-activation', 'with relu between "head.0" and "head.3"', true],
    );
  });

  it('puts it together with what else may be otherwise', async () => {
    const { input } = expectedOf('gap-before');
    const truth = await open('gap-before', ['head.1=leaky_relu', 'head.3=softmax']);
    const { output } = await runReading(truth, vectors(input));
    const { network, weights } = await open('gap-before');
    const verdict = await verify({ network: network!, weights: weights! }, [
      { name: 'x', sequence: vectors(input), expected: output },
    ]);
    assert.equal(
      textOf(verdict.finding),
      'with leaky relu between "head.1" and "head.3" and with softmax after the last layer',
    );
  });
});

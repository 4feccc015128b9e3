/** A network whose numbers overflow: what asks why says what is not a number, and does the rest. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OVERFLOW } from '../overflow';
import { gatescope } from './gatescope';

const MODEL = {
  ...{ format: 'rnn-model', version: 1, name: 'over', input: { kind: 'vector', size: 1 } },
  ...OVERFLOW,
  samples: [{ name: 'ones', values: [[1], [1], [1], [1], [1]] }],
};

describe('what asks why of numbers that are none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-over-'));
  const model = join(folder, 'over.rnn.json');
  before(() => writeFileSync(model, JSON.stringify(MODEL)));
  after(() => rmSync(folder, { recursive: true }));

  async function said(command: string, ...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await gatescope(command, model, ...args);
    assert.equal(status, 0, stderr);
    return stdout;
  }

  it('explain gives every term, also those that are no numbers', async () => {
    const { value, sum, terms } = JSON.parse(await said('explain', '--at', 'rnn.h[0]@4', '--json'));
    assert.deepEqual([value, sum], ['NaN', 'NaN']);
    assert.deepEqual(
      terms.map(({ from, product }: { from: string; product: unknown }) => [from, product]),
      [
        ['bias_ih', 0],
        ['bias_hh', 0],
        ['x[0]', 1],
        ['h[0]', 'NaN'],
        ['h[1]', 'NaN'],
      ],
    );
  });

  it('gradient and attribute say that the output has none, and tell of one that is a number', async () => {
    assert.match(await said('gradient'), /The chosen output is not a finite number: it has no gradient\./);
    assert.match(await said('attribute'), /not a finite number: nothing can be said to bring it\./);
    const { completeness, remarks } = JSON.parse(
      await said('attribute', '--step', '0', '--unit', '1', '--json'),
    );
    assert.ok(Math.abs(completeness.sum - 2) < 1e-6);
    assert.equal(remarks, undefined);
  });

  it('match searches the steps whose values are numbers', async () => {
    assert.match(await said('match', '--signal', 'rnn.h', '--range', '1'), /^2 of 2 units above 0\.3/);
  });

  it('compare takes what is no number in both for the same, and else for as far as can be', async () => {
    const same = await gatescope('compare', model, model);
    assert.deepEqual([same.status, /no signal differs/.test(same.stdout)], [0, true]);
    const held = await gatescope('compare', model, '--set', 'rnn.h=0');
    assert.equal(held.status, 1);
    assert.match(held.stdout, /Infinity +Infinity +0 +rnn\.h/);
  });
});

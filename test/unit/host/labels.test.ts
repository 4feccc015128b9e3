/** Labels of steps, of the table that a model's samples are parts of, and of another one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MACHINE } from '../../../src/cli/machine';
import { read } from '../../../src/cli/read';
import { labelsOf, type LabelColumn } from '../../../src/host/labels';
import { parseTable } from '../../../src/model/sequences/csv';
import { cutSequence } from '../../../src/model/sequences/window';

const EXAMPLES = join(import.meta.dirname, '../../../media/examples');

async function columnOf(file: string, column: number): Promise<LabelColumn> {
  const table = await parseTable(readFileSync(join(EXAMPLES, file), 'utf8'));
  assert.ok('rows' in table);
  return {
    ...{ file, column: table.header![column] },
    values: table.rows.map(({ fields }) => fields[column]),
    lines: table.rows.map(({ line }) => line),
  };
}

describe('labels of steps', () => {
  it('are those of the lines that a sample was read from, also where it is a part of the table', async () => {
    const { network, samples } = await read(MACHINE, join(EXAMPLES, 'stocks-lstm.rnn.json'));
    const symbols = await columnOf('stocks.csv', 0);
    const prices = await columnOf('stocks.csv', 2);
    for (const { name, sequence } of samples) {
      assert.ok(sequence.kind === 'vector');
      const found = labelsOf(sequence, symbols)!;
      assert.equal(found.length, sequence.steps, name);
      assert.equal(new Set(found).size, 1, name);
      const [column] = sequence.table!.columns;
      labelsOf(sequence, prices)!.forEach((price, step) => {
        const value = sequence.values[step] * column.deviation + column.mean;
        assert.ok(Math.abs(value - Number(price)) < 1e-3, `${name}, step ${step}`);
      });
      const part = cutSequence(network!, sequence, { from: 3, steps: 5 });
      assert.deepEqual(labelsOf(part, prices), labelsOf(sequence, prices)!.slice(3, 8));
    }
  });

  it('are the rows of another table that has as many as there are steps; else there are none', async () => {
    const { samples } = await read(MACHINE, join(EXAMPLES, 'stocks-lstm.rnn.json'));
    const [{ sequence }] = samples;
    const table = (rows: number) => {
      const values = Array.from({ length: rows }, (_, row) => `r${row}`);
      return { file: 'other.csv', column: 'r', values, lines: values.map((_, row) => row + 1) };
    };
    assert.equal(labelsOf(sequence, table(sequence.steps))![4], 'r4');
    assert.equal(labelsOf(sequence, table(sequence.steps + 1)), undefined);
    assert.equal(labelsOf(sequence, undefined), undefined);
  });
});

import assert from 'node:assert/strict';
import { expectedOfFile } from '../../../../src/model/sequences/expected';
import { codes, readKeys } from '../support';

function of(units: number | undefined, fileName: string, content: string | Uint8Array, labels?: string[]) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const file = { size: bytes.length, read: async (start: number, end: number) => bytes.subarray(start, end) };
  return expectedOfFile({ units, labels }, fileName, file, { memory: 1 << 20 });
}

const json = (units: number | undefined, text: string) => of(units, 'y.json', text);
const csv = (units: number | undefined, text: string, labels?: string[]) => of(units, 'y.csv', text, labels);

const rows = ({ expected }: { expected?: { rows: number; units: number; values: Float32Array } }) =>
  expected && [expected.rows, expected.units, ...expected.values];

describe('expected outputs', () => {
  it('are rows of JSON, the output of a trace, or a flat list', async () => {
    assert.deepEqual(rows(await json(2, '[[1, 2], [3, 4]]')), [2, 2, 1, 2, 3, 4]);
    assert.deepEqual(rows(await json(2, '{"format": "gatescope-trace", "output": [[1, 2]]}')), [1, 2, 1, 2]);
    assert.deepEqual(rows(await json(2, '[1, 2]')), [1, 2, 1, 2]);
    assert.deepEqual(rows(await json(1, '[1, 2]')), [2, 1, 1, 2]);
  });

  it('are lines of a table, with or without a header', async () => {
    assert.deepEqual(rows(await csv(2, '1,2\n3,4\n')), [2, 2, 1, 2, 3, 4]);
    assert.deepEqual(rows(await csv(2, 'a,b\r\n1,2\r\n')), [1, 2, 1, 2]);
  });

  it('of another width, or none, say so', async () => {
    assert.deepEqual(codes(await json(3, '[[1, 2]]')), ['error wrong-length']);
    assert.deepEqual(codes(await json(3, '[[1, 2, "x"]]')), ['error wrong-value']);
    assert.deepEqual(codes(await json(3, '[]')), ['error empty-output']);
    assert.deepEqual(codes(await json(3, '{"a": 1}')), ['error wrong-value']);
    const { problems } = await csv(3, '1,2\n');
    assert.match(problems[0].message, /expected 3 columns, one per output unit, found 2/);
    assert.deepEqual(codes(await csv(1, '')), ['error empty-output']);
  });

  it('are told from other columns by a header that names them, and by nothing else', async () => {
    const { problems, expected } = await csv(2, '1,2,3\n4,5,6\n');
    assert.equal(expected, undefined);
    assert.match(
      problems[0].message,
      /expected 2 columns, one per output unit, found 3: there are more columns than outputs; .*"y0", "y1"/,
    );
    assert.deepEqual(codes(await csv(2, 'a,b,c\n1,2,3\n')), ['error wrong-length']);
    const printed = await csv(2, 'step,y1,y0\n0,1,2\n');
    assert.deepEqual([rows(printed), codes(printed)], [[1, 2, 2, 1], ['warning unused-column']]);
    assert.deepEqual(rows(await csv(2, ',0,1\n0,5,6\n')), [1, 2, 5, 6]);
    assert.deepEqual(rows(await csv(2, 'no,x,yes\n5,6,7\n', ['yes', 'no'])), [1, 2, 7, 5]);
    const sample = { name: 'a', values: [[1], [2]], expected: { file: 'y.csv' } };
    const wide = await readKeys({ samples: [sample] }, { 'y.csv': '0.5,1\n0.25,1\n' });
    assert.deepEqual(codes(wide), ['error wrong-length']);
  });

  it('are as wide as their first row where nothing else is known', async () => {
    assert.deepEqual(rows(await csv(undefined, '1,2,3\n4,5,6\n')), [2, 3, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual(rows(await json(undefined, '[[1, 2], [3, 4]]')), [2, 2, 1, 2, 3, 4]);
  });

  it('stand in a sample, as values or as a table', async () => {
    const sample = (expected: unknown) => ({ samples: [{ name: 'a', values: [[1], [2]], expected }] });
    const values = await readKeys(sample([[0.5], [0.25]]));
    assert.deepEqual(codes(values), []);
    assert.deepEqual(rows(values.samples[0]), [2, 1, 0.5, 0.25]);
    const file = await readKeys(sample({ file: 'y.csv' }), { 'y.csv': '0.5\n0.25\n' });
    assert.deepEqual([codes(file), file.files], [[], ['y.csv']]);
    assert.deepEqual(rows(file.samples[0]), [2, 1, 0.5, 0.25]);
    assert.deepEqual(codes(await readKeys(sample([[1, 2]]))), ['error wrong-length']);
    assert.deepEqual(codes(await readKeys(sample({ file: 'y.csv' }))), ['error sample-missing']);
    assert.deepEqual(codes(await readKeys(sample({ file: '../y.csv' }))), ['error sample-outside']);
    assert.deepEqual(codes(await readKeys(sample('y.csv'))), ['error wrong-value']);
    const faulty = await readKeys(sample([[1, 2]]));
    assert.deepEqual([faulty.samples.length, faulty.samples[0].expected], [1, undefined]);
  });
});

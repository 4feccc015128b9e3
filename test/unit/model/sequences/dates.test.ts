import assert from 'node:assert/strict';
import { datesIn } from '../../../../src/model/sequences/dates';

const rowsOf = (...rows: string[][]) => rows.map((fields) => ({ fields }));

describe('the dates of a table', () => {
  it('are the first column that has one in every row, as it is written', () => {
    const rows = rowsOf(['IBM', ' Jan 1 2000', '5'], ['IBM', 'Feb 1 2000 ', '6']);
    assert.deepEqual(datesIn([0, 1, 2], rows), ['Jan 1 2000', 'Feb 1 2000']);
    for (const date of [
      '1958-03-01',
      '2020-01',
      '2020-01-01 10:30',
      '2020-01-01T10:30:00Z',
      '3/4/2020',
      '1 May 2020',
    ]) {
      assert.deepEqual(datesIn([0], rowsOf([date])), [date]);
    }
  });

  it('are not numbers, words, or a column with a gap', () => {
    for (const field of ['2004.5', '2020', 'MSFT 1', 'market 2020', '', '12']) {
      assert.equal(datesIn([0], rowsOf([field])), undefined, field);
    }
    assert.equal(datesIn([0], rowsOf(['2020-01-01'], [''])), undefined);
    assert.equal(datesIn([0], []), undefined);
  });
});

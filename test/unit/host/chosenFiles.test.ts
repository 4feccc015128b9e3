import assert from 'node:assert/strict';
import { ChosenFiles } from '../../../src/host/chosenFiles';

describe('the files that were chosen', () => {
  it('are known by their whole names, the newest of them', () => {
    let kept: readonly string[] = [];
    const files = new ChosenFiles({ get: () => kept, put: (uris) => (kept = uris) });
    for (let k = 0; k < 40; k++) files.add(`file:///${k}.csv`);
    files.add('file:///20.csv');
    assert.equal(kept.length, 32);
    assert.deepEqual(kept.slice(0, 2), ['file:///20.csv', 'file:///39.csv']);
    assert.equal(new Set(kept).size, 32);
    assert.ok(files.has('file:///20.csv') && files.has('file:///8.csv'));
    assert.ok(!files.has('file:///7.csv') && !files.has('file:///20') && !files.has('20.csv'));
  });
});

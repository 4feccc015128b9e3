import assert from 'node:assert/strict';
import {
  made,
  NO_CHANGES,
  redone,
  restoreChanges,
  restored,
  undone,
  withSets,
} from '../../../../webview/shared/changes';

describe('changes', () => {
  const one = withSets(NO_CHANGES, ['lstm.f=1']);

  it('take the place of one of the same address', () => {
    assert.deepEqual(made(one, ['lstm.f=0', 'lstm.i=1']), ['lstm.f=0', 'lstm.i=1']);
    assert.deepEqual(made(one, ['lstm.f[2]=0']), ['lstm.f=1', 'lstm.f[2]=0']);
    assert.deepEqual(restored(one, 'lstm.f'), []);
  });

  it('are undone and done again; a new one forgets what was undone', () => {
    const two = withSets(one, ['lstm.f=1', 'lstm.i=0']);
    const back = undone(two);
    assert.deepEqual(back.sets, ['lstm.f=1']);
    assert.deepEqual(redone(back).sets, two.sets);
    assert.deepEqual(undone(undone(undone(two))).sets, []);
    assert.deepEqual(withSets(back, ['lstm.o=1']).future, []);
    assert.equal(withSets(one, ['lstm.f=1']), one);
    assert.equal(redone(one), one);
  });

  it('of what was kept only lists of text are taken', () => {
    assert.deepEqual(restoreChanges({ sets: ['a=1'], past: [[], 3], future: 'x' }), {
      ...{ sets: ['a=1'], past: [[]], future: [] },
    });
    for (const kept of [null, 3, { sets: [1] }]) assert.equal(restoreChanges(kept), NO_CHANGES);
  });
});

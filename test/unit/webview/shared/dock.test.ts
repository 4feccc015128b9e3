import assert from 'node:assert/strict';
import {
  clampHeight,
  CLOSED_DOCK,
  restoreDock,
  showView,
  viewsWithRoom,
} from '../../../../webview/shared/dock';

describe('the dock', () => {
  it('opens a view, brings it to the front, and closes it', () => {
    const both = showView(showView(CLOSED_DOCK, 'memory', true), 'why', true);
    assert.deepEqual(both.open, ['memory', 'why']);
    assert.deepEqual(showView(both, 'memory', true).open, ['why', 'memory']);
    assert.deepEqual(showView(both, 'memory', false).open, ['why']);
    assert.equal(showView(both, 'why', true), both);
    assert.equal(showView(both, 'output', false), both);
  });

  it('shows as many views as its width holds, those that were chosen last, and always one', () => {
    const open = ['a', 'b', 'c'];
    assert.deepEqual(viewsWithRoom(open, 1450), ['a', 'b', 'c']);
    assert.deepEqual(viewsWithRoom(open, 1000), ['b', 'c']);
    assert.deepEqual(viewsWithRoom(open, 940), ['c']);
    assert.deepEqual(viewsWithRoom(open, 300), ['c']);
    assert.deepEqual(viewsWithRoom([], 1000), []);
  });

  it('leaves the picture the larger part', () => {
    assert.equal(clampHeight(300, 1000), 300);
    assert.equal(clampHeight(900, 1000), 600);
    assert.equal(clampHeight(3, 1000), 120);
  });

  it('trusts nothing that was stored', () => {
    assert.deepEqual(restoreDock({ open: ['a', 'a', {}, 'b'], height: 1.5 }), {
      open: ['a', 'b'],
      height: null,
    });
    assert.equal(restoreDock({ open: Array.from({ length: 1000 }, (_, k) => `view ${k}`) }).open.length, 32);
    for (const stored of [undefined, null, 'x', { open: 'memory' }])
      assert.deepEqual(restoreDock(stored), CLOSED_DOCK);
  });
});

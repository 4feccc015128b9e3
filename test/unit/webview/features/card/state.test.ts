import assert from 'node:assert/strict';
import type { StepAddress } from '../../../../../src/model/network';
import { slice, type Card, type CardAction } from '../../../../../webview/features/card/state';
import { FRESH, initialState, type Action } from '../../../../../webview/shared/state';

const ADDRESS: StepAddress = { layer: 'rnn', level: 0, direction: 'forward', signal: 'h', step: 3 };

function after(...actions: (Action | CardAction)[]): Card | null {
  const fresh = slice.restore(undefined);
  return actions.reduce((card, action) => slice.reduce(card, action, initialState(FRESH)), fresh);
}

const hover = (step: number, pinned = false): CardAction => ({
  type: 'openCard',
  address: { ...ADDRESS, step },
  pinned,
});

describe('the card', () => {
  it('gives way to another signal unless it is pinned', () => {
    assert.equal(after(hover(3), hover(4))?.address.step, 4);
    assert.equal(after(hover(3, true), hover(4))?.address.step, 3);
    assert.equal(after(hover(3, true), hover(4, true))?.address.step, 4);
  });

  it('closes when left unless it is pinned, and by Escape always', () => {
    assert.equal(after(hover(3), { type: 'leaveCard' }), null);
    assert.notEqual(after(hover(3, true), { type: 'leaveCard' }), null);
    assert.equal(after(hover(3, true), { type: 'closeCard' }), null);
    assert.equal(after(hover(3, true), { type: 'unpinCard' }, { type: 'leaveCard' }), null);
  });

  it('stays on its signal when pinned', () => {
    const shown = after(hover(3));
    const pinned = slice.reduce(shown, hover(3, true), initialState(FRESH));
    assert.equal(pinned?.address, shown?.address);
    assert.deepEqual([shown?.pinned, pinned?.pinned], [false, true]);
  });

  it('is closed at first, and stands through what happens elsewhere', () => {
    assert.equal(after(), null);
    assert.equal(after(hover(3), { type: 'goTo', step: 9 }, { type: 'themeChanged' })?.address.step, 3);
  });
});

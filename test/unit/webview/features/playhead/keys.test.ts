import assert from 'node:assert/strict';
import { actionOfKey } from '../../../../../webview/features/playhead/keys';
import { announcement } from '../../../../../webview/shared/announcement';
import type { Scene } from '../../../../../src/protocol';
import { FRESH, initialState, reduce, type State } from '../../../../../webview/shared/state';

const TOKENS = Array.from({ length: 20 }, (_, step) => 'ab'[step % 2]);
const SEQUENCE = { sample: 's', title: 's', steps: 20, inputs: { kind: 'token', tokens: TOKENS } } as const;
const STATE: State = { ...initialState(FRESH), sequence: SEQUENCE, step: 10 };

describe('the playhead', () => {
  it('does what its keys say', () => {
    const target = (key: string) => {
      const action = actionOfKey(key, STATE);
      return action && reduce(STATE, action).step;
    };
    const keys = ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'x'];
    assert.deepEqual(keys.map(target), [9, 11, 0, 19, 2, 18, null]);
    assert.deepEqual(actionOfKey(' ', STATE), { type: 'play', on: true });
  });

  it('goes to the end of a decoder that has more steps of its own', () => {
    const network = { layers: [{ type: 'repeat_vector', count: 31, inputs: [] }] };
    const decoding = { ...STATE, scene: { network } as unknown as Scene };
    assert.deepEqual(actionOfKey('End', decoding), { type: 'goTo', step: 30 });
  });

  it('plays as many steps at a time as it is told to, up to the last', () => {
    let state = reduce({ ...STATE, step: 0 }, { type: 'playAt', pace: 16 });
    state = reduce(state, { type: 'play', on: true });
    state = reduce(state, { type: 'tick' });
    assert.deepEqual([state.step, state.playing], [16, true]);
    state = reduce(state, { type: 'tick' });
    assert.deepEqual([state.step, state.playing], [19, false]);
  });

  it('is announced by steps counted from 1', () => {
    assert.equal(announcement(6, ' '), 'step 7, token space');
    assert.equal(announcement(0, null), 'step 1');
  });
});

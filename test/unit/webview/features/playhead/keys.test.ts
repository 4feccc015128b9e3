import assert from 'node:assert/strict';
import { actionOfKey } from '../../../../../webview/features/playhead/keys';
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
});

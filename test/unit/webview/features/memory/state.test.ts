import assert from 'node:assert/strict';
import { questionOf, slice } from '../../../../../webview/features/memory/state';
import type { RunSummary } from '../../../../../src/protocol';
import { FRESH, initialState, reduce, type Action, type State } from '../../../../../webview/shared/state';

const SEQUENCE = {
  ...{ sample: 's', title: 's', steps: 20 },
  inputs: { kind: 'vector', size: 1, shown: 1, values: new Float32Array(20) },
} as const;
const OPENED: State = {
  ...initialState({ ...FRESH, dock: { open: ['memory'], height: null } }),
  sequence: SEQUENCE,
  run: { trace: 3 } as RunSummary,
};

/** The step that it asks about after each action. */
function asked(...actions: readonly Action[]): (number | undefined)[] {
  let [state, own] = [OPENED, slice.restore(undefined)];
  const at = () => questionOf({ state, own })?.step;
  return [
    at(),
    ...actions.map((action) => {
      state = reduce(state, action);
      own = slice.reduce(own, action, state);
      return at();
    }),
  ];
}

describe('where the memory view looks', () => {
  it('is the last step where it is opened at the first, and the playhead from when that is moved', () => {
    const goTo = (step: number): Action => ({ type: 'goTo', step });
    assert.deepEqual(asked(goTo(4), goTo(19), goTo(0)), [19, 4, 19, 0]);
    const again: Action = { type: 'showView', view: 'memory', on: true };
    assert.deepEqual(asked(goTo(4), goTo(0), again), [19, 4, 0, 19]);
  });

  it('is nowhere while it plays, and while it is closed', () => {
    assert.deepEqual(asked({ type: 'play', on: true }), [19, undefined]);
    assert.deepEqual(asked({ type: 'showView', view: 'memory', on: false }), [19, undefined]);
  });
});

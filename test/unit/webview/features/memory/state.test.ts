import assert from 'node:assert/strict';
import { isStale, questionOf, slice } from '../../../../../webview/features/memory/state';
import type { Memory, RunSummary } from '../../../../../src/protocol';
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
  const at = () => questionOf({ state, own }, null)?.step;
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

  it('is farther back in the next part of an answer, until the first step is reached', () => {
    const own = slice.restore(undefined);
    const part = (known: Partial<Memory>) => {
      const all = { trace: 3, step: 19, part: 0, reached: 0, ...known } as Memory;
      const question = questionOf({ state: OPENED, own }, all);
      return [question!.part, isStale(all, question)];
    };
    assert.deepEqual(part({ reached: 7 }), [1, false]);
    assert.deepEqual(part({ part: 4, reached: 1 }), [5, false]);
    assert.deepEqual(part({ part: 4 }), [4, false]);
    assert.deepEqual(part({ reached: 7, step: 4 }), [0, true], 'another step');
    assert.deepEqual(part({ reached: 7, trace: 2 }), [0, true], 'another run');
    assert.deepEqual(questionOf({ state: OPENED, own }, null), { trace: 3, step: 19, part: 0 });
  });

  it('is nowhere while it plays, and while it is closed', () => {
    assert.deepEqual(asked({ type: 'play', on: true }), [19, undefined]);
    assert.deepEqual(asked({ type: 'showView', view: 'memory', on: false }), [19, undefined]);
  });
});

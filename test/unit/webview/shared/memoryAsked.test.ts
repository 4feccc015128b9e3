import assert from 'node:assert/strict';
import type { Memory, RunSummary } from '../../../../src/protocol';
import { isStale, memoryAsked, memoryQuestion } from '../../../../webview/shared/memoryAsked';
import { FRESH, initialState, reduce, type Action, type State } from '../../../../webview/shared/state';

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
  let state = OPENED;
  const at = () => memoryQuestion(state, null)?.step;
  return [
    at(),
    ...actions.map((action) => {
      state = reduce(state, action);
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
    const part = (known: Partial<Memory>) => {
      const all = { trace: 3, step: 19, part: 0, reached: 0, ...known } as Memory;
      const question = memoryQuestion(OPENED, all);
      return [question!.part, isStale(all, question)];
    };
    assert.deepEqual(part({ reached: 7 }), [1, false]);
    assert.deepEqual(part({ part: 4, reached: 1 }), [5, false]);
    assert.deepEqual(part({ part: 4 }), [4, false]);
    assert.deepEqual(part({ reached: 7, step: 4 }), [0, true], 'another step');
    assert.deepEqual(part({ reached: 7, trace: 2 }), [0, true], 'another run');
    assert.deepEqual(memoryQuestion(OPENED, null), { trace: 3, step: 19, unit: null, part: 0 });
  });

  it('is nowhere while it plays, and while it is closed', () => {
    assert.deepEqual(asked({ type: 'play', on: true }), [19, undefined]);
    assert.deepEqual(asked({ type: 'showView', view: 'memory', on: false }), [19, undefined]);
  });

  it('is the same step of the run without a what-if, and of the compared one', () => {
    const nothing = () => ({ value: null, latest: null, failure: null });
    const traces = (state: State) => memoryAsked(state, nothing).map(({ memory }) => memory && { ...memory });
    const at = (trace: number) => ({ trace, step: 19, unit: null, part: 0 });
    const run = (trace: number) => ({ trace }) as RunSummary;
    assert.deepEqual(traces({ ...OPENED, base: OPENED.run }), [at(3), null, null]);
    assert.deepEqual(traces({ ...OPENED, base: run(1), compared: run(2) }), [at(3), at(1), at(2)]);
    assert.deepEqual(traces({ ...OPENED, run: null, base: null, compared: run(2) }), [null, null, null]);
  });
});

import assert from 'node:assert/strict';
import { setTimeout as after } from 'node:timers/promises';
import type { Memory } from '../../../src/protocol';
import { MemoryQuestions } from '../../../webview/memoryQuestions';
import { FRESH, initialState, type Action, type State } from '../../../webview/state';

interface Question {
  readonly step: number;
  answer(): void;
}

const MEMORY: Memory = { target: { step: 0, unit: 0, value: 1 }, rows: [] };

/** A panel with the lens open, and a host that answers when it is told to. */
function panel() {
  const asked: Question[] = [];
  const actions: Action[] = [];
  const questions = new MemoryQuestions(
    ({ step }) => new Promise((resolve) => asked.push({ step, answer: () => resolve(MEMORY) })),
    (action) => actions.push(action),
  );
  const run = { trace: 7 } as State['run'];
  let state: State = { ...initialState({ ...FRESH, remembering: true }), run };
  questions.react(state, initialState(FRESH));
  return {
    asked,
    arrived: () => actions.flatMap((action) => (action.type === 'memoryArrived' ? [action.step] : [])),
    change(changes: Partial<State>) {
      const before = state;
      state = { ...state, ...changes };
      questions.react(state, before);
    },
  };
}

const steps = (asked: readonly Question[]) => asked.map(({ step }) => step);

describe('questions of the memory lens', () => {
  it('are asked one at a time, the newest next: a playhead that is dragged is followed', async () => {
    const { asked, arrived, change } = panel();
    for (const step of [1, 2, 3]) change({ step });
    assert.deepEqual(steps(asked), [0]);
    asked[0].answer();
    await after(0);
    assert.deepEqual([steps(asked), arrived()], [[0, 3], [0]]);
    asked[1].answer();
    await after(0);
    assert.deepEqual(
      [steps(asked), arrived()],
      [
        [0, 3],
        [0, 3],
      ],
    );
  });

  it('give way to newer ones where the answer takes long', async () => {
    const { asked, change } = panel();
    change({ step: 5 });
    await after(500);
    assert.deepEqual(steps(asked), [0, 5]);
  });

  it('are not asked where the lens is closed', () => {
    const { asked, change } = panel();
    change({ remembering: false });
    change({ step: 4 });
    assert.deepEqual(steps(asked), [0]);
  });

  it('wait while it plays, and are asked of the step where that ends', async () => {
    const { asked, change } = panel();
    asked[0].answer();
    await after(0);
    change({ playing: true });
    change({ step: 9 });
    const whilePlaying = steps(asked);
    change({ playing: false });
    assert.deepEqual([whilePlaying, steps(asked)], [[0], [0, 9]]);
  });
});

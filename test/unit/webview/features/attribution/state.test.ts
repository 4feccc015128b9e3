import assert from 'node:assert/strict';
import type { Attribution, RunSummary, Scene } from '../../../../../src/protocol';
import {
  choiceOf,
  keyOf,
  lastActivation,
  questionOf,
  slice,
  type OwnAction,
} from '../../../../../webview/features/attribution/state';
import { FRESH, initialState, reduce, type Action, type State } from '../../../../../webview/shared/state';
import { linear, lstm, network } from '../../../engine/networks';

const SEQUENCE = {
  ...{ sample: 's', title: 's', steps: 20 },
  inputs: { kind: 'vector', size: 1, shown: 1, values: new Float32Array(20) },
} as const;

function opened(...layers: Parameters<typeof network>): State {
  const scene = { id: 1, network: network(...layers) } as Scene;
  const state = initialState({ ...FRESH, dock: { open: ['attribution'], height: null } });
  return { ...state, scene, sequence: SEQUENCE, run: { trace: 3 } as RunSummary };
}
const OPENED = opened(lstm(1), linear(3, 2, { activation: 'softmax' }));

/** The question after each action. */
function asked(...actions: readonly (Action | OwnAction)[]) {
  let [state, own] = [OPENED, slice.restore(undefined)];
  return actions.map((action) => {
    if (!['choose', 'pin', 'moveCursor', 'giveUp'].includes(action.type))
      state = reduce(state, action as Action);
    own = slice.reduce(own, action, state);
    return questionOf({ state, own }, null);
  });
}

const goTo = (step: number): Action => ({ type: 'goTo', step });

describe('of which output it is told what mattered', () => {
  it('is the last step where it is opened at the first, then that of the playhead, or of what is pinned', () => {
    const pin = (step: number | null): OwnAction => ({ type: 'pin', step });
    const found = asked(goTo(0), goTo(4), pin(4), goTo(9), pin(null));
    assert.deepEqual(
      found.map((one) => one?.step),
      [19, 4, 4, 4, 9],
    );
    assert.deepEqual(found[0], {
      ...{ trace: 3, part: 0, step: 19, unit: null, method: 'integrated', baseline: 'zero', logit: false },
    });
  });

  it('is asked as it is chosen, of a logit only where there is one', () => {
    const choice = { unit: 1, method: 'gradient', baseline: 'mean', logit: true } as const;
    const [found] = asked({ type: 'choose', choice });
    assert.deepEqual(found, { trace: 3, part: 0, step: 19, ...choice });
    assert.equal(lastActivation(OPENED), 'softmax');
    const bare = opened(lstm(1));
    assert.equal(lastActivation(bare), null);
    const own = slice.reduce(slice.restore(undefined), { type: 'choose', choice }, bare);
    assert.equal(choiceOf({ state: bare, own })!.logit, false);
  });

  it('goes on with the next part until something is found', () => {
    const own = slice.restore(undefined);
    const choice = choiceOf({ state: OPENED, own })!;
    const known = { trace: 3, part: 2, choice, done: 8, total: 64, found: null };
    const part = (changes: Partial<Attribution>) =>
      questionOf({ state: OPENED, own }, { ...known, ...changes })!.part;
    assert.equal(part({}), 3);
    assert.equal(part({ found: {} as Attribution['found'] }), 2);
    assert.equal(part({ trace: 2 }), 0, 'another run');
    assert.equal(part({ choice: { ...choice, step: 4 } }), 0, 'another step');
  });

  it('is given up when that is said, until it is taken up again or something else is chosen', () => {
    const own = slice.restore(undefined);
    const question = keyOf(choiceOf({ state: OPENED, own })!);
    const give: OwnAction = { type: 'giveUp', question };
    const other: OwnAction = { type: 'choose', choice: { baseline: 'mean' } };
    const found = asked(give, { type: 'giveUp', question: null }, give, other, give, goTo(3));
    assert.deepEqual(
      found.map((one) => one !== null),
      [false, true, false, true, true, true],
    );
  });

  it('is nothing while it plays, while it is closed, and before a run', () => {
    assert.deepEqual(asked({ type: 'play', on: true }), [null]);
    assert.deepEqual(asked({ type: 'showView', view: 'attribution', on: false }), [null]);
    assert.equal(questionOf({ state: { ...OPENED, run: null }, own: slice.restore(undefined) }, null), null);
  });

  it('forgets the output with another model, what is pinned with another run, and keeps the method', () => {
    let own = slice.restore({ method: 'gradient', baseline: 'mean', logit: true });
    own = slice.reduce(own, { type: 'choose', choice: { unit: 1 } }, OPENED);
    own = slice.reduce(own, { type: 'pin', step: 2 }, OPENED);
    own = slice.reduce(own, { type: 'ran', run: OPENED.run! }, OPENED);
    assert.deepEqual([own.unit, own.pinned], [1, null]);
    own = slice.reduce(own, { type: 'scene', scene: OPENED.scene!, sequence: null }, OPENED);
    assert.deepEqual([own.unit, own.method, own.scene], [null, 'gradient', 1]);
    assert.deepEqual(slice.restore(slice.keep!(own)), { ...own, scene: -1 });
    for (const strange of [null, 7, { method: 'x', baseline: 3, logit: 'yes' }]) {
      const { method, baseline, logit } = slice.restore(strange);
      assert.deepEqual([method, baseline, logit], ['integrated', 'zero', false]);
    }
  });
});

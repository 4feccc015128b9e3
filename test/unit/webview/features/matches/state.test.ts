import assert from 'node:assert/strict';
import type { Matches } from '../../../../../src/protocol';
import {
  questionOf,
  slice,
  thresholds,
  type Own,
  type OwnAction,
} from '../../../../../webview/features/matches/state';
import type { Action, State } from '../../../../../webview/shared/state';

const SIGNAL = { layer: 'lstm', level: 0, direction: 'forward', signal: 'c' } as const;

function panel(
  range: { from: number; to: number } | null,
  { scene = 1, trace = 1, title = 'a' } = {},
): State {
  return {
    scene: { id: scene },
    run: { trace, sequence: { title, sample: title } },
    selection: { signal: SIGNAL, unit: null, range },
    dock: { open: ['matches'], height: null },
    playing: false,
  } as unknown as State;
}

const SELECT = { type: 'selectRange', range: null } as const;
const RAN = { type: 'ran' } as unknown as Action;
const after = (own: Own, action: Action | OwnAction, state: State) => slice.reduce(own, action, state);
const chosen = () => after(slice.restore(undefined), SELECT, panel({ from: 2, to: 5 }));

describe('what matches are sought for', () => {
  it('follows the steps that are chosen, and lets them go', () => {
    const own = chosen();
    assert.deepEqual(own.sought, { trace: 1, from: 2, to: 5, signal: SIGNAL, title: 'a' });
    assert.equal(after(own, SELECT, panel(null)).sought, null);
    const question = questionOf({ state: panel(null), own }, null);
    assert.deepEqual(question, {
      ...{ trace: 1, from: 2, to: 5, signal: SIGNAL, threshold: 0.3, part: 0 },
      ...{ offBefore: 0, offAfter: 0, sources: 0 },
    });
  });

  it('stays when another sequence has run, whose steps nobody chose; not with another model', () => {
    const own = after(chosen(), RAN, panel(null, { trace: 2, title: 'b' }));
    assert.deepEqual([own.sought?.trace, own.sought?.title], [1, 'a']);
    const other = after(own, SELECT, panel({ from: 0, to: 1 }, { trace: 2, title: 'b' }));
    assert.deepEqual([other.sought?.trace, other.sought?.title], [2, 'b']);
    assert.equal(after(own, RAN, panel(null, { scene: 2, trace: 3 })).sought, null);
  });

  it('asks for the next part until all is done; nothing while closed or playing', () => {
    const own = chosen();
    const { part: _, ...question } = questionOf({ state: panel(null), own }, null)!;
    const known = { question, part: 3, done: false } as unknown as Matches;
    assert.equal(questionOf({ state: panel(null), own }, known)!.part, 4);
    assert.equal(questionOf({ state: panel(null), own }, { ...known, done: true })!.part, 3);
    const lower = after(own, { type: 'above', threshold: 0.1 }, panel({ from: 2, to: 5 }));
    assert.equal(questionOf({ state: panel(null), own: lower }, known)!.part, 0);
    assert.equal(questionOf({ state: { ...panel(null), playing: true }, own }, known), null);
    const closed = { ...panel(null), dock: { open: [], height: null } };
    assert.equal(questionOf({ state: closed, own }, known), null);
  });

  it('keeps threshold and margins, and trusts nothing that was kept', () => {
    const own = after(
      chosen(),
      { type: 'offBeside', offBefore: -3, offAfter: 2.4 },
      panel({ from: 2, to: 5 }),
    );
    assert.deepEqual([own.offBefore, own.offAfter], [0, 2]);
    assert.deepEqual(slice.keep!(own), { threshold: 0.3, offBefore: 0, offAfter: 2 });
    const { threshold, offBefore, offAfter } = slice.restore({
      threshold: 'x',
      offBefore: -1,
      offAfter: 1e9,
    });
    assert.deepEqual([threshold, offBefore, offAfter], [0.3, 0, 0]);
    assert.equal(slice.restore({ threshold: -0.5 }).threshold, -0.5);
    assert.equal(after(own, { type: 'above', threshold: NaN }, panel(null)).threshold, 0.3);
  });

  it('moves the threshold over the scale of the signal', () => {
    assert.deepEqual(thresholds('gate', 3), { min: 0, max: 1, step: 0.01 });
    assert.deepEqual(thresholds('other', 1), { min: -1, max: 1, step: 0.01 });
    assert.deepEqual(thresholds('other', 30), { min: -30, max: 30, step: 0.1 });
  });
});

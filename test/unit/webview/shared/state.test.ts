import assert from 'node:assert/strict';
import type { Network, RnnLayer } from '../../../../src/model/network';
import type { Problem } from '../../../../src/model/problem';
import type { RunSummary, Scene, SequenceSummary } from '../../../../src/protocol';
import {
  FRESH,
  initialState,
  phase,
  reduce,
  tokenAt,
  type Action,
  type State,
} from '../../../../webview/shared/state';

const NETWORK: Network = {
  name: 'small',
  dialect: 'native',
  conventions: ['PyTorch'],
  input: { kind: 'token', vocabulary: ['a', 'b'], split: 'char', lowercase: false, encoding: 'one_hot' },
  layers: [
    {
      name: 'rnn',
      type: 'rnn',
      inputs: ['input'],
      inputSize: 2,
      outputSize: 2,
      hiddenSize: 2,
      levels: 1,
      directions: ['forward'],
      merge: 'concat',
      bias: true,
      returnSequences: true,
      nonlinearity: 'tanh',
    },
  ],
};

function scene(id: number): Scene {
  return {
    id,
    network: NETWORK,
    fileName: 'small.rnn.json',
    parameters: 12,
    trained: true,
    lacksWeights: false,
    samples: [],
  };
}

function sequence(sample: string | null, steps: number): SequenceSummary {
  const tokens = Array.from({ length: steps }, (_, step) => 'ab'[step % 2]);
  return { sample, title: sample ?? 'typed', steps, inputs: { kind: 'token', tokens } };
}

function runOf(trace: number, of: number, shown: SequenceSummary): RunSummary {
  const none = new Float32Array(0);
  const top = { unit: new Int32Array(0), value: none };
  return {
    trace,
    role: 'base',
    scene: of,
    sequence: shown,
    milliseconds: 1,
    recorded: false,
    signals: [],
    mean: none,
    top,
  };
}

function after(state: State, ...actions: Action[]): State {
  return actions.reduce(reduce, state);
}

const LONG = sequence('long', 20);
const OPENED: Action[] = [
  { type: 'scene', scene: scene(1), sequence: LONG },
  { type: 'drawing' },
  { type: 'drawn' },
];
const PLAY: Action = { type: 'play', on: true };
const RAN: Action = { type: 'ran', run: runOf(7, 1, LONG) };
const open = (...actions: Action[]) => after(initialState(FRESH), ...OPENED, ...actions);

describe('the playhead', () => {
  it('goes to a step, the window with it', () => {
    const state = open({ type: 'goTo', step: 12 });
    assert.equal(state.step, 12);
    assert.equal(state.start, 6);
    assert.equal(tokenAt(state, 12), 'a');
  });

  it('stays within the sequence', () => {
    assert.equal(open({ type: 'goTo', step: 99 }).step, 19);
    assert.equal(open({ type: 'goTo', step: -1 }).step, 0);
    assert.equal(open({ type: 'navigate', step: 'previous' }).step, 0);
    assert.equal(open({ type: 'navigate', step: 'next' }).step, 1);
  });

  it('keeps its step when the same sequence comes again, after an edit or a reload', () => {
    const edited = open({ type: 'goTo', step: 5 }, { type: 'scene', scene: scene(2), sequence: LONG });
    assert.equal(edited.step, 5);
    const reloaded = after(initialState({ ...FRESH, sample: 'long', step: 15 }), ...OPENED);
    assert.equal(reloaded.step, 15);
    assert.equal(reloaded.start, 9);
  });

  it('goes to the first step of another sequence', () => {
    const other = { type: 'ran', run: runOf(8, 1, sequence('other', 9)) } as const;
    assert.equal(open({ type: 'goTo', step: 5 }, other).step, 0);
    const reloaded = after(initialState({ ...FRESH, sample: 'gone', step: 15 }), ...OPENED);
    assert.equal(reloaded.step, 0);
  });

  it('is brought into a sequence that became shorter', () => {
    const shorter = sequence('long', 4);
    const state = open({ type: 'goTo', step: 19 }, { type: 'scene', scene: scene(2), sequence: shorter });
    assert.equal(state.step, 3);
    assert.equal(state.start, 0);
    assert.equal(state.columns, 4);
  });

  it('goes on to the last step of a decoder that has more of its own', () => {
    const words = NETWORK.input as Extract<Network['input'], { kind: 'token' }>;
    const decoder = {
      name: 'words',
      type: 'input',
      inputs: [],
      inputSize: 2,
      outputSize: 2,
      clock: 'own',
      input: words,
    } as const;
    const network: Network = { ...NETWORK, layers: [...NETWORK.layers, decoder] };
    const further = [{ layer: 'words', inputs: sequence(null, 12).inputs }];
    const shown: Action = {
      type: 'scene',
      scene: { ...scene(1), network },
      sequence: { ...sequence('s', 5), further },
    };
    const state = after(initialState(FRESH), shown, { type: 'goTo', step: 99 });
    assert.deepEqual([state.step, state.start, state.columns], [11, 4, 8]);
    const repeated: Network = {
      ...NETWORK,
      layers: [
        ...NETWORK.layers,
        { name: 'r', type: 'repeat_vector', inputs: ['rnn'], inputSize: 2, outputSize: 2, count: 9 },
      ],
    };
    const again: Action = {
      type: 'scene',
      scene: { ...scene(1), network: repeated },
      sequence: sequence('s', 5),
    };
    assert.equal(after(initialState(FRESH), again, { type: 'goTo', step: 99 }).step, 8);
  });
});

describe('playing', () => {
  it('moves a step at a time and stops at the end', () => {
    let state = open({ type: 'goTo', step: 17 }, { type: 'play', on: true });
    state = after(state, { type: 'tick' });
    assert.deepEqual([state.step, state.playing], [18, true]);
    state = after(state, { type: 'tick' });
    assert.deepEqual([state.step, state.playing], [19, false]);
    assert.equal(after(state, { type: 'tick' }), state);
  });

  it('starts over from the end', () => {
    const state = open({ type: 'goTo', step: 19 }, { type: 'play', on: true });
    assert.deepEqual([state.step, state.playing], [0, true]);
  });

  it('goes on at the chosen pace, or at the fastest that its sequence has', () => {
    const fast = open({ type: 'playAt', pace: 4000 }, { type: 'play', on: true });
    assert.deepEqual([after(fast, { type: 'tick' }).step, fast.pace], [19, 4000]);
    const long = { type: 'scene', scene: scene(2), sequence: sequence('longer', 500_000) } as const;
    assert.equal(open({ type: 'playAt', pace: 4000 }, long, PLAY, { type: 'tick' }).step, 4000);
    const shorter = { ...long, sequence: sequence('shorter', 11_000) } as const;
    assert.equal(open({ type: 'playAt', pace: 4000 }, shorter, PLAY, { type: 'tick' }).step, 256);
  });

  it('has nothing to do in one step or none', () => {
    const one = { type: 'scene', scene: scene(2), sequence: sequence('one', 1) } as const;
    assert.equal(open(one, { type: 'play', on: true }).playing, false);
    const none = { type: 'scene', scene: scene(2), sequence: null } as const;
    assert.equal(open(none, { type: 'play', on: true }).playing, false);
  });
});

describe('a run', () => {
  it('is dropped if it belongs to a version before', () => {
    const state = open({ type: 'scene', scene: scene(2), sequence: LONG });
    assert.equal(after(state, RAN), state);
  });

  it('is gone with a new version, also while under way', () => {
    const running = { type: 'running', title: 'long', done: 0, steps: 20 } as const;
    const state = open(RAN, running, { type: 'scene', scene: scene(2), sequence: LONG });
    assert.equal(state.run, null);
    assert.equal(state.running, null);
  });

  it('stands where a new version says no more than what the model is called', () => {
    const running = { type: 'running', title: 'long', done: 0, steps: 20 } as const;
    const renamed: Scene = { ...scene(1), network: { ...NETWORK, name: 'renamed' } };
    const before = open(RAN, { type: 'selectUnit', unit: 1 }, running);
    const state = after(before, { type: 'scene', scene: renamed, sequence: LONG });
    assert.deepEqual(state, { ...before, scene: renamed });
  });

  it('leaves the one before standing if it fails or is cancelled', () => {
    const running = { type: 'running', title: 'long', done: 0, steps: 20 } as const;
    const failed = open(RAN, running, { type: 'failed', message: 'too large' });
    assert.equal(failed.run?.trace, 7);
    assert.equal(failed.runFailure, 'too large');
    assert.equal(open(RAN, running, { type: 'cancelled' }).run?.trace, 7);
    assert.equal(after(failed, running).runFailure, null);
  });
});

describe('the selection', () => {
  const H = { layer: 'rnn', level: 0, direction: 'forward', signal: 'h' } as const;

  it('is at first what the first recurrent layer keeps', () => {
    assert.deepEqual(open(RAN).selection, { signal: H, unit: null, range: null });
  });

  it('has a unit, which then is shown, or shows the mean', () => {
    const chosen = open(RAN, { type: 'selectUnit', unit: 1 });
    assert.deepEqual([chosen.selection.unit, chosen.measure], [1, 'unit']);
    const without = after(chosen, { type: 'selectUnit', unit: null });
    assert.deepEqual([without.selection.unit, without.measure], [null, 'mean']);
    assert.equal(after(chosen, { type: 'show', measure: 'size' }).selection.unit, 1);
    const first = open(RAN, { type: 'show', measure: 'unit' });
    assert.deepEqual([first.selection.unit, first.measure], [0, 'unit']);
  });

  it('goes to another signal, its unit with it where that has one', () => {
    const x = { ...H, layer: 'input', signal: 'x' };
    const chosen = open(RAN, { type: 'selectUnit', unit: 1 });
    assert.deepEqual(after(chosen, { type: 'select', signal: x }).selection, {
      signal: x,
      unit: null,
      range: null,
    });
    assert.deepEqual(after(chosen, { type: 'select', signal: H, unit: 0 }).selection.unit, 0);
  });

  it('gives way where a new model does not have it', () => {
    const chosen = open(RAN, { type: 'selectUnit', unit: 1 });
    const [rnn] = NETWORK.layers as RnnLayer[];
    const narrow = { ...NETWORK, layers: [{ ...rnn, hiddenSize: 1, outputSize: 1 }] };
    const other = after(chosen, { type: 'scene', scene: { ...scene(2), network: narrow }, sequence: LONG });
    assert.deepEqual([other.selection, other.measure], [{ signal: H, unit: null, range: null }, 'mean']);
    const renamed = { ...NETWORK, layers: [{ ...rnn, name: 'cell' }] };
    const moved = after(chosen, { type: 'scene', scene: { ...scene(2), network: renamed }, sequence: LONG });
    assert.deepEqual(moved.selection, { signal: { ...H, layer: 'cell' }, unit: 1, range: null });
  });
});

describe('the range of steps', () => {
  const range = { from: 4, to: 17 };
  const chosen = open(RAN, { type: 'selectRange', range });

  it('is chosen as far as the sequence has it, its ends in order, and cleared', () => {
    assert.deepEqual(chosen.selection.range, range);
    const dragged = open(RAN, { type: 'selectRange', range: { from: 30, to: -2 } });
    assert.deepEqual(dragged.selection.range, { from: 0, to: 19 });
    assert.equal(after(chosen, { type: 'selectRange', range: null }).selection.range, null);
    assert.equal(
      open(RAN, { type: 'selectRange', range: { from: 30, to: 40 } }).selection.range,
      null,
      'the sequence has none of it',
    );
    assert.equal(after(chosen, { type: 'selectRange', range: { ...range } }), chosen);
  });

  it('stays with its sequence alone: also after a reload, and as far as it goes when it becomes shorter', () => {
    const again = after(chosen, { type: 'scene', scene: scene(2), sequence: sequence('long', 9) });
    assert.deepEqual(again.selection.range, { from: 4, to: 8 });
    const other = after(chosen, { type: 'ran', run: runOf(8, 1, sequence('other', 20)) });
    assert.equal(other.selection.range, null);
    const kept = { ...FRESH, sample: 'long', selection: chosen.selection };
    assert.deepEqual(after(initialState(kept), ...OPENED).selection.range, range);
  });
});

describe('a place that was found', () => {
  const range = { from: 4, to: 6 };
  const found = open(RAN, { type: 'goToFound', range });

  it('is gone to, and marked wherever the playhead goes, until other steps are chosen', () => {
    assert.deepEqual([found.step, found.found], [4, range]);
    assert.deepEqual(after(found, { type: 'goTo', step: 11 }).found, range);
    assert.equal(after(found, { type: 'selectRange', range: { from: 1, to: 2 } }).found, null);
    assert.equal(after(found, { type: 'selectRange', range: null }).found, null);
  });

  it('is marked as far as the sequence has it, and in that sequence alone', () => {
    assert.deepEqual(open(RAN, { type: 'goToFound', range: { from: 18, to: 40 } }).found, {
      from: 18,
      to: 19,
    });
    assert.equal(after(found, { type: 'ran', run: runOf(8, 1, sequence('other', 20)) }).found, null);
  });
});

describe('the phase', () => {
  const error: Problem = {
    severity: 'error',
    code: 'syntax',
    message: 'expected a comma',
    place: { line: 1, column: 1, offset: 0, length: 1 },
    about: 'structure',
  };

  it('is loading until there is a picture', () => {
    assert.equal(phase(initialState(FRESH)), 'loading');
    assert.equal(phase(after(initialState(FRESH), OPENED[0])), 'loading');
    assert.equal(phase(open({ type: 'drawing' })), 'loading');
    assert.equal(phase(open()), 'ready');
  });

  it('is running while a run is under way', () => {
    assert.equal(phase(open({ type: 'running', title: 'long', done: 3, steps: 20 })), 'running');
  });

  it('is error while the newest version or the last run has one, and not for warnings', () => {
    const problems = (...list: Problem[]): Action => ({ type: 'problems', problems: list, drawable: false });
    assert.equal(phase(after(initialState(FRESH), problems(error))), 'error');
    assert.equal(phase(open(problems(error))), 'error');
    assert.equal(phase(open(problems(error), problems())), 'ready');
    assert.equal(phase(open(problems({ ...error, severity: 'warning' }))), 'ready');
    assert.equal(phase(open({ type: 'failed', message: 'no' })), 'error');
    assert.equal(phase(open({ type: 'failed', message: 'no' }, { type: 'dismissFailure' })), 'ready');
    assert.equal(phase(open({ type: 'drawFailed', message: 'no' })), 'error');
  });
});

describe('the width of the panel', () => {
  it('decides how many columns the window has, the playhead in view', () => {
    const wide = open({ type: 'goTo', step: 12 }, { type: 'resized', width: 2200 });
    assert.equal(wide.columns, 16);
    assert.ok(wide.start <= 12 && wide.start + wide.columns > 12);
    const narrow = after(wide, { type: 'resized', width: 400 });
    assert.equal(narrow.columns, 3);
    assert.ok(narrow.start <= 12 && narrow.start + narrow.columns > 12);
    assert.equal(after(narrow, { type: 'resized', width: 2500 }).columns, 18);
  });

  it('has less room for columns beside words, and the window stays where another view opens', () => {
    const wide = open({ type: 'goTo', step: 12 }, { type: 'resized', width: 2200 });
    const explained = after(wide, { type: 'showView', view: 'explain', on: true });
    assert.ok(explained.columns < wide.columns, `${explained.columns}`);
    assert.ok(explained.start <= 12 && explained.start + explained.columns > 12);
    assert.equal(after(explained, { type: 'showView', view: 'explain', on: false }).columns, wide.columns);
    const moved = after(wide, { type: 'showFrom', start: 0 }, { type: 'showView', view: 'why', on: true });
    assert.equal(moved.start, 0);
  });

  it('shows a sequence whole that fits', () => {
    const short = { type: 'scene', scene: scene(2), sequence: sequence('short', 11) } as const;
    const state = open({ type: 'resized', width: 2200 }, short);
    assert.deepEqual([state.start, state.columns], [0, 11]);
  });

  it('is known before there is a model', () => {
    const state = after(initialState(FRESH), { type: 'resized', width: 400 }, ...OPENED);
    assert.equal(state.columns, 3);
  });
});

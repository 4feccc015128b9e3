/** All that the panel knows, and how each message and each action of the user changes it. No DOM, no side effects. */
import type { Network, StepAddress } from '../src/model/network';
import { hasErrors, type Problem } from '../src/model/problem';
import type {
  Detail,
  Inputs,
  Memory,
  ReplyMessage,
  RunSummary,
  Scene,
  SequenceSummary,
  ToWebview,
  Values,
} from '../src/protocol';
import { columnLimit } from '../src/unroll/graph';
import { clampStep, columnsFor, WINDOW_COLUMNS, windowStart } from './playhead';

/** The hover card. */
export interface Card {
  readonly address: StepAddress;
  readonly pinned: boolean;
  /** Null while they are on their way, or before a run. */
  readonly values: Values | null;
  /** Why there are no values. */
  readonly failure: string | null;
}

/** Values of one unit of one trace, for the colours. */
export interface UnitValues {
  readonly trace: number;
  readonly unit: number;
  readonly values: Float32Array;
}

/** How far back the output reaches, of one trace, for the playhead at one step. */
export interface MemoryLens {
  readonly trace: number;
  readonly step: number;
  readonly memory: Memory;
}

export interface State {
  readonly scene: Scene | null;
  /** What the inputs show: the sequence of the run, or the one that would run. */
  readonly sequence: SequenceSummary | null;
  readonly run: RunSummary | null;
  readonly running: { readonly title: string; readonly done: number; readonly steps: number } | null;
  /** Why the last run failed. */
  readonly runFailure: string | null;
  readonly problems: readonly Problem[];
  /** Whether a picture is on screen, and whether a newer one is being drawn. */
  readonly picture: { readonly shown: boolean; readonly drawing: boolean; readonly failure: string | null };
  /** The sample that the sequence is, null for typed text and chosen files. */
  readonly sample: string | null;
  /** Absolute step of the playhead. */
  readonly step: number;
  /** Absolute step of the window's first column. */
  readonly start: number;
  /** Columns of the window. */
  readonly columns: number;
  readonly playing: boolean;
  readonly detail: Detail;
  /** The unit that the colours show; null for the mean. */
  readonly unit: number | null;
  readonly unitValues: UnitValues | null;
  readonly card: Card | null;
  /** Whether the memory lens is open. */
  readonly remembering: boolean;
  /** What it shows: the last that arrived, perhaps for a step or a run before. */
  readonly lens: MemoryLens | null;
  /** Why nothing newer arrived. */
  readonly lensFailure: string | null;
  /** Grows when the editor's colours change. */
  readonly theme: number;
}

/** What outlives hiding and reloading the panel. */
export type Restored = Pick<State, 'sample' | 'step' | 'detail' | 'unit' | 'remembering'>;

/** What the host says of its own accord: everything but the answers to requests. */
export type HostMessage = Exclude<ToWebview, ReplyMessage>;

export type Action =
  | HostMessage
  /** Moves the playhead to a step, or to the nearest there is. */
  | { readonly type: 'goTo'; readonly step: number }
  /** Moves the window, not the playhead. */
  | { readonly type: 'showFrom'; readonly start: number }
  | { readonly type: 'play'; readonly on: boolean }
  /** Time passes while playing. */
  | { readonly type: 'tick' }
  | { readonly type: 'showDetail'; readonly detail: Detail }
  | { readonly type: 'colourBy'; readonly unit: number | null }
  | ({ readonly type: 'unitArrived' } & UnitValues)
  | ({ readonly type: 'memoryArrived' } & MemoryLens)
  | {
      readonly type: 'memoryFailed';
      readonly trace: number;
      readonly step: number;
      readonly message: string;
    }
  | { readonly type: 'drawing' }
  | { readonly type: 'drawn' }
  | { readonly type: 'drawFailed'; readonly message: string }
  | { readonly type: 'dismissFailure' }
  | { readonly type: 'themeChanged' }
  /** Opens the card on a signal; an open one that is pinned gives way only to another that is pinned. */
  | { readonly type: 'openCard'; readonly address: StepAddress; readonly pinned: boolean }
  | { readonly type: 'unpinCard' }
  | { readonly type: 'closeCard' }
  /** The pointer and the focus have left the card and its signal. */
  | { readonly type: 'leaveCard' }
  | {
      readonly type: 'cardArrived';
      readonly trace: number;
      readonly address: StepAddress;
      readonly values: Values;
    }
  | {
      readonly type: 'cardFailed';
      readonly trace: number;
      readonly address: StepAddress;
      readonly message: string;
    };

export const FRESH: Restored = { sample: null, step: 0, detail: 'gates', unit: null, remembering: false };

export function initialState(restored: Restored): State {
  return {
    ...restored,
    scene: null,
    sequence: null,
    run: null,
    running: null,
    runFailure: null,
    problems: [],
    picture: { shown: false, drawing: false, failure: null },
    start: 0,
    columns: WINDOW_COLUMNS,
    playing: false,
    unitValues: null,
    card: null,
    lens: null,
    lensFailure: null,
    theme: 0,
  };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'scene':
      if (action.scene.id === state.scene?.id) return { ...state, scene: action.scene };
      return {
        ...withSequence({ ...state, scene: action.scene }, action.sequence),
        run: null,
        running: null,
        runFailure: null,
        unitValues: null,
        lens: null,
        lensFailure: null,
        card: withoutValues(state.card),
      };
    case 'problems':
      return { ...state, problems: action.problems };
    case 'running':
      return { ...state, running: action, runFailure: null };
    case 'ran':
      if (action.run.scene !== state.scene?.id) return state;
      return {
        ...withSequence(state, action.run.sequence),
        run: action.run,
        running: null,
        runFailure: null,
        lensFailure: null,
        card: withoutValues(state.card),
      };
    case 'failed':
      return { ...state, running: null, runFailure: action.message };
    case 'cancelled':
      return { ...state, running: null };
    case 'navigate':
      return goTo(state, state.step + (action.step === 'next' ? 1 : -1));
    case 'goTo':
      return goTo(state, action.step);
    case 'showFrom':
      return { ...state, start: Math.max(0, Math.min(action.start, steps(state) - state.columns)) };
    case 'play':
      return play(state, action.on);
    case 'tick':
      return state.playing ? play(goTo(state, state.step + 1), state.step + 1 < lastStep(state)) : state;
    case 'showDetail':
      return withWindow({ ...state, detail: action.detail });
    case 'colourBy':
      return { ...state, unit: action.unit };
    case 'unitArrived': {
      const { trace, unit, values } = action;
      return trace === state.run?.trace && unit === state.unit
        ? { ...state, unitValues: { trace, unit, values } }
        : state;
    }
    case 'remember':
      return { ...state, remembering: action.on };
    case 'memoryArrived': {
      const { trace, step, memory } = action;
      return trace === state.run?.trace
        ? { ...state, lens: { trace, step, memory }, lensFailure: null }
        : state;
    }
    case 'memoryFailed':
      // Questions that another has followed fail, too.
      return action.trace === state.run?.trace && action.step === state.step
        ? { ...state, lensFailure: action.message }
        : state;
    case 'drawing':
      return { ...state, picture: { ...state.picture, drawing: true, failure: null } };
    case 'drawn':
      return { ...state, picture: { shown: true, drawing: false, failure: null } };
    case 'drawFailed':
      return { ...state, picture: { ...state.picture, drawing: false, failure: action.message } };
    case 'dismissFailure':
      return { ...state, runFailure: null, picture: { ...state.picture, failure: null } };
    case 'themeChanged':
      return { ...state, theme: state.theme + 1 };
    case 'openCard':
      return openCard(state, action.address, action.pinned);
    case 'unpinCard':
      return state.card ? { ...state, card: { ...state.card, pinned: false } } : state;
    case 'closeCard':
      return state.card ? { ...state, card: null } : state;
    case 'leaveCard':
      return state.card?.pinned ? state : { ...state, card: null };
    case 'cardArrived':
      return updateCard(state, action.trace, action.address, { values: action.values, failure: null });
    case 'cardFailed':
      return updateCard(state, action.trace, action.address, { values: null, failure: action.message });
  }
}

/** The one word for what the panel is doing, for `data-state`. */
export function phase(state: State): 'loading' | 'ready' | 'running' | 'error' {
  if (state.picture.drawing) return 'loading';
  if (state.running) return 'running';
  if (state.runFailure || state.picture.failure || hasErrors(state.problems)) return 'error';
  return state.scene && state.picture.shown ? 'ready' : 'loading';
}

/** Steps of the longest row: the sequence's, or those that a decoder has of its own. */
export function steps({ scene, sequence }: State): number {
  if (!sequence) return 0;
  return Math.max(sequence.steps, ...(scene ? ownSteps(scene.network, sequence) : []));
}

function ownSteps({ layers }: Network, { further }: SequenceSummary): number[] {
  return layers.flatMap((layer) => {
    if (layer.type === 'repeat_vector') return [layer.count];
    if (layer.type !== 'input' || layer.clock !== 'own') return [];
    const own = further?.find(({ layer: name }) => name === layer.name);
    return own ? [lengthOf(own.inputs)] : [];
  });
}

function lengthOf(inputs: Inputs): number {
  return inputs.kind === 'token' ? inputs.tokens.length : inputs.values.length / Math.max(1, inputs.shown);
}

/** Whether the weights that the file names could not be read, so that nothing can be run. */
export function lacksWeights({ problems }: State): boolean {
  return problems.some(({ about, severity }) => about === 'weights' && severity === 'error');
}

/** The token at a step, null where inputs are not tokens. */
export function tokenAt(state: State, step: number): string | null {
  const inputs = state.sequence?.inputs;
  return inputs?.kind === 'token' ? (inputs.tokens[step] ?? null) : null;
}

/** The unit values that belong to the run and the unit on screen. */
export function currentUnitValues({ unit, unitValues, run }: State): Float32Array | null {
  return unit !== null && unitValues?.unit === unit && unitValues.trace === run?.trace
    ? unitValues.values
    : null;
}

export function sameAddress(a: StepAddress, b: StepAddress): boolean {
  return (
    a.step === b.step &&
    a.signal === b.signal &&
    a.layer === b.layer &&
    a.level === b.level &&
    a.direction === b.direction
  );
}

function lastStep(state: State): number {
  return steps(state) - 1;
}

/** Shows a sequence; the playhead keeps its step if it is the sequence shown before, perhaps before a reload. */
function withSequence(state: State, sequence: SequenceSummary | null): State {
  if (!sequence) return withWindow({ ...state, sequence, playing: false });
  const same =
    sequence.sample === state.sample && (!state.sequence || state.sequence.title === sequence.title);
  const step = same ? state.step : 0;
  return withWindow({ ...state, sequence, sample: sequence.sample, step, playing: same && state.playing });
}

/** As many columns as the sequence and the size of the network allow, around the playhead. */
function withWindow(state: State): State {
  const limit = state.scene ? columnLimit(state.scene.network, state.detail) : WINDOW_COLUMNS;
  return goTo({ ...state, columns: Math.min(columnsFor(steps(state)), limit) }, state.step);
}

function goTo(state: State, wanted: number): State {
  if (!state.sequence) return state;
  const step = clampStep(wanted, steps(state));
  return { ...state, step, start: windowStart(state.start, state.columns, steps(state), step) };
}

/** Playing from the last step starts over. */
function play(state: State, on: boolean): State {
  if (!on) return { ...state, playing: false };
  if (lastStep(state) < 1) return state;
  const started = state.playing || state.step < lastStep(state) ? state : goTo(state, 0);
  return { ...started, playing: true };
}

function openCard(state: State, address: StepAddress, pinned: boolean): State {
  const { card } = state;
  if (card?.pinned && !pinned) return state;
  if (card && sameAddress(card.address, address)) return { ...state, card: { ...card, pinned } };
  return { ...state, card: { address, pinned, values: null, failure: null } };
}

function updateCard(
  state: State,
  trace: number,
  address: StepAddress,
  change: Pick<Card, 'values' | 'failure'>,
): State {
  const { card, run } = state;
  if (!card || run?.trace !== trace || !sameAddress(card.address, address)) return state;
  return { ...state, card: { ...card, ...change } };
}

function withoutValues(card: Card | null): Card | null {
  return card && { ...card, values: null, failure: null };
}

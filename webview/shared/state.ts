/** What all features share, and how each message and each action of the user changes it. No DOM, no side effects. */
import type { SignalAddress } from '../../src/model/network';
import { hasErrors, type Problem } from '../../src/model/problem';
import type {
  Detail,
  ReplyMessage,
  RunChanges,
  RunSummary,
  Scene,
  SequenceSummary,
  ToWebview,
} from '../../src/protocol';
import { USUAL_SETTINGS, type PanelSettings } from '../../src/panelSettings';
import { withChange, type ShownRun } from '../../src/picture/change';
import { made, NO_CHANGES, redone, restored, undone, withSets, type Changes } from './changes';
import { longestRow } from '../../src/picture/inputs';
import type { Measure } from '../../src/picture/measure';
import { pictureTitle } from '../../src/picture/names';
import { paceWithin, type Pace } from './pace';
import { chosenFor, rangeWithin, type Selection, type StepRange } from './selection';
import { CLOSED_DOCK, isExplained, showView, type Dock } from './dock';
import { clampStep, columnsFor, columnsWithin, USUAL_COLUMNS, windowStart } from './window';

export interface State {
  readonly scene: Scene | null;
  /** What the inputs show: the sequence of the run, or the one that would run. */
  readonly sequence: SequenceSummary | null;
  /** The run on screen: of a what-if, where one is made. */
  readonly run: ShownRun | null;
  /** The run without changes. */
  readonly base: RunSummary | null;
  /** What the run is compared with. */
  readonly compared: RunSummary | null;
  /** What is otherwise than in the base. */
  readonly changes: Changes;
  /** The changes that could not be done. */
  readonly refused: RunChanges['refused'];
  readonly running: { readonly title: string; readonly done: number; readonly steps: number } | null;
  /** Why the last run failed. */
  readonly runFailure: string | null;
  readonly problems: readonly Problem[];
  /** Whether a picture is on screen, and whether a newer one is being drawn. */
  readonly drawing: { readonly shown: boolean; readonly underWay: boolean; readonly failure: string | null };
  /** The sample that the sequence is, null for typed text and chosen files. */
  readonly sample: string | null;
  /** What brings such a sequence back after a reload, for the host to read. */
  readonly origin: string | null;
  /** Absolute step of the playhead. */
  readonly step: number;
  /** Absolute step of the window's first column. */
  readonly start: number;
  /** Columns of the window. */
  readonly columns: number;
  /** Of the panel, in pixels; null before it is known. */
  readonly width: number | null;
  readonly playing: boolean;
  /** The one that was chosen; `paceWithin` says which is played. */
  readonly pace: Pace;
  readonly detail: Detail;
  readonly selection: Selection;
  /** The steps of the place that was gone to last, of those that were found; until other steps are chosen. */
  readonly found: StepRange | null;
  /** What the numbers and colours show of a signal. */
  readonly measure: Measure;
  readonly dock: Dock;
  readonly settings: PanelSettings;
  /** At which output it is looked how far back it reaches. */
  readonly aim: Aim;
  /** Grows when the editor's colours change. */
  readonly theme: number;
}

/** From the first step nothing reaches back: until the playhead is moved, it is looked at the last one instead. */
export type Aim = 'last' | 'playhead';

/** What outlives hiding and reloading the panel. */
export type Restored = Pick<
  State,
  'sample' | 'origin' | 'step' | 'pace' | 'detail' | 'selection' | 'measure' | 'dock' | 'changes' | 'settings'
>;

/** What the host says of its own accord: everything but the answers to requests. */
export type HostMessage = Exclude<ToWebview, ReplyMessage>;

export type Action =
  | HostMessage
  /** Moves the playhead to a step, or to the nearest there is. */
  | { readonly type: 'goTo'; readonly step: number }
  /** Moves the window, not the playhead. */
  | { readonly type: 'showFrom'; readonly start: number }
  | { readonly type: 'play'; readonly on: boolean }
  | { readonly type: 'playAt'; readonly pace: Pace }
  /** Time passes while playing. */
  | { readonly type: 'tick' }
  | { readonly type: 'showDetail'; readonly detail: Detail }
  /** Chooses a signal for all views; its unit stays chosen unless another is. */
  | { readonly type: 'select'; readonly signal: SignalAddress; readonly unit?: number | null }
  /** Chooses a unit, or none, of the signal that is chosen, and shows it. */
  | { readonly type: 'selectUnit'; readonly unit: number | null }
  /** Chooses steps, those of them that the sequence has; null chooses none. */
  | { readonly type: 'selectRange'; readonly range: StepRange | null }
  /** Goes to a place that was found, and marks it. */
  | { readonly type: 'goToFound'; readonly range: StepRange }
  | { readonly type: 'show'; readonly measure: Measure }
  | { readonly type: 'drawing' }
  | { readonly type: 'drawn' }
  | { readonly type: 'drawFailed'; readonly message: string }
  | { readonly type: 'endCompare' }
  | { readonly type: 'dismissFailure' }
  | { readonly type: 'themeChanged' }
  /** The panel has another width, in pixels, and keeps it for the moment. */
  | { readonly type: 'resized'; readonly width: number }
  /** The dock's height in pixels; null for the usual one. */
  | { readonly type: 'resizeDock'; readonly height: number | null }
  /** Changes no state: the diagram hears it. */
  | { readonly type: 'fit' }
  /** Changes no state: what the keys do is shown. */
  | { readonly type: 'showKeys' }
  | { readonly type: 'zoomBy'; readonly factor: number };

export const FRESH: Restored = {
  sample: null,
  origin: null,
  step: 0,
  pace: 1,
  detail: 'gates',
  selection: { signal: null, unit: null, range: null },
  measure: 'mean',
  dock: CLOSED_DOCK,
  changes: NO_CHANGES,
  settings: USUAL_SETTINGS,
};

export function initialState(restored: Restored): State {
  return {
    ...restored,
    scene: null,
    sequence: null,
    run: null,
    base: null,
    compared: null,
    refused: [],
    running: null,
    runFailure: null,
    found: null,
    problems: [],
    drawing: { shown: false, underWay: false, failure: null },
    start: 0,
    columns: USUAL_COLUMNS,
    width: null,
    playing: false,
    aim: 'last',
    theme: 0,
  };
}

const NOT_RUN = {
  run: null,
  base: null,
  compared: null,
  running: null,
  runFailure: null,
  refused: [],
} as const;

export function reduce(state: State, action: Action): State {
  const next = reduced(state, action);
  const aim = aimAfter(next, action);
  return aim === next.aim ? next : { ...next, aim };
}

function aimAfter({ step, aim }: State, { type }: Action): Aim {
  if (type === 'scene' || type === 'ran' || type === 'showView') return 'last';
  return step > 0 ? 'playhead' : aim;
}

function reduced(state: State, action: Action): State {
  switch (action.type) {
    case 'scene':
      if (action.scene.id === state.scene?.id) return { ...state, scene: action.scene };
      return {
        ...withSequence(inScene(withoutChange({ ...state, compared: null }), action.scene), action.sequence),
        ...NOT_RUN,
      };
    case 'problems':
      return { ...state, problems: action.problems };
    case 'running':
      return { ...state, running: action, runFailure: null };
    case 'ran':
      return ran(state, action.run);
    case 'unchanged':
      return { ...withoutChange(state), refused: action.changes.refused };
    case 'change':
      return withChanges(state, withSets(state.changes, made(state.changes, action.sets)));
    case 'restore':
      return withChanges(state, withSets(state.changes, restored(state.changes, action.address)));
    case 'undoChange':
      return withChanges(state, undone(state.changes));
    case 'redoChange':
      return withChanges(state, redone(state.changes));
    case 'endCompare':
      return withWindow({ ...state, compared: null });
    case 'clearChanges':
      return withChanges(state, withSets(state.changes, []));
    case 'failed':
      return { ...state, running: null, runFailure: action.message };
    case 'offered':
      return {
        ...withSequence({ ...state, compared: null }, action.sequence),
        run: null,
        base: null,
        running: null,
        runFailure: null,
      };
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
      return state.playing ? tick(state) : state;
    case 'playAt':
      return { ...state, pace: action.pace };
    case 'showDetail':
      return withWindow({ ...state, detail: action.detail });
    case 'select':
      return select(state, action.signal, action.unit);
    case 'selectUnit':
      return withUnit(state, action.unit);
    case 'selectRange':
      return withRange(state.found ? { ...state, found: null } : state, action.range);
    case 'goToFound':
      return { ...goTo(state, action.range.from), found: rangeWithin(action.range, steps(state)) };
    case 'show':
      return action.measure === 'unit' && state.selection.unit === null
        ? withUnit(state, 0)
        : { ...state, measure: action.measure };
    case 'showView':
      return withDock(state, showView(state.dock, action.view, action.on));
    case 'resized':
      return withWindow({ ...state, width: action.width });
    case 'resizeDock':
      return { ...state, dock: { ...state.dock, height: action.height } };
    case 'drawing':
      return { ...state, drawing: { ...state.drawing, underWay: true, failure: null } };
    case 'drawn':
      return { ...state, drawing: { shown: true, underWay: false, failure: null } };
    case 'drawFailed':
      return { ...state, drawing: { ...state.drawing, underWay: false, failure: action.message } };
    case 'dismissFailure':
      return { ...state, runFailure: null, drawing: { ...state.drawing, failure: null } };
    case 'themeChanged':
      return { ...state, theme: state.theme + 1 };
    case 'fit':
    case 'askPictures':
    case 'takePicture':
    case 'zoomBy':
    case 'showKeys':
    case 'sources':
    case 'mark':
      return state;
  }
}

function inScene(state: State, scene: Scene): State {
  return { ...state, scene, ...chosenFor(scene.network, state) };
}

function ran(state: State, run: RunSummary): State {
  if (run.scene !== state.scene?.id) return state;
  if (run.role === 'base') {
    const alone = withoutChange({ ...state, base: run, compared: null, refused: [] });
    return { ...alone, running: null, runFailure: null };
  }
  if (run.role === 'compared') return withWindow({ ...state, compared: run, running: null });
  const { base, changes, measure } = state;
  const isWanted =
    run.changes?.of === base?.trace && run.changes?.sets.join('\n') === changes.sets.join('\n');
  if (!base || !isWanted) return state;
  return {
    ...withSequence(state, run.sequence),
    ...{ run: withChange(run, base), refused: run.changes!.refused },
    // What is changed shows by how much, until something else is wanted.
    measure: state.run === base && measure === 'mean' ? 'change' : measure,
    ...{ running: null, runFailure: null },
  };
}

function withChanges(state: State, changes: Changes): State {
  if (changes === state.changes) return state;
  const next = { ...state, changes, refused: [] };
  return changes.sets.length === 0 ? withoutChange(next) : next;
}

/** Shows the run without changes. */
function withoutChange(state: State): State {
  const { base, measure } = state;
  const shown = { ...state, run: base, measure: measure === 'change' ? 'mean' : measure } as const;
  return base ? withSequence(shown, base.sequence) : shown;
}

function select(state: State, signal: SignalAddress, unit = state.selection.unit): State {
  if (!state.scene) return state;
  const { network } = state.scene;
  const { selection, measure } = state;
  return { ...state, ...chosenFor(network, { selection: { ...selection, signal, unit }, measure }) };
}

/** Shows the unit that is chosen; without one the mean. */
function withUnit(state: State, unit: number | null): State {
  const selection = { ...state.selection, unit };
  if (unit !== null) return { ...state, selection, measure: 'unit' };
  return { ...state, selection, measure: state.measure === 'unit' ? 'mean' : state.measure };
}

function withRange(state: State, wanted: StepRange | null): State {
  const range = rangeWithin(wanted, steps(state));
  const before = state.selection.range;
  if (range?.from === before?.from && range?.to === before?.to) return state;
  return { ...state, selection: { ...state.selection, range } };
}

/** The one word for what the panel is doing, for `data-state`. */
export function phase(state: State): 'loading' | 'ready' | 'running' | 'error' {
  if (state.drawing.underWay) return 'loading';
  if (state.running) return 'running';
  if (state.runFailure || state.drawing.failure || hasErrors(state.problems)) return 'error';
  return state.scene && state.drawing.shown ? 'ready' : 'loading';
}

/** Steps of the longest row. */
export function steps({ scene, sequence }: State): number {
  if (!sequence) return 0;
  return scene ? longestRow(scene.network, sequence) : sequence.steps;
}

/** What the title of a picture of what is shown begins with. */
export function pictureHead({ scene, sequence }: State, ...shown: string[]): string {
  return pictureTitle(scene?.fileName ?? '', sequence?.sample, ...shown);
}

/** Whether a sequence is shown that waits for the user to run it. */
export function waitsForRun({ scene, sequence, run, running }: State): boolean {
  return !!scene && sequence?.estimate !== undefined && !run && !running;
}

/** The token at a step, null where inputs are not tokens. */
export function tokenAt(state: State, step: number): string | null {
  const inputs = state.sequence?.inputs;
  return inputs?.kind === 'token' ? (inputs.tokens[step] ?? null) : null;
}

function lastStep(state: State): number {
  return steps(state) - 1;
}

/**
 * Shows a sequence; the playhead keeps its step if it is the sequence shown before, perhaps before a reload, else it
 * stands where the network begins to write.
 */
function withSequence(state: State, sequence: SequenceSummary | null): State {
  if (!sequence) return withWindow({ ...state, sequence, playing: false });
  const same =
    sequence.sample === state.sample && (!state.sequence || state.sequence.title === sequence.title);
  const begins = sequence.generatedFrom ?? 0;
  const step = same && (state.sequence || state.step > 0) ? state.step : begins;
  const range = same ? state.selection.range : null;
  const found = same ? state.found : null;
  const { sample, origin = null } = sequence;
  const shown = { ...state, sequence, sample, origin, step, found, playing: same && state.playing };
  return withWindow(withRange(shown, range));
}

/** As many columns as the panel's width, the sequence and the size of the network allow, around the playhead. */
function withWindow(state: State): State {
  const { scene, detail, width, settings } = state;
  const compared = state.compared && (state.compared.network ?? scene?.network);
  const room =
    scene && width !== null
      ? columnsWithin(width, scene.network, detail, {
          explained: isExplained(state),
          wanted: settings.columns,
          compared,
        })
      : settings.columns || USUAL_COLUMNS;
  return goTo({ ...state, columns: columnsFor(steps(state), room) }, state.step);
}

/** Words beside the picture leave it less room. */
function withDock(state: State, dock: Dock): State {
  const next = { ...state, dock };
  return isExplained(next) === isExplained(state) ? next : withWindow(next);
}

function goTo(state: State, wanted: number): State {
  if (!state.sequence) return state;
  const step = clampStep(wanted, steps(state));
  return { ...state, step, start: windowStart(state.start, state.columns, steps(state), step) };
}

/** Playing ends at the last step. */
function tick(state: State): State {
  const step = state.step + paceWithin(state.pace, steps(state));
  return play(goTo(state, step), step < lastStep(state));
}

/** Playing from the last step starts over. */
function play(state: State, on: boolean): State {
  if (!on) return { ...state, playing: false };
  if (lastStep(state) < 1) return state;
  const started = state.playing || state.step < lastStep(state) ? state : goTo(state, 0);
  return { ...started, playing: true };
}

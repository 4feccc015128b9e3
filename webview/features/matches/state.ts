/** What is looked for, and how the list is gone through. */
import type { SignalAddress } from '../../../src/model/network';
import type { Matches, MatchesQuestion, Requests, SearchSources } from '../../../src/protocol';
import type { StepRange } from '../../shared/selection';
import type { State } from '../../shared/state';
import type { Slice } from '../../slice';
import { isCount, record } from '../../../src/untrusted';

export const NAME = 'matches';

/** The steps that are looked for: those chosen last, also when another sequence has taken the place of theirs. */
export interface Sought extends Pick<MatchesQuestion, 'trace' | 'from' | 'to'> {
  readonly signal: SignalAddress;
  /** What the sequence is called. */
  readonly title: string;
}

/** Where it is gone to once that sequence has run. */
export interface Goal {
  readonly sample: string | null;
  readonly title: string;
  readonly place: StepRange;
}

export interface Own {
  readonly threshold: number;
  readonly offBefore: number;
  readonly offAfter: number;
  readonly sought: Sought | null;
  /** The scene that it is of; null before there is one. */
  readonly scene: number | null;
  /** Of the list. */
  readonly active: number;
  readonly goal: Goal | null;
  readonly sources: SearchSources;
  readonly listsUnits: boolean;
}

export type OwnAction =
  | { readonly type: 'above'; readonly threshold: number }
  | { readonly type: 'offBeside'; readonly offBefore: number; readonly offAfter: number }
  | { readonly type: 'moveTo'; readonly index: number }
  | { readonly type: 'headFor'; readonly goal: Goal | null }
  | { readonly type: 'listUnits'; readonly on: boolean };

/** Steps of a margin at most. */
export const MOST_OFF = 999;
const USUAL_THRESHOLD = 0.3;

const NO_SOURCES: SearchSources = { version: 0, file: null, labels: null, failure: null };

const FRESH: Own = {
  threshold: USUAL_THRESHOLD,
  ...{ offBefore: 0, offAfter: 0 },
  ...{ sought: null, scene: null, active: 0, goal: null, sources: NO_SOURCES, listsUnits: false },
};

export const slice: Slice<Own, OwnAction> = {
  restore(kept) {
    const { threshold, offBefore, offAfter } = record(kept);
    const margin = (steps: unknown) => (isCount(steps) && steps <= MOST_OFF ? steps : 0);
    const known = typeof threshold === 'number' && Number.isFinite(threshold);
    return {
      ...FRESH,
      threshold: known ? threshold : USUAL_THRESHOLD,
      ...{ offBefore: margin(offBefore), offAfter: margin(offAfter) },
    };
  },
  keep: ({ threshold, offBefore, offAfter }) => ({ threshold, offBefore, offAfter }),
  reduce(own, action, state) {
    const next = followed(own, state, action.type === 'selectRange');
    switch (action.type) {
      case 'above':
        return Number.isFinite(action.threshold) ? { ...next, threshold: action.threshold, active: 0 } : next;
      case 'offBeside': {
        const [offBefore, offAfter] = [action.offBefore, action.offAfter].map((steps) =>
          Math.max(0, Math.min(MOST_OFF, Math.round(steps) || 0)),
        );
        if (offBefore === own.offBefore && offAfter === own.offAfter) return next;
        return { ...next, offBefore, offAfter, active: 0 };
      }
      case 'moveTo':
        return { ...next, active: Math.max(0, action.index) };
      case 'headFor':
        return { ...next, goal: action.goal };
      case 'listUnits':
        return { ...next, listsUnits: action.on };
      case 'sources':
        return { ...next, sources: action.sources };
      case 'failed':
      case 'cancelled':
        return next.goal ? { ...next, goal: null } : next;
      default:
        return next;
    }
  },
};

/** Follows what is chosen. Steps stay sought when another sequence has run, but not when they are let go. */
function followed(own: Own, { scene, run, selection }: State, chose: boolean): Own {
  const known = scene?.id ?? null;
  if (known !== own.scene) own = { ...own, scene: known, sought: null, goal: null };
  const { range, signal } = selection;
  if (!range || !signal || !run) return chose && own.sought ? { ...own, sought: null } : own;
  const sought = { trace: run.trace, ...range, signal, title: run.sequence.title };
  return isSame(own.sought, sought) ? own : { ...own, sought, active: 0 };
}

function isSame(one: Sought | null, other: Sought): boolean {
  return one !== null && JSON.stringify(one) === JSON.stringify(other);
}

interface Looking {
  readonly state: Pick<State, 'dock' | 'playing'>;
  readonly own: Own;
}

/** Null where nothing is sought, while the view is closed, and while it plays. After a part that is not all, the next. */
export function questionOf(
  { state, own }: Looking,
  known: Matches | null,
): Requests['matches']['ask'] | null {
  const { sought, threshold, offBefore, offAfter, sources } = own;
  if (!state.dock.open.includes(NAME) || !sought || state.playing) return null;
  const { title: _, ...steps } = sought;
  const question = { ...steps, threshold, offBefore, offAfter, sources: sources.version };
  return { ...question, part: isAnswer(known, question) ? known.part + (known.done ? 0 : 1) : 0 };
}

/** Whether what is known answers a question, perhaps in part. */
export function isAnswer(known: Matches | null, question: MatchesQuestion): known is Matches {
  if (!known) return false;
  const { question: answered } = known;
  const { trace, from, to, threshold, offBefore, offAfter, sources } = question;
  const numbers = { trace, from, to, threshold, offBefore, offAfter, sources };
  const { layer, level, direction, signal } = question.signal;
  return (
    Object.entries(numbers).every(([name, value]) => answered[name as keyof typeof numbers] === value) &&
    answered.signal.layer === layer &&
    answered.signal.level === level &&
    answered.signal.direction === direction &&
    answered.signal.signal === signal
  );
}

/** What a threshold is moved over: the signal's scale, in steps that people read. */
export function thresholds(range: 'gate' | 'other', scale: number) {
  if (range === 'gate') return { min: 0, max: 1, step: 0.01 };
  const step = 10 ** Math.floor(Math.log10(Math.max(scale, Number.MIN_VALUE) / 50));
  const max = Math.ceil(scale / step) * step;
  return { min: -max, max, step };
}

/** Of which output it is told what mattered, and how. */
import type { Attribution, AttributionChoice, Requests } from '../../../src/protocol';
import { INPUT } from '../../../src/model/network';
import { beforeActivation } from '../../../src/model/logits';
import { runningPart } from '../../../src/model/partial';
import { record } from '../../../src/untrusted';
import { steps, type State } from '../../shared/state';
import type { Slice } from '../../slice';

export const METHODS = ['integrated', 'gradient'] as const satisfies readonly AttributionChoice['method'][];
export const BASELINES = ['zero', 'mean'] as const satisfies readonly AttributionChoice['baseline'][];

/** Where the keyboard is. */
export interface Cursor {
  readonly feature: number;
  readonly step: number;
}

export interface Own extends Pick<AttributionChoice, 'unit' | 'method' | 'baseline' | 'logit'> {
  /** The scene that output and input belong to; −1 before there is one. */
  readonly scene: number;
  /** The step that is looked at whatever the playhead does; null follows it. */
  readonly pinned: number | null;
  /** Until the playhead is moved from the first step, to which nothing leads, the last one is looked at. */
  readonly aim: 'last' | 'playhead';
  /** The input that is shown. */
  readonly input: string;
  readonly cursor: Cursor | null;
  /** The question that was given up. */
  readonly given: string | null;
}

export type OwnAction =
  | {
      readonly type: 'choose';
      readonly choice: Partial<Pick<Own, 'unit' | 'method' | 'baseline' | 'logit' | 'input'>>;
    }
  | { readonly type: 'pin'; readonly step: number | null }
  | { readonly type: 'moveCursor'; readonly to: Cursor }
  /** Null takes it up again. */
  | { readonly type: 'giveUp'; readonly question: string | null };

const FRESH: Own = {
  ...{ scene: -1, unit: null, method: 'integrated', baseline: 'zero', logit: false },
  ...{ pinned: null, aim: 'last', input: INPUT, cursor: null, given: null },
};

export const slice: Slice<Own, OwnAction> = {
  restore(kept) {
    const { method, baseline, logit } = record(kept);
    return {
      ...FRESH,
      method: METHODS.find((one) => one === method) ?? FRESH.method,
      baseline: BASELINES.find((one) => one === baseline) ?? FRESH.baseline,
      logit: logit === true,
    };
  },
  keep: ({ method, baseline, logit }) => ({ method, baseline, logit }),
  reduce(own, action, state) {
    switch (action.type) {
      case 'choose':
        return { ...own, ...action.choice, given: null };
      case 'pin':
        return { ...own, pinned: action.step };
      case 'moveCursor':
        return { ...own, cursor: action.to };
      case 'giveUp':
        return { ...own, given: action.question };
      case 'scene': {
        if (action.scene.id === own.scene) return own;
        const { unit, input, pinned, aim, cursor } = FRESH;
        return { ...own, unit, input, pinned, aim, cursor, scene: action.scene.id };
      }
      case 'ran':
        return { ...own, pinned: null, aim: 'last', cursor: null, given: null };
      case 'showView':
        return action.view === 'attribution' ? { ...own, aim: 'last', given: null } : own;
      default:
        return own.aim === 'last' && state.step > 0 ? { ...own, aim: 'playhead' } : own;
    }
  },
};

interface Looking {
  readonly state: State;
  readonly own: Own;
}

type Question = Requests['attribution']['ask'];

/** What is asked, whatever part of the answer is there; null while there is nothing to ask. */
export function choiceOf({ state, own }: Looking): AttributionChoice | null {
  const { scene, run, step: playhead } = state;
  if (!scene || !run) return null;
  const last = steps(state) - 1;
  const followed = playhead === 0 && own.aim === 'last' ? last : playhead;
  const step = Math.min(own.pinned ?? followed, last);
  const { unit, method, baseline } = own;
  return { step, unit, method, baseline, logit: own.logit && lastActivation(state) !== null };
}

/** Null while it is closed, while it plays, when there is no time for it, and where it was given up. */
export function questionOf(now: Looking, known: Attribution | null): Question | null {
  const { state } = now;
  const choice = choiceOf(now);
  if (!choice || !state.run || !state.dock.open.includes('attribution') || state.playing) return null;
  if (isGivenUp(now)) return null;
  const { trace } = state.run;
  if (!known || !isAbout(known, trace, choice)) return { ...choice, trace, part: 0 };
  return { ...choice, trace, part: known.part + (known.found ? 0 : 1) };
}

export function isAbout(known: Attribution, trace: number, choice: AttributionChoice): boolean {
  return known.trace === trace && keyOf(known.choice) === keyOf(choice);
}

/** The same for the same choice. */
export function keyOf({ step, unit, method, baseline, logit }: AttributionChoice): string {
  return JSON.stringify([step, unit, method, baseline, logit]);
}

/** Whether what is asked was given up. */
export function isGivenUp(now: Looking): boolean {
  const choice = choiceOf(now);
  return choice !== null && now.own.given === keyOf(choice);
}

/** What makes the output of its logits; null where nothing does. */
export function lastActivation({ scene, sequence }: Pick<State, 'scene' | 'sequence'>): string | null {
  if (!scene) return null;
  const found = beforeActivation(runningPart(scene.network, { steps: sequence?.steps ?? 1 }));
  if (!found) return null;
  return typeof found.activation === 'string' ? found.activation : found.activation.kind;
}

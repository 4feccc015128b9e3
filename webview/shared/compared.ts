/** What the panel would show of the compared run, were it the only one. */
import type { Inputs, RunSummary, SignalSummary } from '../../src/protocol';
import { NO_CHANGES } from './changes';
import type { State } from './state';

type Scene = NonNullable<State['scene']>;

interface Other {
  readonly scene: Scene;
  /** With its colours on the scales of the run on screen. */
  readonly run: RunSummary;
  readonly beside: RunSummary | null;
}

/** The same objects for the same runs, since pictures are drawn anew for another one. */
const others = new WeakMap<RunSummary, Other>();

/** Null where nothing is compared. */
export function comparedState(state: State): State | null {
  const { compared, scene, measure } = state;
  if (!compared || !scene) return null;
  const { scene: other, run } = otherOf(compared, scene, state.run);
  return {
    ...state,
    ...{ scene: other, run, base: run, sequence: compared.sequence, changes: NO_CHANGES },
    measure: measure === 'change' ? 'mean' : measure,
  };
}

function otherOf(compared: RunSummary, scene: Scene, beside: RunSummary | null): Other {
  const known = others.get(compared);
  if (known?.beside === beside && known.scene.id === scene.id) return known;
  const network = compared.network ?? scene.network;
  const other = {
    scene: known?.scene.id === scene.id ? known.scene : { ...scene, network },
    run: beside ? { ...compared, signals: onScalesOf(beside.signals, compared.signals) } : compared,
    beside,
  };
  others.set(compared, other);
  return other;
}

/** One number, one colour, in both pictures: signals of the same letter have the widest scale that it has in the first. */
export function onScalesOf(
  own: readonly SignalSummary[],
  others: readonly SignalSummary[],
): readonly SignalSummary[] {
  return others.map((one) => {
    const same = own.filter(({ signal, range }) => signal === one.signal && range === one.range);
    if (same.length === 0) return one;
    const exact = same.filter(({ layer, level }) => layer === one.layer && level === one.level);
    const from = exact.length > 0 ? exact : same;
    const most = (of: (summary: SignalSummary) => number) => Math.max(...from.map(of));
    return {
      ...one,
      scale: most(({ scale }) => scale),
      reach: { mean: most(({ reach }) => reach.mean), size: most(({ reach }) => reach.size) },
    };
  });
}

/** The pictures of the run on screen and of the one that it is compared with. */
export const SHOWN = '[data-run="shown"]';
export const COMPARED = '[data-run="compared"]';

/** Whether both runs read the same numbers or tokens, of networks that take them alike: said once of two sequences. */
export function sharesInput({ scene, sequence, compared }: State): boolean {
  if (!scene || !sequence || !compared) return false;
  const [one, other] = [scene.network.input, (compared.network ?? scene.network).input];
  const alike =
    one.kind === 'token' && other.kind === 'token' ? one.split === other.split : one.kind === other.kind;
  return alike && sameInputs(sequence.inputs, compared.sequence.inputs);
}

const same = new WeakMap<Inputs, WeakMap<Inputs, boolean>>();

function sameInputs(one: Inputs, other: Inputs): boolean {
  let known = same.get(one);
  if (!known) same.set(one, (known = new WeakMap()));
  let found = known.get(other);
  if (found === undefined) known.set(other, (found = equalInputs(one, other)));
  return found;
}

export function equalInputs(one: Inputs, other: Inputs): boolean {
  if (one.kind === 'token') {
    if (other.kind !== 'token' || one.tokens.length !== other.tokens.length) return false;
    return one.tokens.every((token, step) => token === other.tokens[step]);
  }
  if (other.kind !== 'vector' || one.size !== other.size || one.shown !== other.shown) return false;
  const { values } = one;
  return (
    values.length === other.values.length && values.every((value, k) => Object.is(value, other.values[k]))
  );
}

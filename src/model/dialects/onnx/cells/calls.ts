/** Models that are called for one step after the other: states go in as inputs and out as outputs, one by one or in a cache. */
import { say } from '../../../../words/say';
import { quote } from '../../../json/decode';
import type { Draft, Flow, Piece } from '../draft';
import { joined, sliced } from '../flow';
import type { Rows } from '../axes';
import { Unsupported } from '../unsupported';
import type { Context } from '../node';
import type { Value } from '../value';
import { widthOfPieces } from './expression';
import { CellSteps, placesOf } from './steps';

/** What a call gives, its cells as layers over all calls. */
export interface Calls {
  readonly outputs: ReadonlyMap<string, Value>;
  readonly layers: readonly Draft[];
  /** Why its steps are none of a cell. */
  readonly missed?: string;
}

/** `states` are inputs that may be states, `drafts` all layers of a call. */
export function cellsOfCalls(
  context: Context,
  states: readonly Flow[],
  outputs: ReadonlyMap<string, Value>,
  drafts: readonly Draft[],
  rows: Rows,
): Calls {
  const flows = [...outputs.values()].flatMap((value) => (value.kind === 'flow' ? [value] : []));
  for (const draft of drafts) checkGivenBack(context, draft, flows);
  const steps = new CellSteps(context, {
    rows,
    reversed: false,
    name: nameOfStep,
    initial({ h, c }) {
      const names = [...new Set([...h, ...(c ?? [])].map(({ draft }) => quote(draft.state!)))];
      context.note(say`${names.join(say` and `)}: taken to be what the step before gave, and zeros at first`);
      return {};
    },
  });
  const left = steps.find(states.flatMap((state) => flows.flatMap((flow) => placesOf(state, flow))));
  const missed = steps.layers.length === 0 ? steps.whyNone(left) : undefined;
  const found = new Map(
    [...outputs].map(([name, value]): [string, Value] => {
      if (value.kind !== 'flow') return [name, value];
      try {
        return [name, steps.tensor(value)];
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error;
        return [name, { kind: 'unknown', reason: error.message }];
      }
    }),
  );
  return { outputs: found, layers: steps.layers, ...(missed !== undefined && { missed }) };
}

/** `cell` of a product `/cell/Gemm`, of which the step is made. */
function nameOfStep(step: Draft): string {
  let draft = step;
  const seen = new Set<Draft>();
  while (draft.own?.type !== 'linear' && !seen.has(draft)) {
    seen.add(draft);
    const next = draft.inputs.flatMap(({ pieces }) => pieces).find((piece) => piece.draft.own)?.draft;
    if (!next) break;
    draft = next;
  }
  return draft.wanted;
}

/** A layer that begins with units of an input should give them back, at the same places of an output. */
function checkGivenBack(context: Context, draft: Draft, outputs: readonly Flow[]): void {
  for (const [part, pieces] of Object.entries(draft.begins ?? {}) as ['h' | 'c', readonly Piece[]][]) {
    const [leaf] = pieces;
    if (part === 'h' && widthOfPieces(pieces) !== draft.width) continue;
    const alike = outputs.filter((flow) => widthOfPieces(flow.pieces) === leaf.draft.width);
    const at = part === 'c' ? 'cell' : 'rows';
    const back = alike.some((flow) => {
      const after = pieces.flatMap(({ from, count }) => sliced(flow.pieces, from, from + count));
      const [whole, ...more] = joined(after);
      return more.length === 0 && whole.draft === draft && whole.at === at && whole.from === 0;
    });
    if (back || alike.length === 0) continue;
    context.note(
      say`no output gives the ${part} of ${quote(draft.wanted)} back where the input ${quote(leaf.draft.state!)} has it: it is kept from step to step here`,
    );
  }
}

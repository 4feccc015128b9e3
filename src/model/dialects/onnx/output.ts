/** Which of a graph's outputs is shown, and what of the others. */
import { say } from '../../../words/say';
import { isRecurrentType } from '../../network';
import type { Draft, Flow } from './draft';
import { widthOf } from './axes';
import type { Walk } from './interpret';
import { neededBy } from './lower';
import { nameOf } from './node';
import { indexOf, notRunDraft } from './notRun';
import type { GraphProto, ValueInfoProto } from './schema/onnx_pb';
import type { Unknown } from './value';

export interface Chosen {
  readonly flow: Flow;
  /** Drafts of other outputs, to be shown too. */
  readonly beside: readonly Draft[];
  /** What is said of the other outputs. */
  readonly notes: readonly string[];
}

interface Candidate {
  readonly name: string;
  readonly flow: Flow;
  /** Why the output is given by a layer that is not run. */
  readonly fault?: string;
}

/** The first output that recurrent layers stand before, which a layer that is not run gives where it is not known. */
export function chooseOutput(graph: GraphProto, { outputs, drafts, inside }: Walk): Chosen | undefined {
  const candidates = graph.output.flatMap((output, k): Candidate[] => {
    const { name } = output;
    const value = outputs.get(name);
    if (value?.kind === 'flow') return isShown(value) ? [{ name, flow: value }] : [];
    const from = value?.kind === 'unknown' ? shownOf(value) : [];
    if (value?.kind !== 'unknown' || from.length === 0) return [];
    return [{ name, flow: unknownOutput(output, value, from, drafts.length + k), fault: value.reason }];
  });
  const first = candidates[0];
  if (!first) return lastRecurrent(graph, { outputs, drafts, inside });
  const shown = indexOf(first.flow);
  const before = graph.output.slice(
    0,
    graph.output.findIndex(({ name }) => name === first.name),
  );
  const others = candidates.slice(1).map(({ name, flow, fault }) => {
    const drafts = neededBy(flow).filter(({ index }) => fault === undefined || index !== indexOf(flow));
    const after = drafts.some(({ index }) => index === shown) && indexOf(flow) !== shown;
    return { name, fault, drafts, after };
  });
  return {
    flow: first.flow,
    beside: [...inside, ...others.filter(({ after }) => !after).flatMap(({ drafts }) => drafts)],
    notes: [
      ...before.map(
        ({ name }) =>
          say`the output ${JSON.stringify(name)} is not shown: it is a constant, a cell state, or does not depend on a recurrent node`,
      ),
      ...others.flatMap(({ name, fault, after }) => {
        if (fault !== undefined && fault === first.fault) return [];
        if (fault !== undefined) return [say`the output ${JSON.stringify(name)} is not shown: ${fault}`];
        return after
          ? [say`the output ${JSON.stringify(name)} is not shown: it is computed from another output`]
          : [];
      }),
    ],
  };
}

/** Where nothing of the graph's outputs can be shown: the recurrent layer that stands last. */
function lastRecurrent(
  graph: GraphProto,
  { outputs, drafts, inside }: Pick<Walk, 'outputs' | 'drafts' | 'inside'>,
): Chosen | undefined {
  const last = drafts.findLast(isRecurrentDraft);
  const notes = graph.output.map(({ name }) => {
    const value = outputs.get(name);
    const reason = value?.kind === 'unknown' ? value.reason : say`it does not depend on a recurrent node`;
    return say`the output ${JSON.stringify(name)} is not shown: ${reason}`;
  });
  return last && { flow: wholeFlow(last), beside: inside, notes };
}

/** What a layer that is not run gives, behind what is known of the output, unless that needs such a layer already. */
function unknownOutput(
  { name, type }: ValueInfoProto,
  unknown: Unknown,
  from: readonly Flow[],
  index: number,
): Flow {
  const last = from.at(-1)!;
  const before = new Set(neededBy(last));
  const named = [...before].some(({ own }) => own?.type === 'not_run' && own.reason === unknown.reason);
  if (named && from.every(({ pieces }) => pieces.every(({ draft }) => before.has(draft)))) return last;
  const dims = type?.value.case === 'tensorType' ? type.value.value.shape?.dim : undefined;
  const size = dims?.at(-1)?.value;
  const width = size?.case === 'dimValue' && size.value > 0n ? Number(size.value) : widthOf(last);
  return wholeFlow(notRunDraft({ ...unknown, from }, nameOf(name), width, index, false));
}

/** A recurrent node's, run or not. */
function isRecurrentDraft({ own }: Draft): boolean {
  return own !== undefined && isRecurrentType(own.type === 'not_run' ? own.kind.toLowerCase() : own.type);
}

/** Whether a tensor is what layers give, recurrent ones among them. */
function isShown(flow: Flow): boolean {
  return isExpressible(flow) && neededBy(flow).some(isRecurrentDraft);
}

function isExpressible({ pieces, repeated }: Flow): boolean {
  return pieces.every(({ at }) => at !== 'cell') && !repeated;
}

/** What is known of an unknown output: what it was computed from, or the recurrent layers before that; nothing where there is none. */
function shownOf({ from = [] }: Unknown): readonly Flow[] {
  const shown = from.flatMap((flow) => {
    if (isExpressible(flow)) return [flow];
    const last = neededBy(flow).findLast(isRecurrentDraft);
    return last ? [wholeFlow(last)] : [];
  });
  return shown.some((flow) => neededBy(flow).some(isRecurrentDraft)) ? shown : [];
}

function wholeFlow(draft: Draft): Flow {
  const piece = { draft, at: 'rows', from: 0, count: draft.width } as const;
  return { kind: 'flow', pieces: [piece], axes: [], reversed: false, integer: false };
}

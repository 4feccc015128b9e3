/** Which of a graph's outputs is shown, and what of the others. */
import { isRecurrentType } from '../../network';
import type { Draft } from './draft';
import type { Flow } from './flow';
import { indexOf, type Walk } from './interpret';
import { neededBy } from './lower';
import type { GraphProto } from './schema/onnx_pb';
import type { Unknown } from './value';

export interface Chosen {
  readonly flow: Flow;
  /** Drafts of other outputs, to be shown too. */
  readonly beside: readonly Draft[];
  /** Why the graph's output is not what is shown; absent where it is. */
  readonly fault?: string;
  /** What is said of the other outputs. */
  readonly notes: readonly string[];
}

interface Candidate {
  readonly name: string;
  readonly flow: Flow;
  /** Why the output is more than what is known of it. */
  readonly fault?: string;
}

/** The first output that recurrent layers stand before, or what is known of it. */
export function chooseOutput(graph: GraphProto, { outputs, drafts, inside }: Walk): Chosen | undefined {
  const candidates = graph.output.flatMap(({ name }): Candidate[] => {
    const value = outputs.get(name);
    if (value?.kind === 'flow') return isShown(value) ? [{ name, flow: value }] : [];
    const flow = value?.kind === 'unknown' ? shownOf(value) : undefined;
    return flow ? [{ name, flow, fault: (value as Unknown).reason }] : [];
  });
  const first = candidates[0];
  if (!first) {
    const last = drafts.findLast(({ own }) => own && isRecurrentType(own.type));
    const unknown = graph.output
      .map(({ name }) => outputs.get(name))
      .find((value) => value?.kind === 'unknown');
    const fault =
      unknown?.kind === 'unknown' ? unknown.reason : 'no output of the graph depends on a recurrent node';
    return last && { flow: wholeFlow(last), beside: inside, notes: [], fault };
  }
  const shown = indexOf(first.flow);
  const before = graph.output.slice(
    0,
    graph.output.findIndex(({ name }) => name === first.name),
  );
  const others = candidates.slice(1).map(({ name, flow, fault }) => {
    const drafts = neededBy(flow);
    const after = drafts.some(({ index }) => index === shown) && indexOf(flow) !== shown;
    return { name, fault, drafts, after };
  });
  return {
    flow: first.flow,
    ...(first.fault !== undefined && { fault: first.fault }),
    beside: [...inside, ...others.filter(({ after }) => !after).flatMap(({ drafts }) => drafts)],
    notes: [
      ...before.map(
        ({ name }) =>
          `the output ${JSON.stringify(name)} is not shown: it is a constant, a cell state, or does not depend on a recurrent node`,
      ),
      ...others.flatMap(({ name, fault, after }) => {
        if (fault !== undefined) return [`the output ${JSON.stringify(name)} is not shown: ${fault}`];
        return after
          ? [`the output ${JSON.stringify(name)} is not shown: it is computed from another output`]
          : [];
      }),
    ],
  };
}

/** Whether a tensor is what layers give, recurrent ones among them. */
function isShown(flow: Flow): boolean {
  const expressible = flow.pieces.every(({ at }) => at !== 'cell') && !flow.padding;
  return expressible && neededBy(flow).some(({ own }) => own && isRecurrentType(own.type));
}

/** What is known of an unknown output: the last that it was computed from, or the recurrent layer before that. */
function shownOf({ from }: Unknown): Flow | undefined {
  if (!from || isShown(from)) return from;
  const last = neededBy(from).findLast(({ own }) => own && isRecurrentType(own.type));
  return last && wholeFlow(last);
}

function wholeFlow(draft: Draft): Flow {
  const piece = { draft, at: 'rows', from: 0, count: draft.width } as const;
  return { kind: 'flow', pieces: [piece], axes: [], reversed: false, integer: false };
}

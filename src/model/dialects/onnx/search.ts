/** Finds the way to see a graph's inputs with which the most of it can be told. */
import { Pauses } from '../../pauses';
import type { Constant } from './constant';
import {
  everyNode,
  furtherViews,
  isListOfIntegers,
  isRecurrentNode,
  lengthInputs,
  MICROSOFT,
  mainViews,
  sampleViews,
  openInputs,
  type InputView,
} from './inputs';
import { walk, type Walk } from './interpret';
import type { GraphProto, ValueInfoProto } from './schema/onnx_pb';

/** Nodes looked at in all walks together; beyond, the best so far is taken. */
const MAX_VISITS = 200_000;

/** Two inputs are seen together in the ways of which the one's place among the likeliest times the other's is up to this. */
const MAX_PAIRS = 16;

/** A walk, and the numbers a call that its main input could be given as well, where the file leaves open how many. */
export interface Best extends Walk {
  readonly otherSizes?: readonly number[];
}

/**
 * Undefined if no input of the graph can be a sequence; `chosen` may say how many numbers a call is given. Rejects only if
 * `signal` is aborted.
 */
export async function bestWalk(
  graph: GraphProto,
  constants: ReadonlyMap<string, Constant>,
  opset: number,
  { chosen = [], signal }: { readonly chosen?: readonly string[]; readonly signal?: AbortSignal },
): Promise<Best | undefined> {
  const pauses = new Pauses(signal);
  const first = everyNode(graph).find(isRecurrentNode);
  const known = lengthInputs(graph);
  const inputs = openInputs(graph, new Set([...constants.keys(), ...known]));
  const weights = constants.get(first?.input[1] ?? '')?.shape;
  const width = weights?.[first?.domain === MICROSOFT ? 1 : 2];
  const mains = mainViews(graph, inputs, width);
  let visits = 0;
  let best: Walk | undefined;
  /** Whether everything is known. */
  const done = () =>
    best !== undefined &&
    best.reached >= best.seen &&
    best.idle === 0 &&
    knownOutputs(best) === best.outputs.size;
  const tryViews = async (views: readonly InputView[], lengths: ReadonlySet<string>): Promise<void> => {
    await pauses.take();
    visits += graph.node.length;
    if (visits > MAX_VISITS && best) return;
    const found = walk(graph, constants, views, opset, lengths);
    if (!best || isBetter(found, best)) best = found;
  };
  for (const main of mains) {
    if (!done()) await tryViews([main], known);
  }
  const sampled = done() ? [] : sampleViews(graph, inputs);
  const otherSizes: number[] = [];
  const isChosen = (view: InputView) => chosen.includes(sizeChoice(view.name, view.width));
  for (const main of [...sampled.filter(isChosen), ...sampled.filter((view) => !isChosen(view))]) {
    if (!done()) await tryViews([main], known);
    else if (best!.views[0].taken && best!.views[0].name === main.name && visits <= MAX_VISITS) {
      await pauses.take();
      visits += graph.node.length;
      const other = walk(graph, constants, [main], opset, known);
      if (other.reached === best!.reached && knownOutputs(other) === knownOutputs(best!))
        otherSizes.push(main.width);
    }
  }
  for (const [k, input] of inputs.entries()) {
    const bases = best && !done() ? basesFor(input.name, best, mains, inputs.slice(0, k)) : [];
    for (const { views, rank } of bases) {
      for (const view of furtherViews(input, views[0]).slice(0, Math.floor(MAX_PAIRS / (rank + 1))))
        await tryViews([...views, view], best?.lengths ?? known);
    }
    if (best && !done() && isListOfIntegers(input)) {
      await tryViews(best.views, new Set([...best.lengths, input.name]));
    }
  }
  return best && otherSizes.length > 0 ? { ...best, otherSizes } : best;
}

/** By which a user chooses how many numbers a call is given. */
export function sizeChoice(name: string, size: number): string {
  return `${name}=${size}`;
}

/** Views with which a further input is tried, and how many of the same input are likelier. */
interface Base {
  readonly views: readonly InputView[];
  readonly rank: number;
}

/**
 * What a further input is tried with: the best so far or, where a recurrent node may read both from the start, every way
 * to see an input before it.
 */
function basesFor(
  name: string,
  { views, reached }: Walk,
  mains: readonly InputView[],
  before: readonly ValueInfoProto[],
): readonly Base[] {
  if (reached > 0) return views.some((view) => view.name === name) ? [] : [{ views, rank: 0 }];
  return before.flatMap((input) =>
    mains.filter((main) => main.name === input.name).map((main, rank) => ({ views: [main], rank })),
  );
}

/** How much a walk that has met nothing recurrent tells: steps that are none of a cell, or else all that it knows. */
function tellingOf(walk: Walk): number {
  return walk.missed.length > 0 ? Infinity : knownOutputs(walk) + walk.drafts.length;
}

function knownOutputs({ outputs }: Walk): number {
  return [...outputs.values()].filter(({ kind }) => kind !== 'unknown').length;
}

/** Calls of one step each are nothing to fall back on where recurrent nodes, or a loop, may read a whole sequence. */
function isBetter(a: Walk, b: Walk): boolean {
  if (a.reached !== b.reached) return a.reached > b.reached;
  if (a.seen + b.seen === 0) return tellingOf(a) > tellingOf(b);
  const [one, other] = [a, b].map(({ views }) => views[0].streaming);
  if (one !== other && (a.reached > 0 || a.missed.length + b.missed.length > 0)) return other;
  if (a.idle !== b.idle) return a.idle < b.idle;
  return knownOutputs(a) > knownOutputs(b);
}

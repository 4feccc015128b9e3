/**
 * Masks of the steps whose token is 0, as Keras has them of an Embedding: which tokens are not 0, row by row in a loop, where
 * Where keeps a state as it was.
 */
import { widthOf } from '../axes';
import type { Flow } from '../draft';
import { flowFrom, wholeOf } from '../flow';
import { isOwnDomain } from '../inputs';
import { titleOf, type Node } from '../node';
import { ROUND } from '../rounds';
import { Steps } from '../scalar';
import type { Unknown, Value } from '../value';

interface Part {
  /** The tokens. */
  readonly ids: Flow;
  /** Whether it is true of those that are not 0. */
  readonly counts: boolean;
  /** Whether it is that of the round at hand. */
  readonly ofRound: boolean;
}

const parts = new WeakMap<Value, Part>();

const VIEWS: readonly string[] = [
  ...['Cast', 'Identity', 'Transpose', 'Unsqueeze', 'Squeeze', 'Reshape', 'Expand', 'Tile'],
];

/** What a node gives that does one of the steps; undefined of any other. */
export function ofStepMask(node: Node): Value | undefined {
  if (!isOwnDomain(node.proto.domain)) return undefined;
  const [a, b] = node.inputs;
  const part = a && parts.get(a);
  if (node.type === 'Where') return part?.ofRound ? kept(node, part) : undefined;
  if (node.type === 'Equal' || node.type === 'Greater') {
    const tokens = a?.kind === 'flow' && wholeOf(a)?.view && a.integer && widthOf(a) === 1 && isZero(b);
    return tokens ? step(node, { ids: a, counts: node.type === 'Greater', ofRound: false }) : undefined;
  }
  if (!part) return undefined;
  if (node.type === 'Not') return step(node, { ...part, counts: !part.counts });
  if (VIEWS.includes(node.type)) return step(node, part);
  if (node.type !== 'Gather' || !node.context.rounds || !isRound(b)) return undefined;
  node.context.rounds.read(part.ids);
  return step(node, { ...part, ofRound: true });
}

function step(node: Node, part: Part): Unknown {
  const value: Unknown = {
    kind: 'unknown',
    reason: `${titleOf(node.proto)}: it is part of a mask of steps that goes on in a way that is not known`,
    partOf: 'a mask of steps',
    from: [part.ids],
  };
  parts.set(value, part);
  return value;
}

function isZero(value: Value | undefined): boolean {
  const numbers = value?.kind === 'constant' ? (value.numbers ?? []) : [];
  return numbers.length === 1 && numbers[0] === 0;
}

function isRound(value: Value | undefined): boolean {
  const [index] = value?.kind === 'constant' ? (value.numbers ?? []) : [];
  return index instanceof Steps && index.of === ROUND && index.plus === 0;
}

/** What a step makes of a state where it counts; else the state before. */
function kept(node: Node, { ids, counts }: Part): Value | undefined {
  const { context, inputs } = node;
  const [made, before] = counts ? inputs.slice(1) : inputs.slice(1).toReversed();
  if (made?.kind !== 'flow' || before?.kind !== 'flow') return undefined;
  return context.rounds?.keptState({ ids, made, before }, () => {
    const own = { type: 'dropout', p: 0, outputSize: widthOf(made) } as const;
    return flowFrom(made, context.draft(node.layerName, [made], own, {}, { masked: made }));
  });
}

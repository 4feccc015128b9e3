/**
 * Masks of the steps whose token is 0, as Keras has them of an Embedding: which tokens are not 0, row by row in a loop, where
 * Where keeps a state as it was.
 */
import { say } from '../../../../words/say';
import { widthOf } from '../axes';
import type { Flow } from '../draft';
import { flowFrom, wholeOf } from '../flow';
import { isOwnDomain } from '../inputs';
import type { Node } from '../node';
import { ROUND } from '../rounds';
import { Steps } from '../scalar';
import type { Value } from '../value';
import { Parts } from './parts';

interface Part {
  /** The tokens. */
  readonly ids: Flow;
  /** Whether it is true of those that are not 0. */
  readonly counts: boolean;
  /** Whether it is that of the round at hand. */
  readonly ofRound: boolean;
}

const parts = new Parts<Part>(say`a mask of steps`, ({ ids }) => [ids]);

const VIEWS: readonly string[] = [
  ...['Cast', 'Identity', 'Transpose', 'Unsqueeze', 'Squeeze', 'Reshape', 'Expand', 'Tile'],
];

/** What a node gives that does one of the steps; undefined of any other. */
export function ofStepMask(node: Node): Value | undefined {
  if (!isOwnDomain(node.proto.domain)) return undefined;
  const [a, b] = node.inputs;
  const part = parts.of(a);
  if (node.type === 'Where') return part?.ofRound ? kept(node, part) : undefined;
  if (node.type === 'Equal' || node.type === 'Greater') {
    const tokens = a?.kind === 'flow' && wholeOf(a)?.view && a.integer && widthOf(a) === 1 && isZero(b);
    return tokens ? parts.step(node, { ids: a, counts: node.type === 'Greater', ofRound: false }) : undefined;
  }
  if (!part) return undefined;
  if (node.type === 'Not') return parts.step(node, { ...part, counts: !part.counts });
  if (VIEWS.includes(node.type)) return parts.step(node, part);
  if (node.type !== 'Gather' || !node.context.rounds || !isRound(b)) return undefined;
  node.context.rounds.read(part.ids);
  return parts.step(node, { ...part, ofRound: true });
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

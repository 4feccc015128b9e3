/**
 * Normalisation by the root mean square in the steps that exporters write it in before operator set 23: x / √(mean(x²) + ε),
 * or x times 1 / √(mean(x²) + ε). Each step has layers of its own too; which of them is a part is kept beside it.
 */
import { say } from '../../../../words/say';
import { widthOf } from '../axes';
import { soleOf, type Constant } from '../constant';
import type { Flow } from '../draft';
import { flowFrom, keyOf, shapeInWords } from '../flow';
import { isOwnDomain } from '../inputs';
import { shortest, type Node } from '../node';
import type { Value } from '../value';
import { reducedAxes } from './reductions';

interface Part {
  readonly is: 'square' | 'mean' | 'shifted' | 'root' | 'inverse';
  readonly of: Flow;
  readonly epsilon: number;
}

const parts = new WeakMap<Value, Part>();

/** What a node gives, the last step of a normalisation as that; `values` are what it gives by itself. */
export function withRootMeanSquare(node: Node, values: readonly Value[]): readonly Value[] {
  const [value] = values;
  if (value?.kind !== 'flow' || !isOwnDomain(node.proto.domain)) return values;
  const found = partOf(node);
  if (found && 'kind' in found) return [found];
  if (found) parts.set(value, found);
  return values;
}

function partOf(node: Node): Part | Flow | undefined {
  const [a, b] = node.inputs;
  const [x, y] = [a && parts.get(a), b && parts.get(b)];
  switch (node.type) {
    case 'Pow':
      if (a?.kind === 'flow' && isNumber(b, 2)) return { is: 'square', of: a, epsilon: 0 };
      return x?.is === 'shifted' && isNumber(b, -0.5) ? { ...x, is: 'inverse' } : undefined;
    case 'Mul':
      if (a === b && a?.kind === 'flow') return { is: 'square', of: a, epsilon: 0 };
      if (y?.is === 'inverse' && isSame(a, y.of)) return normalised(node, y);
      return x?.is === 'inverse' && isSame(b, x.of) ? normalised(node, x) : undefined;
    case 'ReduceMean':
      return x?.is === 'square' && isMeanOfUnits(node, x.of) ? { ...x, is: 'mean' } : undefined;
    case 'Add': {
      const [part, other] = x ? [x, b] : [y, a];
      const epsilon = part?.is === 'mean' ? numberOf(other) : undefined;
      return epsilon !== undefined && epsilon >= 0 ? { ...part!, is: 'shifted', epsilon } : undefined;
    }
    case 'Sqrt':
      return x?.is === 'shifted' ? { ...x, is: 'root' } : undefined;
    case 'Reciprocal':
      return x?.is === 'root' ? { ...x, is: 'inverse' } : undefined;
    case 'Div':
      if (y?.is !== 'root') return undefined;
      if (isNumber(a, 1)) return { ...y, is: 'inverse' };
      return isSame(a, y.of) ? normalised(node, y) : undefined;
    case 'Cast':
    case 'Identity':
      return x;
    default:
      return undefined;
  }
}

function numberOf(value: Value | undefined): number | undefined {
  const single = value?.kind === 'constant' && value.numbers?.length === 1;
  return single ? shortest(soleOf(value as Constant, say`a number`)) : undefined;
}

function isNumber(value: Value | undefined, number: number): boolean {
  return numberOf(value) === number;
}

/** Whether a value is a tensor, though its type may have been changed on the way. */
function isSame(value: Value | undefined, of: Flow): boolean {
  return (
    value?.kind === 'flow' &&
    keyOf(value.pieces) === keyOf(of.pieces) &&
    shapeInWords(value) === shapeInWords(of)
  );
}

/** Over all units of a step, which stand on the last axis. */
function isMeanOfUnits(node: Node, { axes, ...x }: Flow): boolean {
  const last = axes.length - 1;
  const reduced = reducedAxes(node, axes.length);
  const rest = axes.every(({ of }, axis) => of !== 'units' || axis === last);
  const keeps = node.integer('keepdims', 1) !== 0;
  return keeps && reduced.length === 1 && reduced[0] === last && rest && widthOf({ ...x, axes }) > 1;
}

function normalised(node: Node, { of, epsilon }: Part): Flow {
  const outputSize = widthOf(of);
  const own = { type: 'rms_norm', epsilon, outputSize, fixed: ['weight'] } as const;
  const weight = async () => new Float32Array(outputSize).fill(1);
  return flowFrom(of, node.context.draft(node.layerName, [of], own, { weight }));
}

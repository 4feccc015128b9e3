/**
 * Layer normalisation in the steps that exporters write it in before operator set 17: d = x − mean(x),
 * y = d / √(mean(d²) + ε); or, as TensorFlow has it, y = x r + (β − mean(x) r) with r = γ / √(mean(d²) + ε). The steps
 * between have no layers of their own; they are known by what they are part of.
 */
import { say } from '../../../../words/say';
import { soleOf, type Constant } from '../constant';
import { flowFrom } from '../flow';
import { widthOf } from '../axes';
import type { Flow } from '../draft';
import { isOwnDomain } from '../inputs';
import { shortest, type Node } from '../node';
import type { Value } from '../value';
import { affine, alongUnits } from './arithmetic';
import { OPERATORS } from './index';
import { reducedAxes } from './reductions';
import { Parts } from './parts';

type Part =
  | { readonly is: 'mean' | 'negated' | 'centred' | 'squared' | 'variance'; readonly of: Flow }
  | { readonly is: 'shifted' | 'deviation'; readonly of: Flow; readonly epsilon: number }
  | Factor
  | { readonly is: 'scaled'; readonly of: Flow; readonly by: Factor }
  | Offset;

/** r = γ / √(mean(d²) + ε). */
interface Factor {
  readonly is: 'factor';
  readonly of: Flow;
  readonly epsilon: number;
  readonly scale?: Constant;
}

/** β ± mean(x) r. */
interface Offset {
  readonly is: 'offset';
  readonly of: Flow;
  readonly by: Factor;
  readonly sign: 1 | -1;
  readonly shift?: Constant;
}

const parts = new Parts<Part>(say`a layer normalisation`, ({ of }) => [of]);

/** What a node gives that does one of the steps; undefined of any other. */
export function ofLayerNorm(node: Node): Value | undefined {
  const [a, b] = node.inputs;
  if (!a || !isOwnDomain(node.proto.domain)) return undefined;
  const part = parts.of(a);
  const by = parts.of(b);
  switch (node.type) {
    case 'ReduceMean':
      if (a.kind === 'flow') return meanOf(node, a);
      return part?.is === 'squared' && onLastAxis(node, part.of)
        ? parts.step(node, { ...part, is: 'variance' })
        : undefined;
    case 'Neg':
      return negatedOf(node, part);
    case 'Sub':
      if (by?.is === 'mean' && by.of === a) return parts.step(node, { is: 'centred', of: by.of });
      return differenceOf(node, a, by);
    case 'Pow':
      return part?.is === 'centred' && b?.kind === 'constant' && soleOf(b, say`the exponent`) === 2
        ? parts.step(node, { ...part, is: 'squared' })
        : undefined;
    case 'Mul':
      return b && (productOf(node, part, b) ?? productOf(node, by, a));
    case 'Add':
      return b && (sumOf(node, part, b) ?? sumOf(node, by, a));
    case 'Sqrt':
      return part?.is === 'shifted' ? parts.step(node, { ...part, is: 'deviation' }) : undefined;
    case 'Reciprocal':
      return part?.is === 'deviation' ? parts.step(node, { ...part, is: 'factor' }) : undefined;
    case 'Div':
      if (by?.is !== 'deviation') return undefined;
      if (a.kind === 'constant') return parts.step(node, { ...by, is: 'factor', scale: a });
      return part?.is === 'centred' && by.of === part.of ? normalised(node, by) : undefined;
    default:
      return undefined;
  }
}

/** The negative of the mean is a layer too, as the mean is. */
function negatedOf(node: Node, part: Part | undefined): Value | undefined {
  if (part?.is === 'offset' && !part.shift)
    return parts.step(node, { ...part, sign: part.sign === 1 ? -1 : 1 });
  if (part?.is !== 'mean') return undefined;
  const [negated] = OPERATORS.get('Neg')!(node);
  parts.mark(negated, { is: 'negated', of: part.of });
  return negated;
}

/** A part times a value, which may be another part. */
function productOf(node: Node, part: Part | undefined, value: Value): Value | undefined {
  const other = parts.of(value);
  if (part?.is === 'centred' && other?.is === 'centred' && other.of === part.of)
    return parts.step(node, { ...part, is: 'squared' });
  if (part?.is !== 'factor') return undefined;
  const { of } = part;
  if (value.kind === 'constant') return part.scale ? undefined : parts.step(node, { ...part, scale: value });
  if (value === of) return parts.step(node, { is: 'scaled', of, by: part });
  if (other?.of !== of) return undefined;
  if (other.is === 'centred') return normalised(node, part);
  if (other.is !== 'mean' && other.is !== 'negated') return undefined;
  return parts.step(node, { is: 'offset', of, by: part, sign: other.is === 'mean' ? 1 : -1 });
}

/** A part plus a value, which may be another part. */
function sumOf(node: Node, part: Part | undefined, value: Value): Value | undefined {
  if (part?.is === 'variance' && value.kind === 'constant')
    return parts.step(node, { is: 'shifted', of: part.of, epsilon: shortest(soleOf(value, 'epsilon')) });
  if (part?.is !== 'offset' || part.sign === 1) return undefined;
  if (value.kind === 'constant') return part.shift ? undefined : parts.step(node, { ...part, shift: value });
  const other = parts.of(value);
  return other?.is === 'scaled' && other.by === part.by ? normalised(node, part.by, part.shift) : undefined;
}

/** β − mean(x) r, or x r − mean(x) r. */
function differenceOf(node: Node, value: Value, part: Part | undefined): Value | undefined {
  if (part?.is !== 'offset' || part.sign === -1) return undefined;
  if (value.kind === 'constant') return parts.step(node, { ...part, sign: -1, shift: value });
  const other = parts.of(value);
  return other?.is === 'scaled' && other.by === part.by ? normalised(node, part.by) : undefined;
}

/** A mean over units is a layer too; that it may be part of a normalisation is kept beside it. */
function meanOf(node: Node, x: Flow): Value | undefined {
  if (!onLastAxis(node, x)) return undefined;
  const [mean] = OPERATORS.get('ReduceMean')!(node);
  parts.mark(mean, { is: 'mean', of: x });
  return mean;
}

function onLastAxis(node: Node, x: Flow): boolean {
  const last = x.axes.length - 1;
  const axes = reducedAxes(node, x.axes.length);
  const rest = x.axes.every(({ of }, axis) => of !== 'units' || axis === last);
  return axes.length === 1 && axes[0] === last && rest && widthOf(x) > 1;
}

function normalised(
  node: Node,
  { of: x, epsilon, scale }: Pick<Factor, 'of' | 'epsilon' | 'scale'>,
  shift?: Constant,
): Flow {
  const outputSize = widthOf(x);
  const own = { type: 'layer_norm', epsilon, bias: false, outputSize, fixed: ['weight'] } as const;
  const weight = async () => new Float32Array(outputSize).fill(1);
  const plain = flowFrom(x, node.context.draft(node.layerName, [x], own, { weight }));
  const after = {
    ...(scale && { scale: alongUnits(scale, x) }),
    ...(shift && { shift: alongUnits(shift, x) }),
  };
  return affine(node, plain, after, true);
}

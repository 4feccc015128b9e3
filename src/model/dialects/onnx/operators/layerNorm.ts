/**
 * Layer normalisation in the steps that exporters write it in before operator set 17: d = x − mean(x),
 * y = d / √(mean(d²) + ε). The steps between have no layers of their own; they are known by what they are part of.
 */
import { soleOf } from '../constant';
import { flowFrom } from '../flow';
import { widthOf } from '../axes';
import type { Flow } from '../draft';
import { isOwnDomain } from '../inputs';
import { shortest, type Node } from '../node';
import type { Value } from '../value';
import { OPERATORS } from './index';
import { reducedAxes } from './reductions';
import { Parts } from './parts';

type Part =
  | { readonly is: 'mean' | 'centred' | 'squared' | 'variance'; readonly of: Flow }
  | { readonly is: 'shifted' | 'deviation'; readonly of: Flow; readonly epsilon: number };

const parts = new Parts<Part>('a layer normalisation', ({ of }) => [of]);

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
    case 'Sub':
      return by?.is === 'mean' && by.of === a ? parts.step(node, { is: 'centred', of: by.of }) : undefined;
    case 'Pow':
      return part?.is === 'centred' && b?.kind === 'constant' && soleOf(b, 'the exponent') === 2
        ? parts.step(node, { ...part, is: 'squared' })
        : undefined;
    case 'Mul':
      return part?.is === 'centred' && by?.is === 'centred' && by.of === part.of
        ? parts.step(node, { ...part, is: 'squared' })
        : undefined;
    case 'Add':
      return part?.is === 'variance' && b?.kind === 'constant'
        ? parts.step(node, { is: 'shifted', of: part.of, epsilon: shortest(soleOf(b, 'epsilon')) })
        : undefined;
    case 'Sqrt':
      return part?.is === 'shifted' ? parts.step(node, { ...part, is: 'deviation' }) : undefined;
    case 'Div':
      return part?.is === 'centred' && by?.is === 'deviation' && by.of === part.of
        ? normalised(node, part.of, by.epsilon)
        : undefined;
    default:
      return undefined;
  }
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

function normalised(node: Node, x: Flow, epsilon: number): Flow {
  const outputSize = widthOf(x);
  const own = { type: 'layer_norm', epsilon, bias: false, outputSize, fixed: ['weight'] } as const;
  const weight = async () => new Float32Array(outputSize).fill(1);
  return flowFrom(x, node.context.draft(node.layerName, [x], own, { weight }));
}

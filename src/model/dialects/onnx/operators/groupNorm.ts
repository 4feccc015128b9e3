/**
 * Normalisation of channels, or of groups of them, over all steps; also as exporters write it of groups before operator set 18:
 * Reshape [1, groups, −1], InstanceNormalization, Reshape back. The steps between are known by what they are part of.
 */
import { say } from '../../../../words/say';
import { elementCount } from '../../../weights';
import { reshaped, remapped, type Constant } from '../constant';
import { flowFrom, shapeInWords, sizeOf } from '../flow';
import { widthOf } from '../axes';
import type { Flow } from '../draft';
import { sameScalar } from '../scalar';
import { Unsupported } from '../unsupported';
import { isOwnDomain } from '../inputs';
import type { Node } from '../node';
import type { Value } from '../value';
import { alongUnits } from './arithmetic';
import { expectation } from './operator';
import { Parts } from './parts';

type Part =
  | { readonly is: 'grouped'; readonly of: Flow; readonly groups: number }
  | { readonly is: 'normalised'; readonly of: Flow };

const parts = new Parts<Part>(say`a normalisation of groups`, ({ of }) => [of]);

/** What a node gives that does one of the steps; undefined of any other. */
export function ofGroupNorm(node: Node): Value | undefined {
  const [a, shape] = node.inputs;
  const part = parts.of(a);
  if (!a || !isOwnDomain(node.proto.domain)) return undefined;
  if (node.type === 'InstanceNormalization' && part?.is === 'grouped') {
    const { of, groups } = part;
    const [scale, bias] = [node.constant(1), node.constant(2)];
    return parts.step(node, { is: 'normalised', of: normalised(node, of, groups, scale, bias) });
  }
  if (node.type !== 'Reshape' || shape?.kind !== 'constant' || !shape.numbers) return undefined;
  if (part?.is === 'normalised') {
    const { of } = part;
    const same = shape.numbers.every(
      (size, axis) => size === -1 || (of.axes[axis] && sameScalar(size, sizeOf(of.axes[axis], of))),
    );
    return same && shape.numbers.length === of.axes.length ? of : undefined;
  }
  const [batch, groups, rest, ...more] = shape.numbers;
  const known = (batch === 0 || batch === 1) && rest === -1 && more.length === 0;
  if (a.kind !== 'flow' || !known || typeof groups !== 'number') return undefined;
  const channels = channelsOf(a);
  const mixes = channels !== undefined && a.rows !== undefined && groups >= 1 && channels % groups === 0;
  return mixes && groups < widthOf(a) ? parts.step(node, { is: 'grouped', of: a, groups }) : undefined;
}

/** Of [1, channels, …]; undefined of other tensors. */
function channelsOf({ axes }: Flow): number | undefined {
  const [batch, channels] = axes;
  if (axes.length < 2 || batch.of !== 'one' || channels.of === 'rows') return undefined;
  return channels.of === 'units' ? channels.size : 1;
}

/** Scale and bias have a number for each channel or for each group. */
function normalised(node: Node, x: Flow, groups: number, scale: Constant, bias: Constant): Flow {
  const channels = channelsOf(x);
  if (channels === undefined) throw expectation('[1, channels, steps]', shapeInWords(x));
  if (node.context.streaming)
    throw new Unsupported(say`it normalises over all that a call is given, which here is one step`);
  if (!(groups >= 1 && channels % groups === 0))
    throw new Unsupported(say`${channels} channels do not make ${groups} groups of the same size`);
  const wide = (value: Constant, at: number) => {
    const count = elementCount(value.shape);
    if (count !== channels && count !== groups)
      throw new Unsupported(say`expected ${channels} numbers as its input ${at}, found ${count}`);
    const each = remapped(value, [channels], (channel) => Math.floor((channel * count) / channels));
    return alongUnits(
      reshaped(
        each,
        x.axes.slice(1).map((_, axis) => (axis === 0 ? channels : 1)),
      ),
      x,
    );
  };
  const [weight, shift] = [wide(scale, 2), wide(bias, 3)];
  const epsilon = node.float('epsilon', 1e-5);
  const own = { type: 'group_norm', groups, epsilon, bias: true, outputSize: widthOf(x) } as const;
  const tensors = { weight: () => weight.floats(), bias: () => shift.floats() };
  return flowFrom(x, node.context.draft(node.layerName, [x], own, tensors));
}

/** Of each channel by itself. */
export function instanceNorm(node: Node): Value[] {
  const x = node.flow(0);
  return [normalised(node, x, channelsOf(x) ?? 1, node.constant(1), node.constant(2))];
}

export function groupNorm(node: Node): Value[] {
  const groups = node.integer('num_groups', 0);
  return [normalised(node, node.flow(0), groups, node.constant(1), node.constant(2))];
}

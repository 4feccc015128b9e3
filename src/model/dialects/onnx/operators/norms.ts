/** Normalisation. */
import { say } from '../../../../words/say';
import { elementCount } from '../../../weights';
import { expanded, reshaped } from '../constant';
import { flowFrom, shapeInWords } from '../flow';
import { widthOf } from '../axes';
import type { Flow } from '../draft';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import type { Value } from '../value';
import { alongUnits } from './arithmetic';
import { groupNorm, instanceNorm } from './groupNorm';
import { checkedAxis, expectation, type Operators } from './operator';

/** Of the channels, which are axis 1; the height of an image repeats their numbers. */
function batchNorm(node: Node): Value[] {
  const x = node.flow(0);
  const outputSize = widthOf(x);
  const [, channels] = x.axes;
  if (node.integer('training_mode', 0) !== 0) throw new Unsupported(say`it is trained still`);
  if (!channels || channels.of === 'rows') throw expectation('[1, channels, steps]', shapeInWords(x));
  const count = channels.of === 'units' ? channels.size : 1;
  const names = ['weight', 'bias', 'running_mean', 'running_var'];
  const tensors = names.map((name, k) => {
    const value = node.constant(k + 1);
    if (elementCount(value.shape) !== count) {
      throw new Unsupported(
        say`expected ${count} numbers as its input ${k + 2}, found [${value.shape.join(', ')}]`,
      );
    }
    const wide = alongUnits(
      reshaped(
        value,
        x.axes.slice(1).map((_, axis) => (axis === 0 ? count : 1)),
      ),
      x,
    );
    return [name, () => wide.floats()];
  });
  const own = { type: 'batch_norm', epsilon: node.float('epsilon', 1e-5), outputSize } as const;
  return [flowFrom(x, node.context.draft(node.layerName, [x], own, Object.fromEntries(tensors)))];
}

/** How many units the last axes have, which must be all that a step has. */
function checkedUnits(node: Node, x: Flow): number {
  const axis = checkedAxis(node.integer('axis', -1), x.axes.length);
  const fits = x.axes.every(({ of }, k) => of === 'one' || (of === 'units') === k >= axis);
  if (!fits) throw new Unsupported(say`axes from ${axis} of ${shapeInWords(x)} are not all units of a step`);
  return widthOf(x);
}

function layerNorm(node: Node): Value[] {
  const x = node.flow(0);
  const outputSize = checkedUnits(node, x);
  const scale = reshaped(node.constant(1), [outputSize]);
  const given = node.optionalConstant(2);
  const bias = given && reshaped(given, [outputSize]);
  const epsilon = node.float('epsilon', 1e-5);
  const own = { type: 'layer_norm', epsilon, bias: bias !== undefined, outputSize } as const;
  const tensors = { weight: () => scale.floats(), ...(bias && { bias: () => bias.floats() }) };
  return [flowFrom(x, node.context.draft(node.layerName, [x], own, tensors))];
}

function rmsNorm(node: Node): Value[] {
  const x = node.flow(0);
  const outputSize = checkedUnits(node, x);
  const scale = node.constant(1);
  const weight =
    elementCount(scale.shape) === 1 ? expanded(scale, [outputSize]) : reshaped(scale, [outputSize]);
  const own = { type: 'rms_norm', epsilon: node.float('epsilon', 1e-5), outputSize } as const;
  return [flowFrom(x, node.context.draft(node.layerName, [x], own, { weight: () => weight.floats() }))];
}

export const NORMS: Operators = {
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  RMSNormalization: rmsNorm,
  InstanceNormalization: instanceNorm,
  GroupNormalization: groupNorm,
};

/** Nonlinearities: of the layer before where it has none yet, else layers of their own. */
import { say } from '../../../../words/say';
import type { Activation } from '../../../network';
import { ROUND } from '../rounds';
import { numbersOf, scalarsOf, soleOf, type Constant } from '../constant';
import { flowFrom, shapeInWords, wholeOf } from '../flow';
import { widthOf } from '../axes';
import type { Flow } from '../draft';
import { Unsupported } from '../unsupported';
import type { Scalar } from '../scalar';
import type { Node } from '../node';
import type { Value } from '../value';
import { affine, alongUnits, merged } from './arithmetic';
import { clipped } from './elementwise';
import { view, type Operators } from './operator';

function activated(node: Node, x: Flow, activation: Activation): Flow {
  if (activation === 'none') return x;
  const { context } = node;
  const draft = node.readsAlone(0) ? wholeOf(x) : undefined;
  const own = draft?.own;
  if (
    draft &&
    (own?.type === 'linear' || own?.type === 'conv1d' || own?.type === 'conv2d') &&
    own.activation === 'none'
  ) {
    return flowFrom(x, context.draft(draft.wanted, draft.inputs, { ...own, activation }, draft.tensors));
  }
  return flowFrom(
    x,
    context.draft(node.layerName, [x], { type: 'activation', activation, outputSize: widthOf(x) }),
  );
}

function unary(activation: (node: Node) => Activation): (node: Node) => Value[] {
  return (node) => [activated(node, node.flow(0), activation(node))];
}

/** Over all units, as a layer has it: which axes that is has changed with operator set 13. */
function overUnits(activation: 'softmax' | 'log_softmax'): (node: Node) => Value[] {
  return (node) => {
    const x = node.flow(0);
    const flattens = node.context.opset < 13;
    const rank = x.axes.length;
    const at = node.integer('axis', flattens ? 1 : -1);
    const axis = at < 0 ? at + rank : at;
    const inside = x.axes.map(({ of }, k) => ({ of, taken: flattens ? k >= axis : k === axis }));
    if (inside.every(({ of, taken }) => of === 'one' || taken === (of === 'units'))) {
      return [activated(node, x, activation)];
    }
    throw new Unsupported(say`axis ${at} of ${shapeInWords(x)} is not all units of a step`);
  };
}

/** Of a small tensor, such as an index that must not fall below 0: what is known of it stays known. */
function clippedConstant(node: Node, x: Constant): Constant {
  const bound = (index: number, name: string, otherwise: number) => {
    const given = node.optionalConstant(index);
    return given ? soleOf(given, name) : node.float(name, otherwise);
  };
  const [least, most] = [bound(1, 'min', -Infinity), bound(2, 'max', Infinity)];
  const numbers = scalarsOf(x, say`a tensor`).map((value): Scalar => {
    if (typeof value === 'number') return Math.min(Math.max(value, least), most);
    // There is one step at least.
    return value && value.of !== ROUND && 1 + value.plus >= least && most === Infinity ? value : undefined;
  });
  return numbersOf(x.shape, x.integer, numbers);
}

/** As a hard tanh, a relu or a hard sigmoid, or within other bounds. */
function clip(node: Node, x: Flow): Flow {
  const bound = (index: number, name: string, otherwise: number) => {
    const given = node.optionalConstant(index);
    return given ? soleOf(given, name) : node.float(name, otherwise);
  };
  const [least, most] = [bound(1, 'min', -Infinity), bound(2, 'max', Infinity)];
  if (least === -1 && most === 1) return activated(node, x, 'hard_tanh');
  if (least === 0 && most === 1) return activated(node, x, { kind: 'hard_sigmoid', alpha: 1, beta: 0 });
  return least === 0 && most >= 3e38 ? activated(node, x, 'relu') : clipped(node, x, least, most);
}

/** A leaky relu where all units have the same slope; else the parts above and below 0, put together. */
function prelu(node: Node): Value[] {
  const x = node.flow(0);
  const slopes = node.constant(1);
  const alpha = slopes.numbers?.[0];
  if (typeof alpha === 'number' && slopes.numbers!.every((slope) => slope === alpha))
    return [activated(node, x, { kind: 'leaky_relu', alpha })];
  const below = clipped(node, x, -Infinity, 0);
  const scaled = affine(node, below, { scale: alongUnits(slopes, x) }, false);
  return [merged(node, 'add', [clipped(node, x, 0, Infinity), scaled])];
}

const SELU = { alpha: 1.6732632423543772, gamma: 1.0507009873554805 };

function selu(node: Node): Activation {
  const near = (name: 'alpha' | 'gamma') => Math.abs(node.float(name, SELU[name]) - SELU[name]) < 1e-4;
  if (near('alpha') && near('gamma')) return 'selu';
  throw new Unsupported(say`its alpha and gamma are not those of SELU`);
}

export const ACTIVATIONS: Operators = {
  Relu: unary(() => 'relu'),
  Tanh: unary(() => 'tanh'),
  Sigmoid: unary(() => 'sigmoid'),
  Softsign: unary(() => 'softsign'),
  Softplus: unary(() => 'softplus'),
  Selu: unary(selu),
  Elu: unary((node) => ({ kind: 'elu', alpha: node.float('alpha', 1) })),
  LeakyRelu: unary((node) => ({ kind: 'leaky_relu', alpha: node.float('alpha', 0.01) })),
  HardSigmoid: unary((node) => ({
    kind: 'hard_sigmoid',
    alpha: node.float('alpha', 0.2),
    beta: node.float('beta', 0.5),
  })),
  PRelu: prelu,
  Clip: view({ flow: clip, constant: clippedConstant }),
  Softmax: overUnits('softmax'),
  LogSoftmax: overUnits('log_softmax'),
};

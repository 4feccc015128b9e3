/** Functions of every number by itself that are layers of their own. */
import { say } from '../../../../words/say';
import type { ClipLayer, ElementFunction, ElementwiseLayer, PowerLayer } from '../../../network';
import { mapped, soleOf } from '../constant';
import type { Own, Flow } from '../draft';
import { flowFrom } from '../flow';
import { widthOf } from '../axes';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import type { Value } from '../value';
import { view, type Operators } from './operator';

type Plain = Own<ElementwiseLayer | PowerLayer | ClipLayer>;
type Sizeless<T> = T extends Plain ? Omit<T, 'outputSize'> : never;

/** A layer of its own, named by the node. */
export function byElements(node: Node, x: Flow, own: Sizeless<Plain>): Flow {
  const whole = { ...own, outputSize: widthOf(x) } as Plain;
  return flowFrom(x, node.context.draft(node.layerName, [x], whole));
}

export function reciprocal(node: Node, x: Flow): Flow {
  return byElements(node, x, { type: 'elementwise', function: 'reciprocal' });
}

/** `onConstant` is the same of a number that the file holds. */
function of(name: ElementFunction, onConstant: (x: number) => number) {
  return view({
    flow: (node, x) => byElements(node, x, { type: 'elementwise', function: name }),
    constant: (_, x) => mapped(x, x.integer, onConstant),
  });
}

function ofFlow(name: (node: Node) => ElementFunction): (node: Node) => Value[] {
  return (node) => [byElements(node, node.flow(0), { type: 'elementwise', function: name(node) })];
}

/** Swish, by operator set 24, with a slope inside the sigmoid. */
function swish(node: Node): ElementFunction {
  const alpha = node.float('alpha', 1);
  if (alpha === 1) return 'silu';
  throw new Unsupported(say`its alpha is ${alpha}, and that of a layer is 1`);
}

export function raised(node: Node): Value[] {
  const x = node.flow(0);
  const exponent = soleOf(node.constant(1), say`the exponent`);
  return [exponent === 1 ? x : byElements(node, x, { type: 'power', exponent })];
}

/** Bounds beyond what float32 holds are none. */
export function clipped(node: Node, x: Flow, least: number, most: number): Flow {
  const far = 3e38;
  return byElements(node, x, {
    type: 'clip',
    ...(least > -far && { min: least }),
    ...(most < far && { max: most }),
  });
}

export const ELEMENTWISE: Operators = {
  Abs: of('abs', Math.abs),
  Exp: of('exp', Math.exp),
  Log: of('log', Math.log),
  Sqrt: of('sqrt', Math.sqrt),
  Reciprocal: of('reciprocal', (x) => 1 / x),
  Sin: of('sin', Math.sin),
  Cos: of('cos', Math.cos),
  Erf: ofFlow(() => 'erf'),
  Gelu: ofFlow((node) => (node.text('approximate', 'none') === 'tanh' ? 'gelu_tanh' : 'gelu')),
  Mish: ofFlow(() => 'mish'),
  HardSwish: ofFlow(() => 'hard_swish'),
  Swish: ofFlow(swish),
};

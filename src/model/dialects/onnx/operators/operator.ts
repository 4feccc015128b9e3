import { say } from '../../../../words/say';
import { filled, type Constant } from '../constant';
import type { Flow } from '../draft';
import { Unsupported } from '../unsupported';
import { Node } from '../node';
import type { Given, Value } from '../value';

/** What a node gives, output by output. Throws `Unsupported` for what cannot be expressed. */
export type Operator = (node: Node) => readonly Value[];

export type Operators = Readonly<Record<string, Operator>>;

/** An operator that only looks at its first input in another way; views of a graph input are that input. */
export function view(of: {
  flow(node: Node, x: Flow): Value;
  constant(node: Node, x: Constant): Value;
}): Operator {
  const look: Operator = (node) => {
    const [x] = node.inputs;
    if (x?.kind === 'constant') return [of.constant(node, x)];
    return x?.kind === 'given' ? viewsOf(node, x, look) : [of.flow(node, node.flow(0))];
  };
  return look;
}

/** Throws `Unsupported` of an operator that is done of numbers that the file holds, and of no others. */
export function refuseFlows({ inputs }: Node): void {
  if (inputs.some((value) => value?.kind === 'flow'))
    throw new Unsupported(say`the operator is not supported for what depends on the sequence`);
}

/** A graph input in the forms that an operator gives it, with the shapes that it gives constants. */
export function viewsOf(node: Node, { kind, name, shape }: Given, operator: Operator): readonly Given[] {
  const shapes = shape ? shapesOf(node, shape, operator) : [];
  return Array.from({ length: node.outputCount }, (_, k) => ({
    ...{ kind, name },
    ...(shapes[k] && { shape: shapes[k] }),
  }));
}

function shapesOf(
  node: Node,
  shape: readonly number[],
  operator: Operator,
): (readonly number[] | undefined)[] {
  try {
    const [, ...more] = node.inputs;
    const same = new Node(node.proto, [filled(shape, false, 0), ...more], node.context);
    return operator(same).map((value) => (value.kind === 'constant' ? value.shape : undefined));
  } catch (error) {
    if (error instanceof Unsupported) return [];
    throw error;
  }
}

export function checkedAxis(axis: number, rank: number): number {
  const found = axis < 0 ? axis + rank : axis;
  if (found >= 0 && found < rank) return found;
  throw new Unsupported(say`there is no axis ${axis} of ${rank}`);
}

export function checkedAxes(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => checkedAxis(axis, rank));
}

/** `expected [steps, 1, 3], found …` is easier to read than that the ranks differ. */
export function expectation(expected: string, found: string): Unsupported {
  return new Unsupported(say`expected ${expected}, found ${found}`);
}

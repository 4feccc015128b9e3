/** Sums and products: of constants, of what the sequence gives with constants, and of two such. */
import { say } from '../../../../words/say';
import { elementCount } from '../../../weights';
import {
  broadcastShape,
  combined,
  expanded,
  filled,
  mapped,
  numbersOf,
  reshaped,
  shifted,
  soleOf,
  type Constant,
} from '../constant';
import type { LayerNormLayer, RmsNormLayer } from '../../../network';
import type { ParameterKind } from '../../../parameterKinds';
import { ROUND, type Rounds } from '../rounds';
import type { Affine, Draft, Own, Flow } from '../draft';
import { flowFrom, onlyRow, repeatedUnits, sameRows, shapeInWords, sizeOf, wholeOf } from '../flow';
import { ONE, widthOf } from '../axes';
import { Steps, type Scalar } from '../scalar';
import { Unsupported } from '../unsupported';
import { titleOf, type Context, type Node } from '../node';
import type { Unknown, Value } from '../value';
import { clipped, raised, reciprocal } from './elementwise';
import { refuseFlows, type Operators } from './operator';

type Apply = (a: number, b: number) => number;

const truth = (value: boolean) => (value ? 1 : 0);

/** On constants alone. */
const ON_CONSTANTS: Readonly<Record<string, Apply>> = {
  Pow: (a, b) => a ** b,
  Mod: (a, b) => a - b * Math.floor(a / b),
  Equal: (a, b) => truth(a === b),
  Greater: (a, b) => truth(a > b),
  GreaterOrEqual: (a, b) => truth(a >= b),
  Less: (a, b) => truth(a < b),
  LessOrEqual: (a, b) => truth(a <= b),
  And: (a, b) => truth(a !== 0 && b !== 0),
  Or: (a, b) => truth(a !== 0 || b !== 0),
  Min: Math.min,
  Max: Math.max,
};

const OF_ONE: Readonly<Record<string, (x: number) => number>> = {
  Not: (x) => truth(x === 0),
  Floor: Math.floor,
  Ceil: Math.ceil,
};

/** What is known of a result that involves the number of steps, which is 1 at least. */
function comparedWithSteps(a: Scalar, b: Scalar): Scalar {
  const [steps, number] = a instanceof Steps ? [a, b] : [b, a];
  return steps instanceof Steps &&
    steps.of !== ROUND &&
    steps.plus >= 0 &&
    typeof number === 'number' &&
    number < 1
    ? 0
    : undefined;
}

function onConstants(type: string, apply: Apply): (node: Node) => Value[] {
  const integer = !['Pow', 'Min', 'Max', 'Mod'].includes(type);
  return (node) => {
    const asked = askedOf(node) ?? onFlow(node, type);
    if (asked) return [asked];
    refuseFlows(node);
    const [a, b] = [node.constant(0), node.constant(1)];
    const symbolic = (p: Scalar, q: Scalar) =>
      type === 'Equal' ? comparedWithSteps(p, q) : comparedWithRound(type, p, q, node.context.rounds);
    return [combined(a, b, integer || a.integer, apply, symbolic)];
  };
}

/** Whether the number of the round at hand is below a number in all rounds, as of the steps that count, or never is. */
function comparedWithRound(type: string, a: Scalar, b: Scalar, rounds: Rounds | undefined): Scalar {
  const less = { Less: true, LessOrEqual: true, Greater: false, GreaterOrEqual: false }[type];
  const size = rounds?.count;
  if (less === undefined || size === undefined) return undefined;
  const [first, second] = [a, b].map((one) => one instanceof Steps && one.of === ROUND);
  if (first === second) return undefined;
  const [round, other] = first ? [a as Steps, b] : [b as Steps, a];
  // The last round, and how far the number lies above it.
  const above = shifted(other, shifted(size, 1 - round.plus, -1), -1);
  if (typeof above !== 'number') return undefined;
  const isBelow = first === less;
  const strict = type === 'Less' || type === 'Greater';
  const always = isBelow === strict ? above >= 1 : above >= 0;
  return always ? truth(isBelow) : undefined;
}

/** A power of what the sequence gives, or that kept above or below a number. */
function onFlow(node: Node, type: string): Value | undefined {
  const [a, b] = node.inputs;
  if (type === 'Pow') return a?.kind === 'flow' ? raised(node)[0] : undefined;
  if (type !== 'Min' && type !== 'Max') return undefined;
  const [flow, bound] = a?.kind === 'flow' ? [a, b] : [b, a];
  if (flow?.kind !== 'flow' || bound?.kind !== 'constant') return undefined;
  const value = soleOf(bound, say`a bound`);
  return type === 'Max' ? clipped(node, flow, value, Infinity) : clipped(node, flow, -Infinity, value);
}

/** A graph input that is compared with a number. */
function askedOf({ inputs, proto }: Node): Unknown | undefined {
  const [a, b] = inputs;
  const [given, other] = a?.kind === 'given' ? [a, b] : [b, a];
  const [value] = other?.kind === 'constant' && elementCount(other.shape) === 1 ? (other.numbers ?? []) : [];
  if (given?.kind !== 'given' || typeof value !== 'number') return undefined;
  const { name } = given;
  const reason = say`${titleOf(proto)}: the input ${JSON.stringify(name)} is known only when the model runs`;
  return { kind: 'unknown', reason, asks: { name, values: [value] } };
}

interface Arithmetic {
  readonly apply: Apply;
  symbolic(a: Scalar, b: Scalar): Scalar;
  /** What a constant on the right, or on the left, does to what the sequence gives. */
  right(constant: Constant): Affine;
  left(constant: Constant): Affine;
  readonly mode: 'add' | 'multiply';
  /** Whether the second of two is turned to its negative first. */
  readonly negated?: boolean;
}

const scalar = (value: number) => numbersOf([], false, [value]);
const negative = (value: Constant) => mapped(value, value.integer, (x) => -x);
const byZeroOrOne = (a: Scalar, b: Scalar): Scalar => {
  if (a === 0 || b === 0) return 0;
  return b === 1 ? a : a === 1 ? b : undefined;
};

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  Add: {
    apply: (a, b) => a + b,
    symbolic: (a, b) => shifted(a, b, 1),
    right: (shift) => ({ shift }),
    left: (shift) => ({ shift }),
    mode: 'add',
  },
  Sub: {
    apply: (a, b) => a - b,
    symbolic: (a, b) => shifted(a, b, -1),
    right: (shift) => ({ shift: negative(shift) }),
    left: (shift) => ({ scale: scalar(-1), shift }),
    mode: 'add',
    negated: true,
  },
  Mul: {
    apply: (a, b) => a * b,
    symbolic: byZeroOrOne,
    right: (scale) => ({ scale }),
    left: (scale) => ({ scale }),
    mode: 'multiply',
  },
  Div: {
    apply: (a, b) => a / b,
    symbolic: (a, b) => (b === 1 ? a : undefined),
    right: (scale) => ({ scale: mapped(scale, false, (x) => 1 / x) }),
    left: (scale) => ({ scale }),
    mode: 'multiply',
  },
};

function arithmetic(type: string, one: Arithmetic): (node: Node) => Value[] {
  return (node) => {
    const [a, b] = node.inputs;
    if (type === 'Mul') {
      const [given, by] = a?.kind === 'given' ? [a, b] : [b, a];
      if (given?.kind === 'given' && by?.kind === 'constant' && isAll(by, 0, false))
        return [filled(broadcastShape(given.shape ?? [], by.shape), by.integer, 0)];
    }
    if (a?.kind === 'constant' && b?.kind === 'constant') {
      const integer = a.integer && b.integer;
      const apply: Apply = type === 'Div' && integer ? (x, y) => Math.trunc(x / y) : one.apply;
      return [combined(a, b, integer, apply, one.symbolic)];
    }
    if (b?.kind === 'constant') return [scaled(node, node.flow(0), node.readsAlone(0), one.right(b))];
    if (type === 'Div') return [divided(node, a)];
    if (a?.kind === 'constant') return [scaled(node, node.flow(1), node.readsAlone(1), one.left(a))];
    const [x, y] = [node.flow(0), node.flow(1)];
    return [merged(node, one.mode, [x, one.negated ? affine(node, y, { scale: scalar(-1) }, false) : y])];
  };
}

/** Something divided by what the sequence gives: times its reciprocal. */
function divided(node: Node, a: Value | undefined): Flow {
  const inverse = reciprocal(node, node.flow(1));
  return a?.kind === 'constant'
    ? scaled(node, inverse, false, { scale: a })
    : merged(node, 'multiply', [node.flow(0), inverse]);
}

/** Scaled and shifted by numbers that go with the units. */
function scaled(node: Node, x: Flow, readsAlone: boolean, { scale, shift }: Affine): Flow {
  const given = scale ?? shift!;
  const rank = Math.max(x.axes.length, given.shape.length);
  const axes = [...Array.from({ length: rank - x.axes.length }, () => ONE), ...x.axes];
  const wide = { ...x, axes };
  const whole: Affine = {
    ...(scale && { scale: alongUnits(scale, wide) }),
    ...(shift && { shift: alongUnits(shift, wide) }),
  };
  return affine(node, wide, whole, readsAlone);
}

/** A constant as one number for each unit. Throws `Unsupported` if its shape is none that goes with them. */
export function alongUnits(value: Constant, x: Flow): Constant {
  const shape = [...Array.from({ length: x.axes.length - value.shape.length }, () => 1), ...value.shape];
  const sizes = x.axes.map((axis, k) => {
    const own = axis.of === 'units' ? axis.size : 1;
    if (shape.length === x.axes.length && (shape[k] === 1 || shape[k] === own)) return own;
    throw new Unsupported(
      say`a constant [${value.shape.join(', ')}] does not go with the units of ${shapeInWords(x)}`,
    );
  });
  return reshaped(expanded(reshaped(value, shape), sizes), [elementCount(sizes)]);
}

/** y = scale ∘ x + shift: a bias of the layer before where there is one to give it to, else a layer of its own. */
export function affine(node: Node, x: Flow, { scale, shift }: Affine, readsAlone: boolean): Flow {
  const { context } = node;
  if ([scale, shift].some((value) => value?.numbers?.some((number) => typeof number !== 'number')))
    throw new Unsupported(say`it computes with the number of steps, which is known only when the model runs`);
  if (isAll(scale, 1, true) && isAll(shift, 0, true)) return x;
  const draft = readsAlone ? wholeOf(x) : undefined;
  const own = draft?.own;
  if (draft && own && shift && !scale && (own.type === 'linear' || own.type === 'conv1d')) {
    if (!own.bias && own.activation === 'none') {
      const tensors = { ...draft.tensors, bias: shift.floats };
      return {
        ...x,
        ...flowFrom(x, context.draft(draft.wanted, draft.inputs, { ...own, bias: true }, tensors)),
      };
    }
  }
  const unscaled = own?.type === 'rms_norm' && own.fixed && scale && !shift;
  if (draft && ((own?.type === 'layer_norm' && !own.bias) || unscaled)) {
    return { ...x, ...flowFrom(x, scaledNorm(context, draft, own, { scale, shift })) };
  }
  const width = widthOf(x);
  const all = (value: number) => filled([width], false, value);
  const before = draft?.affine;
  const [s, t] = [asWide(scale, width), asWide(shift, width)];
  const together: Affine = before
    ? {
        scale: before.scale && s ? combined(before.scale, s, false, (p, q) => p * q) : (s ?? before.scale),
        shift: sum(before.shift && s ? combined(before.shift, s, false, (p, q) => p * q) : before.shift, t),
      }
    : { ...(s && { scale: s }), ...(t && { shift: t }) };
  const inputs = before ? draft!.inputs : [x];
  const fixed: ParameterKind[] = ['running_mean', 'running_var'];
  if (!isOfUnits(together.scale)) fixed.push('weight');
  if (!isOfUnits(together.shift)) fixed.push('bias');
  const made = context.draft(
    before ? draft!.wanted : node.layerName,
    inputs,
    { type: 'batch_norm', epsilon: 0, outputSize: width, fixed },
    {
      weight: () => (together.scale ?? all(1)).floats(),
      bias: () => (together.shift ?? all(0)).floats(),
      running_mean: () => all(0).floats(),
      running_var: () => all(1).floats(),
    },
    { affine: together },
  );
  return { ...x, ...flowFrom(x, made) };
}

/** A normalisation without a bias, with what scales and shifts it as its own weight and bias. */
function scaledNorm(
  context: Context,
  draft: Draft,
  { fixed, ...own }: Own<LayerNormLayer | RmsNormLayer>,
  { scale, shift }: Affine,
): Draft {
  const { weight } = draft.tensors;
  const factors = scale && expanded(scale, [draft.width]);
  const bias = shift && expanded(shift, [draft.width]);
  return context.draft(
    draft.wanted,
    draft.inputs,
    {
      ...own,
      ...(own.type === 'layer_norm' && { bias: bias !== undefined }),
      ...(fixed && !isOfUnits(scale) && { fixed }),
    },
    {
      weight: async () => {
        const [values, by] = [await weight(), await factors?.floats()];
        return by ? values.map((value, k) => value * by[k]) : values;
      },
      ...(bias && { bias: () => bias.floats() }),
    },
  );
}

/** Whether the file has a number for each unit, and not one for all of them. */
function isOfUnits(value: Constant | undefined): boolean {
  return value !== undefined && value.fill === undefined && !value.repeated;
}

function sum(a: Constant | undefined, b: Constant | undefined): Constant | undefined {
  return a && b ? combined(a, b, false, (p, q) => p + q) : (a ?? b);
}

function asWide(value: Constant | undefined, width: number): Constant | undefined {
  return value && expanded(value, [width]);
}

function isAll(value: Constant | undefined, number: number, otherwise: boolean): boolean {
  if (!value) return otherwise;
  return value.fill === number || value.numbers?.every((one) => one === number) === true;
}

/** A tensor with its units repeated along axes of size 1 on which others have several. */
function broadcast(flow: Flow, others: readonly Flow[]): Flow {
  return flow.axes.reduce((wide, axis, k) => {
    const size = Math.max(...others.map(({ axes }) => (axes[k].of === 'units' ? axes[k].size : 1)));
    return axis.of === 'one' && size > 1 ? repeatedUnits(wide, k, size) : wide;
  }, flow);
}

/** Two or more of the same shape, unit by unit. */
export function merged(node: Node, mode: 'add' | 'multiply' | 'average', flows: readonly Flow[]): Flow {
  const rank = Math.max(...flows.map(({ axes }) => axes.length));
  const single = flows.map((flow) => onlyRow(flow));
  const wide = single.map((flow) => ({
    ...flow,
    axes: [...Array.from({ length: rank - flow.axes.length }, () => ONE), ...flow.axes],
  }));
  const together = wide
    .map((flow) => broadcast(flow, wide))
    .toSorted((a, b) => Number(b.rows !== undefined) - Number(a.rows !== undefined));
  const [first] = together;
  for (const flow of together) {
    const same = flow.axes.every(
      (axis, k) =>
        (axis.of === first.axes[k].of || (axis.of === 'one' && first.axes[k].of === 'rows' && !flow.rows)) &&
        (first.axes[k].of === 'rows' || sizeOf(axis, flow) === sizeOf(first.axes[k], first)),
    );
    if (flow.rows && flow.reversed !== first.reversed)
      throw new Unsupported(say`one of its inputs is turned round in time`);
    if (!same || (flow.rows && !sameRows(flow, first))) {
      throw new Unsupported(
        say`${shapeInWords(first)} and ${shapeInWords(flow)} do not go together step by step`,
      );
    }
  }
  if (together.length === 1) return first;
  const own = { type: 'merge', mode, outputSize: widthOf(first) } as const;
  return flowFrom(first, node.context.draft(node.layerName, together, own));
}

function several(mode: 'add' | 'average'): (node: Node) => Value[] {
  return (node) => [
    merged(
      node,
      mode,
      node.inputs.map((_, k) => node.flow(k)),
    ),
  ];
}

function negated(node: Node): Value[] {
  const [x] = node.inputs;
  return x?.kind === 'constant'
    ? [negative(x)]
    : [scaled(node, node.flow(0), node.readsAlone(0), { scale: scalar(-1) })];
}

export const ARITHMETIC_OPERATORS: Operators = {
  ...Object.fromEntries(
    Object.entries(ON_CONSTANTS).map(([type, apply]) => [type, onConstants(type, apply)]),
  ),
  ...Object.fromEntries(
    Object.entries(OF_ONE).map(([type, apply]) => [
      type,
      (node: Node) => {
        refuseFlows(node);
        return [mapped(node.constant(0), node.constant(0).integer, apply)];
      },
    ]),
  ),
  ...Object.fromEntries(Object.entries(ARITHMETIC).map(([type, one]) => [type, arithmetic(type, one)])),
  Neg: negated,
  Sum: several('add'),
  Mean: several('average'),
};

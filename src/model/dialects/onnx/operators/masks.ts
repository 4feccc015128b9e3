/**
 * Masks of attention that hide later steps, as exporters make them: numbers for each two steps, of which those up to a diagonal
 * are alike, and those above it. How many steps there are, only a run knows.
 */
import { say } from '../../../../words/say';
import { numbersOf, soleOf, type Constant } from '../constant';
import { isOwnDomain } from '../inputs';
import type { Node } from '../node';
import { Steps, type Scalar } from '../scalar';
import { inlineConstant } from '../tensors';
import type { Value } from '../value';
import { Parts } from './parts';

/** At row i and column j: `low` where j − i ≤ diagonal, else `high`. */
interface Grid {
  readonly is: 'grid';
  readonly diagonal: number;
  readonly low: number;
  readonly high: number;
}

/** The numbers of the steps from `first` on, along the last axis or the one before. */
interface Count {
  readonly is: 'count';
  readonly first: number;
  readonly along: 'columns' | 'rows';
}

type Part = Grid | Count;

const parts = new Parts<Part>(say`a mask of later steps`, () => []);

type Apply = (a: number, b: number) => number;

const truth = (value: boolean) => (value ? 1 : 0);

const OF_TWO: Readonly<Record<string, Apply>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Equal: (a, b) => truth(a === b),
  Less: (a, b) => truth(a < b),
  Greater: (a, b) => truth(a > b),
  LessOrEqual: (a, b) => truth(a <= b),
  GreaterOrEqual: (a, b) => truth(a >= b),
  And: (a, b) => truth(a !== 0 && b !== 0),
  Or: (a, b) => truth(a !== 0 || b !== 0),
};

/** What a node gives that makes such numbers; undefined of any other. */
export function ofMask(node: Node): Value | undefined {
  if (!isOwnDomain(node.proto.domain) || node.context.streaming) return undefined;
  const part = partOf(node);
  if (!part) return undefined;
  if ('kind' in part) return part;
  return parts.step(node, part);
}

function partOf(node: Node): Part | Constant | undefined {
  const [a, b] = node.inputs;
  const [x, y] = [parts.of(a), parts.of(b)];
  switch (node.type) {
    case 'ConstantOfShape':
      return isSquare(a) ? uniform(fillOf(node)) : undefined;
    case 'Expand':
      if (x?.is === 'grid') return x;
      return isSquare(b) ? uniform(numberOf(a)) : undefined;
    case 'Trilu':
      if (a?.kind === 'constant') return trimmed(node, a);
      return x?.is === 'grid' ? trimmedGrid(node, x) : undefined;
    case 'Range':
      return isCount(node) ? { is: 'count', first: 0, along: 'columns' } : undefined;
    case 'Unsqueeze':
      return x && unsqueezed(node, x);
    case 'Cast':
    case 'Identity':
      return x;
    case 'Not':
      return x?.is === 'grid' ? mapped(x, (value) => truth(value === 0)) : undefined;
    case 'Neg':
      return x?.is === 'grid' ? mapped(x, (value) => -value) : undefined;
    case 'Where':
      return chosen(node);
    default:
      return combined(node.type, [x, numberOf(a)], [y, numberOf(b)]);
  }
}

function uniform(value: number | undefined): Grid | undefined {
  return value === undefined ? undefined : { is: 'grid', diagonal: 0, low: value, high: value };
}

function fillOf(node: Node): number | undefined {
  const tensor = node.tensor('value');
  return tensor ? numberOf(inlineConstant(tensor)) : 0;
}

/** Whether a shape ends in as many rows as columns, as many as there are steps, and has no other axes than of size 1. */
function isSquare(shape: Value | undefined): boolean {
  const sizes: readonly Scalar[] = (shape?.kind === 'constant' ? shape.numbers : undefined) ?? [];
  const [rows, columns] = sizes.slice(-2);
  const same =
    rows instanceof Steps && columns instanceof Steps && rows.plus === columns.plus && rows.of === columns.of;
  return same && sizes.slice(0, -2).every((size) => size === 1);
}

function isCount({ inputs: [start, limit, delta] }: Node): boolean {
  const steps = limit?.kind === 'constant' ? limit.numbers?.[0] : undefined;
  return numberOf(start) === 0 && numberOf(delta) === 1 && steps instanceof Steps && steps.plus === 0;
}

function numberOf(value: Value | undefined): number | undefined {
  const [only, ...rest] = (value?.kind === 'constant' ? value.numbers : undefined) ?? [];
  return rest.length === 0 && typeof only === 'number' ? only : undefined;
}

function mapped(grid: Grid, apply: (value: number) => number): Grid {
  return { ...grid, low: apply(grid.low), high: apply(grid.high) };
}

/** Keeps what is above or below a diagonal; the rest are zeros. */
function trimmedGrid(node: Node, grid: Grid): Grid | undefined {
  const k = diagonalOf(node);
  const upper = node.integer('upper', 1) !== 0;
  if (grid.low !== grid.high) return undefined;
  return upper
    ? { is: 'grid', diagonal: k - 1, low: 0, high: grid.high }
    : { is: 'grid', diagonal: k, low: grid.low, high: 0 };
}

function trimmed(node: Node, value: Constant): Constant | undefined {
  const { shape, numbers, integer } = value;
  const [rows, columns] = shape.slice(-2);
  if (!numbers || shape.length < 2) return undefined;
  const [k, upper] = [diagonalOf(node), node.integer('upper', 1) !== 0];
  const kept = numbers.map((number, place) => {
    const [i, j] = [Math.floor(place / columns) % rows, place % columns];
    return (upper ? j - i >= k : j - i <= k) ? number : 0;
  });
  return numbersOf(shape, integer, kept);
}

function diagonalOf(node: Node): number {
  const k = node.optionalConstant(1);
  return k ? soleOf(k, say`the diagonal`) : 0;
}

/** A row of counts, as the rows of a matrix where an axis comes behind it. */
function unsqueezed(node: Node, part: Part): Part | undefined {
  const axes = node.optionalConstant(1)?.numbers ?? node.integers('axes') ?? [];
  if (part.is === 'grid') return axes.every((axis) => axis === 0 || axis === 1) ? part : undefined;
  if (part.along === 'rows') return axes.every((axis) => axis === 0) ? part : undefined;
  const behind = axes.some((axis) => axis === -1 || axis === 1);
  return behind ? { ...part, along: 'rows' } : part;
}

type Operand = readonly [part: Part | undefined, number: number | undefined];

function combined(type: string, [x, p]: Operand, [y, q]: Operand): Part | undefined {
  const apply = OF_TWO[type];
  if (!apply || (!x && !y)) return undefined;
  if (x?.is === 'count' && y?.is === 'count') return compared(type, x, y);
  if (x?.is === 'count' || y?.is === 'count') {
    const [count, by] = x?.is === 'count' ? [x, q] : [y as Count, p];
    const sign = type === 'Add' ? 1 : type === 'Sub' && x?.is === 'count' ? -1 : 0;
    return by !== undefined && sign !== 0 ? { ...count, first: count.first + sign * by } : undefined;
  }
  if (x && y) {
    const flat = (grid: Grid) => grid.low === grid.high;
    if (x.diagonal !== y.diagonal && !flat(x) && !flat(y)) return undefined;
    const { diagonal } = flat(x) ? y : x;
    return { is: 'grid', diagonal, low: apply(x.low, y.low), high: apply(x.high, y.high) };
  }
  if (x) return q === undefined ? undefined : mapped(x, (value) => apply(value, q));
  return p === undefined ? undefined : mapped(y as Grid, (value) => apply(p, value));
}

/** j + p against i + q, or the other way round. */
function compared(type: string, x: Count, y: Count): Grid | undefined {
  if (x.along === y.along) return undefined;
  const less = { Less: true, LessOrEqual: true, Greater: false, GreaterOrEqual: false }[type];
  if (less === undefined) return undefined;
  const [columns, rows] = x.along === 'columns' ? [x, y] : [y, x];
  const columnsBelow = (x.along === 'columns') === less;
  const strict = type === 'Less' || type === 'Greater';
  const diagonal = rows.first - columns.first - (strict === columnsBelow ? 1 : 0);
  const [low, high] = columnsBelow ? [1, 0] : [0, 1];
  return { is: 'grid', diagonal, low, high };
}

/** One of two numbers at each place. */
function chosen({ inputs: [condition, a, b] }: Node): Grid | undefined {
  const grid = parts.of(condition);
  const of = (value: Value | undefined) => {
    const part = parts.of(value);
    return part?.is === 'grid' ? part : uniform(numberOf(value));
  };
  const [p, q] = [of(a), of(b)];
  if (grid?.is !== 'grid' || !p || !q) return undefined;
  const fits = [p, q].every(({ diagonal, low, high }) => low === high || diagonal === grid.diagonal);
  return fits ? { ...grid, low: grid.low ? p.low : q.low, high: grid.high ? p.high : q.high } : undefined;
}

export type Mask = 'none' | 'causal';

/** Smaller ones leave no weight. */
const HIDDEN = -1e4;

/** What numbers do that are added to scores; undefined where it is something else. */
export function addedMask(value: Value | undefined): Mask | undefined {
  return maskOf(
    value,
    (number) => number === 0,
    (number) => number <= HIDDEN,
  );
}

/** What truth values do of which those that are not `kept` are hidden. */
export function selectingMask(value: Value | undefined, kept: boolean): Mask | undefined {
  return maskOf(
    value,
    (number) => (number !== 0) === kept,
    (number) => (number !== 0) !== kept,
  );
}

/** Whether a value hides scores. */
export function hides(value: Value | undefined): boolean {
  const number = numberOf(value);
  return number !== undefined && number <= HIDDEN;
}

type Test = (number: number) => boolean;

function maskOf(value: Value | undefined, isKept: Test, isHidden: Test): Mask | undefined {
  const part = parts.of(value);
  if (part?.is === 'grid') {
    if (isKept(part.low) && isKept(part.high)) return 'none';
    return part.diagonal === 0 && isKept(part.low) && isHidden(part.high) ? 'causal' : undefined;
  }
  if (value?.kind !== 'constant') return undefined;
  const { fill, numbers = [], shape } = value;
  if (fill !== undefined && isKept(fill)) return 'none';
  const known = numbers.flatMap((number) => (typeof number === 'number' ? [number] : []));
  if (known.length === 0 || known.length < numbers.length) return undefined;
  if (known.every(isKept)) return 'none';
  const [rows, columns] = shape.slice(-2);
  const causal = known.every((number, place) => {
    const [i, j] = [Math.floor(place / columns) % rows, place % columns];
    return j <= i ? isKept(number) : isHidden(number);
  });
  return shape.length >= 2 && rows === columns && rows > 1 && causal ? 'causal' : undefined;
}

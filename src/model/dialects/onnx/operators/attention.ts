/**
 * Attention in the steps that exporters write it in: scores, from products of queries with keys or from a layer of width 1;
 * their softmax over the steps; and the sum of the values that it weighs. The steps between have no layers of their own;
 * they are known by what they are part of.
 */
import { say } from '../../../../words/say';
import { soleOf } from '../constant';
import { flowOf, sameRows, selectedStep, wholeOf } from '../flow';
import { ONE, ROWS, widthOf, type Axis } from '../axes';
import type { Flow } from '../draft';
import { isOwnDomain } from '../inputs';
import type { Node } from '../node';
import type { Value } from '../value';
import { addedMask, hides, selectingMask, type Mask } from './masks';
import { reducedAxes } from './reductions';
import { Parts } from './parts';

/** Axes of scores: queries, keys, heads, or one of size 1. */
type ScoreAxis = 'queries' | 'keys' | 'heads' | 'one';

interface Scores {
  readonly is: 'scores' | 'weights';
  /** Absent where scores are what a layer of width 1 gives for the keys. */
  readonly query?: Flow;
  readonly key: Flow;
  readonly scale: number;
  readonly heads: number;
  readonly axes: readonly ScoreAxis[];
  /** Whether later keys are hidden from each query. */
  readonly causal?: true;
}

/** Values, each multiplied by its weight. */
interface Weighted {
  readonly is: 'weighted';
  readonly weights: Scores;
  readonly values: Flow;
}

const parts = new Parts<Scores | Weighted>(say`an attention`, sourcesOf);

function sourcesOf(part: Scores | Weighted): readonly Flow[] {
  const { query, key } = part.is === 'weighted' ? part.weights : part;
  return [...(query ? [query] : []), key, ...(part.is === 'weighted' ? [part.values] : [])];
}

/** What a node gives that does one of the steps; undefined of any other. */
export function ofAttention(node: Node): Value | undefined {
  const [a, b] = node.inputs;
  if (!a || !isOwnDomain(node.proto.domain) || node.context.streaming) return undefined;
  const [x, y] = [parts.of(a), parts.of(b)];
  switch (node.type) {
    case 'MatMul':
      if (a.kind === 'flow' && b?.kind === 'flow') return scoresOf(node, a, b);
      if (x?.is === 'weights' && b?.kind === 'flow') return context(node, x, b, false);
      return y?.is === 'weights' && a.kind === 'flow' ? context(node, y, a, true) : undefined;
    case 'Mul':
    case 'Div':
      return scaledScores(node, x, y);
    case 'Add':
      if (x?.is === 'scores') return masked(node, x, addedMask(b));
      return y?.is === 'scores' ? masked(node, y, addedMask(a)) : undefined;
    case 'Where':
      return selected(node);
    case 'Softmax':
      return a.kind === 'flow' ? learned(node, a) : x?.is === 'scores' ? weightsOf(node, x) : undefined;
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Transpose':
    case 'Identity':
      return x && x.is !== 'weighted' ? viewed(node, x) : undefined;
    case 'ReduceSum':
      return x?.is === 'weighted' ? summed(node, x) : undefined;
    default:
      return undefined;
  }
}

/** The axis of the steps, or of the only row, and that of the units of a matrix of rows or of columns. */
function isRows({ axes }: Flow): boolean {
  const [row, unit] = axes.slice(-2);
  return headsOf(axes) !== undefined && row?.of !== 'units' && unit?.of !== 'rows';
}

function isColumns({ axes }: Flow): boolean {
  const [unit, row] = axes.slice(-2);
  return headsOf(axes) !== undefined && row?.of !== 'units' && unit?.of !== 'rows';
}

/** Of matrices, one for each head: how many there are, and which of the axes before those of a matrix has them. */
function headsOf(axes: readonly Axis[]): { readonly heads: number; readonly at: number } | undefined {
  const outer = axes.slice(0, -2);
  const at = outer.findIndex(({ of }) => of !== 'one');
  const axis = outer[at];
  if (!axis) return { heads: 1, at };
  const alone = axis.of === 'units' && outer.every(({ of }, k) => k === at || of === 'one');
  return alone ? { heads: axis.size, at } : undefined;
}

/** Q Kᵀ, in which one of the two may be a single row. */
function scoresOf(node: Node, a: Flow, b: Flow): Value | undefined {
  if (a.axes.length !== b.axes.length || a.axes.length < 2 || !isRows(a) || !isColumns(b)) return undefined;
  if (widthOf(a) !== widthOf(b) || a.reversed || b.reversed) return undefined;
  const [{ heads, at }, other] = [headsOf(a.axes)!, headsOf(b.axes)!];
  if (heads !== other.heads || at !== other.at) return undefined;
  const outer = a.axes.slice(0, -2).map((_, k) => (k === at ? 'heads' : 'one'));
  const [left, right] = [unscaled(a), unscaled(b)];
  const common = { is: 'scores', heads, scale: left.scale * right.scale } as const;
  const [ofLeft, ofRight] = [left.flow, right.flow];
  if (b.rows) {
    const axes = [...outer, a.rows ? 'queries' : 'one', 'keys'] as const;
    return parts.step(node, { ...common, query: ofLeft, key: ofRight, axes });
  }
  return a.rows
    ? parts.step(node, { ...common, query: ofRight, key: ofLeft, axes: [...outer, 'keys', 'one'] })
    : undefined;
}

/** What a factor of all its units is taken from, as exporters scale queries, or queries and keys. */
function unscaled(flow: Flow): { readonly flow: Flow; readonly scale: number } {
  const draft = wholeOf(flow);
  const { scale, shift } = draft?.affine ?? {};
  const [first, ...rest] = scale?.numbers ?? [scale?.fill];
  if (!draft || shift || typeof first !== 'number' || rest.some((factor) => factor !== first)) {
    return { flow, scale: 1 };
  }
  return { flow: { ...flow, pieces: draft.inputs[0].pieces }, scale: first };
}

function scaledScores(
  node: Node,
  x: Scores | Weighted | undefined,
  y: Scores | Weighted | undefined,
): Value | undefined {
  const [a, b] = node.inputs;
  if (x?.is === 'scores' && b?.kind === 'constant') {
    const by = soleOf(b, say`the scale of scores`);
    return parts.step(node, { ...x, scale: node.type === 'Div' ? x.scale / by : x.scale * by });
  }
  if (node.type === 'Div') return undefined;
  if (x?.is === 'weights' && b?.kind === 'flow') return weighted(node, x, b);
  return y?.is === 'weights' && a?.kind === 'flow' ? weighted(node, y, a) : undefined;
}

function masked(node: Node, scores: Scores, mask: Mask | undefined): Value | undefined {
  if (mask === 'none') return parts.step(node, scores);
  const [row, column] = scores.axes.slice(-2);
  const square = row === 'queries' && column === 'keys' && sameRows(scores.query!, scores.key);
  return mask === 'causal' && square ? parts.step(node, { ...scores, causal: true }) : undefined;
}

/** Scores where a condition holds, else a number that leaves no weight; or the other way round. */
function selected(node: Node): Value | undefined {
  const [condition, p, q] = node.inputs;
  const [kept, hidden] = [parts.of(p), parts.of(q)];
  if (kept?.is === 'scores' && hides(q)) return masked(node, kept, selectingMask(condition, true));
  return hidden?.is === 'scores' && hides(p)
    ? masked(node, hidden, selectingMask(condition, false))
    : undefined;
}

function weightsOf(node: Node, scores: Scores): Value | undefined {
  const rank = scores.axes.length;
  const flattens = node.context.opset < 13;
  const at = node.integer('axis', flattens ? 1 : -1);
  const axis = at < 0 ? at + rank : at;
  const keys = scores.axes.indexOf('keys');
  const alone = scores.axes.every((one, k) => k <= keys || one === 'one');
  return axis === keys && (!flattens || alone) ? parts.step(node, { ...scores, is: 'weights' }) : undefined;
}

/** A softmax over the steps of a layer of width 1. */
function learned(node: Node, x: Flow): Value | undefined {
  if (!x.rows || widthOf(x) !== 1 || x.reversed || x.integer) return undefined;
  const axes = x.axes.map(({ of }): ScoreAxis => (of === 'rows' ? 'keys' : 'one'));
  return axes.includes('keys')
    ? weightsOf(node, { is: 'scores', key: x, scale: 1, heads: 1, axes })
    : undefined;
}

function viewed(node: Node, scores: Scores): Value | undefined {
  const { axes } = scores;
  const given =
    node.type === 'Transpose' ? undefined : (node.optionalConstant(1)?.numbers ?? node.integers('axes'));
  if (node.type === 'Identity') return parts.step(node, scores);
  if (node.type === 'Transpose') {
    const order = node.integers('perm') ?? axes.map((_, k) => axes.length - 1 - k);
    const known = order.length === axes.length && order.every((axis) => axes[axis] !== undefined);
    return known ? parts.step(node, { ...scores, axes: order.map((axis) => axes[axis]) }) : undefined;
  }
  const rank = axes.length + (node.type === 'Unsqueeze' ? (given?.length ?? 0) : 0);
  const at = given?.map((axis) => (Number(axis) < 0 ? Number(axis) + rank : Number(axis)));
  if (node.type === 'Squeeze') {
    const left = axes.filter((axis, k) => axis !== 'one' || (at && !at.includes(k)));
    return !at || at.every((axis) => axes[axis] === 'one')
      ? parts.step(node, { ...scores, axes: left })
      : undefined;
  }
  const rest = [...axes];
  return parts.step(node, {
    ...scores,
    axes: Array.from({ length: rank }, (_, k) => (at?.includes(k) ? 'one' : rest.shift()!)),
  });
}

/** A V, or Vᵀ Aᵀ where the weights stand on the right. */
function context(node: Node, weights: Scores, values: Flow, onRight: boolean): Value | undefined {
  const { axes } = weights;
  const rank = axes.length;
  const keys = axes.indexOf('keys');
  const wanted = onRight ? rank - 2 : rank - 1;
  const fits =
    rank === values.axes.length && keys === wanted && (onRight ? isColumns(values) : isRows(values));
  if (!fits || !values.rows || values.reversed || !sameRows(values, weights.key)) return undefined;
  const { heads, at } = headsOf(values.axes)!;
  if (heads !== weights.heads || at !== axes.indexOf('heads')) return undefined;
  const outer = values.axes.slice(0, -2).map((axis) => (axis.of === 'one' ? ONE : axis));
  const row = axes.includes('queries') ? ROWS : ONE;
  const unit = values.axes[onRight ? rank - 2 : rank - 1];
  return attended(node, weights, values, onRight ? [...outer, unit, row] : [...outer, row, unit]);
}

function weighted(node: Node, weights: Scores, values: Flow): Value | undefined {
  const { axes } = weights;
  const same =
    values.axes.length === axes.length &&
    axes.every((axis, k) =>
      axis === 'keys' ? values.axes[k].of === 'rows' : axis === 'one' && values.axes[k].of !== 'rows',
    );
  return same && values.rows && !values.reversed && sameRows(values, weights.key)
    ? parts.step(node, { is: 'weighted', weights, values })
    : undefined;
}

function summed(node: Node, { weights, values }: Weighted): Value | undefined {
  const keys = weights.axes.indexOf('keys');
  const axes = reducedAxes(node, weights.axes.length);
  if (axes.length !== 1 || axes[0] !== keys) return undefined;
  const kept = values.axes.map((axis) => (axis.of === 'rows' ? ONE : axis));
  const left = node.integer('keepdims', 1) !== 0 ? kept : kept.filter((_, k) => k !== keys);
  return attended(node, weights, values, left);
}

function attended(
  node: Node,
  { query, key, scale, heads, axes, causal }: Scores,
  values: Flow,
  along: readonly Axis[],
): Flow {
  const draft = node.context.draft(node.layerName, [query ?? always(node, key), values, key], {
    ...{ type: 'attention', outputSize: widthOf(values) },
    ...(scale !== 1 && { scale }),
    ...(heads > 1 && { heads }),
    ...(causal && { causal }),
  });
  return flowOf(draft, along, axes.includes('queries') ? query!.rows : undefined);
}

/** A single row that is 1: times a key of width 1, the key itself. */
function always(node: Node, key: Flow): Flow {
  const own = {
    ...({ type: 'linear', bias: true, activation: 'none', outputSize: 1 } as const),
    fixed: ['weight', 'bias'] as const,
  };
  const last = selectedStep(key, -1);
  const draft = node.context.draft(`${node.layerName}_query`, [last], own, {
    weight: async () => new Float32Array(1),
    bias: async () => Float32Array.of(1),
  });
  return flowOf(draft, last.axes, undefined);
}

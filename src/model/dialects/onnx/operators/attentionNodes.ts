/**
 * Attention as one node: onnxruntime's Attention and MultiHeadAttention (docs/ContribOperators.md), and ONNX's own Attention of
 * operator set 23 (onnx/defs/nn/defs.cc), without a cache of earlier steps.
 */
import { say } from '../../../../words/say';
import { ONE, ROWS, units, widthOf, type Axis } from '../axes';
import { reshaped, taken, type Constant } from '../constant';
import type { Flow } from '../draft';
import { flowOf, sameRows, shapeInWords, takenUnits } from '../flow';
import { isOwnDomain, MICROSOFT } from '../inputs';
import type { Node } from '../node';
import { Unsupported } from '../unsupported';
import type { Value } from '../value';
import { affine } from './arithmetic';
import { matrixProduct } from './linear';
import { addedMask, selectingMask, type Mask } from './masks';
import { expectation } from './operator';

interface Sides {
  readonly query: Flow;
  readonly key: Flow;
  readonly value: Flow;
  /** Of the query; keys and values may have fewer. */
  readonly heads: number;
  readonly keyHeads?: number;
  readonly causal: boolean;
}

/** What such a node gives; undefined of any other, and where what it attends to is not known. */
export function ofAttentionNode(node: Node): readonly Value[] | undefined {
  const { domain, opType } = node.proto;
  const read = opType === 'Attention' && domain === MICROSOFT ? 1 : 3;
  if (node.inputs.slice(0, read).some((value) => value?.kind === 'unknown')) return undefined;
  if (isOwnDomain(domain)) return opType === 'Attention' ? [ofOperatorSet(node)] : undefined;
  if (domain !== MICROSOFT) return undefined;
  if (opType === 'MultiHeadAttention') return [ofThree(node)];
  return opType === 'Attention' ? [ofOne(node)] : undefined;
}

/** Q, K and V [batch, steps, heads · size], or [batch, heads, steps, size]. */
function ofOperatorSet(node: Node): Value {
  const [, , , mask, ...past] = node.inputs;
  if (past.some((value) => value) || node.float('softcap', 0) !== 0)
    throw new Unsupported(say`it goes on from earlier steps, or bounds its scores, which no layer does`);
  const sides = [0, 1, 2].map((k) => node.flow(k));
  const causal = combined([node.integer('is_causal', 0) !== 0 ? 'causal' : 'none', maskOf(mask)]);
  const four = sides[0].axes.length === 4;
  const headsOf = ({ axes }: Flow) => (axes[1].of === 'units' ? axes[1].size : 1);
  const [heads, keyHeads] = four
    ? [headsOf(sides[0]), headsOf(sides[1])]
    : [node.integer('q_num_heads', 1), node.integer('kv_num_heads', 1)];
  const [query, key, value] = sides.map((x) => (four ? folded(x) : x));
  const found = attended(node, { query, key, value, heads, keyHeads, causal });
  if (!four) return found;
  const [batch, row] = found.axes;
  return { ...found, axes: [batch, units(heads), row, units(widthOf(found) / heads)] };
}

/** [batch, heads, steps, size] as [batch, steps, heads · size]. */
function folded(x: Flow): Flow {
  const [batch, heads, row, unit] = x.axes;
  if (heads.of === 'rows' || unit.of === 'rows')
    throw expectation('[1, heads, steps, size]', shapeInWords(x));
  return { ...x, axes: [batch, row, units(widthOf({ axes: [heads, unit] }))] };
}

/** Queries, keys and values that are given. */
function ofThree(node: Node): Value {
  const [, , , , padding, added, ...past] = node.inputs;
  const sides = [0, 1, 2].map((k) => node.flow(k));
  if (past.some((value) => value))
    throw new Unsupported(say`it goes on from earlier steps, which no layer does`);
  const bias = node.optionalConstant(3);
  let at = 0;
  const [query, key, value] = sides.map((x, k) => {
    if (!bias) return x;
    const width = widthOf(x);
    const shift = taken(reshaped(bias, [bias.shape.reduce((a, b) => a * b, 1)]), 0, rangeOf(at, width));
    at += width;
    return affine(node, x, { shift }, node.readsAlone(k));
  });
  checkPadding(node, padding);
  const causal = combined([unidirectional(node), added ? addedMask(added) : 'none']);
  return attended(node, { query, key, value, heads: node.integer('num_heads', 1), causal });
}

/** Queries, keys and values of one sequence: products with the parts of one matrix. */
function ofOne(node: Node): Value {
  const [, , , padding, past, added, ...more] = node.inputs;
  if (past || more.some((value) => value) || node.integer('do_rotary', 0) !== 0)
    throw new Unsupported(
      say`it goes on from earlier steps, or turns its queries and keys, which no layer does`,
    );
  const x = node.flow(0);
  const [weights, bias] = [node.constant(1), node.optionalConstant(2)];
  const total = weights.shape.at(-1) ?? 0;
  const sizes = node.integers('qkv_hidden_sizes') ?? [total / 3, total / 3, total / 3];
  if (sizes.length !== 3 || sizes.reduce((a, b) => a + b, 0) !== total)
    throw new Unsupported(say`${total} columns of weights do not make queries, keys and values`);
  let at = 0;
  const [query, key, value] = sizes.map((width) => {
    const columns = rangeOf(at, width);
    at += width;
    const part = (of: Constant) => taken(of, of.shape.length - 1, columns);
    return matrixProduct(node, x, part(weights), bias && part(bias));
  });
  checkPadding(node, padding);
  const causal = combined([unidirectional(node), added ? addedMask(added) : 'none']);
  return attended(node, { query, key, value, heads: node.integer('num_heads', 1), causal });
}

function rangeOf(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => from + k);
}

function unidirectional(node: Node): Mask {
  return node.integer('unidirectional', 0) !== 0 ? 'causal' : 'none';
}

/** Numbers that are added to scores, or which of them count. */
function maskOf(value: Value | undefined): Mask | undefined {
  return value ? (addedMask(value) ?? selectingMask(value, true)) : 'none';
}

function combined(masks: readonly (Mask | undefined)[]): boolean {
  if (masks.includes(undefined)) throw new Unsupported(say`its mask hides others than later steps`);
  return masks.includes('causal');
}

/** Which steps count; one sequence is run, all of whose steps do. */
function checkPadding({ context }: Node, mask: Value | undefined): void {
  if (!mask || selectingMask(mask, true) === 'none') return;
  if (mask.kind !== 'given') throw new Unsupported(say`its mask hides some of the steps`);
  context.note(say`every step counts, whatever ${JSON.stringify(mask.name)} says`);
}

function checkSteps(x: Flow): void {
  const [batch, row, unit] = x.axes;
  const fits = x.axes.length === 3 && batch.of === 'one' && row.of !== 'units' && unit.of !== 'rows';
  if (!fits || x.reversed || x.integer) throw expectation('[1, steps, units]', shapeInWords(x));
}

function attended(node: Node, { query, key, value, heads, keyHeads = heads, causal }: Sides): Flow {
  if (node.context.streaming)
    throw new Unsupported(say`it attends to all steps, of which a call is given one`);
  for (const x of [query, key, value]) checkSteps(x);
  const groups = heads / keyHeads;
  const fits =
    Number.isInteger(groups) &&
    widthOf(query) % heads === 0 &&
    widthOf(key) * groups === widthOf(query) &&
    widthOf(value) % keyHeads === 0;
  if (!fits)
    throw new Unsupported(
      say`${heads} heads do not share ${widthOf(query)} units of the query, ${widthOf(key)} of the key and ${widthOf(value)} of the value`,
    );
  if (!key.rows || !value.rows || !sameRows(key, value) || (causal && (!query.rows || !sameRows(query, key))))
    throw new Unsupported(
      say`${[query, key, value].map(shapeInWords).join(', ')} do not go together step by step`,
    );
  const size = widthOf(query) / heads;
  const scale = node.float('scale', 0) || 1 / Math.sqrt(size);
  const wide = [key, value].map((x) => repeatedHeads(x, keyHeads, groups));
  const outputSize = widthOf(wide[1]);
  const draft = node.context.draft(node.layerName, [query, wide[1], wide[0]], {
    ...{ type: 'attention', outputSize },
    ...(scale !== 1 && { scale }),
    ...(heads > 1 && { heads }),
    ...(causal && { causal }),
  });
  const row: Axis = query.rows ? ROWS : ONE;
  return flowOf(draft, [ONE, row, units(outputSize)], query.rows);
}

/** Each head as often as queries share it. */
function repeatedHeads(x: Flow, heads: number, times: number): Flow {
  if (times === 1) return x;
  const size = widthOf(x) / heads;
  const places = rangeOf(0, heads * times * size).map(
    (place) => Math.floor(place / (size * times)) * size + (place % size),
  );
  return takenUnits(x, 2, places);
}

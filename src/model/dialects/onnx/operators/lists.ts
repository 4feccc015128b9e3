/** Lists of tensors (onnx/defs/sequence/defs.cc): written out, or of one tensor for each round of a loop. */
import { say } from '../../../../words/say';
import { ONE, ROWS } from '../axes';
import { integersOf, numbersOf, scalarsOf, soleOf } from '../constant';
import type { Flow } from '../draft';
import { selectedStep } from '../flow';
import type { Node } from '../node';
import { ROUND } from '../rounds';
import { Steps } from '../scalar';
import { Unsupported } from '../unsupported';
import type { List, Value } from '../value';
import { checkedAxis, type Operators } from './operator';
import { concatenatedValues, roundOf } from './shapes';

function listOf(node: Node): List {
  const [list] = node.inputs;
  if (list?.kind === 'list') return list;
  throw new Unsupported(say`expected its input 1 to be a list of tensors that is known`);
}

function inserted(node: Node): Value[] {
  const { items, rows } = listOf(node);
  const [, item, position] = node.inputs;
  if (rows || !item || (position && node.context.rounds))
    throw new Unsupported(say`it inserts a tensor into a list at a place that only a run knows`);
  const at = position ? soleOf(node.constant(2), say`the place`) : items.length;
  return [{ kind: 'list', items: items.toSpliced(at, 0, item) }];
}

/** The place in a list, counted from 0. */
function itemAt(node: Node): Value[] {
  const { items, rows } = listOf(node);
  const [index] = scalarsOf(node.constant(1), say`the index`);
  if (!rows) {
    const item = typeof index === 'number' ? items.at(index) : undefined;
    if (item) return [item];
    throw new Unsupported(
      say`it takes a tensor of a list that is not there, or at a place that only a run knows`,
    );
  }
  const { flow, axis, keeps } = rows;
  const without = (found: Flow): Flow => (keeps ? found : { ...found, axes: found.axes.toSpliced(axis, 1) });
  if (index instanceof Steps && index.of === ROUND && index.plus === 0) return [without(roundOf(node, flow))];
  if (typeof index !== 'number') throw new Unsupported(say`it takes a step that only a run knows`);
  return [without(selectedStep(flow, index))];
}

/** Steps stand along a new axis, or along one of size 1. */
function concatenated(node: Node): Value[] {
  const { items, rows } = listOf(node);
  const fresh = node.integer('new_axis', 0) !== 0;
  const at = node.integer('axis', 0);
  if (!rows) return [concatenatedValues(node, items, at, fresh)];
  const { flow, axis, keeps } = rows;
  const rank = flow.axes.length - (keeps ? 0 : 1);
  const place = checkedAxis(at, fresh ? rank + 1 : rank);
  const item = keeps ? flow.axes.with(axis, ONE) : flow.axes.toSpliced(axis, 1);
  if (!fresh && (item[place].of !== 'one' || item[place].batch))
    throw new Unsupported(say`it puts steps together along an axis that each of them has`);
  return [{ ...flow, axes: fresh ? item.toSpliced(place, 0, ROWS) : item.with(place, ROWS) }];
}

/** Single steps. As onnxruntime has it, keepdims counts unless there is a list of sizes. */
function split(node: Node): Value[] {
  const x = node.flow(0);
  const axis = checkedAxis(node.integer('axis', 0), x.axes.length);
  const sizes = node.optionalConstant(1);
  const single = !sizes || integersOf(sizes, say`the sizes of the parts`).every((size) => size === 1);
  if (x.axes[axis].of !== 'rows' || !single)
    throw new Unsupported(say`it makes a list of other parts than single steps`);
  const keeps = node.integer('keepdims', 1) !== 0 || (sizes?.shape.length ?? 0) > 0;
  return [{ kind: 'list', items: [], rows: { flow: x, axis, keeps } }];
}

function lengthOf(node: Node): Value[] {
  const { items, rows } = listOf(node);
  return [numbersOf([], true, [rows ? rows.flow.rows!.size : items.length])];
}

export const LISTS: Operators = {
  SequenceEmpty: () => [{ kind: 'list', items: [] }],
  SequenceConstruct: (node) => [{ kind: 'list', items: node.inputs.map((_, k) => node.inputs[k]!) }],
  SequenceInsert: inserted,
  SequenceAt: itemAt,
  SequenceLength: lengthOf,
  ConcatFromSequence: concatenated,
  SplitToSequence: split,
};

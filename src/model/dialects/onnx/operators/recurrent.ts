/**
 * RNN, GRU and LSTM nodes: a layer each, or one per direction where these have less than that in common. Layouts and
 * equations are those of onnx/defs/rnn/defs.cc: W (directions × G·H × inputs), R (directions × G·H × H), B = [Wb, Rb]
 * (directions × 2·G·H), P (directions × 3·H); gates i, o, f, c of an LSTM, z, r, h of a GRU.
 */
import { say } from '../../../../words/say';
import type { Direction, GruLayer, LstmLayer, RnnLayer, UnitActivation } from '../../../network';
import { GATES } from '../../../parameters';
import { copyPart, dequantised, reshaped, transposed, type Constant } from '../constant';
import type { Draft, Own, StatePieces, Tensors, Flow, Output, Piece } from '../draft';
import { flowOf, shapeInWords, sliced } from '../flow';
import { ONE, ROWS, units, type Axis, widthOf, type Rows } from '../axes';
import { sameScalar } from '../scalar';
import { Unsupported } from '../unsupported';
import { Node, titleOf } from '../node';
import type { Unknown, Value } from '../value';
import { cellActivationsOf } from './cellActivations';
import { expectation, type Operators } from './operator';

type Type = 'rnn' | 'gru' | 'lstm';

/** For each of PyTorch's gates in turn, its place among ONNX's: LSTM i, o, f, c; GRU z, r, h. */
const ORDER = { rnn: [0], lstm: [0, 2, 3, 1], gru: [1, 0, 2] } as const;
/** Places of the peepholes in P. */
const PEEPHOLES = { peephole_i: 0, peephole_o: 1, peephole_f: 2 } as const;
const DEFAULT_ACTIVATIONS = { rnn: ['Tanh'], gru: ['Sigmoid', 'Tanh'], lstm: ['Sigmoid', 'Tanh', 'Tanh'] };

const INPUTS = { x: 0, weights: 1, recurrent: 2, bias: 3, lengths: 4, h: 5, c: 6, peepholes: 7 } as const;

interface Sizes {
  readonly type: Type;
  readonly directions: number;
  readonly inputs: number;
  readonly hidden: number;
}

/** Directions of a node that one layer runs. */
interface Part {
  readonly name: string;
  readonly directions: readonly Direction[];
  /** Place of the first of them in the node's tensors. */
  readonly first: number;
  readonly activations: readonly UnitActivation[];
}

function recurrent(type: Type): (node: Node) => readonly Value[] {
  return (node) => {
    const sizes = sizesOf(type, node);
    const x = sequence(node, sizes);
    try {
      const length = lengthOf(node, x);
      const drafts = partsOf(node, sizes, x).map((part) => draftOf(node, sizes, x, part, length));
      return outputs(node, drafts, sizes, x);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      return notRun(node, sizes, x, error.message);
    }
  };
}

/** A node whose cell is none that there is here: its rows are all that could be brought. */
function notRun(node: Node, sizes: Sizes, x: Flow, why: string): readonly Value[] {
  const reason = `${titleOf(node.proto)}: ${why}`;
  const unknown = { kind: 'unknown', reason, operator: node.type, from: [x] } as const;
  const width = sizes.directions * sizes.hidden;
  const draft = node.context.standIn({ ...unknown, name: node.layerName }, node.layerName, width);
  const [rows] = outputs(node, [draft], sizes, x);
  return [rows, unknown, { ...unknown }];
}

function draftOf(node: Node, sizes: Sizes, x: Flow, part: Part, length: number | undefined): Draft {
  const initial = initialState(node, sizes, part);
  const own = { ...cell(node, sizes, part), ...shared(node, sizes, part, length), ...initial.own } as Own;
  const tensors = { ...cellTensors(node, sizes, part), ...initial.tensors };
  return node.context.draft(part.name, [x], own, tensors, {
    inputSize: sizes.inputs,
    ...(initial.states && { states: initial.states }),
    ...(initial.begins && { begins: initial.begins }),
  });
}

/** A part per direction where their activations differ. */
function partsOf(node: Node, { type, directions: count }: Sizes, x: Flow): readonly Part[] {
  const directions = directionsOf(node, x);
  const activations = cellActivationsOf(node, DEFAULT_ACTIVATIONS[type], count);
  const name = node.layerName;
  const alike = JSON.stringify(activations[0]) === JSON.stringify(activations.at(-1));
  if (count === 1 || alike) return [{ name, directions, first: 0, activations: activations[0] }];
  return directions.map((direction, first) => ({
    ...{ name: `${name}_${direction}`, directions: [direction], first, activations: activations[first] },
  }));
}

function sizesOf(type: Type, node: Node): Sizes {
  const [w, r] = [node.constant(INPUTS.weights), node.constant(INPUTS.recurrent)];
  const [directions, rows, inputs] = w.shape;
  const hidden = r.shape[2];
  const expected = directionCount(node);
  const fits =
    w.shape.length === 3 &&
    r.shape.length === 3 &&
    inputs > 0 &&
    hidden > 0 &&
    rows === GATES[type] * hidden &&
    r.shape[0] === directions &&
    r.shape[1] === rows &&
    directions === expected &&
    node.integer('hidden_size', hidden) === hidden;
  if (!fits) {
    throw new Unsupported(
      say`expected W [${expected}, ${GATES[type]} · hidden_size, inputs] and R [${expected}, ${GATES[type]} · hidden_size, hidden_size], found [${w.shape.join(', ')}] and [${r.shape.join(', ')}]`,
    );
  }
  return { type, directions, inputs, hidden };
}

function directionCount(node: Node): number {
  return node.text('direction', 'forward').toLowerCase() === 'bidirectional' ? 2 : 1;
}

function directionsOf(node: Node, x: Flow): readonly Direction[] {
  const direction = node.text('direction', 'forward').toLowerCase();
  if (direction === 'bidirectional') {
    if (x.reversed) throw new Unsupported(say`it reads a sequence that is turned round in both directions`);
    return ['forward', 'backward'];
  }
  return (direction === 'reverse') === x.reversed ? ['forward'] : ['backward'];
}

function batchFirst(node: Node): boolean {
  return node.integer('layout', 0) === 1;
}

/** What it reads; where that is not a sequence of vectors, what a layer in its place would give, which is not run. */
function sequence(node: Node, { inputs }: Sizes): Flow {
  const { context, layerName } = node;
  const value = node.inputs[INPUTS.x];
  const known = value?.kind === 'flow' ? value : undefined;
  if (known && isSequence(known, inputs, batchFirst(node) ? 1 : 0, context.streaming)) return known;
  const unknown = value?.kind === 'unknown' ? value : unfit(node, inputs, known);
  const draft = context.standIn(unknown, `${layerName}_input`, inputs);
  const time = context.streaming ? ONE : ROWS;
  const axes = batchFirst(node) ? [ONE, time, units(inputs)] : [time, ONE, units(inputs)];
  return flowOf(draft, axes, { size: undefined });
}

/** A known tensor that is none that the node can read. */
function unfit(node: Node, inputs: number, found: Flow | undefined): Unknown {
  const words = batchFirst(node) ? say`[1, steps, ${inputs}]` : say`[steps, 1, ${inputs}]`;
  const shape = found ? shapeInWords(found) : say`one that does not depend on the sequence`;
  const reason = `${titleOf(node.proto)}: ${expectation(`X ${words}`, shape).message}`;
  return { kind: 'unknown', reason, operator: node.type, ...(found && { from: [found] }) };
}

/** Whether a tensor is steps of `inputs` features of one sequence, `time` being the axis of the steps. */
function isSequence(x: Flow, inputs: number, time: 0 | 1, streaming: boolean): boolean {
  if (x.axes.length !== 3 || !x.rows || x.integer) return false;
  const [steps, batch, features] = [x.axes[time], x.axes[1 - time], x.axes[2]];
  const single = steps.of === 'one' && !steps.batch;
  return (
    (streaming ? single : steps.of === 'rows') &&
    batch.of === 'one' &&
    (features.of === 'units' ? features.size : 1) === inputs &&
    features.of !== 'rows'
  );
}

/** Steps that count, where the file gives fewer than there may be: those after them are zeros in Y, and keep the states. */
function lengthOf(node: Node, x: Flow): number | undefined {
  const { context } = node;
  const lengths = node.inputs[INPUTS.lengths];
  if (!lengths) return undefined;
  const numbers = (lengths.kind === 'constant' ? lengths.numbers : undefined) ?? [];
  const [length] = numbers;
  const size = context.streaming ? 1 : x.rows?.size;
  if (sameScalar(length, size) || sameScalar(length, x.rows?.size)) return undefined;
  const found = numbers.map((number) =>
    typeof number === 'number' ? number : say`one that only a run knows`,
  );
  if (typeof length !== 'number' || numbers.some((number) => number !== length)) {
    const among = found.length > 0 ? found.join(', ') : say`none that the file gives`;
    throw new Unsupported(
      say`expected sequence_lens of all steps, or one number in the file, found ${among}`,
    );
  } else if (length < 1 || (typeof size === 'number' && length > size)) {
    const most = typeof size === 'number' ? say` to ${size}` : '';
    throw new Unsupported(say`expected sequence_lens from 1${most}, found ${length}`);
  } else if (x.reversed) {
    throw new Unsupported(say`its sequence_lens leave out steps of a sequence that is turned round`);
  }
  return length;
}

function shared(node: Node, { hidden }: Sizes, { directions }: Part, length: number | undefined) {
  const clip = node.has('clip') ? node.float('clip', 0) : undefined;
  if (clip !== undefined && !(clip > 0)) throw new Unsupported(say`expected a clip above 0, found ${clip}`);
  return {
    ...{ hiddenSize: hidden, levels: 1, directions, merge: 'concat' as const, returnSequences: true },
    bias: node.inputs[INPUTS.bias] !== undefined,
    outputSize: directions.length * hidden,
    ...(clip !== undefined && { clip }),
    ...(length !== undefined && { sequenceLength: length, masked: 'zeros' as const }),
  };
}

function cell(
  node: Node,
  { type }: Sizes,
  { activations }: Part,
): Partial<RnnLayer> | Partial<LstmLayer> | Partial<GruLayer> {
  const [first, second, third] = activations;
  const unlessDefault = (key: string, value: UnitActivation, usual: UnitActivation) =>
    value === usual ? {} : { [key]: value };
  if (type === 'rnn') return { type, nonlinearity: first };
  const gates = {
    ...unlessDefault('recurrentActivation', first, 'sigmoid'),
    ...unlessDefault('activation', second, 'tanh'),
  };
  if (type === 'gru') return { type, resetAfter: node.integer('linear_before_reset', 0) !== 0, ...gates };
  return {
    ...{ type, projSize: 0, ...gates, ...unlessDefault('outputActivation', third, second) },
    ...(node.inputs[INPUTS.peepholes] && { peepholes: true }),
    ...(node.integer('input_forget', 0) !== 0 && { coupled: 'input' as const }),
  };
}

function suffix(direction: Direction): string {
  return direction === 'backward' ? '_l0_reverse' : '_l0';
}

function cellTensors(node: Node, sizes: Sizes, { directions, first }: Part): Tensors {
  const { type, inputs, hidden } = sizes;
  const rows = GATES[type] * hidden;
  const tensors: Record<string, () => Promise<Float32Array>> = {};
  /** Gates of one direction, `columns` numbers a row, from `offset` on; read one by one, to hold them once. */
  const gates =
    (from: Constant, k: number, each: number, columns: number, offset = 0) =>
    async () => {
      const block = hidden * columns;
      const ordered = new Float32Array(rows * columns);
      for (const [gate, place] of ORDER[type].entries()) {
        const target = ordered.subarray(gate * block, (gate + 1) * block);
        await copyPart(from, k * each + offset + place * block, target);
      }
      return ordered;
    };
  const bias = optional(node, INPUTS.bias, [sizes.directions, 2 * rows], 'B');
  const peepholes =
    type === 'lstm' ? optional(node, INPUTS.peepholes, [sizes.directions, 3 * hidden], 'P') : undefined;
  for (const [place, direction] of directions.entries()) {
    const k = first + place;
    const own = suffix(direction);
    tensors[`weight_ih${own}`] = gates(node.constant(INPUTS.weights), k, rows * inputs, inputs);
    tensors[`weight_hh${own}`] = gates(node.constant(INPUTS.recurrent), k, rows * hidden, hidden);
    if (bias) {
      tensors[`bias_ih${own}`] = gates(bias, k, 2 * rows, 1);
      tensors[`bias_hh${own}`] = gates(bias, k, 2 * rows, 1, rows);
    }
    if (!peepholes) continue;
    for (const [name, gate] of Object.entries(PEEPHOLES)) {
      const start = (3 * k + gate) * hidden;
      tensors[name + own] = async () => (await peepholes.floats()).slice(start, start + hidden);
    }
  }
  return tensors;
}

function optional(node: Node, index: number, shape: readonly number[], name: string): Constant | undefined {
  const value = node.optionalConstant(index);
  if (!value || (value.shape.length === 2 && value.shape.every((size, k) => size === shape[k]))) return value;
  throw expectation(`${name} [${shape.join(', ')}]`, `[${value.shape.join(', ')}]`);
}

interface Initial {
  readonly own?: Partial<Pick<LstmLayer, 'initialState'>>;
  readonly tensors?: Tensors;
  readonly states?: readonly StatePieces[];
  readonly begins?: Draft['begins'];
}

/** Units of an input of a model that is called for one step after the other. */
function givenPieces(value: Value | undefined, { directions }: Part): readonly Piece[] | undefined {
  if (value?.kind !== 'flow' || directions.length > 1) return undefined;
  return value.pieces.every(({ draft }) => draft.state !== undefined) ? value.pieces : undefined;
}

function givenOf([{ draft }]: readonly Piece[]): Value {
  return { kind: 'given', name: draft.state! };
}

function initialState(node: Node, sizes: Sizes, part: Part): Initial {
  const lstm = sizes.type === 'lstm';
  const given = [node.inputs[INPUTS.h], lstm ? node.inputs[INPUTS.c] : undefined] as const;
  const [ownH, ownC] = given.map((value) => givenPieces(value, part));
  if (node.context.rounds) return carriedState(node, part, ownH, ownC);
  const h = ownH ? givenOf(ownH) : standInState(node, given[0], 'h', sizes);
  const c = ownC ? givenOf(ownC) : standInState(node, given[1], 'c', sizes);
  const begins = { ...(ownH && { h: ownH }), ...(ownC && { c: ownC }) };
  if (node.context.streaming && h?.kind === 'given' && part.directions.includes('backward')) {
    throw new Unsupported(say`it reads backwards, but its state comes from the step before`);
  }
  if (node.context.streaming && h?.kind !== 'given') {
    node.context.note(say`the file fixes sequences to one step: longer ones are run as one sequence`);
  }
  try {
    const learned = {
      h0: stateConstant(node, h, 'initial_h', sizes),
      c0: stateConstant(node, c, 'initial_c', sizes),
    };
    if (h?.kind === 'flow' || c?.kind === 'flow') {
      if (learned.h0 || learned.c0)
        throw new Unsupported(say`only one of its initial states comes from another layer`);
      return { states: handedStates(node, sizes, part, { h, c }) };
    }
    if (!learned.h0 && !learned.c0) return { begins };
    return {
      own: { initialState: { kind: 'learned' } },
      tensors: {
        ...stateTensors('h0', learned.h0, sizes, part),
        ...(lstm && stateTensors('c0', learned.c0, sizes, part)),
      },
    };
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    if (node.context.streaming) throw error;
    const reason = say`${titleOf(node.proto)}: its initial state: ${error.message}`;
    const unknown = (value: Value | undefined): Unknown | undefined =>
      value && {
        kind: 'unknown',
        reason,
        operator: node.type,
        ...(value.kind === 'flow' && { from: [value] }),
      };
    const states = {
      h: standInState(node, unknown(h), 'h', sizes),
      c: standInState(node, unknown(c), 'c', sizes),
    };
    return { states: handedStates(node, sizes, part, states) };
  }
}

/** Of a node in the body of a loop: the states that the loop carries. */
function carriedState(
  { type }: Node,
  { directions }: Part,
  h: readonly Piece[] | undefined,
  c: readonly Piece[] | undefined,
): Initial {
  if (!h || (type === 'LSTM' && !c) || directions[0] === 'backward')
    throw new Unsupported(say`it begins each round with a state that the loop does not carry`);
  return { begins: { h, ...(c && { c }) } };
}

/** An initial state; where it is not known, what layers in its place would give, which are not run. */
function standInState(
  { context, layerName }: Node,
  value: Value | undefined,
  part: 'h' | 'c',
  { directions, hidden }: Sizes,
): Value | undefined {
  if (value?.kind === 'unknown' && value.zeros) return undefined;
  if (value?.kind !== 'unknown' || context.streaming) return value;
  const flows = Array.from({ length: directions }, () => {
    const draft = context.standIn({ ...value }, `${layerName}_initial_${part}`, hidden);
    return flowOf(draft, [units(directions), units(hidden)], undefined, { at: -1 });
  });
  return { ...flows[0], pieces: flows.flatMap(({ pieces }) => pieces) };
}

/** An initial state that the file holds, [directions, batch, units] or batch first; undefined if it is zeros. */
function stateConstant(
  node: Node,
  value: Value | undefined,
  name: string,
  sizes: Sizes,
): Constant | undefined {
  switch (value?.kind) {
    case 'unknown':
      throw new Unsupported(value.reason);
    case 'given': {
      const found = say`${name} is the input ${JSON.stringify(value.name)}`;
      node.context.note(
        node.context.streaming
          ? say`${found}: taken to be what the step before gave, and zeros at first`
          : say`${found}: zeros are taken before the first step`,
      );
      return undefined;
    }
    case 'constant': {
      if (value.fill === 0 || value.numbers?.every((number) => number === 0)) return undefined;
      const { directions, hidden } = sizes;
      const shape = batchFirst(node) ? [1, directions, hidden] : [directions, 1, hidden];
      const same = value.shape.length === 3 && value.shape.every((size, k) => size === shape[k]);
      if (same) return value;
      throw expectation(`${name} [${shape.join(', ')}]`, `[${value.shape.join(', ')}]`);
    }
    default:
      return undefined;
  }
}

function stateTensors(
  name: 'h0' | 'c0',
  value: Constant | undefined,
  { hidden }: Sizes,
  { directions, first }: Part,
): Tensors {
  const entries = directions.map((direction, place) => {
    const start = (first + place) * hidden;
    const values = async () =>
      value ? (await value.floats()).slice(start, start + hidden) : new Float32Array(hidden);
    return [name + suffix(direction), values];
  });
  return Object.fromEntries(entries) as Tensors;
}

/** What comes from other layers, of each direction: h, and c of an LSTM. */
function handedStates(
  node: Node,
  sizes: Sizes,
  { directions, first }: Part,
  { h, c }: { readonly h?: Value; readonly c?: Value },
): readonly StatePieces[] {
  const hidden = statePieces(node, h, 'initial_h', sizes);
  const cell = statePieces(node, c, 'initial_c', sizes);
  return directions.map((_, place) => {
    const own = (pieces: readonly Piece[]) =>
      sliced(pieces, (first + place) * sizes.hidden, (first + place + 1) * sizes.hidden);
    return { ...(hidden && { h: own(hidden) }), ...(cell && { c: own(cell) }) };
  });
}

function statePieces(
  { context }: Node,
  value: Value | undefined,
  name: string,
  { directions, hidden }: Sizes,
): readonly Piece[] | undefined {
  if (value?.kind !== 'flow') return undefined;
  if (context.streaming) throw new Unsupported(say`${name} is computed at each step`);
  if (value.rows || value.integer || widthOf(value) !== directions * hidden) {
    throw expectation(say`${name} of ${directions} · ${hidden} numbers`, shapeInWords(value));
  }
  return value.pieces;
}

function outputs(
  node: Node,
  drafts: readonly Draft[],
  { type, directions, hidden }: Sizes,
  x: Flow,
): Value[] {
  const rows = x.rows ?? { size: undefined };
  const { streaming } = node.context;
  const time = streaming ? ONE : ROWS;
  const first = batchFirst(node);
  const state = first ? [ONE, units(directions), units(hidden)] : [units(directions), ONE, units(hidden)];
  const axes = first
    ? [ONE, time, units(directions), units(hidden)]
    : [time, units(directions), ONE, units(hidden)];
  const places = ['final', ...(type === 'lstm' ? (['cell'] as const) : [])] as const;
  return [
    sideBySide(drafts, 'rows', axes, rows, x.reversed),
    ...places.map((at) =>
      sideBySide(drafts, streaming && at === 'final' ? 'rows' : at, state, streaming ? rows : undefined),
    ),
  ];
}

/** What the parts of a node give, as one tensor. */
function sideBySide(
  drafts: readonly Draft[],
  at: Output['at'],
  axes: readonly Axis[],
  rows: Rows | undefined,
  reversed = false,
): Flow {
  const [first, ...others] = drafts.map((draft) => flowOf(draft, axes, rows, { at, reversed }));
  return { ...first, pieces: [first, ...others].flatMap(({ pieces }) => pieces) };
}

export const RECURRENT: Operators = {
  RNN: recurrent('rnn'),
  GRU: recurrent('gru'),
  LSTM: recurrent('lstm'),
};

/** Weights of 8 bits, [directions, inputs, 4·H], each direction or each column of which has its scale and zero point. */
function dequantisedWeights(node: Node, at: number, scaleAt: number): Constant {
  const weights = node.constant(at);
  const along = (of: Constant) => reshaped(of, [of.shape[0] ?? 1, 1, of.shape[1] ?? 1]);
  const zero = node.optionalConstant(scaleAt + 1);
  const whole = dequantised(weights, along(node.constant(scaleAt)), zero && along(zero));
  return readOnce(transposed(whole, [0, 2, 1]));
}

/** Gates are read one after the other: what they are taken from is computed once. */
function readOnce(value: Constant): Constant {
  let values: Promise<Float32Array> | undefined;
  return { ...value, floats: () => (values ??= value.floats()) };
}

/** An LSTM whose weights are of 8 bits; what goes in is rounded too, which is not imitated. */
function dynamicQuantizeLstm(node: Node): readonly Value[] {
  const [x, , , ...rest] = node.inputs;
  const [weights, recurrent] = [dequantisedWeights(node, 1, 8), dequantisedWeights(node, 2, 10)];
  node.context.computesInEightBits();
  const proto = { ...node.proto, opType: 'LSTM', domain: '' };
  return RECURRENT.LSTM(new Node(proto, [x, weights, recurrent, ...rest.slice(0, 5)], node.context));
}

export const CONTRIBUTED_RECURRENT: Operators = { DynamicQuantizeLSTM: dynamicQuantizeLstm };

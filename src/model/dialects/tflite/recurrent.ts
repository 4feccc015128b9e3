/**
 * TensorFlow Lite's recurrent operators: a layer each. Inputs, their order and the equations are those of
 * tensorflow/lite/kernels: unidirectional_sequence_lstm.cc, bidirectional_sequence_lstm.cc, lstm_eval.cc,
 * unidirectional_sequence_rnn.cc, bidirectional_sequence_rnn.cc and basic_rnn.cc. A matrix a gate (units × inputs), in the
 * order i, f, c, o.
 */
import { say } from '../../../words/say';
import type { Direction, UnitActivation } from '../../network';
import { elementCount } from '../../weights';
import type { Constant } from '../onnx/constant';
import type { Draft, Own, Tensors, Flow } from '../onnx/draft';
import { flowOf, shapeInWords } from '../onnx/flow';
import { ONE, ROWS, units, type Axis } from '../onnx/axes';
import { Unsupported } from '../onnx/unsupported';
import { titleOf, type Node } from '../onnx/node';
import { expectation, type Operator } from '../onnx/operators/operator';
import type { Unknown, Value } from '../onnx/value';
import { fusedActivation } from './activations';

/** Where the inputs of one direction of an LSTM stand. */
interface LstmPlaces {
  /** Each of four, i, f, c, o. */
  readonly weights: number;
  readonly recurrent: number;
  /** Each of three, i, f, o. */
  readonly peepholes: number;
  readonly bias: number;
  readonly projection: number;
  readonly projectionBias: number;
  /** Of four; only one direction alone has them. */
  readonly norms?: number;
}

const ONE_WAY: LstmPlaces = {
  ...{ weights: 1, recurrent: 5, peepholes: 9, bias: 12, projection: 16, projectionBias: 17, norms: 20 },
};
const BOTH_WAYS: readonly LstmPlaces[] = [
  { weights: 1, recurrent: 5, peepholes: 9, bias: 12, projection: 16, projectionBias: 17 },
  { weights: 18, recurrent: 22, peepholes: 26, bias: 29, projection: 33, projectionBias: 34 },
];
/** Inputs of a bidirectional LSTM from which on there is a second sequence, and its weights. */
const AUXILIARY_LSTM = { from: 39, to: 48 };

/** Where the inputs of one direction of an RNN stand: weights, recurrent weights, bias. */
const RNN_ONE_WAY = [1, 2, 3] as const;
const RNN_BOTH_WAYS = [[1, 2, 3] as const, [5, 6, 7] as const];
const AUXILIARY_RNN = { from: 9, to: 12 };

interface Sizes {
  readonly inputs: number;
  readonly hidden: number;
  /** Width of what is handed on: the projection's, if there is one. */
  readonly state: number;
}

function present(node: Node, index: number): boolean {
  return node.inputs[index] !== undefined;
}

/** A tensor of the file, of a shape. */
function tensorAt(node: Node, index: number, shape: readonly number[], what: string): Constant {
  const value = node.constant(index);
  if (value.shape.length === shape.length && value.shape.every((size, k) => size === shape[k])) return value;
  throw expectation(`${what} [${shape.join(', ')}]`, `[${value.shape.join(', ')}]`);
}

/** Blocks of rows one upon the other; zeros of `size` numbers where there is none. */
function stacked(blocks: readonly (Constant | undefined)[], size: number): () => Promise<Float32Array> {
  return async () => {
    const rows = new Float32Array(blocks.length * size);
    for (const [k, block] of blocks.entries()) if (block) rows.set(await block.floats(), k * size);
    return rows;
  };
}

function lstmSizes(node: Node, { weights, recurrent, projection }: LstmPlaces): Sizes {
  const w = node.constant(weights + 1);
  const r = node.constant(recurrent + 1);
  const [hidden, inputs] = w.shape;
  const state = present(node, projection) ? node.constant(projection).shape[0] : hidden;
  if (w.shape.length !== 2 || r.shape.length !== 2 || !(hidden > 0) || !(inputs > 0) || !(state > 0)) {
    const found = say`[${w.shape.join(', ')}] and [${r.shape.join(', ')}]`;
    throw expectation(say`weights [units, inputs] and recurrent weights [units, units]`, found);
  }
  return { hidden, inputs, state };
}

/** PyTorch's order is this one: i, f, g, o. */
const GATES = [0, 1, 2, 3];

function lstmTensors(node: Node, places: LstmPlaces, { hidden, inputs, state }: Sizes, end: string): Tensors {
  const coupled = !present(node, places.weights);
  const gates = (first: number, shape: readonly number[], what: string) =>
    GATES.map((gate) =>
      coupled && gate === 0
        ? undefined
        : tensorAt(node, first + gate, shape, say`its ${what} of gate ${gate + 1}`),
    );
  const weights = gates(places.weights, [hidden, inputs], 'weights');
  const recurrent = gates(places.recurrent, [hidden, state], say`recurrent weights`);
  const bias = gates(places.bias, [hidden], 'bias');
  const peepholes = (['peephole_i', 'peephole_f', 'peephole_o'] as const).map((name, k) => {
    const index = places.peepholes + k;
    const value = present(node, index) ? tensorAt(node, index, [hidden], say`its peepholes`) : undefined;
    return [name, value] as const;
  });
  return {
    [`weight_ih${end}`]: stacked(weights, hidden * inputs),
    [`weight_hh${end}`]: stacked(recurrent, hidden * state),
    [`bias_ih${end}`]: stacked(bias, hidden),
    [`bias_hh${end}`]: async () => new Float32Array(4 * hidden),
    ...(hasPeepholes(node, places) &&
      Object.fromEntries(peepholes.map(([name, value]) => [name + end, stacked([value], hidden)]))),
    ...(present(node, places.projection) && {
      [`weight_hr${end}`]: stacked(
        [tensorAt(node, places.projection, [state, hidden], say`its projection`)],
        state * hidden,
      ),
    }),
  };
}

/** As the kernel tells it: by those of the output gate. */
function hasPeepholes(node: Node, { peepholes }: LstmPlaces): boolean {
  return present(node, peepholes + 2);
}

function lstm(both: boolean): Operator {
  return (node) => {
    const all = both ? BOTH_WAYS : [ONE_WAY];
    const sizes = lstmSizes(node, all[0]);
    return layerOf(node, sizes, both, (x) => lstmDraft(node, sizes, x, all));
  };
}

/** What the layers of all operators have; their one bias is that of the input. */
function commonOptions(hiddenSize: number, directions: readonly Direction[]) {
  const fixed = ['bias_hh'] as const;
  return {
    hiddenSize,
    levels: 1,
    directions,
    merge: 'concat',
    bias: true,
    fixed,
    returnSequences: true,
  } as const;
}

function lstmDraft(node: Node, sizes: Sizes, x: Flow, all: readonly LstmPlaces[]): Draft {
  const [places, ...others] = all;
  for (const other of others) checkAlike(node, sizes, places, other);
  const { directions, ends } = directionsOf(x, others.length > 0);
  if (others.length > 0) checkAuxiliary(node, AUXILIARY_LSTM);
  const activation = activationOf(node);
  for (const one of all) checkOptions(node, one);
  checkStates(node);
  const { hidden, state } = sizes;
  const cellClip = node.float('cell_clip', 0);
  const own = {
    ...{ type: 'lstm', ...commonOptions(hidden, directions), outputSize: directions.length * state },
    projSize: present(node, places.projection) ? state : 0,
    ...(activation !== 'tanh' && { activation }),
    ...(hasPeepholes(node, places) && { peepholes: true }),
    ...(!present(node, places.weights) && { coupled: 'forget' }),
    ...(cellClip > 0 && { cellClip }),
  } as Own;
  const tensors = Object.assign(
    {},
    ...all.map((one, k) => lstmTensors(node, one, sizes, ends[k])),
  ) as Tensors;
  return node.context.draft(node.layerName, [x], own, tensors);
}

/** The layer of an operator; one that is not run, in its place, where the cell is none that there is here. */
function layerOf(node: Node, sizes: Sizes, both: boolean, make: (x: Flow) => Draft): Value[] {
  const x = sequence(node, sizes.inputs);
  const count = both ? 2 : 1;
  try {
    return outputsOf(node, x, make(x), count, sizes.state);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    const reason = `${titleOf(node.proto)}: ${error.message}`;
    const unknown = {
      kind: 'unknown',
      reason,
      operator: node.type,
      from: [x],
      name: node.layerName,
    } as const;
    const draft = node.context.standIn(unknown, node.layerName, count * sizes.state);
    return outputsOf(node, x, draft, count, sizes.state);
  }
}

/** Where the states are that a model keeps itself, or that go in and out of it. */
const STATES: Readonly<Record<string, readonly number[]>> = {
  LSTM: [18, 19],
  UNIDIRECTIONAL_SEQUENCE_LSTM: [18, 19],
  BIDIRECTIONAL_SEQUENCE_LSTM: [35, 36, 37, 38],
  RNN: [4],
  UNIDIRECTIONAL_SEQUENCE_RNN: [4],
  BIDIRECTIONAL_SEQUENCE_RNN: [4, 8],
};

/** Zeros stand before the first step; whatever else a file gives is said. */
function checkStates(node: Node): void {
  const { context } = node;
  for (const index of STATES[node.type]) {
    const value = node.inputs[index];
    if (value?.kind === 'given') {
      const taken = context.streaming ? say`what the step before gave, and zeros at first` : say`zeros`;
      context.note(say`its state is the input ${JSON.stringify(value.name)}: taken to be ${taken}`);
    } else if (value && !(value.kind === 'constant' && isZero(value))) {
      throw new Unsupported(say`its initial state is computed or kept in the file, which is not run`);
    }
  }
}

function isZero({ fill, numbers }: Constant): boolean {
  return fill === 0 || numbers?.every((number) => number === 0) === true;
}

/** What the kernel does beside, which is not done here. */
function checkOptions(node: Node, { norms, projection, projectionBias }: LstmPlaces): void {
  if (node.integer('basic', 0) !== 0)
    throw new Unsupported(say`it is of the basic kind, whose gates are packed`);
  if (norms !== undefined && present(node, norms + 1))
    throw new Unsupported(say`it normalises the sum of each gate, which no cell here does`);
  if (present(node, projection) && node.constant(projection).shape[0] === node.constant(projection).shape[1])
    throw new Unsupported(say`its projection is as wide as the cell, which no cell here has`);
  if (present(node, projectionBias))
    throw new Unsupported(say`its projection has a bias, which no cell here has`);
  const clip = node.float('proj_clip', 0);
  if (clip > 0) throw new Unsupported(say`it keeps the projection within ±${clip}, which no cell here does`);
}

function checkAlike(node: Node, sizes: Sizes, one: LstmPlaces, other: LstmPlaces): void {
  const found = lstmSizes(node, other);
  const alike =
    JSON.stringify(sizes) === JSON.stringify(found) &&
    present(node, one.weights) === present(node, other.weights) &&
    hasPeepholes(node, one) === hasPeepholes(node, other);
  if (!alike) throw new Unsupported(say`its directions have different sizes or options`);
}

function rnn(both: boolean): Operator {
  return (node) => {
    const weights = node.constant(1);
    const [hidden, inputs] = weights.shape;
    if (!(hidden > 0) || !(inputs > 0))
      throw expectation('weights [units, inputs]', shapeOfConstant(weights));
    const sizes = { hidden, inputs, state: hidden };
    return layerOf(node, sizes, both, (x) => rnnDraft(node, sizes, x, both));
  };
}

function rnnDraft(node: Node, { hidden, inputs }: Sizes, x: Flow, both: boolean): Draft {
  const { directions, ends } = directionsOf(x, both);
  if (both) checkAuxiliary(node, AUXILIARY_RNN);
  checkStates(node);
  const own = {
    ...{ type: 'rnn', ...commonOptions(hidden, directions), outputSize: directions.length * hidden },
    nonlinearity: activationOf(node),
  } as Own;
  const tensors: Record<string, () => Promise<Float32Array>> = {};
  for (const [k, [weights, recurrent, bias]] of (both ? RNN_BOTH_WAYS : [RNN_ONE_WAY]).entries()) {
    const values = (index: number, shape: readonly number[], what: string) =>
      stacked([tensorAt(node, index, shape, what)], elementCount(shape));
    tensors[`weight_ih${ends[k]}`] = values(weights, [hidden, inputs], say`its weights`);
    tensors[`weight_hh${ends[k]}`] = values(recurrent, [hidden, hidden], say`its recurrent weights`);
    tensors[`bias_ih${ends[k]}`] = values(bias, [hidden], say`its bias`);
    tensors[`bias_hh${ends[k]}`] = async () => new Float32Array(hidden);
  }
  return node.context.draft(node.layerName, [x], own, tensors);
}

function shapeOfConstant({ shape }: Constant): string {
  return `[${shape.join(', ')}]`;
}

function checkAuxiliary(node: Node, { from, to }: { readonly from: number; readonly to: number }): void {
  for (let index = from; index < to; index++) {
    if (present(node, index))
      throw new Unsupported(say`its directions read two sequences, which no layer here does`);
  }
}

function directionsOf(x: Flow, both: boolean): { directions: readonly Direction[]; ends: readonly string[] } {
  if (both) {
    if (x.reversed) throw new Unsupported(say`it reads a sequence that is turned round in both directions`);
    return { directions: ['forward', 'backward'], ends: ['_l0', '_l0_reverse'] };
  }
  return x.reversed
    ? { directions: ['backward'], ends: ['_l0_reverse'] }
    : { directions: ['forward'], ends: ['_l0'] };
}

function activationOf(node: Node): UnitActivation {
  const code = node.integer('activation', 0);
  const found = fusedActivation(code);
  if (found !== undefined) return found;
  throw new Unsupported(say`its activation ${code} is none that a cell here has`);
}

/** Operators that are called for one step: their input has no axis of steps. */
function isOneStep(node: Node): boolean {
  return node.type === 'LSTM' || node.type === 'RNN';
}

function timeMajor(node: Node): boolean {
  return node.integer('time_major', 0) !== 0;
}

/** What it reads; where that is not a sequence of vectors, what a layer in its place would give, which is not run. */
function sequence(node: Node, inputs: number): Flow {
  const { context, layerName } = node;
  const value = node.inputs[0];
  const known = value?.kind === 'flow' ? value : undefined;
  if (known && isSequence(node, known, inputs)) return known;
  const unknown = value?.kind === 'unknown' ? value : unfit(node, inputs, known);
  const draft = context.standIn(unknown, `${layerName}_input`, inputs);
  return flowOf(draft, [...aroundUnits(node), units(inputs)], { size: undefined });
}

/** A known tensor that is none that the node can read. */
function unfit(node: Node, inputs: number, found: Flow | undefined): Unknown {
  const steps = timeMajor(node) ? say`[steps, 1, ${inputs}]` : say`[1, steps, ${inputs}]`;
  const wanted = isOneStep(node) ? say`one step a call, [1, ${inputs}]` : steps;
  const shape = found ? shapeInWords(found) : say`one that does not depend on the sequence`;
  const reason = `${titleOf(node.proto)}: ${expectation(say`an input ${wanted}`, shape).message}`;
  return { kind: 'unknown', reason, operator: node.type, ...(found && { from: [found] }) };
}

/** The axes of its input and output before that of the units. */
function aroundUnits(node: Node): readonly Axis[] {
  const time: Axis = node.context.streaming ? ONE : ROWS;
  if (isOneStep(node)) return [ONE];
  return timeMajor(node) ? [time, ONE] : [ONE, time];
}

function isSequence(node: Node, x: Flow, inputs: number): boolean {
  const { streaming } = node.context;
  const rank = isOneStep(node) ? 2 : 3;
  if (x.axes.length !== rank || !x.rows || x.integer || (rank === 2 && !streaming)) return false;
  const last = x.axes[rank - 1];
  const time = rank === 2 ? undefined : x.axes[timeMajor(node) ? 0 : 1];
  const batch = rank === 2 ? x.axes[0] : x.axes[timeMajor(node) ? 1 : 0];
  const steps = time === undefined || (streaming ? time.of === 'one' : time.of === 'rows');
  return (
    steps && batch.of === 'one' && last.of !== 'rows' && (last.of === 'units' ? last.size : 1) === inputs
  );
}

/** The output, or one of each direction where they are not put together. */
function outputsOf(node: Node, x: Flow, draft: Draft, directions: number, state: number): Value[] {
  const around = aroundUnits(node);
  const axes = [...around, units(directions * state)];
  const whole = flowOf(draft, axes, x.rows ?? { size: undefined }, { reversed: x.reversed });
  if (directions === 1 || node.integer('merge_outputs', 0) !== 0) return [whole];
  return Array.from({ length: directions }, (_, k) => ({
    ...whole,
    axes: [...around, units(state)],
    pieces: [{ draft, at: 'rows', from: k * state, count: state }],
  }));
}

/** By the operators' names. */
export const TFLITE_RECURRENT: ReadonlyMap<string, Operator> = new Map([
  ['UNIDIRECTIONAL_SEQUENCE_LSTM', lstm(false)],
  ['BIDIRECTIONAL_SEQUENCE_LSTM', lstm(true)],
  ['LSTM', lstm(false)],
  ['UNIDIRECTIONAL_SEQUENCE_RNN', rnn(false)],
  ['BIDIRECTIONAL_SEQUENCE_RNN', rnn(true)],
  ['RNN', rnn(false)],
]);

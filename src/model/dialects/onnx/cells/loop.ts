/**
 * Loop and Scan: what they carry from round to round, what they read in each and what they collect
 * (onnx/defs/controlflow/defs.cc), as steps of recurrent layers.
 */
import { say } from '../../../../words/say';
import { elementCount } from '../../../weights';
import { numbersOf, type Constant } from '../constant';
import type { Draft, StatePieces, Tensors, Flow, Piece } from '../draft';
import { ROUND, type Rounds } from '../rounds';
import { keyOf, selectedStep, sliced } from '../flow';
import { ROWS, units, type Axis, type Rows } from '../axes';
import { sameScalar, Steps, type Scalar } from '../scalar';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';
import { checkedAxis } from '../operators/operator';
import type { GraphProto, NodeProto, ValueInfoProto } from '../schema/onnx_pb';
import type { List, Value } from '../value';
import type { Cell } from './cell';
import { widthOfPieces } from './expression';
import { CellSteps, placesOf, stateFlow, type Place } from './steps';

/** What the walk lends to a loop. */
export interface Walking {
  readonly rounds: Rounds;
  /** The value of a name inside the body. */
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
  /** Walks the body. */
  walk(): void;
  /** A state that each round begins with. */
  state(name: string, width: number): Draft;
  /** The layers that the body was turned into. */
  drafts(): readonly Draft[];
}

interface Carried {
  readonly input: ValueInfoProto;
  readonly output: string;
  readonly initial: Value | undefined;
}

/** A tensor that each round reads a row of, and where its steps are. */
interface Read {
  readonly input: ValueInfoProto;
  readonly flow: Flow;
}

interface Collected {
  readonly output: string;
  readonly axis: number;
  readonly reversed: boolean;
}

/** A Loop or Scan, the same of both. */
interface Parts {
  readonly carried: readonly Carried[];
  readonly reads: readonly Read[];
  readonly collected: readonly Collected[];
  /** Of a Loop: the inputs that are the number of the round and whether to go on, and the most rounds. */
  readonly counter?: string;
  readonly going?: string;
  readonly most?: Value;
  readonly goesOn?: string;
}

/** What a loop gives, its rounds as steps of recurrent layers. Throws `Unsupported` if they are none. */
export function recurrenceOf(
  node: Node,
  body: GraphProto,
  walking: Walking,
): { readonly values: Value[]; readonly layers: readonly Draft[] } {
  const parts = node.type === 'Scan' ? scanParts(node, body) : loopParts(node, body);
  const { rounds } = walking;
  for (const { input, flow } of parts.reads) walking.set(input.name, rounds.read(flow));
  if (parts.counter !== undefined) walking.set(parts.counter, numbersOf([], true, [new Steps(0, ROUND)]));
  if (parts.going !== undefined) walking.set(parts.going, numbersOf([], true, [1]));
  const states = parts.carried.map((one) => begin(one, body, walking));
  walking.walk();
  const after = (name: string) => {
    const value = walking.get(name);
    if (value?.kind === 'unknown') throw new Unsupported(value.reason);
    return value;
  };
  checkCounters(parts, states, walking);
  const { rows, reversed } = rounds;
  if (!rows) {
    for (const { output } of parts.carried) after(output);
    throw new Unsupported(say`its rounds read no row of a sequence`);
  }
  checkRounds(parts, body, walking, rows);
  const pairs = parts.carried.flatMap(({ output }, k) => {
    const [before, value] = [states[k], walking.get(output)];
    const isState = before?.kind === 'flow' && before.pieces[0].draft.state !== undefined;
    return isState && value?.kind === 'flow' ? [{ before, after: value }] : [];
  });
  const mask = maskOf(rounds, pairs);
  const places: Place[] = pairs.flatMap(({ before, after: value }) =>
    placesOf(before, { ...value, pieces: unmasked(value.pieces) }),
  );
  const begins = new Map(
    parts.carried.flatMap(({ initial }, k) => {
      const state = states[k];
      return state?.kind === 'flow' ? [[state.pieces[0].draft, initial] as const] : [];
    }),
  );
  const steps = new CellSteps(node.context, {
    rows,
    reversed,
    name: () => node.layerName,
    initial: (cell) => initialOf(node, cell, begins),
  });
  if (mask)
    steps.maskBy(
      mask,
      pairs.flatMap(({ after: value }) => value.pieces),
    );
  for (const draft of walking.drafts()) if (draft.begins) steps.take(draft, places);
  const left = steps.find(places);
  if (steps.layers.length === 0) {
    for (const { output } of parts.carried) after(output);
    const has = say`its body is no cell that is known here: it has ${operatorsOf(body)}`;
    throw new Unsupported(steps.whyNone(left) ?? has);
  }
  const perStep = (value: Value | undefined): Flow => {
    if (value?.kind !== 'flow' || !value.rows)
      throw new Unsupported(say`what it collects does not depend on its rounds`);
    return steps.tensor(value);
  };
  const finals = parts.carried.map(({ output, initial }, k): Value => {
    const value = walking.get(output);
    if (value === states[k] && states[k] === initial && initial) return initial;
    if (value?.kind === 'list') return unlessUnsupported(() => listOf(value, perStep, { rows, reversed }));
    if (value?.kind !== 'flow' || !value.rows)
      return { kind: 'unknown', reason: say`what a loop counts is known only when the model runs` };
    return unlessUnsupported(() => finalOf(perStep(value), reversed));
  });
  const collected = parts.collected.map(({ output, axis, reversed: turned }): Value =>
    unlessUnsupported(() => {
      const flow = ofEachStep(perStep(after(output)));
      const at = checkedAxis(axis, flow.axes.length + 1);
      return { ...flow, rows, axes: flow.axes.toSpliced(at, 0, ROWS), reversed: reversed !== turned };
    }),
  );
  return { values: [...finals, ...collected], layers: steps.layers };
}

/** The tokens whose mask all states of a loop are kept by; undefined where no mask keeps any. */
function maskOf(
  { keptStates }: Rounds,
  pairs: readonly { readonly before: Flow; readonly after: Flow }[],
): Flow | undefined {
  const [first] = keptStates;
  if (!first) return undefined;
  const same = (a: Flow, b: Flow) => keyOf(a.pieces) === keyOf(b.pieces);
  const whole = pairs.every(({ before, after: value }) =>
    keptStates.some(
      (kept) => same(kept.before, before) && keyOf(kept.made.pieces) === keyOf(unmasked(value.pieces)),
    ),
  );
  const all = pairs.every(({ after: value }) => value.pieces.every(({ draft }) => draft.masked));
  if (whole && all && keptStates.every(({ ids }) => same(ids, first.ids))) return first.ids;
  throw new Unsupported(say`its mask of steps keeps only some of its states`);
}

/** What a step makes, where a mask may keep what was. */
function unmasked(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.flatMap((piece) => {
    const { draft, from, count } = piece;
    return draft.masked ? sliced(draft.masked.pieces, from, from + count) : [piece];
  });
}

function ofEachStep(flow: Flow): Flow {
  if (flow.pieces.some(({ at }) => at === 'cell'))
    throw new Unsupported(say`it collects the cell state of each step, which no layer hands on`);
  return flow;
}

/** A list into which each round inserts one tensor. */
function listOf(
  { items }: List,
  perStep: (value: Value) => Flow,
  { rows, reversed }: { readonly rows: Rows; readonly reversed: boolean },
): List {
  if (items.length !== 1)
    throw new Unsupported(say`it does not insert one tensor into its list in each round`);
  const flow = ofEachStep(perStep(items[0]));
  return {
    ...{ kind: 'list', items: [] },
    rows: { flow: { ...flow, rows, axes: [ROWS, ...flow.axes], reversed }, axis: 0, keeps: false },
  };
}

/** What cannot be told of one output says nothing of the others. */
function unlessUnsupported(find: () => Value): Value {
  try {
    return find();
  } catch (error) {
    if (error instanceof Unsupported) return { kind: 'unknown', reason: error.message };
    throw error;
  }
}

function loopParts(node: Node, body: GraphProto): Parts {
  const [most, going, ...initial] = node.inputs;
  if (going && !(going.kind === 'constant' && going.numbers?.[0] !== 0))
    throw new Unsupported(say`whether it goes round at all is known only when the model runs`);
  const [counter, condition, ...carried] = body.input;
  const [goesOn, ...outputs] = body.output;
  if (carried.length > outputs.length) throw new Unsupported(say`its body gives less than it carries`);
  return {
    ...{ counter: counter?.name, going: condition?.name, most, goesOn: goesOn?.name, reads: [] },
    carried: carried.map((input, k) => ({ input, output: outputs[k].name, initial: initial[k] })),
    collected: outputs.slice(carried.length).map(({ name }) => ({ output: name, axis: 0, reversed: false })),
  };
}

function scanParts(node: Node, body: GraphProto): Parts {
  if (node.context.opset < 9) throw new Unsupported(say`a Scan of operator set 8 runs over a batch`);
  const reading = node.integer('num_scan_inputs', 0);
  const count = body.input.length - reading;
  if (count < 0 || node.inputs.length !== body.input.length || body.output.length < count)
    throw new Unsupported(say`its body does not take what it reads`);
  const list = (name: string) => node.integers(name) ?? [];
  const reads = body.input.slice(count).map((input, k): Read => {
    const flow = node.flow(count + k);
    const axis = checkedAxis(list('scan_input_axes')[k] ?? 0, flow.axes.length);
    if (flow.axes[axis].of !== 'rows') throw new Unsupported(say`it does not go along the steps`);
    const reversed = (list('scan_input_directions')[k] ?? 0) === 1;
    return { input, flow: { ...flow, reversed: flow.reversed !== reversed, axes: flow.axes } };
  });
  const dropped = reads.map(({ input, flow }): Read => ({ input, flow: withoutRows(flow) }));
  return {
    carried: body.input.slice(0, count).map((input, k) => ({
      ...{ input, output: body.output[k].name, initial: node.inputs[k] },
    })),
    reads: dropped,
    collected: body.output.slice(count).map(({ name }, k) => ({
      output: name,
      axis: list('scan_output_axes')[k] ?? 0,
      reversed: (list('scan_output_directions')[k] ?? 0) === 1,
    })),
  };
}

/** A Scan's body has no axis of steps. */
function withoutRows(flow: Flow): Flow {
  return { ...flow, axes: flow.axes.filter(({ of }) => of !== 'rows') };
}

/** What a carried value is at the beginning of a round. */
function begin({ input, output, initial }: Carried, body: GraphProto, walking: Walking): Value | undefined {
  const { name } = input;
  const value = unchanged(body, name, output) ? initial : roundValue(input, initial, walking);
  if (value) walking.set(name, value);
  return value;
}

function roundValue({ name, type }: ValueInfoProto, initial: Value | undefined, walking: Walking): Value {
  if (initial?.kind === 'list') {
    if (initial.items.length === 0 && !initial.rows) return initial;
    throw new Unsupported(say`it inserts into a list that is not empty at first`);
  }
  if (initial?.kind === 'constant' && initial.integer && elementCount(initial.shape) === 1) {
    const [first] = initial.numbers ?? [];
    if (typeof first === 'number') return numbersOf(initial.shape, true, [new Steps(first, ROUND)]);
  }
  const declared = type?.value.case === 'tensorType' ? type.value.value.shape?.dim : undefined;
  const sizes = declared?.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 1));
  const axes = axesOf(initial) ?? sizes?.map(units);
  if (!axes) throw new Unsupported(say`how large its state ${JSON.stringify(name)} is cannot be told`);
  const width = axes.reduce((product, axis) => product * (axis.of === 'units' ? axis.size : 1), 1);
  if (!(width > 0)) throw new Unsupported(say`its state ${JSON.stringify(name)} is empty`);
  return stateFlow(walking.state(name, width), { axes, rows: { size: undefined } });
}

function axesOf(initial: Value | undefined): readonly Axis[] | undefined {
  if (initial?.kind === 'constant') return initial.shape.map(units);
  if (initial?.kind !== 'flow') return undefined;
  if (initial.rows) throw new Unsupported(say`it carries a sequence from round to round`);
  return initial.axes;
}

/** Whether a round gives a value on as it was. */
function unchanged({ node: nodes }: GraphProto, input: string, output: string): boolean {
  const makers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  let name = output;
  for (let maker = makers.get(name); maker?.opType === 'Identity'; maker = makers.get(name))
    name = maker.input[0];
  return name === input;
}

/** A count that is read must go up by one. */
function checkCounters({ carried }: Parts, states: readonly (Value | undefined)[], walking: Walking): void {
  for (const [k, { input, output }] of carried.entries()) {
    const state = states[k];
    const [count] = state?.kind === 'constant' ? (state.numbers ?? []) : [];
    if (!(count instanceof Steps) || count.of !== ROUND) continue;
    const value = walking.get(output);
    const [next] = value?.kind === 'constant' ? (value.numbers ?? []) : [];
    if (sameScalar(next, new Steps(count.plus + 1, ROUND))) continue;
    throw new Unsupported(say`what it carries as ${JSON.stringify(input.name)} does not count its rounds`);
  }
}

/** Throws `Unsupported` unless there are as many rounds as steps. */
function checkRounds({ most, goesOn }: Parts, body: GraphProto, walking: Walking, rows: Rows): void {
  if (goesOn === undefined) return;
  const bounds = boundsOf(body, goesOn, walking);
  const [count] = most?.kind === 'constant' ? (most.numbers ?? []) : [];
  if (most && count === undefined)
    throw new Unsupported(say`how often it goes round is known only when the model runs`);
  const all = [...bounds, ...(most ? [count] : [])];
  const fits = all.some((bound) => sameScalar(bound, rows.size));
  const more = all.every(
    (bound) =>
      sameScalar(bound, rows.size) ||
      (typeof bound === 'number' && bound >= (typeof rows.size === 'number' ? rows.size : ENDLESS)),
  );
  if (!fits || !more) throw new Unsupported(say`it does not go round once for each step`);
}

/** Counts that stand for "as long as there is". */
const ENDLESS = 2 ** 31 - 1;

/** After how many rounds a condition ends a loop: where a count that goes up is less than each of these. */
function boundsOf({ node: nodes }: GraphProto, condition: string, walking: Walking): Scalar[] {
  const makers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const bounds: Scalar[] = [];
  const open = [condition];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const value = walking.get(name);
    if (value?.kind === 'constant' && typeof value.numbers?.[0] === 'number') {
      if (value.numbers[0] === 0) throw new Unsupported(say`it goes round once`);
      continue;
    }
    const maker: NodeProto | undefined = makers.get(name);
    if (maker && ['And', 'Identity', 'Cast', 'Squeeze'].includes(maker.opType))
      open.push(...maker.input.slice(0, maker.opType === 'And' ? 2 : 1));
    else bounds.push(boundOf(maker, walking));
  }
  return bounds;
}

/** The condition is that of the next round: i + k < n ends a loop after n − k + 1 rounds. */
function boundOf(maker: NodeProto | undefined, walking: Walking): Scalar {
  const [a, b] = (maker?.input ?? []).map((name) => {
    const value = walking.get(name);
    return value?.kind === 'constant' ? value.numbers?.[0] : undefined;
  });
  const [count, end] = maker?.opType === 'Less' ? [a, b] : maker?.opType === 'Greater' ? [b, a] : [];
  if (count instanceof Steps && count.of === ROUND) {
    if (typeof end === 'number') return end - count.plus + 1;
    if (end instanceof Steps) return new Steps(end.plus - count.plus + 1, end.of);
  }
  throw new Unsupported(say`when it ends is known only when the model runs`);
}

/** What a state is after the last round. */
function finalOf(flow: Flow, reversed: boolean): Flow {
  const { rows: _, ...rest } = flow;
  const pieces = flow.pieces.map((piece): Piece => {
    if (piece.at === 'cell') return piece;
    const [last] = selectedStep({ ...flow, reversed, pieces: [piece] }, -1).pieces;
    return last;
  });
  return { ...rest, reversed: false, pieces };
}

/** What a layer begins with, from what the loop does. */
function initialOf(node: Node, { own, h, c }: Cell, begins: ReadonlyMap<Draft, Value | undefined>) {
  const parts = { h: h, ...(c && { c }) };
  const given = Object.entries(parts).map(
    ([part, pieces]) => [part, pieces, begins.get(pieces[0].draft)] as const,
  );
  const learned: Record<string, () => Promise<Float32Array>> = {};
  const states: { h?: Piece[]; c?: Piece[] } = {};
  for (const [part, pieces, value] of given) {
    switch (value?.kind) {
      case 'constant':
        if (!isZero(value)) learned[`${part}0_l0`] = async () => unitsOf(await value.floats(), pieces);
        break;
      case 'flow':
        states[part as 'h' | 'c'] = pieces.flatMap(({ from, count }) =>
          sliced(value.pieces, from, from + count),
        );
        break;
      case 'given':
        node.context.note(
          say`it begins with the input ${JSON.stringify(value.name)}: zeros are taken before the first step`,
        );
        break;
      default: {
        const unknown = value?.kind === 'unknown' ? value : undefined;
        if (unknown?.zeros) break;
        throw new Unsupported(
          say`its initial state ${JSON.stringify(pieces[0].draft.state)} is not run: ${unknown?.reason ?? say`it is none that is known`}`,
        );
      }
    }
  }
  const handed = Object.keys(states).length > 0;
  if (handed && Object.keys(learned).length > 0)
    throw new Unsupported(say`only one of its initial states comes from another layer`);
  if (handed) return { states: [states] as readonly StatePieces[] };
  if (Object.keys(learned).length === 0) return {};
  const zeros = (count: number) => async () => new Float32Array(count);
  const tensors: Tensors = {
    h0_l0: learned.h0_l0 ?? zeros(widthOfPieces(h)),
    ...(own.type === 'lstm' && { c0_l0: learned.c0_l0 ?? zeros(widthOfPieces(c!)) }),
  };
  return { own: { initialState: { kind: 'learned' } }, tensors };
}

function unitsOf(values: Float32Array, pieces: readonly Piece[]): Float32Array {
  const units = new Float32Array(widthOfPieces(pieces));
  let at = 0;
  for (const { from, count } of pieces) {
    units.set(values.subarray(from, from + count), at);
    at += count;
  }
  return units;
}

function isZero({ fill, numbers }: Constant): boolean {
  return fill === 0 || numbers?.every((number) => number === 0) === true;
}

const MAX_LISTED = 8;

/** `MatMul × 2, Add × 3, …` */
function operatorsOf({ node: nodes }: GraphProto): string {
  const counts = new Map<string, number>();
  for (const { opType } of nodes)
    if (opType !== 'Constant') counts.set(opType, (counts.get(opType) ?? 0) + 1);
  const listed = [...counts].toSorted(([, a], [, b]) => b - a).map(([type, count]) => `${type} × ${count}`);
  return listed.slice(0, MAX_LISTED).join(', ') + (listed.length > MAX_LISTED ? ', …' : '');
}

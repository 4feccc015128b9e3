/** Walks a graph once, node by node, and tells what every value is: drafts of layers are what it leaves behind. */
import { say } from '../../../words/say';
import { TensorFileError } from '../../tensors/bytes';
import { numbersOf, type Constant } from './constant';
import { cellsOfCalls } from './cells/calls';
import { recurrenceOf } from './cells/loop';
import { Unrolled } from './cells/unrolled';
import type { Draft, Own, Tensors, Flow } from './draft';
import { flowOf } from './flow';
import { ONE, ROWS, units, widthOf } from './axes';
import { Unsupported } from './unsupported';
import { bodiesOf, everyNode, isOwnDomain, isRecurrentNode, type InputView } from './inputs';
import { nameOf, Node, operatorOf, titleOf, type Context } from './node';
import { notRunDraft, sourcesOf } from './notRun';
import { ofAttention } from './operators/attention';
import { ofAttentionNode } from './operators/attentionNodes';
import { ofGroupNorm } from './operators/groupNorm';
import { implementationOf } from './operators/index';
import { ofLayerNorm } from './operators/layerNorm';
import { ofMask } from './operators/masks';
import { ofQuantised } from './operators/quantised';
import { ofStepMask } from './operators/stepMasks';
import { withRootMeanSquare } from './operators/rootMeanSquare';
import {
  TensorProto_DataType as Type,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from './schema/onnx_pb';
import { Rounds } from './rounds';
import { inlineConstant } from './tensors';
import type { Ask, Unknown, Value } from './value';

/** What a walk has found. */
export interface Walk {
  /** How the inputs were seen, the network's own first. */
  readonly views: readonly InputView[];
  /** Inputs that were taken to be the number of steps. */
  readonly lengths: ReadonlySet<string>;
  readonly drafts: readonly Draft[];
  /** Of the graph, by name. */
  readonly outputs: ReadonlyMap<string, Value>;
  readonly notes: readonly string[];
  /** Whether the model computes with numbers of 8 bits. */
  readonly eightBits: boolean;
  /** Layers that are not run. */
  readonly idle: number;
  /** Loops and steps that are no recurrent layers, and why. */
  readonly missed: readonly string[];
  /** Recurrent layers in branches and bodies that are not run: to be shown too. */
  readonly inside: readonly Draft[];
  /** Recurrent nodes that were met, and those of which it is known what they read. */
  readonly seen: number;
  readonly reached: number;
  /** The first graph input that decides which branch of an If is run, and that If. */
  readonly asked?: Asked;
}

export interface Asked extends Ask {
  readonly title: string;
}

/** Names of values to what they are; those of a body see those around it. */
class Scope {
  private readonly values = new Map<string, Value>();

  constructor(private readonly around?: Scope) {}

  get(name: string): Value | undefined {
    return this.values.get(name) ?? this.around?.get(name);
  }

  set(name: string, value: Value): void {
    if (name !== '') this.values.set(name, value);
  }
}

/** `lengths` are inputs that are taken to be the number of steps: one sequence is run, in full. */
export function walk(
  graph: GraphProto,
  constants: ReadonlyMap<string, Constant>,
  views: readonly InputView[],
  opset: number,
  lengths: ReadonlySet<string> = new Set(),
): Walk {
  const walker = new Walker(graph, views, opset);
  const scope = new Scope();
  const states = graph.input.flatMap((input) => walker.given(input) ?? []);
  for (const input of graph.input) scope.set(input.name, givenOf(input));
  for (const state of states) scope.set(state.pieces[0].draft.state!, state);
  for (const [name, value] of constants) scope.set(name, value);
  const { size } = views[0].rows!;
  for (const name of lengths) scope.set(name, numbersOf([1], true, [size]));
  for (const input of walker.inputs) scope.set(input.view.name, flowOfInput(input));
  walker.graph(graph, scope);
  const outputs = new Map(graph.output.map(({ name }) => [name, scope.get(name) ?? missing(name)]));
  return walker.found(lengths, views[0].streaming ? walker.calls(states, outputs) : walker.rolled(outputs));
}

/** An input beside the sequence; sizes that the file leaves open are those of one sequence. */
function givenOf({ name, type }: ValueInfoProto): Value {
  const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
  const sizes = shape?.dim.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 1));
  return { kind: 'given', name, ...(sizes && { shape: sizes }) };
}

function missing(name: string): Unknown {
  return { kind: 'unknown', reason: say`the value ${JSON.stringify(name)} is given by no node before it` };
}

/** An input of the network. */
interface InputDraft extends Draft {
  readonly view: InputView;
}

function flowOfInput(draft: InputDraft): Flow {
  const { axes, rows, integer } = draft.view;
  return flowOf(draft, axes, rows, { integer });
}

/** Units of a state, at most. */
const MAX_STATE = 1 << 20;
/** Numbers and parts of tensors that are held in one walk: a small file could ask for a great many. */
const MAX_HELD = 1 << 22;

class Walker implements Context {
  readonly inputs: readonly InputDraft[];
  private readonly called: boolean;
  private readonly drafts: Draft[] = [];
  private readonly notes = new Set<string>();
  private eightBits = false;
  private readonly standIns = new Map<Unknown, Draft>();
  private readonly unrolled = new Unrolled(this, this.drafts);
  private readonly uses: ReadonlyMap<string, number>;
  private readonly missed: string[] = [];
  private readonly inside: Draft[] = [];
  private seen = 0;
  private reached = 0;
  private asked?: Asked;
  private held = 0;
  /** Types and titles of the nodes in whose bodies the node at hand stands. */
  private bodies: [string, string][] = [];
  rounds?: Rounds;
  private last?: Flow;
  /** The node at hand, for messages. */
  private title = '';

  constructor(
    graph: GraphProto,
    views: readonly InputView[],
    readonly opset: number,
  ) {
    this.inputs = views.map((view, k) => {
      const { name, width } = view;
      return {
        wanted: nameOf(name),
        inputs: [],
        inputSize: width,
        width,
        tensors: {},
        view,
        index: k - views.length,
      };
    });
    this.called = views[0].streaming;
    this.uses = usesIn(graph);
  }

  /** In a loop, as in a model that is called for one step after the other. */
  get streaming(): boolean {
    return this.called || this.rounds !== undefined;
  }

  found(lengths: ReadonlySet<string>, outputs: ReadonlyMap<string, Value>): Walk {
    const { inputs, drafts, missed, inside, seen, reached, asked } = this;
    const views = inputs.map(({ view }) => view);
    const idle = drafts.filter(({ own }) => own?.type === 'not_run').length;
    return {
      ...{
        views,
        lengths,
        drafts,
        missed,
        inside,
        outputs,
        notes: [...this.notes],
        eightBits: this.eightBits,
        idle,
        seen,
        reached,
      },
      ...(asked && { asked }),
    };
  }

  /** A graph inside a node, with its own initialisers. */
  private inner(graph: GraphProto, scope: Scope): void {
    for (const tensor of graph.initializer) {
      try {
        scope.set(tensor.name, inlineConstant(tensor));
      } catch (error) {
        if (!(error instanceof TensorFileError)) throw error;
        scope.set(tensor.name, { kind: 'unknown', reason: error.message });
      }
    }
    this.graph(graph, scope);
  }

  graph({ node: nodes }: GraphProto, scope: Scope): void {
    for (const node of nodes) {
      const values = this.node(node, scope);
      for (const [k, name] of node.output.entries()) {
        const value = values[k] ?? {
          kind: 'unknown',
          reason: say`${titleOf(node)}: its output ${k + 1} is none that is known`,
        };
        scope.set(name, value);
      }
    }
  }

  draft(
    wanted: string,
    inputs: readonly Flow[],
    own: Own,
    tensors: Tensors = {},
    more: Partial<Draft> = {},
  ): Draft {
    for (const flow of inputs) {
      if (this.streaming && !more.masked && flow.pieces.some(({ at }) => at === 'cell'))
        throw new Unsupported(say`it reads the cell state Y_c of each step`);
      if (flow.integer && own.type !== 'embedding')
        throw new Unsupported(say`it computes with whole numbers`);
      if (flow.repeated) throw new Unsupported(say`it reads a single row that is repeated for every step`);
      const steps = inputs[0].rows !== undefined;
      const broadcasts = own.type === 'attention' || (own.type === 'merge' && steps && !this.streaming);
      if (!broadcasts && (flow.rows !== undefined) !== steps)
        throw new Unsupported(say`it puts steps together with a single row`);
    }
    const [{ axes }] = inputs;
    const draft: Draft = {
      ...{ wanted, inputs, own, tensors, inputSize: widthOf({ axes }), width: own.outputSize, ...more },
      index: this.drafts.length,
    };
    this.drafts.push(draft);
    return draft;
  }

  standIn(unknown: Unknown, wanted: string, width: number): Draft {
    const known = this.standIns.get(unknown);
    if (known?.width === width) return known;
    const draft = notRunDraft(unknown, wanted, width, this.drafts.length, this.streaming);
    this.standIns.set(unknown, draft);
    this.drafts.push(draft);
    return draft;
  }

  readsAlone(name: string): boolean {
    return this.uses.get(name) === 1;
  }

  computesInEightBits(): void {
    this.eightBits = true;
  }

  note(message: string): void {
    this.notes.add(`${this.title}: ${message}`);
  }

  private node(proto: NodeProto, scope: Scope): readonly Value[] {
    const inputs = proto.input.map((name) => (name === '' ? undefined : (scope.get(name) ?? missing(name))));
    const node = new Node(proto, inputs, this);
    this.title = titleOf(proto);
    try {
      const values = withRootMeanSquare(node, this.values(node, scope));
      this.held += values.reduce((sum, value) => sum + sizeOfValue(value), 0);
      if (this.held > MAX_HELD)
        throw new Unsupported(say`the graph holds more small tensors than are looked at`);
      return values;
    } catch (error) {
      if (!(error instanceof Unsupported) && !(error instanceof TensorFileError)) throw error;
      const unknown = unknownOf(`${titleOf(proto)}: ${error.message}`, inputs);
      return proto.output.map(() => ({ ...unknown, operator: proto.opType, name: node.layerName }));
    }
  }

  private values(node: Node, scope: Scope): readonly Value[] {
    const { proto, inputs } = node;
    const part =
      ofLayerNorm(node) ?? ofGroupNorm(node) ?? ofAttention(node) ?? ofMask(node) ?? ofStepMask(node);
    if (part) return [part];
    const several = ofQuantised(node) ?? ofAttentionNode(node);
    if (several) return several;
    if (isRecurrentNode(proto)) return this.recurrent(node);
    if (isOwnDomain(proto.domain)) {
      if (proto.opType === 'If') return this.choice(node, scope);
      if (proto.opType === 'Loop' || proto.opType === 'Scan') return this.repeated(node, scope);
    }
    const operator = implementationOf(proto);
    const unknown = inputs.find((value) => value?.kind === 'unknown');
    if (unknown?.partOf !== undefined && operator)
      throw new Unsupported(say`it reads part of ${unknown.partOf}, which no layer gives`);
    if (unknown && unknown.partOf === undefined) {
      const after = { ...unknownOf(reasonsOf(inputs), inputs), operator: unknown.operator };
      return proto.output.map(() => (givesZeros(node) ? { ...after, zeros: true } : { ...after }));
    }
    return operator ? operator(node) : this.unsupported(node);
  }

  private unsupported({ proto, inputs, layerName: name }: Node): readonly Value[] {
    const unknown = unknownOf(say`${operatorOf(proto)} is not supported`, inputs);
    return proto.output.map(() => ({ ...unknown, operator: proto.opType, name }));
  }

  private recurrent(node: Node): readonly Value[] {
    this.seen++;
    const before = this.drafts.length;
    const values = implementationOf(node.proto)!(this.bodies.length > 0 ? this.withoutSequence(node) : node);
    if (this.drafts.slice(before).every(({ own }) => own?.type !== 'not_run')) this.reached++;
    const [output] = values;
    if (output.kind !== 'flow') return values;
    this.last = output;
    if (this.bodies.length > 0) this.inside.push(...output.pieces.map(({ draft }) => draft));
    return values;
  }

  /** A node in a body that is not run: what it reads is known only where a sequence brings it. */
  private withoutSequence({ proto, inputs: [x, ...rest], context }: Node): Node {
    const [operator, title] = this.bodies.at(-1)!;
    const reason = say`${titleOf(proto)}: it stands in the body of ${title}, which is not run`;
    const unknown: Unknown = { kind: 'unknown', reason, operator, from: sourcesOf([x]) };
    return new Node(proto, [unknown, ...rest], context);
  }

  /** One of two graphs: which, is often known from the file. */
  private choice(node: Node, scope: Scope): readonly Value[] {
    const [condition] = node.inputs;
    const chosen = condition?.kind === 'constant' ? condition.numbers?.[0] : undefined;
    const branches = [node.graph('then_branch'), node.graph('else_branch')];
    if (typeof chosen === 'number') {
      const branch = branches[chosen ? 0 : 1];
      if (!branch) throw new Unsupported(say`it has no such branch`);
      const inside = new Scope(scope);
      this.inner(branch, inside);
      return branch.output.map(({ name }) => inside.get(name) ?? missing(name));
    }
    const ask = condition && askOf(condition);
    if (ask) this.asked ??= { ...ask, title: titleOf(node.proto) };
    const known = say`which of its graphs is run is known only when the model runs`;
    const root =
      condition?.kind === 'unknown' && !ask ? condition.reason.split(`${known}: `).at(-1) : undefined;
    const why = root === undefined ? known : `${known}: ${root}`;
    const values = branches.map((branch) => this.body(node, branch, new Scope(scope), why));
    return (
      values[branches.findLastIndex((branch) => branch && everyNode(branch).some(isRecurrentNode))] ??
      values[0]
    );
  }

  private repeated(node: Node, scope: Scope): readonly Value[] {
    const body = node.graph('body');
    const title = titleOf(node.proto);
    const found = body ? this.recurrence(node, body, scope) : say`it has no body`;
    if (typeof found !== 'string') return found;
    const inside = new Scope(scope);
    for (const { name } of body?.input ?? []) {
      inside.set(name, { kind: 'unknown', reason: say`it changes from round to round of ${title}` });
    }
    return this.body(node, body, inside, found);
  }

  /** A loop as recurrent layers; why it is none otherwise. */
  private recurrence(node: Node, body: GraphProto, scope: Scope): readonly Value[] | string {
    this.seen++;
    if (this.streaming || this.bodies.length > 0) return say`it goes round within another loop or body`;
    const before = {
      drafts: this.drafts.length,
      inside: this.inside.length,
      seen: this.seen,
      reached: this.reached,
      last: this.last,
    };
    const inside = new Scope(scope);
    const [most] = node.inputs;
    const rounds = new Rounds(
      node.type === 'Loop' && most?.kind === 'constant' ? most.numbers?.[0] : undefined,
    );
    const title = this.title;
    try {
      const { values, layers } = recurrenceOf(node, body, {
        rounds,
        get: (name) => inside.get(name),
        set: (name, value) => inside.set(name, value),
        walk: () => {
          this.rounds = rounds;
          try {
            this.inner(body, inside);
          } finally {
            delete this.rounds;
            this.title = title;
          }
        },
        state: (name, width) => this.state(name, width),
        drafts: () => this.drafts.slice(before.drafts),
      });
      this.reached++;
      this.last = flowOf(layers.at(-1)!, [ROWS, ONE, units(layers.at(-1)!.width)], rounds.rows);
      return values;
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      this.drafts.length = before.drafts;
      this.inside.length = before.inside;
      this.seen = before.seen;
      this.reached = before.reached;
      if (before.last) this.last = before.last;
      else delete this.last;
      for (const [unknown, { index }] of this.standIns)
        if (index >= before.drafts) this.standIns.delete(unknown);
      if (!this.missed.some((reason) => error.message.includes(reason)))
        this.missed.push(`${title}: ${error.message}`);
      return error.message;
    }
  }

  /** An input that may be a state, of a model that is called for one step after the other. */
  given({ name, type }: ValueInfoProto): Flow | undefined {
    if (!this.called || type?.value.case !== 'tensorType') return undefined;
    const { elemType, shape } = type.value.value;
    const sizes = shape?.dim.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 1));
    const width = sizes?.reduce((product, size) => product * size, 1) ?? 0;
    if (elemType !== Type.FLOAT || !sizes || !(width >= 1 && width <= MAX_STATE)) return undefined;
    return flowOf(this.state(name, width), sizes.map(units), this.inputs[0].view.rows);
  }

  stacked(flows: readonly Flow[], axis: number): Flow | undefined {
    return this.unrolled.stacked(flows, axis);
  }

  /** Outputs of steps that are written out. */
  rolled(outputs: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    this.title = say`the cell`;
    const found = new Map(
      [...outputs].map(([name, value]): [string, Value] => {
        if (value.kind !== 'flow') return [name, value];
        try {
          return [name, this.unrolled.tensor(value)];
        } catch (error) {
          if (!(error instanceof Unsupported)) throw error;
          return [name, { kind: 'unknown', reason: error.message }];
        }
      }),
    );
    this.seen += this.unrolled.count;
    this.reached += this.unrolled.count;
    this.missed.push(...this.unrolled.missed);
    return found;
  }

  /** Finds the cells of a call. */
  calls(states: readonly Flow[], outputs: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    this.title = say`the states of the step before`;
    const { rows } = this.inputs[0].view;
    const found = cellsOfCalls(this, states, outputs, [...this.drafts], rows!);
    this.seen += found.layers.length;
    this.reached += found.layers.length;
    if (found.missed !== undefined) this.missed.push(found.missed);
    return found.outputs;
  }

  /** A state that a step begins with. */
  private state(name: string, width: number): Draft {
    const draft = {
      wanted: name,
      inputs: [],
      inputSize: width,
      width,
      tensors: {},
      state: name,
      index: this.drafts.length,
    };
    this.drafts.push(draft);
    return draft;
  }

  /** Shows the recurrent layers in a body; what it gives is not known. */
  private body(node: Node, body: GraphProto | undefined, inside: Scope, why: string): readonly Value[] {
    const title = titleOf(node.proto);
    const before = this.last;
    const names = new Set(body ? everyNode(body).flatMap(({ input }) => input) : []);
    const around = [...names].map((name) => inside.get(name));
    this.bodies.push([node.type, title]);
    if (body) this.inner(body, inside);
    this.bodies.pop();
    const unknown = {
      ...unknownOf(`${title}: ${why}`, node.inputs),
      from: sourcesOf([...node.inputs, ...around]),
      operator: node.type,
      name: node.layerName,
    };
    const from = this.last && this.last !== before ? [this.last] : unknown.from;
    return node.proto.output.map(() => ({ ...unknown, ...(from && { from }) }));
  }
}

function sizeOfValue(value: Value): number {
  if (value.kind === 'flow') return value.pieces.length;
  return value.kind === 'constant' ? (value.numbers?.length ?? 0) : 0;
}

function unknownOf(reason: string, inputs: readonly (Value | undefined)[]): Unknown {
  const from = sourcesOf(inputs);
  const asks = inputs.map((value) => (value?.kind === 'unknown' ? value.asks : undefined));
  const ask = asks.find((one) => one !== undefined);
  const alone = inputs.every((value, k) => value?.kind === 'constant' || (ask && asks[k]?.name === ask.name));
  return {
    ...{ kind: 'unknown', reason },
    ...(from.length > 0 && { from }),
    ...(ask &&
      alone && { asks: { name: ask.name, values: [...new Set(asks.flatMap((one) => one?.values ?? []))] } }),
  };
}

/** More could not be read: of so many different reasons those that go into so many characters. */
const MAX_DIFFERENT = 16;
const MAX_REASONS = 400;

/** Why values are not known: each reason once, the first at least. */
function reasonsOf(values: readonly (Value | undefined)[]): string {
  const all = values.flatMap((value) =>
    value?.kind === 'unknown' && value.partOf === undefined ? [value.reason] : [],
  );
  const different = [...new Set(all)].slice(0, MAX_DIFFERENT);
  return different
    .filter((one) => !different.some((other) => other !== one && other.includes(one)))
    .reduce((said, one) => (said.length + one.length < MAX_REASONS ? `${said}; ${one}` : said));
}

/** Whether a node repeats a 0, however often: states begin so. */
function givesZeros(node: Node): boolean {
  const [x] = node.inputs;
  if (node.type === 'ConstantOfShape') {
    const tensor = node.tensor('value');
    return !tensor || inlineConstant(tensor).numbers?.[0] === 0;
  }
  const known =
    x?.kind === 'constant' && (x.fill === 0 || x.numbers?.every((number) => number === 0) === true);
  return node.type === 'Expand' && known;
}

/** What a truth value depends on, if that is a graph input alone. */
function askOf(value: Value): Ask | undefined {
  if (value.kind === 'given') return { name: value.name, values: [1] };
  return value.kind === 'unknown' ? value.asks : undefined;
}

/** How often each name is read, in bodies too. */
function usesIn(graph: GraphProto): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const count = (name: string) => uses.set(name, (uses.get(name) ?? 0) + 1);
  const visit = ({ node: nodes, output }: GraphProto): void => {
    output.forEach(({ name }) => count(name));
    for (const node of nodes) {
      node.input.forEach(count);
      bodiesOf(node).forEach(visit);
    }
  };
  visit(graph);
  return uses;
}

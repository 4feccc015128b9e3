/** Which of a graph's inputs is the sequence, and what their axes are: the file does not say, so all that may be are tried. */
import { isRecurrentType, type InputLayer } from '../../network';
import { BATCH, ROWS, units, widthOf, type Axis, type Rows } from './axes';
import { sameScalar, Steps } from './scalar';
import {
  TensorProto_DataType as Type,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from './schema/onnx_pb';

/** One way to see an input of a graph. */
export interface InputView {
  readonly name: string;
  readonly axes: readonly Axis[];
  /** Absent of a single row. */
  readonly rows?: Rows;
  readonly width: number;
  readonly integer: boolean;
  /** A model whose sequences have one step is called for one step after the other. */
  readonly streaming: boolean;
  /** As `InputLayer.clock`; `shared` of the network's own input. */
  readonly clock: InputLayer['clock'];
  /** What the file calls the number of its steps. */
  readonly steps?: string;
  /** Sequences in a batch, where the file fixes more than one. */
  readonly batch?: number;
  /** Whether the file computes with numbers of half precision. */
  readonly half: boolean;
  /** Whether the file leaves open how many numbers a call is given: `width` is one that is taken. */
  readonly taken?: boolean;
}

/** Inputs that the file itself gives no values. */
export function openInputs(graph: GraphProto, constants: ReadonlySet<string>): ValueInfoProto[] {
  return graph.input.filter(({ name }) => !constants.has(name));
}

/**
 * Ways to see the input that is the sequence, the likeliest first. `width` is what the first recurrent node reads, for
 * inputs that do not say how wide they are.
 */
export function mainViews(
  graph: GraphProto,
  inputs: readonly ValueInfoProto[],
  width: number | undefined,
): InputView[] {
  const reached = readBeforeRecurrent(graph);
  const [likely, others] = [true, false].map((is) => inputs.filter(({ name }) => reached.has(name) === is));
  const only = likely.length > 0 && everyNode(graph).some(isRecurrentNode);
  return [...likely, ...(only ? [] : others)]
    .flatMap((input) => viewsOf(input, width))
    .map(({ rows, ...view }) => ({
      ...view,
      rows: rows ?? { size: new Steps(0) },
      streaming: view.streaming || !rows,
    }));
}

/** Samples that models of audio are given in one call, the likeliest first: powers of two, also with some of those before, and 10, 20, … ms. */
const SAMPLES = [576, 512, 288, 256, 1536, 1024, 768, 640, 480, 400, 320, 240, 160, 128, 80];

/**
 * Ways to see an input of which a convolution reads so many numbers a call as the file leaves open: one for each number
 * that is likely.
 */
export function sampleViews(graph: GraphProto, inputs: readonly ValueInfoProto[]): InputView[] {
  if (!everyNode(graph).some(({ opType }) => opType === 'Conv')) return [];
  return inputs.flatMap((input) =>
    SAMPLES.flatMap((samples) =>
      viewsOf(input, samples)
        .filter(({ width, rows, integer }) => width === samples && !rows && !integer)
        .slice(0, 1)
        .map((view): InputView => ({ ...view, rows: { size: new Steps(0) }, streaming: true, taken: true })),
    ),
  );
}

/** Ways to see a further input, beside `main`: with its steps, with steps of its own, or as a single row. */
export function furtherViews(input: ValueInfoProto, main: InputView): InputView[] {
  return viewsOf(input, undefined).flatMap(({ rows, ...view }): InputView[] => {
    if (!rows) return view.streaming ? [] : [{ ...view, clock: 'row' }];
    if (view.streaming !== main.streaming) return [];
    const { size } = rows;
    const own: InputView = {
      ...view,
      clock: 'own',
      rows: { size: typeof size === 'number' ? size : new Steps(0, view.name) },
    };
    const shared: InputView = { ...view, clock: 'shared', rows: main.rows! };
    const same = typeof size !== 'number' || sameScalar(size, main.rows!.size);
    return !same
      ? [own]
      : main.streaming || sharesSteps(view.steps, main.steps)
        ? [shared, own]
        : [own, shared];
  });
}

/** Domain of onnxruntime's own operators. */
export const MICROSOFT = 'com.microsoft';

/** Domain of TensorFlow Lite's operators, in graphs that were made of its files. */
export const TFLITE = 'tflite';

export function isRecurrentNode({ opType, domain }: NodeProto): boolean {
  if (domain === MICROSOFT) return opType === 'DynamicQuantizeLSTM';
  if (domain === TFLITE) return /(^|_SEQUENCE_)(LSTM|RNN)$/.test(opType);
  return (
    isOwnDomain(domain) && isRecurrentType(opType.toLowerCase() as 'rnn') && opType === opType.toUpperCase()
  );
}

export function isOwnDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** The nodes of a graph, each followed by those of the graphs inside it. */
export function everyNode({ node: nodes }: GraphProto): NodeProto[] {
  return nodes.flatMap((node) => [node, ...bodiesOf(node).flatMap(everyNode)]);
}

/** The graphs inside a node: branches, or the body of a loop. */
export function bodiesOf({ attribute }: NodeProto): GraphProto[] {
  return attribute.flatMap(({ g, graphs }) => [...(g ? [g] : []), ...graphs]);
}

/** Names that the first recurrent node's sequence is computed from, or, where there is none, what the first Scan goes along. */
function readBeforeRecurrent(graph: GraphProto): ReadonlySet<string> {
  const nodes = everyNode(graph);
  const first = nodes.find(isRecurrentNode);
  const scan = first
    ? undefined
    : nodes.find(({ opType, domain }) => opType === 'Scan' && isOwnDomain(domain));
  const found = new Set<string>();
  const makers = new Map(
    nodes.flatMap((node) =>
      [...node.output, ...bodiesOf(node).flatMap(({ input }) => input.map(({ name }) => name))].map(
        (name) => [name, node] as const,
      ),
    ),
  );
  const open = first ? first.input.slice(0, 1) : scan ? readInRounds(scan) : [];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const maker = makers.get(name);
    if (!maker) continue;
    open.push(...maker.input, ...bodiesOf(maker).flatMap(({ output }) => output.map((one) => one.name)));
  }
  return found;
}

/** What a Scan reads row by row: the last of its inputs (onnx/defs/controlflow/defs.cc). */
function readInRounds({ input, attribute }: NodeProto): string[] {
  const count = Number(attribute.find(({ name }) => name === 'num_scan_inputs')?.i ?? 0);
  return input.slice(Math.max(0, input.length - count));
}

/** Inputs that tell recurrent nodes how long sequences are, and nothing else about them. */
export function lengthInputs(graph: GraphProto): ReadonlySet<string> {
  const lists = new Set(graph.input.filter(isListOfIntegers).map(({ name }) => name));
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const found = new Set<string>();
  const open = graph.node.filter(isRecurrentNode).flatMap(({ input }) => input.slice(4, 5));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const maker = makers.get(name);
    if (maker && LENGTH_OPERATORS.includes(maker.opType)) open.push(maker.input[0]);
  }
  return new Set([...lists].filter((name) => found.has(name)));
}

/** What exporters put between an input and a recurrent node's lengths: PyTorch sorts sequences by them. */
const LENGTH_OPERATORS = ['Cast', 'Identity', 'TopK', 'Squeeze', 'Reshape'];

export function isListOfIntegers({ type }: ValueInfoProto): boolean {
  if (type?.value.case !== 'tensorType') return false;
  const { elemType, shape } = type.value.value;
  return INTEGERS.includes(elemType) && (shape?.dim.length ?? 1) <= 1;
}

const INTEGERS: readonly number[] = [
  Type.INT32,
  Type.INT64,
  Type.INT16,
  Type.INT8,
  Type.UINT8,
  Type.UINT16,
  Type.UINT32,
  Type.UINT64,
];
const MAX_RANK = 5;
const MAX_WIDTH = 1 << 20;

/** Without a clock: with rows, if one of the axes is that of steps. */
function viewsOf({ name, type }: ValueInfoProto, guess: number | undefined): InputView[] {
  if (type && type.value.case !== 'tensorType') return [];
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  const dims: readonly Dim[] = tensor?.shape?.dim.map(({ value }) => {
    if (value.case === 'dimValue' && value.value > 0n) return { size: Number(value.value) };
    return value.case === 'dimParam' ? { name: value.value } : {};
  }) ?? [{}, {}, { size: guess }];
  const elemType = tensor?.elemType ?? Type.FLOAT;
  const integer = INTEGERS.includes(elemType);
  const half = elemType === Type.FLOAT16 || elemType === Type.BFLOAT16;
  if (dims.length > MAX_RANK) return [];
  const places = [...dims.map((_, axis) => axis), undefined];
  const views = places.flatMap((time) =>
    places.flatMap((batch) => {
      const view = time === undefined || time !== batch ? viewOf(dims, time, batch, guess) : undefined;
      if (!view) return [];
      const stand = (time ?? dims.length) + (batch ?? dims.length);
      return [{ view: { ...view, name, integer, half }, rank: stand + penalty(view, dims.length) }];
    }),
  );
  return views.toSorted((a, b) => a.rank - b.rank).map(({ view }) => view);
}

interface Dim {
  readonly size?: number;
  readonly name?: string;
}

function viewOf(
  dims: readonly Dim[],
  time: number | undefined,
  batch: number | undefined,
  guess: number | undefined,
): Omit<InputView, 'name' | 'integer' | 'half'> | undefined {
  const sizes = dims.map(({ size }, axis) => (axis === time || axis === batch ? 1 : (size ?? guess)));
  const steps = time === undefined ? undefined : dims[time];
  const streaming = steps?.size === 1;
  const axes = sizes.map((size, axis) => {
    if (axis === time && !streaming) return ROWS;
    return axis === batch && dims[axis].size !== 1 ? BATCH : units(size!);
  });
  const width = widthOf({ axes });
  if (sizes.includes(undefined) || !(width <= MAX_WIDTH)) return undefined;
  const sequences = batch === undefined ? undefined : dims[batch].size;
  return {
    ...{ axes, width, streaming, clock: 'shared' },
    ...(steps && { rows: { size: steps.size === undefined || streaming ? new Steps(0) : steps.size } }),
    ...(steps?.name && { steps: steps.name }),
    ...(sequences !== undefined && sequences > 1 && { batch: sequences }),
  };
}

/** Features that stand last are the likeliest, then more than one step a call, then a batch of any size or of one. */
function penalty(
  { streaming, rows, batch }: Pick<InputView, 'streaming' | 'rows' | 'batch'>,
  rank: number,
): number {
  return (streaming || !rows ? 3 * rank : 0) + (batch ? 6 * rank : 0);
}

function sharesSteps(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

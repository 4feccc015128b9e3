/** Which of a graph's inputs is the sequence, and what its axes are: the file does not say, so all that may be are tried. */
import { isRecurrentType } from '../../network';
import { ROWS, units, widthOf, type Axis, type Rows } from './flow';
import {
  TensorProto_DataType as Type,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from './schema/onnx_pb';
import { Steps } from './value';

/** One way to see the inputs of a graph. */
export interface InputView {
  /** The graph input that is the sequence. */
  readonly name: string;
  readonly axes: readonly Axis[];
  readonly rows: Rows;
  readonly width: number;
  readonly integer: boolean;
  /** A model whose sequences have one step is called for one step after the other. */
  readonly streaming: boolean;
  /** Sequences in a batch, where the file fixes more than one. */
  readonly batch?: number;
}

/** The likeliest first. `width` is what the first recurrent node reads, for inputs that do not say how wide they are. */
export function inputViews(
  graph: GraphProto,
  constants: ReadonlySet<string>,
  width: number | undefined,
): InputView[] {
  const inputs = graph.input.filter(({ name }) => !constants.has(name));
  const reached = readBeforeRecurrent(graph);
  const likely = inputs.filter(({ name }) => reached.has(name));
  return (likely.length > 0 ? likely : inputs).flatMap((input) => viewsOf(input, width));
}

export function isRecurrentNode({ opType, domain }: NodeProto): boolean {
  return (
    isOwnDomain(domain) && isRecurrentType(opType.toLowerCase() as 'rnn') && opType === opType.toUpperCase()
  );
}

export function isOwnDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** Names that the first recurrent node's sequence is computed from. */
function readBeforeRecurrent({ node: nodes }: GraphProto): ReadonlySet<string> {
  const first = nodes.find(isRecurrentNode);
  const found = new Set<string>();
  if (!first) return found;
  const makers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const open = [first.input[0]];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(makers.get(name)?.input ?? []));
  }
  return found;
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

function viewsOf({ name, type }: ValueInfoProto, guess: number | undefined): InputView[] {
  if (type && type.value.case !== 'tensorType') return [];
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  const dims = tensor?.shape?.dim.map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : undefined,
  ) ?? [undefined, undefined, guess];
  const integer = INTEGERS.includes(tensor?.elemType ?? Type.FLOAT);
  if (dims.length > MAX_RANK) return [];
  const places = dims.map((_, axis) => axis);
  const pairs = [...places, undefined].flatMap((time) =>
    [...places, undefined].map((batch) => ({ time, batch })),
  );
  const views = pairs.flatMap(({ time, batch }) => {
    const view = time === batch ? undefined : viewOf(dims, time, batch, guess);
    if (!view) return [];
    const places = (time ?? dims.length) + (batch ?? dims.length);
    return [{ view: { ...view, name, integer }, rank: places + penalty(view, dims.length) }];
  });
  return views.toSorted((a, b) => a.rank - b.rank).map(({ view }) => view);
}

function viewOf(
  dims: readonly (number | undefined)[],
  time: number | undefined,
  batch: number | undefined,
  guess: number | undefined,
): Omit<InputView, 'name' | 'integer'> | undefined {
  const sizes = dims.map((size, axis) => (axis === time || axis === batch ? 1 : (size ?? guess)));
  const steps = time === undefined ? 1 : dims[time];
  const streaming = steps === 1;
  const axes = sizes.map((size, axis) => (axis === time && !streaming ? ROWS : units(size!)));
  const width = widthOf({ axes });
  if (sizes.includes(undefined) || !(width <= MAX_WIDTH)) return undefined;
  const sequences = batch === undefined ? undefined : dims[batch];
  return {
    ...{ axes, width, streaming },
    rows: { size: steps === undefined || streaming ? new Steps(0) : steps },
    ...(sequences !== undefined && sequences > 1 && { batch: sequences }),
  };
}

/** Features that stand last are the likeliest, then more than one step a call, then a batch of any size or of one. */
function penalty({ streaming, batch }: Pick<InputView, 'streaming' | 'batch'>, rank: number): number {
  return (streaming ? 3 * rank : 0) + (batch ? 6 * rank : 0);
}

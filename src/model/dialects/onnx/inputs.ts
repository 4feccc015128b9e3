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
  return pairs
    .filter(({ time, batch }) => time !== batch)
    .toSorted((a, b) => featuresFirst(a, dims.length) - featuresFirst(b, dims.length))
    .flatMap(({ time, batch }): InputView[] => {
      const sizes = dims.map((size, axis) => (axis === time || axis === batch ? 1 : (size ?? guess)));
      if (sizes.includes(undefined)) return [];
      const streaming = time === undefined || dims[time] === 1;
      const axes = sizes.map((size, axis) => (axis === time && !streaming ? ROWS : units(size!)));
      const width = widthOf({ axes });
      if (!(width <= MAX_WIDTH)) return [];
      const size = time === undefined || streaming ? undefined : dims[time];
      const found = batch === undefined ? undefined : dims[batch];
      return [
        {
          ...{ name, axes, width, integer, streaming },
          rows: { size: size ?? new Steps(0) },
          ...(found !== undefined && found > 1 && { batch: found }),
        },
      ];
    });
}

/** The later the axes of features stand the likelier; axes left out come last. */
function featuresFirst({ time, batch }: { time?: number; batch?: number }, rank: number): number {
  const place = (axis: number | undefined) => axis ?? rank;
  return (time === undefined ? 2 : 0) * rank + place(time) + place(batch);
}

/**
 * WHILE, in which the converter keeps recurrent layers that it does not fuse (every GRU among them), as a Loop of ONNX. Lists
 * of tensors that TensorFlow fills step by step are single tensors there, written anew in each round with one row
 * exchanged: by SLICE and CONCATENATION (TensorFlow's lower_static_tensor_list.cc) or DYNAMIC_UPDATE_SLICE.
 */
import type { Subgraph, TfliteOperator } from './file';
import { isInteger } from './tensors';

/** What becomes of the values that a WHILE carries from round to round. */
export interface Collected {
  readonly place: number;
  /** The tensor that holds the row, along an axis of one row before the others. */
  readonly row: number;
  /** Whether it is the same row in each round: the list's only one. */
  readonly single: boolean;
}

export interface LoopParts {
  /** Places of those that it carries on as they are computed. */
  readonly carried: readonly number[];
  /** Those that are lists, of which each round writes one row. */
  readonly collected: readonly Collected[];
  /** The operators of the body that give what is still needed. */
  readonly operators: readonly TfliteOperator[];
}

/** Between an index and what is sliced by it. */
const OF_INDICES = new Set(['CONCATENATION', 'PACK', 'EXPAND_DIMS', 'RESHAPE', 'CAST', 'SQUEEZE', 'FILL']);
const MAX_VISITS = 64;

/** `isZero` tells of a place whether what is carried there is 0 before the first round. */
export function loopParts(body: Subgraph, isZero: (place: number) => boolean): LoopParts {
  const makers = makersIn(body);
  const carried: number[] = [];
  const collected: Collected[] = [];
  for (const [place, input] of body.inputs.entries()) {
    const written = rowWritten(body, makers, input, body.outputs[place]);
    const single = written?.at === undefined;
    const counts = written?.at !== undefined && isZero(body.inputs.indexOf(written.at));
    if (written && (single || counts)) collected.push({ place, row: written.row, single });
    else carried.push(place);
  }
  const rows = collected.map(({ row }) => row);
  const wanted = [...carried.map((place) => body.outputs[place]), ...rows];
  return { carried, collected, operators: neededFor(body, makers, wanted) };
}

type Makers = ReadonlyMap<number, TfliteOperator>;

function makersIn({ operators }: Subgraph): Makers {
  return new Map(
    operators.flatMap((operator) => operator.outputs.map((index) => [index, operator] as const)),
  );
}

interface Written {
  /** The tensor of the row. */
  readonly row: number;
  /** The input of the body that counts the rows; absent where the first is always written. */
  readonly at?: number;
}

/** Undefined if `output` is not `list` with one row exchanged. */
function rowWritten(body: Subgraph, makers: Makers, list: number, output: number): Written | undefined {
  const maker = makers.get(output);
  if (maker?.type === 'DYNAMIC_UPDATE_SLICE') {
    const [target, row, start] = maker.inputs;
    return target === list ? written(row, indexIn(body, makers, start)) : undefined;
  }
  if (maker?.type !== 'CONCATENATION') return undefined;
  const [before, row, after] = maker.inputs;
  const cutOf = (index: number) => {
    const cut = makers.get(index);
    return cut && /^(STRIDED_)?SLICE$/.test(cut.type) && cut.inputs[0] === list ? cut : undefined;
  };
  const [first, second] = [cutOf(before), cutOf(after)];
  if (maker.inputs.length !== 3 || !first || !second) return undefined;
  return written(row, indexIn(body, makers, first.inputs[2]));
}

function written(row: number, index: { readonly at?: number } | undefined): Written | undefined {
  return index && { row, ...index };
}

/** The counter that an index is made of; without one if it is made of constants alone, undefined if it is made of more. */
function indexIn(body: Subgraph, makers: Makers, index: number): { readonly at?: number } | undefined {
  const found = new Set<number>();
  const open = [index];
  for (let visits = 0; open.length > 0; visits++) {
    const at = open.pop()!;
    const maker = makers.get(at);
    if (visits > MAX_VISITS || (maker && !OF_INDICES.has(maker.type))) return undefined;
    if (maker) open.push(...maker.inputs.filter((one) => one >= 0));
    else if (!body.tensors[at]?.data) found.add(at);
  }
  const [at, ...others] = found;
  if (at === undefined) return {};
  return others.length === 0 && body.inputs.includes(at) && isInteger(body.tensors[at].type)
    ? { at }
    : undefined;
}

function neededFor({ operators }: Subgraph, makers: Makers, wanted: readonly number[]): TfliteOperator[] {
  const needed = new Set<TfliteOperator>();
  const open = [...wanted];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const maker = makers.get(index);
    if (!maker || needed.has(maker)) continue;
    needed.add(maker);
    open.push(...maker.inputs);
  }
  return operators.filter((operator) => needed.has(operator));
}

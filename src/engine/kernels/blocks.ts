/** Blocks of steps: how long they are, and what goes into the kernels' memory and out of it for each. */
import { type RecurrentLayer, stateSize } from '../../model/network';
import { GATES } from '../../model/parameters';
import type { CellState } from '../cells/cell';
import type { Edge } from '../edge';
import type { LevelRun } from '../levelRun';
import type { Work } from '../slices';
import type { SignalTrace } from '../trace';
import type { KernelMemory } from './heap';
import type { Plane } from './planes';

/** Multiply-adds that are done between two pauses: a few milliseconds. */
const BLOCK_COST = 1 << 27;
/** Values of each signal in a block, which are to stay in the cache. */
const BLOCK_VALUES = 1 << 14;
const MOST_ROWS = 64;

/** Parameters beyond this are left to the reference: one step of them would hold the thread for too long. */
export const MOST_PARAMETERS = 1 << 26;

export function stepCost(layer: RecurrentLayer, inputSize: number): number {
  return GATES[layer.type] * layer.hiddenSize * (inputSize + stateSize(layer));
}

/** Rows that are computed at a time, of `cost` multiply-adds each. */
function blockRows(cost: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(BLOCK_COST / cost)));
}

/** The same for rows of `units` values that are copied out. */
export function blockSteps(cost: number, units: number): number {
  return Math.min(blockRows(cost), Math.max(8, Math.floor(BLOCK_VALUES / units)));
}

export interface BlockSizes {
  /** Rows of input that are projected at a time: many, so that the weights of the input are seldom read. */
  readonly rows: number;
  /** Steps that are computed at a time. */
  readonly steps: number;
  /** Multiply-adds of a step, with its input's projection. */
  readonly cost: number;
}

export function blockSizes(layer: RecurrentLayer, inputSize: number): BlockSizes {
  const sums = GATES[layer.type] * layer.hiddenSize;
  const rows = blockRows(sums * inputSize);
  const steps = Math.min(rows, blockSteps(sums * stateSize(layer), layer.hiddenSize));
  return { rows, steps, cost: stepCost(layer, inputSize) };
}

/** A level and direction in a memory. */
export interface BlockCell {
  readonly planes: Readonly<Record<string, Plane>>;
  /** The state before a block's first step. */
  readonly h: Plane;
  readonly c?: Plane;
}

export interface Prepared<Cell extends BlockCell> extends BlockSizes {
  readonly cell: Cell;
  /** Where rows of input go. */
  readonly x: number;
  /** The run whose projection stands in the memory. */
  run?: object;
}

/** `count` steps from row `row` of the projected input on; with `stride` −1 the last row is the first step. */
export interface BlockSteps {
  readonly row: number;
  readonly count: number;
  readonly stride: 1 | -1;
}

/** Rows of input that are to be projected before a block is computed. */
export interface InputRows {
  readonly first: number;
  readonly count: number;
}

/**
 * Calls `compute` for each block in turn, and takes the signals out after it; false if it once returns false. Where
 * `settle` is given, blocks are single steps, and it may change what was taken out before the next one begins with it.
 */
export function* inBlocks(
  memory: KernelMemory,
  prepared: Prepared<BlockCell>,
  { input: { rows: total }, direction, signals, initial }: LevelRun,
  compute: (block: BlockSteps, project?: InputRows) => boolean,
  settle?: (step: number) => void,
): Work<boolean> {
  const { cell, rows, cost } = prepared;
  const steps = settle ? 1 : prepared.steps;
  const forward = direction === 'forward';
  /** The row of the next `count` of `done` steps that are not done. */
  const rowOf = (done: number, count: number) => (forward ? done : total - done - count);
  const run = {};
  let state = initial;
  let start = 0;
  let end = 0;
  let done = 0;
  while (done < total) {
    let project: InputRows | undefined;
    // Another run may have used the same memory since the last block.
    if (done === end || prepared.run !== run) {
      prepared.run = run;
      end = Math.min(done + rows, total);
      start = rowOf(done, end - done);
      project = { first: start, count: end - done };
    }
    const count = Math.min(steps, end - done);
    const first = rowOf(done, count);
    setState(memory, cell, state);
    if (!compute({ row: first - start, count, stride: forward ? 1 : -1 }, project)) return false;
    for (const signal of signals) copyOut(memory, cell.planes[signal.signal], signal, first, count);
    settle?.(first);
    state = stateAt(signals, forward ? first + count - 1 : first);
    done += count;
    yield count * cost;
  }
  return true;
}

/** Puts rows of input at address `x`: floats, or int32 ids. */
export function setInput(
  { floats }: KernelMemory,
  input: Edge,
  { first, count }: InputRows,
  x: number,
): void {
  if (input.kind === 'dense') {
    const { values, width } = input;
    floats.set(values.subarray(first * width, (first + count) * width), x / Float32Array.BYTES_PER_ELEMENT);
  } else {
    new Int32Array(floats.buffer, x, count).set(input.ids.subarray(first, first + count));
  }
}

/** What is prepared for one kind of input has no room for another: a layer reads one-hot vectors as ids, or written out. */
export function preparedAs(name: string, { kind }: Edge): string {
  return `${name} ${kind}`;
}

/** Floats that `rows` rows of input take there. */
export function inputValues(input: Edge, rows: number): number {
  return rows * (input.kind === 'dense' ? input.width : 1);
}

/** The kernel that projects input of this kind. */
export const PROJECTION = { dense: 'project', ids: 'pickColumns' } as const;

export function copyOut(
  { floats }: KernelMemory,
  { address, units, stride }: Plane,
  { values }: Pick<SignalTrace, 'units' | 'values'>,
  first: number,
  count: number,
): void {
  const from = address / Float32Array.BYTES_PER_ELEMENT;
  if (units === stride) {
    values.set(floats.subarray(from, from + count * units), first * units);
    return;
  }
  for (let row = 0; row < count; row++) {
    const to = (first + row) * units;
    for (let unit = 0; unit < units; unit++) values[to + unit] = floats[from + row * stride + unit];
  }
}

function setState({ floats }: KernelMemory, { h, c }: BlockCell, initial: CellState): void {
  floats.set(initial.h, h.address / Float32Array.BYTES_PER_ELEMENT);
  if (!c) return;
  const at = c.address / Float32Array.BYTES_PER_ELEMENT;
  if (initial.c) floats.set(initial.c, at);
  else floats.fill(0, at, at + c.units);
}

/** The state after row `row`, from which the next block goes on. */
function stateAt(signals: readonly SignalTrace[], row: number): CellState {
  const of = (name: string) => {
    const signal = signals.find((one) => one.signal === name);
    return signal?.values.subarray(row * signal.units, (row + 1) * signal.units);
  };
  return { h: of('h')!, c: of('c') };
}

/** The way back through a cell, compiled: blocks of steps against the order in which they were read. */
import { equationsOf } from '../../cells/equations';
import { stateSize } from '../../model/network';
import { GATES } from '../../model/parameters';
import type { CellState } from '../cells/cell';
import type { CellWayBack } from '../cells/equations';
import type { Work } from '../slices';
import { type BackToCompile, type CompiledBack, type WidePlane, turned, wideRow } from './back';
import { MOST_PARAMETERS, blockSteps } from './blocks';
import type { KernelInstance } from './instance';
import { PANEL, type Panels, pack } from './panels';
import type { Plane } from './planes';

const BYTES = Float64Array.BYTES_PER_ELEMENT;

interface PreparedBack {
  readonly cell: CompiledBack;
  readonly steps: number;
  /** What flows on to the layer's input, made when it is first asked for. */
  input?: InputBack;
}

/** W_ihᵀ, and rows of vectors, of what they are to be multiplied by, of a bias of zeros and of sums. */
interface InputBack {
  readonly panels: Panels;
  readonly x: number;
  readonly scales: number;
  readonly zeros: number;
  readonly out: number;
}

/** Packs each cell's weights once and keeps them, by its recurrent matrix. */
export function compiledBack(instance: KernelInstance): CellWayBack {
  const prepared = new Map<Float32Array, PreparedBack>();
  const compiledForm = (cell: BackToCompile) =>
    equationsOf(cell.layer).standard?.compileBack?.(instance, cell);
  return (back, steps) => {
    const { layer, parameters, gradient, initial, atInitial, signals } = back;
    const units = stateSize(layer);
    const cost = GATES[layer.type] * layer.hiddenSize * (units + steps.width);
    if (cost > MOST_PARAMETERS) return undefined;
    const most = blockSteps(cost, layer.hiddenSize);
    const known = prepared.get(parameters.weightHh);
    const making = known ? undefined : compiledForm({ layer, parameters, steps: most });
    return known || making ? passed() : undefined;

    function* passed(): Work<void> {
      const ready = known ?? { cell: yield* making!, steps: most };
      prepared.set(parameters.weightHh, ready);
      const { cell } = ready;
      const { rows, direction, dx } = steps;
      if (dx) ready.input ??= yield* prepareInput(ready.steps);
      const down = direction === 'forward';
      for (let done = 0; done < rows;) {
        const count = Math.min(ready.steps, rows - done);
        const first = down ? rows - done - count : done;
        done += count;
        const [beyond, before] = down ? [0, first - 1] : [count + 1, first + count];
        const isStart = done === rows;
        for (const [name, plane] of Object.entries(cell.planes)) {
          const values = (signals as Readonly<Record<string, Float32Array>>)[name];
          setRows(instance.floats, plane, 1, values, first, count);
          const state = initial[name as keyof CellState];
          if (!isStart) setRows(instance.floats, plane, beyond, values, before, 1);
          else if (state) setRows(instance.floats, plane, beyond, state, 0, 1);
          else clearRow(instance.floats, plane, beyond);
        }
        const wide = wides(cell);
        for (const [name, plane] of wide) {
          setRows(instance.doubles, plane, 1, gradient[name]!, first, count);
          clearRow(instance.doubles, plane, beyond);
        }
        cell.compute({ row: down ? count : 1, count, stride: down ? -1 : 1 });
        for (const [name, plane] of wide) {
          takeRowsOut(instance.doubles, plane, 1, gradient[name]!, first, count);
          const [into, row] = isStart ? [atInitial[name], 0] : [gradient[name]!, before];
          addRow(instance.doubles, plane, beyond, into, row);
        }
        if (dx) toInput(ready, ready.input!, { first, count, dx, width: steps.width });
        yield count * cost;
      }
    }

    function* prepareInput(most: number): Work<InputBack> {
      const panels = yield* pack(instance, turned(layer, parameters.weightIh, steps.width));
      const row = panels.count * PANEL;
      return {
        ...{ panels, x: instance.take(most * panels.width), scales: instance.take(2 * most) },
        ...{ zeros: instance.take(row), out: instance.take(most * row) },
      };
    }

    function toInput(
      { cell: { sums } }: PreparedBack,
      { panels, x, scales, zeros, out }: InputBack,
      { first, count, dx, width }: { first: number; count: number; dx: Float64Array; width: number },
    ): void {
      const { kernels } = instance;
      kernels.scaledRows(wideRow(sums, 1), count, sums.stride, x, scales);
      kernels.project(panels.address, panels.count, panels.width, x, count, zeros, out);
      const { floats, doubles } = instance;
      for (let row = 0; row < count; row++) {
        const scale = doubles[scales / BYTES + row];
        const from = out / Float32Array.BYTES_PER_ELEMENT + row * panels.count * PANEL;
        const into = (first + row) * width;
        for (let k = 0; k < width; k++) dx[into + k] += floats[from + k] * scale;
      }
    }
  };
}

function wides({ gradients: { h, c } }: CompiledBack): ['h' | 'c', WidePlane][] {
  return c
    ? [
        ['h', h],
        ['c', c],
      ]
    : [['h', h]];
}

type Numbers = Float32Array | Float64Array;

/** Where a plane's row begins, in its own numbers. */
function rowStart(memory: Numbers, { address, stride }: Plane | WidePlane, row: number): number {
  return address / memory.BYTES_PER_ELEMENT + row * stride;
}

/** Rows `first` … of `values`, into a plane from its row `row` on. */
function setRows(
  memory: Numbers,
  plane: Plane | WidePlane,
  row: number,
  values: Numbers,
  first: number,
  count: number,
): void {
  const { units, stride } = plane;
  if (units === stride) {
    memory.set(values.subarray(first * units, (first + count) * units), rowStart(memory, plane, row));
    return;
  }
  for (let k = 0; k < count; k++) {
    const own = values.subarray((first + k) * units, (first + k + 1) * units);
    memory.set(own, rowStart(memory, plane, row + k));
  }
}

function clearRow(memory: Numbers, plane: Plane | WidePlane, row: number): void {
  const start = rowStart(memory, plane, row);
  memory.fill(0, start, start + plane.stride);
}

function takeRowsOut(
  memory: Float64Array,
  plane: WidePlane,
  row: number,
  values: Float64Array,
  first: number,
  count: number,
): void {
  const { units, stride } = plane;
  if (units === stride) {
    const from = rowStart(memory, plane, row);
    values.set(memory.subarray(from, from + count * units), first * units);
    return;
  }
  for (let k = 0; k < count; k++) {
    const from = rowStart(memory, plane, row + k);
    values.set(memory.subarray(from, from + units), (first + k) * units);
  }
}

function addRow(memory: Float64Array, plane: WidePlane, row: number, into: Float64Array, at: number): void {
  const from = rowStart(memory, plane, row);
  for (let k = 0; k < plane.units; k++) into[at * plane.units + k] += memory[from + k];
}

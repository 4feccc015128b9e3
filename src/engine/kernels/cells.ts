/** One level and direction in an instance's memory, ready to compute blocks of steps. */
import {
  type LstmLayer,
  type RecurrentLayer,
  type RnnLayer,
  type GruLayer,
  stateSize,
} from '../../model/network';
import { GATES } from '../../model/parameters';
import { type CellParameters, sumOf } from '../cells/cell';
import type { Work } from '../slices';
import type { KernelInstance } from './instance';
import { PANEL, type Panels, pack, packBias, padded, panelCount } from './panels';

/** A signal's rows in a block. */
export interface Plane {
  readonly address: number;
  readonly units: number;
  /** Floats from row to row: the units padded. */
  readonly stride: number;
}

export interface CompiledCell {
  readonly input: Panels;
  readonly inputBias: number;
  /** Where the input projection goes: a row of `input.count` panels per step. */
  readonly sums: number;
  /** By signal, rows of a block. */
  readonly planes: Readonly<Record<string, Plane>>;
  /** The state before a block's first step. */
  readonly h: Plane;
  readonly c?: Plane;
  /** Computes a block of `steps` steps from row `row` of the sums on; `stride` −1 begins at the last of them. */
  compute(row: number, steps: number, stride: 1 | -1): void;
}

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Packs the parameters and takes the memory for `rows` rows of the input projection and blocks of `steps` steps. */
export function compileCell(
  instance: KernelInstance,
  layer: RecurrentLayer,
  parameters: CellParameters,
  inputSize: number,
  rows: number,
  steps: number,
): Work<CompiledCell> {
  switch (layer.type) {
    case 'rnn':
      return compileRnn(instance, layer, parameters, inputSize, rows, steps);
    case 'lstm':
      return compileLstm(instance, layer, parameters, inputSize, rows, steps);
    case 'gru':
      return layer.resetAfter
        ? compileGruAfter(instance, layer, parameters, inputSize, rows, steps)
        : compileGruBefore(instance, layer, parameters, inputSize, rows, steps);
  }
}

function* compileRnn(
  instance: KernelInstance,
  layer: RnnLayer,
  p: CellParameters,
  inputSize: number,
  rows: number,
  steps: number,
): Work<CompiledCell> {
  const H = layer.hiddenSize;
  const hidden = yield* pack(instance, p.weightHh, H, H, 1);
  const common = yield* commonParts(instance, layer, p, sumOf(p.biasIh, p.biasHh), inputSize, rows);
  const [h] = takePlanes(instance, ['h'], H, steps);
  const relu = layer.nonlinearity === 'relu' ? 1 : 0;
  return {
    ...common,
    planes: { h },
    compute(row, count, stride) {
      const first = stride > 0 ? 0 : count - 1;
      instance.kernels.rnn(
        ...[count, stride, hidden.address, hidden.count, h.stride, H, relu],
        ...[
          rowAt(common.sums, hidden.count * PANEL, row + first),
          common.h.address,
          rowAt(h.address, h.stride, first),
        ],
      );
    },
  };
}

function* compileLstm(
  instance: KernelInstance,
  layer: LstmLayer,
  p: CellParameters,
  inputSize: number,
  rows: number,
  steps: number,
): Work<CompiledCell> {
  const H = layer.hiddenSize;
  const P = stateSize(layer);
  const hidden = yield* pack(instance, p.weightHh, P, H, 4);
  const projection = p.weightHr && (yield* pack(instance, p.weightHr, H, P, 1));
  const common = yield* commonParts(instance, layer, p, sumOf(p.biasIh, p.biasHh), inputSize, rows);
  const [i, f, g, o, c, m] = takePlanes(instance, ['i', 'f', 'g', 'o', 'c', 'm'], H, steps);
  const [h] = projection ? takePlanes(instance, ['h'], P, steps) : [m];
  const before: Plane = { address: instance.take(padded(H)), units: H, stride: padded(H) };
  const scratch = instance.take((projection?.count ?? 0) * PANEL);
  const zeros = instance.take((projection?.count ?? 0) * PANEL);
  return {
    ...common,
    planes: { i, f, g, o, c, h },
    c: before,
    compute(row, count, stride) {
      const first = stride > 0 ? 0 : count - 1;
      instance.kernels.lstm(
        ...[count, stride, hidden.address, hidden.count, i.stride, P],
        ...[rowAt(common.sums, hidden.count * PANEL, row + first), common.h.address, before.address],
        ...[rowAt(i.address, i.stride, first), f.address - i.address],
        ...[projection?.address ?? 0, projection?.count ?? 0, h.stride, H, scratch, zeros],
        rowAt(h.address, h.stride, first),
      );
    },
  };
}

function* compileGruAfter(
  instance: KernelInstance,
  layer: GruLayer,
  p: CellParameters,
  inputSize: number,
  rows: number,
  steps: number,
): Work<CompiledCell> {
  const H = layer.hiddenSize;
  const panels = yield* pack(instance, p.weightHh, H, H, 3);
  const common = yield* commonParts(instance, layer, p, p.biasIh, inputSize, rows);
  const bias = packBias(instance, p.biasHh, H, 3);
  const hidden = instance.take(panels.count * PANEL);
  const [r, z, n, h] = takePlanes(instance, ['r', 'z', 'n', 'h'], H, steps);
  return {
    ...common,
    planes: { r, z, n, h },
    compute(row, count, stride) {
      const first = stride > 0 ? 0 : count - 1;
      instance.kernels.gruAfter(
        ...[count, stride, panels.address, panels.count, r.stride, H],
        ...[rowAt(common.sums, panels.count * PANEL, row + first), common.h.address],
        ...[rowAt(r.address, r.stride, first), z.address - r.address, bias, hidden],
      );
    },
  };
}

function* compileGruBefore(
  instance: KernelInstance,
  layer: GruLayer,
  p: CellParameters,
  inputSize: number,
  rows: number,
  steps: number,
): Work<CompiledCell> {
  const H = layer.hiddenSize;
  const panels = yield* pack(instance, p.weightHh, H, H, 2);
  const panelsN = yield* pack(instance, p.weightHh, H, H, 1, 2);
  const common = yield* commonParts(instance, layer, p, sumOf(p.biasIh, p.biasHh), inputSize, rows);
  const zeros = instance.take(panels.count * PANEL);
  const hidden = instance.take(panels.count * PANEL);
  const reset = instance.take(padded(H));
  const [r, z, n, h] = takePlanes(instance, ['r', 'z', 'n', 'h'], H, steps);
  return {
    ...common,
    planes: { r, z, n, h },
    compute(row, count, stride) {
      const first = stride > 0 ? 0 : count - 1;
      instance.kernels.gruBefore(
        ...[count, stride, panels.address, panels.count, panelsN.address, panelsN.count, common.input.count],
        ...[r.stride, H, rowAt(common.sums, common.input.count * PANEL, row + first), common.h.address],
        ...[rowAt(r.address, r.stride, first), z.address - r.address, zeros, hidden, reset],
      );
    },
  };
}

function* commonParts(
  instance: KernelInstance,
  layer: RecurrentLayer,
  p: CellParameters,
  bias: Float32Array,
  inputSize: number,
  rows: number,
): Work<Pick<CompiledCell, 'input' | 'inputBias' | 'sums' | 'h'>> {
  const gates = GATES[layer.type];
  const units = stateSize(layer);
  const input = yield* pack(instance, p.weightIh, inputSize, layer.hiddenSize, gates);
  return {
    input,
    inputBias: packBias(instance, bias, layer.hiddenSize, gates),
    sums: instance.take(panelCount(gates, layer.hiddenSize) * PANEL * rows),
    h: { address: instance.take(padded(units)), units, stride: padded(units) },
  };
}

/** Planes of equal size, one right after the other. */
function takePlanes(
  instance: KernelInstance,
  signals: readonly string[],
  units: number,
  steps: number,
): Plane[] {
  const stride = padded(units);
  const address = instance.take(signals.length * steps * stride);
  return signals.map((_, k) => ({ address: address + k * steps * stride * BYTES, units, stride }));
}

function rowAt(address: number, stride: number, row: number): number {
  return address + row * stride * BYTES;
}

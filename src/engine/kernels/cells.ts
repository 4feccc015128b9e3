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
import type { BlockCell, BlockSizes, BlockSteps } from './blocks';
import type { KernelInstance } from './instance';
import { PANEL, type Panels, pack, packBias, packForVector, padded, panelCount } from './panels';
import { type Plane, rowAt, takePlanes } from './planes';

export interface CompiledCell extends BlockCell {
  readonly input: Panels;
  readonly inputBias: number;
  /** Where the input projection goes: a row of `input.count` panels per step. */
  readonly sums: number;
  compute(block: BlockSteps): void;
}

/** Packs the parameters and takes the memory for blocks. */
export function compileCell(
  instance: KernelInstance,
  layer: RecurrentLayer,
  parameters: CellParameters,
  inputSize: number,
  sizes: BlockSizes,
): Work<CompiledCell> {
  switch (layer.type) {
    case 'rnn':
      return compileRnn(instance, layer, parameters, inputSize, sizes);
    case 'lstm':
      return compileLstm(instance, layer, parameters, inputSize, sizes);
    case 'gru':
      return layer.resetAfter
        ? compileGruAfter(instance, layer, parameters, inputSize, sizes)
        : compileGruBefore(instance, layer, parameters, inputSize, sizes);
  }
}

function* compileRnn(
  instance: KernelInstance,
  layer: RnnLayer,
  p: CellParameters,
  inputSize: number,
  sizes: BlockSizes,
): Work<CompiledCell> {
  const H = layer.hiddenSize;
  const hidden = yield* packForVector(instance, { weight: p.weightHh, width: H, units: H, gates: 1 });
  const common = yield* commonParts(instance, layer, p, sumOf(p.biasIh, p.biasHh), inputSize, sizes);
  const [h] = takePlanes(instance, ['h'], H, sizes.steps);
  const relu = layer.nonlinearity === 'relu' ? 1 : 0;
  return {
    ...common,
    planes: { h },
    compute({ row, count, stride }) {
      const first = stride > 0 ? 0 : count - 1;
      instance.kernels.rnn(
        ...[count, stride, hidden.address, hidden.count, h.stride, hidden.width, relu],
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
  sizes: BlockSizes,
): Work<CompiledCell> {
  const H = layer.hiddenSize;
  const P = stateSize(layer);
  const hidden = yield* packForVector(instance, { weight: p.weightHh, width: P, units: H, gates: 4 });
  const projection =
    p.weightHr && (yield* packForVector(instance, { weight: p.weightHr, width: H, units: P, gates: 1 }));
  const common = yield* commonParts(instance, layer, p, sumOf(p.biasIh, p.biasHh), inputSize, sizes);
  const [i, f, g, o, c, m] = takePlanes(instance, ['i', 'f', 'g', 'o', 'c', 'm'], H, sizes.steps);
  const [h] = projection ? takePlanes(instance, ['h'], P, sizes.steps) : [m];
  const before: Plane = { address: instance.take(padded(H)), units: H, stride: padded(H) };
  const scratch = instance.take((projection?.count ?? 0) * PANEL);
  const zeros = instance.take((projection?.count ?? 0) * PANEL);
  return {
    ...common,
    planes: { i, f, g, o, c, h },
    c: before,
    compute({ row, count, stride }) {
      const first = stride > 0 ? 0 : count - 1;
      instance.kernels.lstm(
        ...[count, stride, hidden.address, hidden.count, i.stride, hidden.width],
        ...[rowAt(common.sums, hidden.count * PANEL, row + first), common.h.address, before.address],
        ...[rowAt(i.address, i.stride, first), f.address - i.address],
        ...[
          projection?.address ?? 0,
          projection?.count ?? 0,
          h.stride,
          projection?.width ?? 0,
          scratch,
          zeros,
        ],
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
  sizes: BlockSizes,
): Work<CompiledCell> {
  const H = layer.hiddenSize;
  const panels = yield* packForVector(instance, { weight: p.weightHh, width: H, units: H, gates: 3 });
  const common = yield* commonParts(instance, layer, p, p.biasIh, inputSize, sizes);
  const bias = packBias(instance, p.biasHh, H, 3);
  const hidden = instance.take(panels.count * PANEL);
  const [r, z, n, h] = takePlanes(instance, ['r', 'z', 'n', 'h'], H, sizes.steps);
  return {
    ...common,
    planes: { r, z, n, h },
    compute({ row, count, stride }) {
      const first = stride > 0 ? 0 : count - 1;
      instance.kernels.gruAfter(
        ...[count, stride, panels.address, panels.count, r.stride, panels.width],
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
  sizes: BlockSizes,
): Work<CompiledCell> {
  const H = layer.hiddenSize;
  const panels = yield* packForVector(instance, { weight: p.weightHh, width: H, units: H, gates: 2 });
  const weightN = p.weightHh.subarray(2 * H * H);
  const panelsN = yield* packForVector(instance, { weight: weightN, width: H, units: H, gates: 1 });
  const common = yield* commonParts(instance, layer, p, sumOf(p.biasIh, p.biasHh), inputSize, sizes);
  const zeros = instance.take(panels.count * PANEL);
  const hidden = instance.take(panels.count * PANEL);
  const reset = instance.take(padded(H));
  const [r, z, n, h] = takePlanes(instance, ['r', 'z', 'n', 'h'], H, sizes.steps);
  return {
    ...common,
    planes: { r, z, n, h },
    compute({ row, count, stride }) {
      const first = stride > 0 ? 0 : count - 1;
      instance.kernels.gruBefore(
        ...[count, stride, panels.address, panels.count, panelsN.address, panelsN.count, common.input.count],
        ...[
          r.stride,
          panels.width,
          rowAt(common.sums, common.input.count * PANEL, row + first),
          common.h.address,
        ],
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
  { rows }: BlockSizes,
): Work<Pick<CompiledCell, 'input' | 'inputBias' | 'sums' | 'h'>> {
  const gates = GATES[layer.type];
  const units = stateSize(layer);
  const input = yield* pack(instance, {
    ...{ weight: p.weightIh, width: inputSize, units: layer.hiddenSize, gates },
  });
  return {
    input,
    inputBias: packBias(instance, bias, layer.hiddenSize, gates),
    sums: instance.take(panelCount(gates, layer.hiddenSize) * PANEL * rows),
    h: { address: instance.take(padded(units)), units, stride: padded(units) },
  };
}

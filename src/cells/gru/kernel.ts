import { sumOf } from '../../engine/cells/cell';
import type { CellToCompile } from '../../engine/cells/equations';
import type { CompiledCell } from '../../engine/kernels/cell';
import { commonParts } from '../../engine/kernels/common';
import type { KernelInstance } from '../../engine/kernels/instance';
import { PANEL, packBias, packForVector, padded } from '../../engine/kernels/panels';
import { rowAt, takePlanes } from '../../engine/kernels/planes';
import type { Work } from '../../engine/slices';
import type { GruLayer } from '../../model/network';

export function compileGru(instance: KernelInstance, cell: CellToCompile<GruLayer>): Work<CompiledCell> {
  return cell.layer.resetAfter ? compileGruAfter(instance, cell) : compileGruBefore(instance, cell);
}

function* compileGruAfter(instance: KernelInstance, cell: CellToCompile<GruLayer>): Work<CompiledCell> {
  const { layer, parameters: p, sizes } = cell;
  const H = layer.hiddenSize;
  const panels = yield* packForVector(instance, { weight: p.weightHh, width: H, units: H, gates: 3 });
  const common = yield* commonParts(instance, cell, p.biasIh);
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

function* compileGruBefore(instance: KernelInstance, cell: CellToCompile<GruLayer>): Work<CompiledCell> {
  const { layer, parameters: p, sizes } = cell;
  const H = layer.hiddenSize;
  const panels = yield* packForVector(instance, { weight: p.weightHh, width: H, units: H, gates: 2 });
  const weightN = p.weightHh.subarray(2 * H * H);
  const panelsN = yield* packForVector(instance, { weight: weightN, width: H, units: H, gates: 1 });
  const common = yield* commonParts(instance, cell, sumOf(p.biasIh, p.biasHh));
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

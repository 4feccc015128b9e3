import { sumOf } from '../../engine/cells/cell';
import type { CellToCompile } from '../../engine/cells/equations';
import type { CompiledCell } from '../../engine/kernels/cell';
import { commonParts } from '../../engine/kernels/common';
import type { KernelInstance } from '../../engine/kernels/instance';
import { PANEL, packForVector, padded } from '../../engine/kernels/panels';
import { type Plane, rowAt, takePlanes } from '../../engine/kernels/planes';
import type { Work } from '../../engine/slices';
import { type LstmLayer, stateSize } from '../../model/network';

export function* compileLstm(instance: KernelInstance, cell: CellToCompile<LstmLayer>): Work<CompiledCell> {
  const { layer, parameters: p, sizes } = cell;
  const H = layer.hiddenSize;
  const P = stateSize(layer);
  const hidden = yield* packForVector(instance, { weight: p.weightHh, width: P, units: H, gates: 4 });
  const projection =
    p.weightHr && (yield* packForVector(instance, { weight: p.weightHr, width: H, units: P, gates: 1 }));
  const common = yield* commonParts(instance, cell, sumOf(p.biasIh, p.biasHh));
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

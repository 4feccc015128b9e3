import { sumOf } from '../../engine/cells/cell';
import type { CellToCompile } from '../../engine/cells/equations';
import type { CompiledCell } from '../../engine/kernels/cell';
import { commonParts } from '../../engine/kernels/common';
import type { KernelInstance } from '../../engine/kernels/instance';
import { PANEL, packForVector } from '../../engine/kernels/panels';
import { rowAt, takePlanes } from '../../engine/kernels/planes';
import type { Work } from '../../engine/slices';
import type { RnnLayer } from '../../model/network';

export function* compileRnn(instance: KernelInstance, cell: CellToCompile<RnnLayer>): Work<CompiledCell> {
  const { layer, parameters: p, sizes } = cell;
  const H = layer.hiddenSize;
  const hidden = yield* packForVector(instance, { weight: p.weightHh, width: H, units: H, gates: 1 });
  const common = yield* commonParts(instance, cell, sumOf(p.biasIh, p.biasHh));
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

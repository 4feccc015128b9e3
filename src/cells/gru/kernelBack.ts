import {
  type BackToCompile,
  type CompiledBack,
  packBack,
  takeRows,
  takeWide,
  wideRow,
} from '../../engine/kernels/back';
import type { KernelInstance } from '../../engine/kernels/instance';
import { PANEL, packBias, packForVector, padded } from '../../engine/kernels/panels';
import { rowAt } from '../../engine/kernels/planes';
import type { Work } from '../../engine/slices';
import type { GruLayer } from '../../model/network';

/** Of a cell that resets after the product. W_hn h_{t−1} + b_hn is computed again, the trace does not hold it. */
export function* compileGruBack(instance: KernelInstance, cell: BackToCompile<GruLayer>): Work<CompiledBack> {
  const { layer, parameters: p, steps } = cell;
  const H = layer.hiddenSize;
  const { panels, scratch } = yield* packBack(instance, cell);
  const candidate = yield* packForVector(instance, {
    ...{ weight: p.weightHh.subarray(2 * H * H), width: H, units: H, gates: 1 },
  });
  const bias = packBias(instance, p.biasHh.subarray(2 * H), H, 1);
  const productRow = candidate.count * PANEL;
  const products = instance.take(steps * productRow);
  const { planes, apart } = takeRows(instance, ['r', 'z', 'n', 'h'], H, steps);
  const wide = (count: number) => takeWide(instance, count * H, count * padded(H), steps);
  const [h, sums] = [wide(1), wide(3)];
  const hidden = instance.take(2 * 3 * padded(H));
  return {
    ...{ planes, gradients: { h }, sums },
    compute({ row, count, stride }) {
      const at = (name: string, place: number) => rowAt(planes[name].address, planes[name].stride, place);
      const before = at('h', stride < 0 ? 0 : 2);
      const { address, width } = candidate;
      instance.kernels.project(address, candidate.count, width, before, count, bias, products);
      instance.kernels.gruBack(
        ...[count, stride, padded(H), panels.address, panels.count],
        ...[at('r', row), apart, at('h', row)],
        ...[rowAt(products, productRow, row - 1), productRow * Float32Array.BYTES_PER_ELEMENT],
        ...[wideRow(h, row), wideRow(sums, row), hidden, ...scratch],
      );
    },
  };
}

import {
  type BackToCompile,
  type CompiledBack,
  packBack,
  takeRows,
  takeWide,
  wideRow,
} from '../../engine/kernels/back';
import type { KernelInstance } from '../../engine/kernels/instance';
import { padded } from '../../engine/kernels/panels';
import { rowAt } from '../../engine/kernels/planes';
import type { Work } from '../../engine/slices';
import type { LstmLayer } from '../../model/network';

/** Of a cell without projection. */
export function* compileLstmBack(
  instance: KernelInstance,
  cell: BackToCompile<LstmLayer>,
): Work<CompiledBack> {
  const H = cell.layer.hiddenSize;
  const { panels, scratch } = yield* packBack(instance, cell);
  const { planes, apart } = takeRows(instance, ['i', 'f', 'g', 'o', 'c'], H, cell.steps);
  const wide = (count: number) => takeWide(instance, count * H, count * padded(H), cell.steps);
  const [h, c, sums] = [wide(1), wide(1), wide(4)];
  return {
    ...{ planes, gradients: { h, c }, sums },
    compute({ row, count, stride }) {
      const at = (name: string) => rowAt(planes[name].address, planes[name].stride, row);
      instance.kernels.lstmBack(
        ...[count, stride, padded(H), panels.address, panels.count],
        ...[at('i'), apart, at('c'), wideRow(h, row), wideRow(c, row), wideRow(sums, row), ...scratch],
      );
    },
  };
}

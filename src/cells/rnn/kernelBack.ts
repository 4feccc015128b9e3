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
import type { RnnLayer } from '../../model/network';

export function* compileRnnBack(instance: KernelInstance, cell: BackToCompile<RnnLayer>): Work<CompiledBack> {
  const { hiddenSize: H, nonlinearity } = cell.layer;
  const { panels, scratch } = yield* packBack(instance, cell);
  const { planes } = takeRows(instance, ['h'], H, cell.steps);
  const [h, sums] = [0, 1].map(() => takeWide(instance, H, padded(H), cell.steps));
  const relu = nonlinearity === 'relu' ? 1 : 0;
  return {
    ...{ planes, gradients: { h }, sums },
    compute({ row, count, stride }) {
      instance.kernels.rnnBack(
        ...[count, stride, padded(H), relu, panels.address, panels.count],
        ...[rowAt(planes.h.address, planes.h.stride, row), wideRow(h, row), wideRow(sums, row), ...scratch],
      );
    },
  };
}

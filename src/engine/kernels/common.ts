/** What every compiled cell has. */
import { type RecurrentLayer, stateSize } from '../../model/network';
import { GATES } from '../../model/parameters';
import type { CellToCompile } from '../cells/equations';
import type { Work } from '../slices';
import type { CompiledCell } from './cell';
import type { KernelInstance } from './instance';
import { PANEL, pack, packBias, padded, panelCount } from './panels';

/** Packs the input's weights and takes the memory for blocks; `bias` is that of the input projection. */
export function* commonParts(
  instance: KernelInstance,
  { layer, parameters: p, inputSize, sizes: { rows } }: CellToCompile<RecurrentLayer>,
  bias: Float32Array,
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

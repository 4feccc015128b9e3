import type { Hdf5Dataset } from '../../../tensors/hdf5';
import type { KerasArray, KerasArrays } from '../arrays';

/** What a file has for each layer, in the order of `get_weights()`. */
export type LayerArrays = ReadonlyMap<string, readonly KerasArray[]>;

export function datasetArray(name: string, dataset: Hdf5Dataset): KerasArray {
  return { name, shape: dataset.shape, read: () => dataset.read() };
}

export function arraysIn(arrays: LayerArrays, file: string): KerasArrays {
  return { file, files: [], layers: [...arrays.keys()], of: (layer) => Promise.resolve(arrays.get(layer)) };
}

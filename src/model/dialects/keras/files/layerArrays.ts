import type { Hdf5Dataset } from '../../../tensors/hdf5';
import type { KerasArray, KerasArrays } from '../arrays';

/** What a file has for each layer, in the order of `get_weights()`. */
export type LayerArrays = ReadonlyMap<string, readonly KerasArray[]>;

/** An array of an HDF5 file, which is written from its beginning to its end. */
export interface StoredArray extends KerasArray {
  /** Where it lies in the file, in bytes. */
  readonly address: number;
}

/** A layer as a file of weights has it that does not say what its layers are. */
export interface StoredLayer {
  readonly name: string;
  /** What the file calls its place: the class in snake case with a number, such as `lstm_1`, or the name that it has. */
  readonly group: string;
  /** In the order of `get_weights()`. */
  readonly arrays: readonly KerasArray[];
}

/** The layers of a file. */
export interface StoredLayers {
  readonly layers: readonly StoredLayer[];
  /** Whether their order is the model's, is that in which they were written, which tends to be the model's, or tells nothing. */
  readonly order: 'said' | 'written' | 'none';
}

export function datasetArray(name: string, dataset: Hdf5Dataset): StoredArray {
  return { name, shape: dataset.shape, address: dataset.address, read: () => dataset.read() };
}

export function arraysIn(arrays: LayerArrays, file: string): KerasArrays {
  return { file, files: [], layers: [...arrays.keys()], of: (layer) => Promise.resolve(arrays.get(layer)) };
}

/** Opens files of Keras weights, of whichever kind. */
import type { ByteSource } from '../../../../files/folder';
import { foundKind, TensorFileError } from '../../../tensors/bytes';
import { isHdf5, openHdf5, type Hdf5Group } from '../../../tensors/hdf5';
import { isZip, openZip } from '../../../tensors/zip';
import type { Source } from '../../dialect';
import type { KerasLayerId } from '../arrays';
import type { LayerArrays } from './layerArrays';
import { checkpointArrays, isCheckpoint } from './checkpoint';
import { legacyArrays, legacyGroup } from './legacy';

export const WEIGHTS_MEMBER = 'model.weights.h5';
const HEAD_BYTES = 8;

/** The arrays that a file has for a model's layers; `warn` takes what is worth knowing. Throws `TensorFileError`. */
export async function openWeights(
  bytes: ByteSource,
  layers: readonly KerasLayerId[],
  source: Source,
  warn: (message: string) => void,
): Promise<LayerArrays> {
  const head = await bytes.read(0, Math.min(HEAD_BYTES, bytes.size));
  const options = optionsOf(source);
  if (isHdf5(head)) return arraysOf(await openHdf5(bytes, options), layers, warn);
  if (!isZip(head)) {
    throw new TensorFileError(
      `expected Keras weights, an HDF5 file or a .keras archive, ${await foundKind(bytes)}`,
    );
  }
  const member = (await openZip(bytes, options)).get(WEIGHTS_MEMBER);
  if (!member) {
    throw new TensorFileError(
      `the archive has no "${WEIGHTS_MEMBER}": expected a .keras file, ${await foundKind(bytes)}`,
    );
  }
  return arraysOf(await openHdf5(await member.open(), options), layers, warn);
}

export async function arraysOf(
  root: Hdf5Group,
  layers: readonly KerasLayerId[],
  warn: (message: string) => void,
): Promise<LayerArrays> {
  const legacy = await legacyGroup(root);
  if (legacy) return legacyArrays(legacy, layers, warn);
  if (await isCheckpoint(root)) return checkpointArrays(root, layers);
  throw new TensorFileError(
    'it is an HDF5 file, but not of Keras: expected the attribute "layer_names", or a group "layers"',
  );
}

/** Whether a file has Keras weights at all. */
export async function hasWeights(root: Hdf5Group): Promise<boolean> {
  return (await legacyGroup(root)) !== undefined || isCheckpoint(root);
}

export function optionsOf({ limits, signal }: Source) {
  return { limits, ...(signal && { signal }) };
}

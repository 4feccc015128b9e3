/** Opens files of Keras weights, of whichever kind. */
import type { ByteSource } from '../../../../files/folder';
import { say } from '../../../../words/say';
import { foundKind, TensorFileError } from '../../../tensors/bytes';
import { isHdf5, openHdf5, type Hdf5Group } from '../../../tensors/hdf5';
import { isZip, openZip } from '../../../tensors/zip';
import type { Source } from '../../dialect';
import type { KerasLayerId } from '../arrays';
import type { Form } from '../version';
import type { LayerArrays, StoredLayers } from './layerArrays';
import { checkpointArrays, checkpointLayers, isCheckpoint } from './checkpoint';
import { legacyArrays, legacyGroup, legacyLayers } from './legacy';

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
      say`expected Keras weights, an HDF5 file or a .keras archive, ${await foundKind(bytes)}`,
    );
  }
  const member = (await openZip(bytes, options)).get(WEIGHTS_MEMBER);
  if (!member) {
    throw new TensorFileError(
      say`the archive has no "${WEIGHTS_MEMBER}": expected a .keras file, ${await foundKind(bytes)}`,
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
    say`it is an HDF5 file, but not of Keras: expected the attribute "layer_names", or a group "layers"`,
  );
}

/** The layers of a file without a config, and the version that its form tells; undefined if it has none. Throws `TensorFileError`. */
export async function layersAlone(
  root: Hdf5Group,
): Promise<(StoredLayers & { readonly form: Form }) | undefined> {
  const legacy = await legacyGroup(root);
  if (legacy) {
    const stored = await legacyLayers(legacy);
    return { ...stored, form: isOfKeras1(stored) ? '1' : '2' };
  }
  const stored = await checkpointLayers(root);
  const arrays = stored.layers.some((layer) => layer.arrays.length > 0);
  return arrays ? { ...stored, form: (await root.group('layers')) ? '3' : '2.13' } : undefined;
}

/** Keras 1 has an array for each gate, and calls a kernel W. */
function isOfKeras1({ layers }: StoredLayers): boolean {
  return layers.some(({ arrays }) => arrays.some(({ name }) => /_W(_\w)?(:0)?$/.test(name)));
}

export function optionsOf({ limits, signal }: Source) {
  return { limits, ...(signal && { signal }) };
}

import { say } from '../../../../words/say';
import { quote } from '../../../json/decode';
import { TensorFileError } from '../../../tensors/bytes';
import type { Hdf5Group } from '../../../tensors/hdf5';
import type { KerasArray, KerasLayerId } from '../arrays';
import { datasetArray, type LayerArrays, type StoredLayer, type StoredLayers } from './layerArrays';

const LAYER_NAMES = 'layer_names';
const WEIGHT_NAMES = 'weight_names';

/** The group with the layers' weights: the root of a file of weights, `model_weights` of a whole model. */
export async function legacyGroup(root: Hdf5Group): Promise<Hdf5Group | undefined> {
  const candidates = [root, await root.group('model_weights')];
  for (const group of candidates) if (group && (await splitStrings(group, LAYER_NAMES))) return group;
  return undefined;
}

/**
 * The arrays that `group` has by layers' names: a group per layer, whose attribute gives the order (keras
 * legacy_h5_format.py). Layers whose names the model does not have are taken in order, as Keras itself does: `warn`
 * then says so. Throws `TensorFileError`.
 */
export async function legacyArrays(
  group: Hdf5Group,
  layers: readonly KerasLayerId[],
  warn: (message: string) => void,
): Promise<LayerArrays> {
  const { layers: all } = await legacyLayers(group);
  const stored = new Map(
    all.flatMap(({ name, arrays }) => (arrays.length > 0 ? [[name, arrays] as const] : [])),
  );
  const known = new Set(layers.map(({ name }) => name));
  return [...stored.keys()].every((name) => known.has(name)) ? stored : inOrder(stored, layers, warn);
}

/** Every layer that `group` has, without arrays too, in the model's order. Throws `TensorFileError`. */
export async function legacyLayers(group: Hdf5Group): Promise<StoredLayers> {
  const layers: StoredLayer[] = [];
  for (const name of (await splitStrings(group, LAYER_NAMES)) ?? []) {
    layers.push({ name, group: name, arrays: await arraysOfLayer(group, name) });
  }
  return { layers, order: 'said' };
}

async function arraysOfLayer(group: Hdf5Group, layer: string): Promise<KerasArray[]> {
  const own = await group.group(layer);
  if (!own)
    throw new TensorFileError(say`attribute "${LAYER_NAMES}" names ${quote(layer)}, which is not there`);
  const names = (await splitStrings(own, WEIGHT_NAMES)) ?? [];
  const arrays: KerasArray[] = [];
  for (const name of names) {
    const found = await own.find(name);
    if (found?.kind !== 'dataset') {
      throw new TensorFileError(
        say`attribute "${WEIGHT_NAMES}" of ${quote(layer)} names ${quote(name)}, which is not there`,
      );
    }
    arrays.push(datasetArray(name, found));
  }
  return arrays;
}

/** Attributes hold 64 kB at most; Keras writes longer ones in parts, `NAME0`, `NAME1`, … */
async function splitStrings(group: Hdf5Group, name: string): Promise<string[] | undefined> {
  const whole = await group.strings(name);
  if (whole) return whole;
  const parts: string[] = [];
  for (let k = 0; ; k++) {
    const part = await group.strings(`${name}${k}`);
    if (!part) return k === 0 ? undefined : parts;
    parts.push(...part);
  }
}

/** Layers that never have weights. */
const WITHOUT_WEIGHTS =
  /^(InputLayer|Dropout|SpatialDropout\dD|Gaussian(Dropout|Noise)|AlphaDropout|Activation|Activity\w*|ReLU|LeakyReLU|ELU|ThresholdedReLU|Softmax|Masking|Flatten|Reshape|Permute|RepeatVector|Lambda|Merge|Concatenate|Add|Subtract|Multiply|Average|Maximum|Minimum|Dot|Cropping\w*|ZeroPadding\w*|UpSampling\w*|\w*Pooling\w*)$/;

function inOrder(
  stored: LayerArrays,
  layers: readonly KerasLayerId[],
  warn: (message: string) => void,
): LayerArrays {
  const own = layers.filter(({ className }) => !WITHOUT_WEIGHTS.test(className)).map(({ name }) => name);
  const theirs = [...stored.keys()];
  const listed = (names: readonly string[]) => names.map(quote).join(', ') || say`none`;
  if (own.length !== theirs.length) {
    throw new TensorFileError(
      say`it has weights for ${listed(theirs)}, the model has the layers ${listed(own)}: neither names nor number agree`,
    );
  }
  warn(
    say`its layers have other names than the model's, and are taken in order, as Keras does: ${listed(theirs)}`,
  );
  return new Map([...stored.values()].map((arrays, k) => [own[k], arrays]));
}

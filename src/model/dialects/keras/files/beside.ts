/** Which file beside a Keras JSON holds its weights, told by names. */
import type { Folder } from '../../../../files/folder';

/** What a weights file is called after the model's name, best first. */
const WEIGHTS_ENDINGS = [
  ...['.weights.h5', '_weights.weights.h5', '-weights.weights.h5', '_weights.h5', '-weights.h5'],
  ...['_weight.h5', '.h5', '.hdf5', '_weights.hdf5', '-weights.hdf5', '.keras'],
];
/** What a config is called after the model's name. */
const CONFIG_ENDING =
  /[._-](model|config|configuration|arch|architecture|structure|topology|network|net|graph|definition|json)$/i;
const GENERAL_NAME = /^(model|config|arch|architecture|structure|network|topology)$/i;
const GENERAL_WEIGHTS = ['weights.weights.h5', 'weights.h5', 'weights.hdf5'];
const WEIGHTS_FILE = /\.(h5|hdf5|keras)$/i;
const JSON_FILE = /\.json$/i;

/** Names that the weights of a model in `fileName` may have, best first. */
export function weightsNames(fileName: string): string[] {
  const stems = stemsOf(fileName);
  const general = stems.some((stem) => GENERAL_NAME.test(stem));
  const names = stems.flatMap((stem) => WEIGHTS_ENDINGS.map((ending) => stem + ending));
  const more = WEIGHTS_ENDINGS.map((ending) => `model${ending}`);
  return [...new Set([...names, ...(general ? [...more, ...GENERAL_WEIGHTS] : [])])];
}

/** `lstm_model_config`, `lstm_model`, `lstm`. */
function stemsOf(fileName: string): string[] {
  const stems = [fileName.replace(JSON_FILE, '')];
  for (;;) {
    const shorter = stems[0].replace(CONFIG_ENDING, '');
    if (shorter === stems[0] || shorter === '') return stems.toReversed();
    stems.unshift(shorter);
  }
}

export interface Beside {
  /** Files that are named like the model, best first. */
  readonly named: readonly string[];
  /** Other files that weights may be in, unless another model there is named like them. */
  readonly others: readonly string[];
}

export async function weightsBeside(fileName: string, folder: Folder): Promise<Beside> {
  const files = await folder.list();
  const present = new Set(files);
  const named = weightsNames(fileName).filter((name) => present.has(name));
  const models = files.filter((name) => JSON_FILE.test(name) && name !== fileName);
  const taken = new Set(models.flatMap(weightsNames));
  return { named, others: files.filter((name) => WEIGHTS_FILE.test(name) && !taken.has(name)).sort() };
}

/** The config that the weights in `fileName` may belong to, if one stands beside them. */
export async function configBeside(fileName: string, folder: Folder): Promise<string | undefined> {
  const models = (await folder.list()).filter((name) => JSON_FILE.test(name)).sort();
  return models.find((name) => weightsNames(name).includes(fileName));
}

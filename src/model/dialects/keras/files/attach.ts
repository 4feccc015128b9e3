/** The weights of a model whose config stands alone, in a JSON file. */
import { FileError, type Folder } from '../../../../files/folder';
import { quote } from '../../../json/decode';
import type { JsonNode } from '../../../json/parse';
import type { Report } from '../../../report';
import { bytesOf } from '../../../tensors/bytes';
import type { Source } from '../../dialect';
import { attempt } from '../../loading';
import type { KerasArrays } from '../arrays';
import { kerasLayerIds } from '../model';
import { arraysIn } from './layerArrays';
import { openWeights } from './open';

export interface Attached {
  /** Absent if there are none or, with errors about weights reported, if they cannot be read. */
  readonly arrays?: KerasArrays;
  /** Files beside the model that the weights are in, or will be looked for in: what to watch. */
  readonly files: readonly string[];
}

/** The weights that were chosen for a model, else those in a file that stands beside it and is named like it. */
export async function attachedWeights(root: JsonNode, source: Source, report: Report): Promise<Attached> {
  const about = report.about('weights');
  if (source.weights) return { ...(await open(source.weights, root, source, about)), files: [] };
  const names = weightsNames(source.fileName);
  const path = await weightsBeside(names, root, source, about);
  if (path === undefined) return { files: names };
  return { ...(await open({ folder: source.folder, path }, root, source, about)), files: [path] };
}

async function open(
  { folder, path }: { readonly folder: Folder; readonly path: string },
  root: JsonNode,
  source: Source,
  report: Report,
): Promise<Pick<Attached, 'arrays'>> {
  const arrays = await attempt(path, root, report, async () => {
    const bytes = await bytesOf(folder, path, source.limits);
    const warn = (message: string) => report.warning(root, 'layers-in-order', `${path}: ${message}`);
    return arraysIn(await openWeights(bytes, kerasLayerIds(root), source, warn), path);
  });
  return arrays ? { arrays } : {};
}

/** Best first. */
const WEIGHTS_ENDINGS = [
  '.weights.h5',
  '_weights.h5',
  '-weights.h5',
  '.h5',
  '.hdf5',
  '_weights.hdf5',
  '.keras',
];
const CONFIG_ENDING = /[._-](model|config|arch|architecture|json)$/i;
const GENERAL_NAME = /^(model|config|arch|architecture|network|topology)$/i;

/** Names that the weights of a model in `fileName` may have, best first. */
function weightsNames(fileName: string): string[] {
  const stem = fileName.replace(/\.json$/i, '');
  const stems = [stem, stem.replace(CONFIG_ENDING, '')];
  const general = GENERAL_NAME.test(stem) ? [...endings('model'), 'weights.h5', 'weights.hdf5'] : [];
  return [...new Set([...stems.flatMap(endings), ...general])];
}

function endings(stem: string): string[] {
  return WEIGHTS_ENDINGS.map((ending) => stem + ending);
}

async function weightsBeside(
  names: readonly string[],
  root: JsonNode,
  { folder }: Source,
  report: Report,
): Promise<string | undefined> {
  const found = await existing(names, folder);
  const [best, ...others] = found;
  if (others.length > 0) {
    const message = `several files beside the model may be its weights: ${found.map(quote).join(', ')}; ${quote(best)} is taken`;
    report.warning(root, 'several-weights', message);
  }
  return best;
}

/** The config that the weights in `fileName` may belong to, if one stands beside them. */
export async function configBeside({ folder, fileName }: Source): Promise<string | undefined> {
  const ending = WEIGHTS_ENDINGS.find((candidate) => fileName.toLowerCase().endsWith(candidate)) ?? '';
  const stem = fileName.slice(0, fileName.length - ending.length);
  const stems = [
    stem,
    `${stem}_model`,
    `${stem}_config`,
    `${stem}_architecture`,
    'model',
    'config',
    'architecture',
  ];
  const names = stems.map((candidate) => `${candidate}.json`);
  const [first] = await existing(
    names.filter((name) => weightsNames(name).includes(fileName)),
    folder,
  );
  return first;
}

async function existing(names: readonly string[], folder: Folder): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const isThere = await folder.size(name).then(
      () => true,
      (error: unknown) => {
        if (FileError.is(error)) return false;
        throw error;
      },
    );
    if (isThere) found.push(name);
  }
  return found;
}

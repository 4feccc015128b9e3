/** The weights of a model whose config stands alone, in a JSON file. */
import type { Folder } from '../../../../files/folder';
import { say } from '../../../../words/say';
import { quote } from '../../../json/decode';
import type { JsonNode } from '../../../json/node';
import type { Report } from '../../../report';
import { bytesOf } from '../../../tensors/bytes';
import type { Source } from '../../dialect';
import { attempt } from '../../loading';
import type { KerasArrays } from '../arrays';
import { kerasLayerIds } from '../model';
import { weightsBeside, weightsNames } from './beside';
import { arraysIn } from './layerArrays';
import { openWeights } from './open';

export interface Attached {
  /** Absent if there are none or, with errors about weights reported, if they cannot be read. */
  readonly arrays?: KerasArrays;
  /** Files beside the model that the weights are in, or will be looked for in: what to watch. */
  readonly files: readonly string[];
  /** Where there are none: files beside the model with other names, which may hold them. */
  readonly candidates: readonly string[];
}

/** The weights that were chosen for a model, else those in a file that stands beside it and is named like it. */
export async function attachedWeights(root: JsonNode, source: Source, report: Report): Promise<Attached> {
  const about = report.about('weights');
  const found = { files: [], candidates: [] };
  if (source.weights) return { ...found, ...(await openArrays(source.weights, root, source, about)) };
  const { folder, fileName } = source;
  const { named, others } = await weightsBeside(fileName, folder);
  const [path, ...more] = named;
  if (path === undefined) return { files: [...weightsNames(fileName), ...others], candidates: others };
  if (more.length > 0) {
    const message = say`several files beside the model may be its weights: ${named.map(quote).join(', ')}; ${quote(path)} is taken`;
    about.warning(root, 'several-weights', message);
  }
  return { ...found, files: [path], ...(await openArrays({ folder, path }, root, source, about)) };
}

/** The arrays of one file; none, with errors reported, if they cannot be read. */
export async function openArrays(
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

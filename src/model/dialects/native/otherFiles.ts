import type { Folder } from '../../../files/folder';
import { replaced, type Fix } from '../../fix';
import type { JsonNode } from '../../json/node';
import { nearest } from '../../near';

/** More are no help. */
const MOST_OFFERED = 4;
const MOST_LOOKED_AT = 1000;

/** Files of the model's folder that may be meant by a name that none has: the one that is close, else the first few. */
export async function otherFiles(folder: Folder, ending: RegExp, node: JsonNode): Promise<Fix[]> {
  const names = (await folder.list()).filter((name) => ending.test(name)).slice(0, MOST_LOOKED_AT);
  const near = nearest(String(node.value), names);
  return (near === undefined ? names.slice(0, MOST_OFFERED) : [near]).map((name) => replaced(node, name));
}

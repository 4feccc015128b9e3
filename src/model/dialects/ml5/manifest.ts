/**
 * ml5's dump of a TensorFlow 1 checkpoint: a manifest of variables, each with its shape and the file beside the manifest
 * that holds its float32 values (ml5js/training-charRNN, json_checkpoint_vars.py).
 */
import { say } from '../../../words/say';
import {
  counted,
  entries,
  listOf,
  integer,
  nonEmptyString,
  pathOf,
  quote,
  requiredAt,
  valueAt,
} from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { At, Report } from '../../report';
import { bytesOf } from '../../tensors/bytes';
import { convert } from '../../tensors/floats';
import { elementCount } from '../../weights';
import type { Source } from '../dialect';
import { attempt } from '../loading';

export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly file: string;
  /** Where the manifest names the file, and where it gives the shape. */
  readonly at: { readonly file: At; readonly shape: At };
}

/** The variables that are well described; the others are reported. */
export function decodeManifest(root: JsonNode, report: Report): readonly Variable[] {
  const variables: Variable[] = [];
  for (const [name, node] of entries(root, report) ?? []) {
    const file = requiredAt(node, 'filename', nonEmptyString, report);
    const shape = requiredAt(node, 'shape', listOf(integer(1)), report);
    if (file === undefined || !shape) continue;
    const at = { file: valueAt(node, 'filename')!, shape: valueAt(node, 'shape')! };
    variables.push({ name, shape, file, at });
  }
  return variables;
}

/** Whether a variable has this shape; reported if not. */
export function hasShape({ at, ...found }: Variable, shape: readonly number[], report: Report): boolean {
  if (found.shape.length === shape.length && found.shape.every((size, axis) => size === shape[axis])) {
    return true;
  }
  const message = say`${pathOf(at.shape as JsonNode)}: expected [${shape.join(', ')}], found [${found.shape.join(', ')}]`;
  report.error(at.shape, 'wrong-shape', message);
  return false;
}

/** Row-major; undefined, with an error reported, if the file is missing or has another size. */
export async function readVariable(
  { name, shape, file, at }: Variable,
  { folder, limits }: Source,
  report: Report,
): Promise<Float32Array | undefined> {
  return attempt(file, at.file, report, async () => {
    const bytes = await bytesOf(folder, file, limits);
    const expected = 4 * elementCount(shape);
    if (bytes.size !== expected) {
      const message = say`${quote(file)}: expected ${counted(expected, 'byte')}, float32 of [${shape.join(', ')}], for ${quote(name)}, found ${bytes.size}`;
      report.error(at.file, 'bad-weights-file', message);
      return undefined;
    }
    const values = new Float32Array(expected / 4);
    convert('F32', await bytes.read(0, expected), values, 0);
    return values;
  });
}

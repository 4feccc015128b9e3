import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '../files/folder';
import { MODEL_FILES } from '../model/dialects/keras/savedmodel/files';
import { quote } from '../model/json/decode';

/** The model's file: the one that was named, or, of a folder that TensorFlow wrote, the one that says what is in it. Throws `FileError`. */
export async function modelFile(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return path;
  for (const name of MODEL_FILES) {
    const file = join(path, name);
    if (
      await stat(file)
        .then((stats) => stats.isFile())
        .catch(() => false)
    )
      return file;
  }
  const names = MODEL_FILES.map(quote).join(' or ');
  throw new FileError(
    'not-a-file',
    path,
    `${quote(path)} is a folder: expected a model file, or a SavedModel's folder with ${names} in it`,
  );
}

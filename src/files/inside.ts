import { FileError } from './folder';

/**
 * Throws `FileError` (`outside`) unless `path`, as written in a model file, names something in or below the model's
 * folder by its words alone: relative, with `/` between its parts, without `..`, drive letter or URL scheme. Links
 * that lead outside are for the folder's implementation to refuse.
 */
export function checkInside(path: string): void {
  const fault = lexicalFault(path);
  if (fault) throw new FileError('outside', path, `${JSON.stringify(path)} ${fault}`);
}

function lexicalFault(path: string): string | undefined {
  if (path === '') return 'is empty; expected the name of a file in the folder of the model';
  if (path.includes('\0')) return 'holds a null character';
  if (path.includes('\\')) return 'holds a backslash; expected / between folders';
  if (/^[a-z][a-z0-9+.-]*:/i.test(path))
    return 'has a drive or URL scheme; expected a path relative to the model';
  if (path.startsWith('/')) return 'is an absolute path; expected one relative to the model';
  if (path.split('/').includes('..')) return 'leads out of the folder of the model; ".." is not allowed';
  return undefined;
}

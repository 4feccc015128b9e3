import { say } from '../words/say';
import { FileError } from './folder';

/**
 * Throws `FileError` (`outside`) unless `path`, as written in a model file, names something in or below the model's
 * folder by its words alone: relative, with `/` between its parts, without `..`, drive letter or URL scheme. Links
 * that lead outside are for the folder's implementation to refuse.
 */
export function checkInside(path: string): void {
  const fault = lexicalFault(path, JSON.stringify(path));
  if (fault) throw new FileError('outside', path, fault);
}

function lexicalFault(path: string, name: string): string | undefined {
  if (path === '') return say`${name} is empty; expected the name of a file in the folder of the model`;
  if (path.includes('\0')) return say`${name} holds a null character`;
  if (path.includes('\\')) return say`${name} holds a backslash; expected / between folders`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(path))
    return say`${name} has a drive or URL scheme; expected a path relative to the model`;
  if (path.startsWith('/')) return say`${name} is an absolute path; expected one relative to the model`;
  if (path.split('/').includes('..'))
    return say`${name} leads out of the folder of the model; ".." is not allowed`;
  return undefined;
}

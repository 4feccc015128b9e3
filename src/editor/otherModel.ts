/** Reads a model that is no panel's: to be compared with one that is. */
import * as vscode from 'vscode';
import { FileError, type Folder } from '../files/folder';
import type { OtherRun } from '../host/otherRun';
import { openLocalFile, localFolder } from '../platform/platform';
import { hasErrors } from '../model/problem';
import { memoryLimits } from './settings';
import { WorkspaceFolder } from './workspaceFolder';

/** Where a model is read from. */
export interface OtherModel {
  readonly name: string;
  readonly uri: vscode.Uri;
  /** The file as it was at another time. */
  readonly at?: (file: vscode.Uri) => vscode.Uri;
}

/** Rejects with an Error for people where it cannot be read or run. */
export async function readOther({ name, uri, at }: OtherModel): Promise<OtherRun> {
  const { bytesOf, openSource, readModel } = await import('../model/read');
  const fileName = uri.path.split('/').pop() ?? '';
  const parent = vscode.Uri.joinPath(uri, '..');
  const limits = memoryLimits(uri);
  const isLocal = uri.scheme === 'file' && !at;
  const folder: Folder = (isLocal && localFolder(parent.fsPath)) || new WorkspaceFolder(parent, at);
  const source = { fileName, folderName: parent.path.split('/').pop() ?? '', folder, limits };
  try {
    const local = isLocal ? openLocalFile(uri.fsPath) : undefined;
    const bytes = await (local ?? bytesOf(folder, fileName, limits));
    const { network, weights, trained, samples, problems } = await readModel(await openSource(bytes, source));
    const fault = problems.find(({ severity, about }) => severity === 'error' && about !== 'samples');
    if (!network || !weights || hasErrors(problems, 'structure') || hasErrors(problems, 'weights')) {
      throw new Error(fault?.message ?? vscode.l10n.t('The weights could not be read.'));
    }
    return { name, model: { network, weights, trained, samples } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const found = FileError.is(error) ? error.message : reason;
    throw new Error(vscode.l10n.t('{0} cannot be compared: {1}', name, found), { cause: error });
  }
}

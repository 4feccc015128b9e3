/** Files as they are in a commit, by VS Code's own Git extension. */
import * as vscode from 'vscode';

/** The part of the Git extension's interface that is used. */
interface GitApi {
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
  getRepository(uri: vscode.Uri): { readonly rootUri: vscode.Uri } | null;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

const GIT = 'vscode.git';

/** Whether the Git extension runs beside this one: not in a web worker, and nowhere before a folder is trusted. */
export function hasGit(): boolean {
  return vscode.extensions.getExtension(GIT) !== undefined;
}

/** A file in a commit; undefined where the file is in no repository, or there is no Git. */
export async function gitVersions(
  file: vscode.Uri,
): Promise<((ref: string) => (one: vscode.Uri) => vscode.Uri) | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>(GIT);
  if (!extension || file.scheme !== 'file') return undefined;
  const git = await extension.activate();
  if (!git.enabled) return undefined;
  const api = git.getAPI(1);
  if (!api.getRepository(file)) return undefined;
  return (ref) => (one) => api.toGitUri(one, ref);
}

import * as vscode from 'vscode';
import { isNativeFile } from '../editor/modelDocument';
import { isOnDisk } from '../editor/readModel';

const MOST_FILES = 200;
const MOST_FOLDERS = 500;

/** Lets the user pick one of the workspace's model files; says so if there is none. */
export async function chooseModel(): Promise<vscode.Uri | undefined> {
  const files = await modelFiles();
  if (files.length === 0) {
    const example = vscode.l10n.t('Open Example Model…');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('There is no model file (*.rnn.json) in this workspace.'),
      example,
    );
    if (answer === example) await vscode.commands.executeCommand('gatescope.openExample');
    return undefined;
  }
  const items = files
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Choose a model file'),
  });
  return picked?.uri;
}

async function modelFiles(): Promise<readonly vscode.Uri[]> {
  const searched = vscode.workspace.findFiles('**/*.rnn.json', '**/node_modules/**', MOST_FILES);
  const others = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => !isOnDisk(uri));
  if (others.length === 0) return searched;
  // In folders of an extension that does not search them, VS Code finds nothing, or does not answer at all.
  const looked = modelsUnder(others.map(({ uri }) => uri));
  return Promise.race([looked, searched.then((files) => (files.length > 0 ? files : looked))]);
}

async function modelsUnder(folders: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const all = [...folders];
  for (let next = 0; next < Math.min(all.length, MOST_FOLDERS) && found.length < MOST_FILES; next++) {
    const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(all[next])).catch(() => []);
    for (const [name, type] of entries) {
      const uri = vscode.Uri.joinPath(all[next], name);
      if (type === vscode.FileType.File && isNativeFile(uri)) found.push(uri);
      if (type === vscode.FileType.Directory && name !== 'node_modules') all.push(uri);
    }
  }
  return found;
}

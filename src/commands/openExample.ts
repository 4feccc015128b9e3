import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { command } from './command';

/** "Open Example Model…": the models that ship with the extension. */
export function registerOpenExample(extension: vscode.Uri, editor: UnrolledEditor): vscode.Disposable {
  const folder = vscode.Uri.joinPath(extension, 'media', 'examples');
  return command('gatescope.openExample', async (argument) => {
    const name = typeof argument === 'string' ? argument : (await chooseExample(folder))?.file;
    if (name) await editor.open(vscode.Uri.joinPath(folder, name));
  });
}

/** Lets the user pick one of the examples. */
export async function chooseExample(folder: vscode.Uri) {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const files = entries.map(([name]) => name).filter((name) => name.endsWith('.rnn.json'));
  const items = await Promise.all(
    files.map(async (file) => {
      const { name, description } = await heading(vscode.Uri.joinPath(folder, file));
      return { label: name ?? file, description: file, detail: description, file };
    }),
  );
  return vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Choose an example'),
    matchOnDetail: true,
  });
}

/** An example's own name and description. */
async function heading(uri: vscode.Uri): Promise<{ name?: string; description?: string }> {
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  return JSON.parse(text) as { name?: string; description?: string };
}

import * as vscode from 'vscode';
import { NATIVE_VIEW } from '../editor/views';
import { command, targetUri } from './command';

const TEMPLATES = ['rnn', 'lstm', 'gru', 'bidirectional-lstm'] as const;

/** "New Model File…": an unsaved model from a template, as text with its unrolled view beside it. */
export function registerNewModel(extension: vscode.Uri): vscode.Disposable {
  const titles: Record<(typeof TEMPLATES)[number], string> = {
    rnn: vscode.l10n.t('RNN: numbers in, the next number out'),
    lstm: vscode.l10n.t('LSTM: characters in, the next character out'),
    gru: vscode.l10n.t('GRU: numbers in, the next number out'),
    'bidirectional-lstm': vscode.l10n.t('Bidirectional LSTM: a label for every word'),
  };
  return command('gatescope.newModel', async (argument) => {
    const items = TEMPLATES.map((template) => ({ label: titles[template], template }));
    const template =
      TEMPLATES.find((known) => known === argument) ??
      (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose a template') }))
        ?.template;
    if (!template) return;
    const folder = await folderOfNew();
    if (folder === null) return;
    const source = vscode.Uri.joinPath(extension, 'media', 'templates', `${template}.rnn.json`);
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(source));
    const uri = await unusedName(folder, template);
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('vscode.openWith', uri, NATIVE_VIEW, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
  });
}

/** Of several folders that of the file in front, else the one that is picked; null where the user gave up. */
async function folderOfNew(): Promise<vscode.Uri | undefined | null> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return folders[0]?.uri;
  const inFront = targetUri(undefined);
  const own = inFront && vscode.workspace.getWorkspaceFolder(inFront);
  const placeHolder = vscode.l10n.t('Choose the folder of the new model');
  const picked = own ?? (await vscode.window.showWorkspaceFolderPick({ placeHolder }));
  return picked?.uri ?? null;
}

/** An `untitled:` name in the folder that no file and no open editor has. */
async function unusedName(folder: vscode.Uri | undefined, stem: string): Promise<vscode.Uri> {
  const open = new Set(vscode.workspace.textDocuments.map((document) => document.uri.path));
  for (let count = 1; ; count++) {
    const name = `${stem}${count === 1 ? '' : `-${count}`}.rnn.json`;
    const file = folder && vscode.Uri.joinPath(folder, name);
    if (open.has(file?.path ?? name) || (file && (await exists(file)))) continue;
    return file ? file.with({ scheme: 'untitled' }) : vscode.Uri.from({ scheme: 'untitled', path: name });
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

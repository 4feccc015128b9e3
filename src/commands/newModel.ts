import * as vscode from 'vscode';
import { isOnDisk } from '../editor/readModel';
import { NATIVE_VIEW } from '../editor/views';
import { writeFile } from '../editor/writeFile';
import { command, targetUri } from './command';

const TEMPLATES = ['rnn', 'lstm', 'gru', 'bidirectional-lstm'] as const;

/** "New Model File…": a model from a template, not saved yet, as text with its unrolled view beside it. */
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
    const uri = await begun(await unusedName(folder, template), text);
    const document = await vscode.workspace.openTextDocument(uri);
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

/** A name in the folder that no file and no open editor has; `untitled:` without a folder. */
async function unusedName(folder: vscode.Uri | undefined, stem: string): Promise<vscode.Uri> {
  const open = new Set(vscode.workspace.textDocuments.map((document) => document.uri.path));
  for (let count = 1; ; count++) {
    const name = `${stem}${count === 1 ? '' : `-${count}`}.rnn.json`;
    const file = folder && vscode.Uri.joinPath(folder, name);
    if (open.has(file?.path ?? name) || (file && (await exists(file)))) continue;
    return file ?? vscode.Uri.from({ scheme: 'untitled', path: name });
  }
}

/**
 * Unsaved, where VS Code would save it there. An untitled file keeps the path of the one that it is to be, and not its scheme,
 * for which VS Code takes that of its own files: in a folder that another extension keeps it is saved at once.
 */
async function begun(file: vscode.Uri, text: string): Promise<vscode.Uri> {
  if (file.scheme !== 'untitled' && !isSavedThere(file)) {
    await writeFile(file, [text], Infinity);
    return file;
  }
  const uri = file.with({ scheme: 'untitled' });
  await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
  return uri;
}

function isSavedThere(file: vscode.Uri): boolean {
  const { uiKind, remoteName } = vscode.env;
  return isOnDisk(file) || (uiKind === vscode.UIKind.Web && remoteName === undefined);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

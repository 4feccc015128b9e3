import * as vscode from 'vscode';
import type { ModelDocument } from '../editor/modelDocument';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { command } from './command';
import { targetSession } from './targetSession';

/** "Attach Weights…": a file of weights to use in place of those that the model names, or finds beside itself. */
export function registerAttachWeights(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.attachWeights', async (argument, weights) => {
    const session = await targetSession(editor, argument);
    if (!session) return;
    const { document } = session;
    if (weights instanceof vscode.Uri) document.attachWeights(weights);
    else if (document.attachedWeights) await changeWeights(document, document.attachedWeights);
    else await chooseWeights(document);
  });
}

async function changeWeights(document: ModelDocument, attached: vscode.Uri): Promise<void> {
  const choose = { label: vscode.l10n.t('Attach Other Weights…') };
  const detach = {
    label: vscode.l10n.t('Detach {0}', attached.path.split('/').pop() ?? ''),
    description: vscode.workspace.asRelativePath(attached),
  };
  const picked = await vscode.window.showQuickPick([choose, detach], {
    placeHolder: vscode.l10n.t('Weights of {0}', document.fileName),
  });
  if (picked === choose) await chooseWeights(document);
  if (picked === detach) document.attachWeights(undefined);
}

async function chooseWeights(document: ModelDocument): Promise<void> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Weights of {0}', document.fileName),
      openLabel: vscode.l10n.t('Attach'),
      defaultUri: document.folderUri,
      filters: {
        [vscode.l10n.t('Weights')]: ['h5', 'hdf5', 'keras', 'safetensors', 'pt', 'pth', 'ckpt', 'bin'],
        [vscode.l10n.t('All Files')]: ['*'],
      },
    })) ?? [];
  if (file) document.attachWeights(file);
}

import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import type { Library } from '../model/convert';
import { command } from './command';
import { saveBeside } from './saveBeside';
import { targetSession } from './targetSession';

/** "Export as Python…": writes `NAME.py` beside a model, which builds it in PyTorch or Keras, and opens it. */
export function registerExportPython(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.exportPython', async (argument) => {
    const session = await targetSession(editor, argument);
    if (!session) return;
    const items: (vscode.QuickPickItem & { readonly library: Library })[] = [
      { label: 'PyTorch', library: 'pytorch' },
      { label: 'Keras 3', description: vscode.l10n.t('not run here'), library: 'keras' },
    ];
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Export as Python'),
      placeHolder: vscode.l10n.t('Choose what {0} is to be written for', session.fileName),
    });
    if (!picked) return;
    const { stemOf, toPython } = await import('../model/convert');
    const name = `${stemOf(session.fileName)}.py`;
    const file = await saveBeside(session, name, (reading, target, original) =>
      toPython(picked.library, reading, target, original),
    );
    if (file) await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.Beside });
  });
}

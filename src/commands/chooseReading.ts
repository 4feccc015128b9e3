import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { command } from './command';
import { targetSession } from './targetSession';

/** "Choose How to Read the Model…": for files that can be read in several ways. */
export function registerChooseReading(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.chooseReading', async (argument) => {
    const session = await targetSession(editor, argument);
    if (!session) return;
    const { choices = [] } = await session.document.reading();
    if (choices.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('{0} can be read in one way only.', session.fileName),
      );
      return;
    }
    const picked = await vscode.window.showQuickPick(
      choices.map(({ value, label }) => ({ label, value })),
      { placeHolder: vscode.l10n.t('Choose how to read {0}', session.fileName) },
    );
    if (picked) session.document.choose([picked.value]);
  });
}

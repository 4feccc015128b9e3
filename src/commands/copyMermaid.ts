import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { command } from './command';
import { targetSession } from './targetSession';

/** "Copy Diagram as Mermaid": the diagram that the panel shows, ready for any Markdown file. */
export function registerCopyMermaid(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.copyMermaid', async (argument) => {
    const session = await targetSession(editor, argument);
    if (!session) return;
    await session.readable();
    await vscode.env.clipboard.writeText(session.diagram());
    vscode.window.setStatusBarMessage(vscode.l10n.t('Diagram copied as Mermaid'), 3000);
  });
}

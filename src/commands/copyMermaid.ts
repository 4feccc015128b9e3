import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { fenced } from '../unroll/mermaid';
import { command } from './command';
import { targetSession } from './targetSession';

/** "Copy Diagram as Mermaid", "Copy Diagram as Markdown": the diagram that the panel shows, bare or in a fence. */
export function registerCopyMermaid(editor: UnrolledEditor): vscode.Disposable {
  const copy = (id: string, text: (mermaid: string) => string, done: string) =>
    command(id, async (argument) => {
      const session = await targetSession(editor, argument);
      if (!session) return;
      await session.readable();
      await vscode.env.clipboard.writeText(text(session.diagram()));
      vscode.window.setStatusBarMessage(done, 3000);
    });
  return vscode.Disposable.from(
    copy('gatescope.copyMermaid', (mermaid) => mermaid, vscode.l10n.t('Diagram copied as Mermaid')),
    copy('gatescope.copyMarkdown', fenced, vscode.l10n.t('Diagram copied as Markdown')),
  );
}

import * as vscode from 'vscode';
import type { ModelDocuments } from '../editor/modelDocument';
import { problemRange } from '../editor/place';
import { translate } from '../editor/translate';
import type { Fix } from '../model/fix';
import { NATIVE_TEXT, readingOf, toWorkspaceEdit } from './nativeText';

class FixAction extends vscode.CodeAction {
  constructor(
    title: string,
    readonly document: vscode.TextDocument,
    readonly fix: Fix,
  ) {
    super(title, vscode.CodeActionKind.QuickFix);
  }
}

/** What the reader says would mend a problem, at the problem. */
export function registerQuickFixes(models: ModelDocuments): vscode.Disposable {
  const provider: vscode.CodeActionProvider<FixAction> = {
    async provideCodeActions(document, range, { diagnostics }) {
      const { problems } = await readingOf(models, document);
      const { fixInWords } = await import('./text');
      return problems.flatMap(({ place, fixes = [] }) => {
        const at = problemRange(document, place);
        if (!at.intersection(range)) return [];
        const mended = diagnostics.filter((diagnostic) => diagnostic.range.intersection(at));
        return fixes.map((fix, k) => {
          const action = new FixAction(fixInWords(fix, translate), document, fix);
          action.diagnostics = mended;
          action.isPreferred = k === 0;
          return action;
        });
      });
    },

    async resolveCodeAction(action) {
      const { editsOf } = await import('./text');
      const { document, fix } = action;
      action.edit = toWorkspaceEdit(document, editsOf(document.getText(), fix.changes));
      return action;
    },
  };
  return vscode.languages.registerCodeActionsProvider(NATIVE_TEXT, provider, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  });
}

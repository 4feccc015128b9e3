import * as vscode from 'vscode';
import { Disposable } from './dispose';
import type { UnrolledEditor } from './unrolledEditor';
import { BINARY_VIEW, LARGE_VIEW, OPTION_VIEW } from './views';

/** Models that are no text, or too large for a text document: shown from the file, with nothing to edit. */
export class BinaryEditor extends Disposable implements vscode.CustomReadonlyEditorProvider {
  constructor(private readonly unrolled: UnrolledEditor) {
    super();
    for (const view of [BINARY_VIEW, OPTION_VIEW, LARGE_VIEW]) {
      this.register(
        vscode.window.registerCustomEditorProvider(view, this, { supportsMultipleEditorsPerDocument: true }),
      );
    }
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    this.unrolled.show(uri, panel);
  }
}

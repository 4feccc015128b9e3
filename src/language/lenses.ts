import * as vscode from 'vscode';
import type { Lens } from './text';
import { textModel } from './textModels';
import { NATIVE_TEXT, toRange } from './nativeText';

/** Run and Open Unrolled View above a model, Run above each of its samples. */
export function registerLenses(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(NATIVE_TEXT, {
    async provideCodeLenses(document) {
      const { lensesOf } = await import('./text');
      const model = await textModel(document);
      const lenses = model ? lensesOf(model) : [];
      return lenses.map(
        (lens) => new vscode.CodeLens(toRange(document, lens.at), commandOf(lens, document.uri)),
      );
    },
  });
}

function commandOf({ does, sample }: Lens, uri: vscode.Uri): vscode.Command {
  if (does === 'open') {
    const title = vscode.l10n.t('Open Unrolled View');
    return { title, command: 'gatescope.openUnrolledToSide', arguments: [uri] };
  }
  const title = vscode.l10n.t('$(play) Run');
  return { title, command: 'gatescope.runSample', arguments: [sample, uri] };
}

/** What the features of a native model's text share. */
import * as vscode from 'vscode';
import type { ModelDocument, ModelDocuments } from '../editor/modelDocument';
import type { Reading } from '../model/dialects/dialect';
import type { TextEdit } from '../model/json/edit';

/** Saved or not; of Git's versions too, in which nothing is changed. */
export const NATIVE_TEXT: vscode.DocumentSelector = ['json', 'jsonc'].map((language) => ({
  language,
  pattern: '**/*.rnn.json',
}));

/** Does something with the model of a text, which is read at least until then. */
export async function withModel<T>(
  models: ModelDocuments,
  document: vscode.TextDocument,
  use: (model: ModelDocument) => Promise<T>,
): Promise<T> {
  const [model, release] = models.acquire(document.uri, document);
  try {
    return await use(model);
  } finally {
    release.dispose();
  }
}

/** The reading of a text as it stands now. */
export function readingOf(models: ModelDocuments, document: vscode.TextDocument): Promise<Reading> {
  return withModel(models, document, (model) => model.fresh());
}

export function toRange(
  document: vscode.TextDocument,
  { offset, length }: { readonly offset: number; readonly length: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}

export function toWorkspaceEdit(
  document: vscode.TextDocument,
  edits: readonly TextEdit[],
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const one of edits) edit.replace(document.uri, toRange(document, one), one.text);
  return edit;
}

import type * as vscode from 'vscode';
import type { modelText } from './text';

type Known = { readonly version: number; readonly model: ReturnType<typeof modelText> };

const known = new WeakMap<vscode.TextDocument, Known>();

/** See `modelText`; of a text as it stands now, which is looked at once. */
export async function textModel(document: vscode.TextDocument): Promise<ReturnType<typeof modelText>> {
  const text = await import('./text');
  const { version } = document;
  const before = known.get(document);
  if (before?.version === version) return before.model;
  const model = text.modelText(document.getText());
  known.set(document, { version, model });
  return model;
}

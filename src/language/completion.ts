import * as vscode from 'vscode';
import type { ModelDocuments } from '../editor/modelDocument';
import { memoryLimits } from '../editor/settings';
import type { Completion } from './text';
import { textModel } from './textModels';
import { NATIVE_TEXT, toRange, withModel } from './nativeText';

const KINDS: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  layer: vscode.CompletionItemKind.Class,
  tensor: vscode.CompletionItemKind.Value,
  column: vscode.CompletionItemKind.Field,
  file: vscode.CompletionItemKind.File,
};

/** Names of layers, tensors, columns and files, beside what the schema completes. */
export function registerCompletion(models: ModelDocuments): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    NATIVE_TEXT,
    {
      async provideCompletionItems(document, position) {
        const { completionsAt } = await import('./text');
        const model = await textModel(document);
        if (!model) return [];
        return withModel(models, document, async (read) => {
          const { network } = read;
          const known = { network, folder: read.folder(), limits: memoryLimits(document.uri) };
          const found = await completionsAt(model, document.offsetAt(position), known);
          return found.map((one) => toItem(document, one));
        });
      },
    },
    '"',
  );
}

function toItem(document: vscode.TextDocument, completion: Completion): vscode.CompletionItem {
  const { name, detail, kind, text } = completion;
  const item = new vscode.CompletionItem({ label: name, description: detail }, KINDS[kind]);
  item.insertText = text;
  item.filterText = JSON.stringify(name);
  item.range = toRange(document, completion);
  return item;
}

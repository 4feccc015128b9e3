import * as vscode from 'vscode';
import type { ModelDocuments } from '../editor/modelDocument';
import { translate } from '../editor/translate';
import type { TextSymbol } from './text';
import { textModel } from './textModels';
import { NATIVE_TEXT, toRange, toWorkspaceEdit, withModel } from './nativeText';

const KINDS: Readonly<Record<TextSymbol['kind'], vscode.SymbolKind>> = {
  input: vscode.SymbolKind.Interface,
  layer: vscode.SymbolKind.Class,
  sample: vscode.SymbolKind.Array,
};

/** Layers as symbols: the outline, where one is defined, who refers to it, and another name for it. */
export function registerLayersInText(models: ModelDocuments): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerDocumentSymbolProvider(NATIVE_TEXT, { provideDocumentSymbols }, { label: 'Gatescope' }),
    languages.registerDefinitionProvider(NATIVE_TEXT, { provideDefinition }),
    languages.registerReferenceProvider(NATIVE_TEXT, { provideReferences }),
    languages.registerRenameProvider(NATIVE_TEXT, {
      prepareRename,
      provideRenameEdits: (document, position, name) => renameLayer(models, document, position, name),
    }),
  );
}

async function provideDocumentSymbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
  const { symbolsOf } = await import('./text');
  const model = await textModel(document);
  return (model ? symbolsOf(model) : []).map(
    ({ name, detail, kind, whole, named }) =>
      new vscode.DocumentSymbol(
        name,
        detail,
        KINDS[kind],
        toRange(document, whole),
        toRange(document, named),
      ),
  );
}

async function provideDefinition(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.LocationLink[]> {
  const { definitionAt } = await import('./text');
  const model = await textModel(document);
  const found = model && definitionAt(model, document.offsetAt(position));
  if (!found) return [];
  return [
    {
      originSelectionRange: toRange(document, found.from),
      targetUri: document.uri,
      targetRange: toRange(document, found.whole),
      targetSelectionRange: toRange(document, found.named),
    },
  ];
}

async function provideReferences(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Location[]> {
  const { referencesAt } = await import('./text');
  const model = await textModel(document);
  const found = model ? referencesAt(model, document.offsetAt(position)) : [];
  return found.map((one) => new vscode.Location(document.uri, toRange(document, one)));
}

/** Throws an Error for people, which VS Code shows, where there is no layer. */
async function prepareRename(document: vscode.TextDocument, position: vscode.Position) {
  const { renamable } = await import('./text');
  const model = await textModel(document);
  const found = model && renamable(model, document.offsetAt(position), translate);
  return found && { range: toRange(document, found.stretch), placeholder: found.name };
}

async function renameLayer(
  models: ModelDocuments,
  document: vscode.TextDocument,
  position: vscode.Position,
  name: string,
): Promise<vscode.WorkspaceEdit | undefined> {
  const { renameEdits } = await import('./text');
  return withModel(models, document, async (read) => {
    // What tensors a layer has is known of the text as it stands.
    const { network = read.network } = await read.fresh();
    const model = await textModel(document);
    if (!model) return undefined;
    const edits = renameEdits(model, document.offsetAt(position), name, { network, translate });
    return toWorkspaceEdit(document, edits);
  });
}

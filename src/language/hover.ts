import * as vscode from 'vscode';
import type { ModelDocuments } from '../editor/modelDocument';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { translate } from '../editor/translate';
import { textModel } from './textModels';
import { NATIVE_TEXT, toRange, withModel } from './nativeText';

/** Shapes, parameters and last values of the layer that is named under the pointer. */
export function registerHover(models: ModelDocuments, editor: UnrolledEditor): vscode.Disposable {
  return vscode.languages.registerHoverProvider(NATIVE_TEXT, {
    async provideHover(document, position) {
      const { layerHover, layerNamedAt } = await import('./text');
      const model = await textModel(document);
      const found = model && layerNamedAt(model, document.offsetAt(position));
      if (!found) return undefined;
      return withModel(models, document, async (read) => {
        const { network } = await read.fresh();
        const layer = network?.layers.find(({ name }) => name === found.layer.name);
        if (!network || !layer) return undefined;
        const values = await editor.showing(document.uri)?.lastValues(layer.name);
        const text = layerHover(network, layer, { translate, ...(values && { values }) });
        return new vscode.Hover(new vscode.MarkdownString(text), toRange(document, found.node));
      });
    },
  });
}

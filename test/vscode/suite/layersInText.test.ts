import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, model, openText, write } from './vscode';

const LAYERS = [
  { name: 'lstm', type: 'lstm', hidden_size: 3 },
  { name: 'head', type: 'linear', out_features: 1, input: 'lstm' },
];

/** Asks VS Code's own command until what comes back passes. */
function ask<T, R>(command: string, take: (answer: T) => R | undefined, ...args: unknown[]): Promise<R> {
  return eventually(command, async () => {
    const answer = await vscode.commands.executeCommand<T | undefined>(`vscode.${command}`, ...args);
    return answer ? take(answer) : undefined;
  });
}

async function open(name: string, keys: Record<string, unknown>) {
  const text = model(keys);
  const uri = await write(`${name}.rnn.json`, text);
  const document = await openText(uri);
  const at = (what: string) => document.positionAt(text.indexOf(what) + 1);
  return { uri, text, document, at };
}

describe('layers in the text', () => {
  afterEach(closeAll);

  it('are mended by quick fixes, unsaved text too', async () => {
    const { uri, document, at } = await open('fixed', {
      layers: [LAYERS[0], { ...LAYERS[1], input: 'lstn' }],
    });
    const below = at('"lstn"').translate(1);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), '// not saved\n');
    await vscode.workspace.applyEdit(edit);
    const range = new vscode.Range(below, below);
    const action = await ask<vscode.CodeAction[], vscode.CodeAction>(
      'executeCodeActionProvider',
      (actions) => actions.find(({ title }) => title === 'Replace it with "lstm"'),
      ...[uri, range, vscode.CodeActionKind.QuickFix.value, 10],
    );
    assert.equal(action.isPreferred, true);
    assert.deepEqual(
      vscode.languages.getDiagnostics(uri).map(({ source, code }) => [source, code]),
      [['gatescope', 'unknown-layer']],
    );
    await vscode.workspace.applyEdit(action.edit!);
    assert.ok(document.getText().includes('"input": "lstm"'));
    assert.ok(document.isDirty);
    await eventually('no problem', () => vscode.languages.getDiagnostics(uri).length === 0 || undefined);
    await document.save();
  });

  it('are completed where one is named', async () => {
    const { uri, at } = await open('named', { layers: [LAYERS[0], { ...LAYERS[1], input: '' }] });
    const position = at('""');
    const item = await ask<vscode.CompletionList, vscode.CompletionItem>(
      'executeCompletionItemProvider',
      ({ items }) => items.find(({ insertText }) => insertText === '"lstm"'),
      ...[uri, position],
    );
    const { label } = item;
    assert.deepEqual(typeof label === 'string' ? label : label.label, 'lstm');
  });

  it('are explained on hover, after a run with its last values', async () => {
    const { uri, at } = await open('hovered-layer', { layers: LAYERS });
    const hover = (wanted: RegExp) =>
      ask<vscode.Hover[], string>(
        'executeHoverProvider',
        (hovers) =>
          hovers
            .flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value))
            .find((text) => wanted.test(text)),
        ...[uri, at('"lstm"')],
      );
    const text = await hover(/LSTM/);
    assert.ok(
      text.includes('96 parameters = 4 × (3 × 2 + 3 × 3 + 3 + 3)'.replace('96', String(4 * 21))),
      text,
    );
    assert.doesNotMatch(text, /last step/);
    await vscode.commands.executeCommand('gatescope.openUnrolledToSide', uri);
    assert.match(await hover(/last step/), /\| h \| -?\d/);
  });

  it('are symbols, found from where they are named', async () => {
    const { uri, at, document } = await open('symbols', { layers: LAYERS });
    const names = await ask<vscode.DocumentSymbol[], string[]>(
      'executeDocumentSymbolProvider',
      (symbols) => {
        const found = symbols.map(({ name, detail }) => `${name} ${detail}`.trim());
        return found.includes('lstm lstm') ? found : undefined;
      },
      uri,
    );
    assert.ok(names.includes('head linear') && names.includes('ramp'), names.join());
    const [link] = await ask<vscode.LocationLink[], vscode.LocationLink[]>(
      'executeDefinitionProvider',
      (links) => (links.length > 0 ? links : undefined),
      ...[uri, at('"lstm"\n')],
    );
    assert.equal(document.getText(link.targetSelectionRange), '"lstm"');
    assert.equal(link.targetSelectionRange!.start.line, at('"lstm"').line);
  });

  it('are renamed everywhere', async () => {
    const { uri, at, document } = await open('renamed', { layers: LAYERS });
    const edit = await ask<vscode.WorkspaceEdit, vscode.WorkspaceEdit>(
      'executeDocumentRenameProvider',
      (found) => (found.size > 0 ? found : undefined),
      ...[uri, at('"lstm"'), 'encoder'],
    );
    await vscode.workspace.applyEdit(edit);
    const { layers } = JSON.parse(document.getText()) as { layers: typeof LAYERS };
    assert.deepEqual([layers[0].name, layers[0].type, layers[1].input], ['encoder', 'lstm', 'encoder']);
    await document.save();
  });

  it('can be run and opened from above them', async () => {
    const { uri } = await open('lenses', { layers: LAYERS });
    const lenses = await ask<vscode.CodeLens[], vscode.CodeLens[]>(
      'executeCodeLensProvider',
      (found) => (found.length >= 3 ? found : undefined),
      ...[uri, 10],
    );
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ['$(play) Run', 'Open Unrolled View', '$(play) Run'],
    );
    const { command, arguments: args = [] } = lenses[2].command!;
    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    const [left, right] = vscode.window.tabGroups.all.map((group) => group.activeTab?.input);
    assert.ok(left instanceof vscode.TabInputText, 'the text stays');
    assert.ok(right instanceof vscode.TabInputCustom, 'the picture is beside it');
  });
});

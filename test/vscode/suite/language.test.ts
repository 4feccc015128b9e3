import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, jsonIsRead, model, openText, write } from './vscode';

const COMMENTED = `// A model with comments and trailing commas.
{
  "format": "rnn-model",
  "version": 1,
  "name": "Commented",
  /* two features a step */
  "input": { "kind": "vector", "size": 2, },
  "layers": [
    { "name": "gru", "type": "gru", "hidden_size": 4, },
  ],
  "samples": [{ "name": "two steps", "values": [[1, 2], [3, 4],], },],
}
`;

/** Diagnostics of a file once there are any. */
function problemsOf(uri: vscode.Uri): Promise<vscode.Diagnostic[]> {
  return eventually(`problems in ${uri.path}`, () => {
    const found = vscode.languages.getDiagnostics(uri);
    return found.length > 0 ? found : undefined;
  });
}

describe('a model as text', () => {
  afterEach(closeAll);

  it('is jsonc: comments and trailing commas are no fault', async () => {
    const uri = await write('commented.rnn.json', COMMENTED);
    const document = await openText(uri);
    assert.equal(document.languageId, 'jsonc');
    await jsonIsRead(document);
    assert.deepEqual(vscode.languages.getDiagnostics(uri), []);
  });

  it('is completed by the schema', async () => {
    const text = model({ layers: [{ name: 'a', type: 'X' }] });
    const uri = await write('completed.rnn.json', text);
    const document = await openText(uri);
    const position = document.positionAt(text.indexOf('"X"') + 2);
    const labels = await eventually('completion of a layer type', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        position,
      );
      const found = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.some((label) => label.includes('lstm')) ? found : undefined;
    });
    for (const type of ['embedding', 'rnn', 'lstm', 'gru', 'linear', 'dropout']) {
      assert.ok(labels.includes(`"${type}"`), `${type} is offered`);
    }
  });

  it('is explained by the schema on hover', async () => {
    const text = model();
    const uri = await write('hovered.rnn.json', text);
    const document = await openText(uri);
    const position = document.positionAt(text.indexOf('hidden_size') + 2);
    const hovers = await eventually('a hover', async () => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        uri,
        position,
      );
      return found.length > 0 ? found : undefined;
    });
    const [content] = hovers[0].contents;
    assert.ok((content as vscode.MarkdownString).value.trim().length > 10);
  });

  it('shows its problems where they are', async () => {
    const text = model({ weights: { file: 'nowhere.safetensors' } });
    const uri = await write('missing-weights.rnn.json', text);
    const document = await openText(uri);
    const [problem, ...others] = await problemsOf(uri);
    assert.deepEqual(others, []);
    assert.equal(problem.source, 'gatescope');
    assert.match(problem.message, /nowhere\.safetensors/);
    assert.deepEqual(problem.range.start, document.positionAt(text.indexOf('"nowhere.safetensors"')));
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
  });

  it('shows a fault that the schema marks only once', async () => {
    const text = model({ layers: [{ name: 'a', type: 'lstm', hidden_size: 3, hidden_sise: 4 }] });
    const uri = await write('unknown-key.rnn.json', text);
    const document = await openText(uri);
    await problemsOf(uri);
    await jsonIsRead(document);
    const problems = vscode.languages.getDiagnostics(uri);
    assert.equal(
      problems.length,
      1,
      problems.map(({ source, message }) => `${source}: ${message}`).join('\n'),
    );
    assert.equal(problems[0].range.start.line, document.positionAt(text.indexOf('hidden_sise')).line);
  });

  it('has its problems taken back when it is mended', async () => {
    const text = model({ layers: [{ name: 'a', type: 'lstm', hidden_size: 3, input: 'b' }] });
    const uri = await write('mended.rnn.json', text);
    const document = await openText(uri);
    await problemsOf(uri);
    const edit = new vscode.WorkspaceEdit();
    const start = text.indexOf('"b"');
    edit.replace(
      uri,
      new vscode.Range(document.positionAt(start), document.positionAt(start + 3)),
      '"input"',
    );
    await vscode.workspace.applyEdit(edit);
    await eventually(
      'no more problems',
      () => vscode.languages.getDiagnostics(uri).length === 0 || undefined,
    );
    await document.save();
  });
});

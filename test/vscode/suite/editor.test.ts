import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, file, model, write } from './vscode';

function activeInput(): Promise<unknown> {
  return eventually('a tab', () => vscode.window.tabGroups.activeTabGroup.activeTab?.input);
}

describe('the unrolled view', () => {
  afterEach(closeAll);

  it('is what a *.rnn.json opens in', async () => {
    await vscode.commands.executeCommand('vscode.open', file('lstm.rnn.json'));
    const input = await activeInput();
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, 'gatescope.unrolled');
  });

  it('is not what other JSON opens in, but can be', async () => {
    const uri = await write('other.json', model());
    await vscode.commands.executeCommand('vscode.open', uri);
    assert.ok((await activeInput()) instanceof vscode.TabInputText);
    await vscode.commands.executeCommand('gatescope.openUnrolled', uri);
    const input = await activeInput();
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, 'gatescope.unrolledJson');
  });

  it('leaves diffs as text', async () => {
    const [left, right] = [file('lstm.rnn.json'), file('gru.rnn.json')];
    await vscode.commands.executeCommand('vscode.diff', left, right, 'A diff');
    assert.ok((await activeInput()) instanceof vscode.TabInputTextDiff);
  });

  it('opens beside the text', async () => {
    await vscode.commands.executeCommand('vscode.openWith', file('lstm.rnn.json'), 'default');
    await vscode.commands.executeCommand('gatescope.openUnrolledToSide');
    const kinds = await eventually('a second group', () => {
      const inputs = vscode.window.tabGroups.all.map((group) => group.activeTab?.input);
      return inputs.length === 2 ? inputs : undefined;
    });
    assert.ok(kinds[0] instanceof vscode.TabInputText);
    assert.ok(kinds[1] instanceof vscode.TabInputCustom);
  });

  it('goes back to the text by Open Source', async () => {
    await vscode.commands.executeCommand('vscode.open', file('lstm.rnn.json'));
    assert.ok((await activeInput()) instanceof vscode.TabInputCustom);
    await vscode.commands.executeCommand('gatescope.openSource');
    await eventually(
      'the text',
      () =>
        vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputText || undefined,
    );
  });

  it('gives its diagram as Mermaid text', async () => {
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand('vscode.open', file('gru.rnn.json'));
    await activeInput();
    await vscode.commands.executeCommand('gatescope.copyMermaid');
    const text = await eventually(
      'Mermaid text',
      async () => (await vscode.env.clipboard.readText()) || undefined,
    );
    assert.match(text, /^(---[\s\S]*?---\s*)?flowchart /);
  });

  it('exports a run to files, as another extension asks for it, and Python that loads it', async () => {
    const uri = file('lstm.rnn.json');
    await vscode.commands.executeCommand('vscode.open', uri);
    await activeInput();
    const read = async (to: vscode.Uri) =>
      new TextDecoder('latin1').decode(await vscode.workspace.fs.readFile(to));
    const exported = (format: string, to: vscode.Uri, part: object = {}) =>
      vscode.commands.executeCommand('gatescope.export', uri, { format, file: to, ...part });
    await exported('json', file('run.json'));
    const { format, steps, layers } = JSON.parse(await read(file('run.json'))) as {
      format: string;
      steps: number;
      layers: { signals: Record<string, number[][]> }[];
    };
    assert.deepEqual([format, layers[0].signals.f.length], ['gatescope-trace', steps]);
    await exported('csv', file('part.csv'), { from: 1, steps: 2, signals: ['lstm.f'] });
    const lines = (await read(file('part.csv'))).trimEnd().split('\n');
    const f = layers[0].signals.f.slice(1, 3).flat();
    assert.deepEqual(
      lines.slice(1).map((line) => Number(line.split(',')[6])),
      f,
    );
    await exported('md', file('net.md'));
    assert.match(await read(file('net.md')), /^# [^]*```mermaid\nflowchart LR\n/);
    await exported('npz', file('run.npz'));
    assert.match(await read(file('run.npz')), /^PK[^]*lstm\.0\.forward\.f\.npy/);
    await exported('html', file('run.html'));
    const page = await read(file('run.html'));
    assert.match(page, /^<!DOCTYPE html>/);
    assert.match(page, /<script id="scene" type="text\/plain">[A-Za-z0-9+/]+=*<\/script>/);
    await vscode.commands.executeCommand('gatescope.copyPython');
    const python = await vscode.env.clipboard.readText();
    assert.ok(python.includes(`run = np.load(${JSON.stringify(file('run.npz').path)})`), python);
  });

  it('runs a sample by name without a question', async () => {
    await vscode.commands.executeCommand('vscode.open', file('lstm.rnn.json'));
    await activeInput();
    const { samples } = JSON.parse(
      new TextDecoder().decode(await vscode.workspace.fs.readFile(file('lstm.rnn.json'))),
    ) as {
      samples: { name: string }[];
    };
    await vscode.commands.executeCommand('gatescope.runSample', samples[0].name);
  });

  it('opens a model as a picture to run it, where it is open as text only', async () => {
    const uri = file('gru.rnn.json');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const { samples } = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))) as {
      samples: { name: string }[];
    };
    await vscode.commands.executeCommand('gatescope.runSample', samples[0].name);
    const input = await activeInput();
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.uri.path, uri.path);
  });

  it('starts a new model from a template, with its picture beside it', async () => {
    await vscode.commands.executeCommand('gatescope.newModel', 'lstm');
    const inputs = await eventually('text and picture', () => {
      const found = vscode.window.tabGroups.all.map((group) => group.activeTab?.input);
      return found.length === 2 && found.every((input) => input !== undefined) ? found : undefined;
    });
    assert.ok(inputs[0] instanceof vscode.TabInputText);
    assert.ok(inputs[1] instanceof vscode.TabInputCustom);
    assert.equal(inputs[0].uri.scheme, 'untitled');
    const document = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.toString() === (inputs[0] as vscode.TabInputText).uri.toString(),
    );
    assert.match(document!.getText(), /"lstm"/);
    assert.deepEqual(vscode.languages.getDiagnostics(document!.uri), []);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});

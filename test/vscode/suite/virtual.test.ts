import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import keras from '../../fixtures/kerasfiles/expected.json';
import lstm from '../../fixtures/pytorch/lstm.expected.json';
import type { Second } from '../second/extension';
import { assertClose, closeAll } from './vscode';

const memory = (path: string) => vscode.Uri.parse(`memfs:/${path}`);

async function read(uri: vscode.Uri): Promise<string> {
  return new TextDecoder('latin1').decode(await vscode.workspace.fs.readFile(uri));
}

describe('files of another extension, on no disk', () => {
  let gatescope: Second['gatescope'];
  before(async () => {
    const second = await vscode.extensions.getExtension<Second>('gatescope-test.second')!.activate();
    gatescope = second.gatescope;
  });
  afterEach(closeAll);

  it('are read with what stands beside them, and run', async () => {
    const { signals, output } = await gatescope.run(memory('models/lstm.rnn.json'));
    assertClose(output.values, lstm.output);
    const f = signals.find(({ signal }) => signal === 'f')!;
    assertClose(f.values, lstm.layers[0].signals.f);
    const { values } = (await gatescope.run(memory('keras/model.json'), { values: keras.input })).output;
    assertClose(values, keras.output);
  });

  it('have what is exported and saved beside them', async () => {
    const model = memory('keras/model.json');
    await gatescope.open(model);
    await vscode.commands.executeCommand('gatescope.saveNative', model);
    const { values } = (await gatescope.run(memory('keras/model.rnn.json'), { values: keras.input })).output;
    assertClose(values, keras.output);
    await gatescope.open(memory('models/lstm.rnn.json'));
    const to = memory('models/run.npz');
    await vscode.commands.executeCommand('gatescope.export', memory('models/lstm.rnn.json'), {
      ...{ format: 'npz', file: to },
    });
    assert.match(await read(to), /^PK[^]*lstm\.0\.forward\.f\.npy/);
  });

  it('have help in their text, and are changed there', async () => {
    const uri = memory('models/gru.rnn.json');
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    const at = document.positionAt(text.indexOf('"gru"', text.indexOf('"layers"')) + 1);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      ...[uri, at, 'renamed'],
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    await document.save();
    assert.match(await read(uri), /"renamed"/);
    assert.equal((await gatescope.read(uri)).layers[0].name, 'renamed');
  });

  it('that cannot be written are read and run, and nothing is written', async () => {
    const shown = (path: string) => vscode.Uri.parse(`shownfs:/${path}`);
    const { output } = await gatescope.run(shown('models/lstm.rnn.json'));
    assertClose(output.values, lstm.output);
    await gatescope.open(shown('keras/model.json'));
    const before = await vscode.workspace.fs.readDirectory(shown('keras'));
    const text = await read(shown('keras/model.rnn.json'));
    await vscode.commands.executeCommand('gatescope.saveNative', shown('keras/model.json'));
    assert.deepEqual(await vscode.workspace.fs.readDirectory(shown('keras')), before);
    assert.equal(await read(shown('keras/model.rnn.json')), text);
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ModelInfo } from '../../../src/library/vscode';
import lstm from '../../fixtures/pytorch/lstm.expected.json';
import type { Second } from '../second/extension';
import { say } from './say';
import { assertClose, closeAll, eventually, file, model, TOLERANCE, write } from './vscode';

describe('another extension', () => {
  let second: Second;
  before(async () => {
    const extension = vscode.extensions.getExtension<Second>('gatescope-test.second');
    assert.ok(extension, 'the second extension is not known to VS Code');
    second = await extension.activate();
  });
  afterEach(closeAll);

  it('is given what Gatescope knows of a model', async () => {
    const { gatescope } = second;
    assert.equal(gatescope.version, 1);
    const { dialect, trained, parameters, layers, samples, problems } = await gatescope.read(
      file('lstm.rnn.json'),
    );
    assert.deepEqual([dialect, trained, problems], ['native', true, []]);
    assert.deepEqual([layers[0].name, layers[0].type], ['lstm', 'lstm']);
    assert.equal(
      parameters,
      layers.reduce((sum, layer) => sum + layer.parameters, 0),
    );
    assert.equal(samples[0].steps, lstm.steps);
    assert.match(
      await gatescope.unroll(file('lstm.rnn.json'), { steps: 2 }),
      /^(---[\s\S]*?---\s*)?flowchart /,
    );
  });

  it("is given PyTorch's numbers of a run", async () => {
    const { steps, signals, output } = await second.gatescope.run(file('lstm.rnn.json'));
    assert.equal(steps, lstm.steps);
    const [{ signals: expected }] = lstm.layers;
    for (const [name, values] of Object.entries(expected) as [string, number[][]][]) {
      const found = signals.find(({ layer, signal }) => layer === 'lstm' && signal === name);
      assert.ok(found?.values instanceof Float32Array, name);
      assertClose(found.values, values);
    }
    assertClose(output.values, lstm.output);
    const means = expected.f.map((row) => row.reduce((sum, value) => sum + value, 0));
    const peak = await second.peak(file('lstm.rnn.json'), 'lstm', 'f');
    assert.equal(peak, means.indexOf(Math.max(...means)));
  });

  it('runs values and what-ifs, on the text as it stands, and is told what is wrong', async () => {
    const { gatescope } = second;
    const uri = await write('asked.rnn.json', model());
    const held = await gatescope.run(uri, { values: [[1, 2], [3, 4]], set: ['lstm.f=0'] }); // prettier-ignore
    const f = held.signals.find(({ signal }) => signal === 'f')!;
    assert.deepEqual([held.sample, held.steps, Array.from(f.values)], [null, 2, [0, 0, 0, 0, 0, 0]]);
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('"hidden_size": 3') + '"hidden_size": '.length;
    edit.replace(uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 1)), '5');
    await vscode.workspace.applyEdit(edit);
    assert.equal((await gatescope.run(uri)).output.units, 5);
    await document.save();
    await assert.rejects(gatescope.run(uri, { sample: 'none' }), /unknown sample none; .* ramp/);
    await assert.rejects(gatescope.run(uri, { values: [[1]] }), /2/);
    await assert.rejects(gatescope.run(uri, { text: 'a' }), /for models that read tokens/);
    await assert.rejects(gatescope.run(file('nowhere.rnn.json')), /nowhere\.rnn\.json/);
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(gatescope.run(uri, { signal: stop.signal }), { name: 'AbortError' });
  });

  it('opens a model', async () => {
    await second.gatescope.open(file('gru.rnn.json'));
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    assert.ok(activeTab?.input instanceof vscode.TabInputCustom);
    assert.equal(activeTab.input.uri.toString(), file('gru.rnn.json').toString());
  });
});

/** The part of VS Code's API for tools that is used here, which came after the oldest VS Code that the extension runs in. */
interface Tools {
  readonly tools?: readonly { readonly name: string; readonly inputSchema?: object }[];
  invokeTool(
    name: string,
    options: { readonly input: object; readonly toolInvocationToken: undefined },
    token?: vscode.CancellationToken,
  ): Thenable<{ readonly content: readonly { readonly value: string }[] }>;
}

describe('language models', function () {
  const lm = vscode.lm as unknown as Tools;

  before(async function () {
    if (!lm?.tools) return this.skip();
    await vscode.extensions.getExtension('gatescope.gatescope')!.activate();
  });

  const ask = async (name: string, input: object) => {
    const answer = await lm.invokeTool(`gatescope_${name}`, { input, toolInvocationToken: undefined });
    return answer.content.map(({ value }) => value);
  };

  it('are offered every tool', async () => {
    const names = await eventually('tools', () => {
      const found = lm.tools!.map(({ name }) => name).filter((name) => name.startsWith('gatescope_'));
      return found.length > 0 ? found : undefined;
    });
    say(`tools: ${names.join(', ')}`);
    const known = ['compare', 'explain', 'info', 'run', 'verify'].map((name) => `gatescope_${name}`);
    assert.deepEqual(names.sort(), known);
  });

  it('are answered with numbers', async () => {
    const asked = { model: 'lstm.rnn.json', signals: ['lstm.f'], from: 1, steps: 2 };
    const { layers } = JSON.parse((await ask('run', asked))[0]) as {
      layers: { signals: Record<string, number[][]> }[];
    };
    assertClose(Float32Array.from(layers[0].signals.f.flat()), lstm.layers[0].signals.f.slice(1, 3));
    const info = JSON.parse((await ask('info', { model: file('lstm.rnn.json').path }))[0]) as ModelInfo;
    assert.deepEqual(info, { ...info, name: info.name, dialect: 'native', trained: true });
    const why = JSON.parse((await ask('explain', { model: 'lstm.rnn.json', at: 'lstm.f[1]@2' }))[0]) as {
      value: number;
    };
    assert.ok(Math.abs(why.value - lstm.layers[0].signals.f[2][1]) < TOLERANCE);
    const held = JSON.parse((await ask('compare', { model: 'lstm.rnn.json', set: ['lstm.f=0'] }))[0]) as {
      firstStep: number;
    };
    assert.equal(held.firstStep, 0);
  });

  it('are refused files outside of the workspace, and told what is wrong', async () => {
    const byLink = 'outside.json';
    for (const path of [
      '../package.json',
      '/etc/hostname',
      'file:///etc/hostname',
      byLink,
      'nowhere.rnn.json',
    ]) {
      await assert.rejects(ask('info', { model: path }), /there is no file/, path);
    }
    await assert.rejects(ask('run', { model: 'lstm.rnn.json', sample: 'none' }), /unknown sample none/);
    await assert.rejects(ask('explain', { model: 'lstm.rnn.json' }), /at/);
  });
});

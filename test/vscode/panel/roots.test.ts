/** A workspace of two folders, with the same names in both, that nobody has trusted yet. */
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTORCH_FIXTURES, type Workspace } from '../workspace';
import { assertCard, expected, HOST, openRun, useVSCode } from './rig';

const MODEL = 'lstm.rnn.json';
const WEIGHTS = 'lstm.safetensors';

/** `one` has the fixture, `two` the same with zeros for weights; the workspace would have little memory taken. */
function prepare(workspace: Workspace) {
  for (const folder of ['one', 'two']) {
    mkdirSync(workspace.path(folder));
    for (const name of [MODEL, WEIGHTS])
      copyFileSync(join(PYTORCH_FIXTURES, name), workspace.path(`${folder}/${name}`));
  }
  const weights = readFileSync(workspace.path(`two/${WEIGHTS}`));
  weights.fill(0, 8 + Number(weights.readBigUInt64LE()));
  writeFileSync(workspace.path(`two/${WEIGHTS}`), weights);
  const folders = [{ path: 'one' }, { path: 'two' }];
  const settings = { 'gatescope.memoryLimit': 1 };
  workspace.write('pair.code-workspace', JSON.stringify({ folders, settings }));
  workspace.write('one/large.rnn.json', JSON.stringify(large()));
  return { folder: workspace.path('pair.code-workspace') };
}

/** A model whose weights take more than 1 MB. */
function large() {
  return {
    ...{ format: 'rnn-model', version: 1, name: 'large' },
    input: { kind: 'vector', size: 2 },
    layers: [{ name: 'lstm', type: 'lstm', hidden_size: 300 }],
    weights: { init: 'pytorch', seed: 7 },
    samples: [{ name: 'ramp', values: [[0, 1], [1, 0]] }], // prettier-ignore
  };
}

describe('a workspace of two folders, not trusted', () => {
  const rig = useVSCode({ 'files.autoSave': 'off' }, { prepare, restricted: true });
  const [{ layer, signals }] = expected('lstm').layers;
  const at = { layer, signal: 'f', step: 2 };
  const half = signals.f[at.step].map(() => 0.5);

  afterEach(async () => {
    await rig.workbench.runCommand('Notifications: Clear All Notifications');
    await rig.workbench.runCommand('View: Close All Editors');
  });

  it('runs each model with the weights of its own folder, and tells the two apart', async () => {
    await rig.workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    const one = await openRun(rig, `one/${MODEL}`);
    assertCard(await one.hover(at), signals.f[at.step], at);
    await rig.workbench.runCommand('View: Close All Editors');
    const two = await openRun(rig, `two/${MODEL}`);
    assertCard(await two.hover(at), half, at);

    await rig.workbench.runCommand('Gatescope: Compare With…');
    const entries = rig.workbench.page.locator('.quick-input-list .monaco-list-row');
    await entries.filter({ hasText: 'not here: the Git extension does not run' }).waitFor();
    assert.equal(await entries.filter({ hasText: 'commit' }).count(), 1);
    await rig.workbench.pickEntry('Another model file');
    await rig.workbench.chooseFile(rig.workspace.path(`one/${MODEL}`), 'two/');
    await two.frame.locator(`[data-compared="one/${MODEL}"]`).waitFor();
    await rig.workbench.runCommand('View: Close All Editors');

    await rig.workbench.runCommand('Gatescope: Generate from Prompt…');
    const labels = rig.workbench.page.locator('.quick-input-list .monaco-list-row .label-name');
    await labels.first().waitFor();
    assert.deepEqual((await labels.allInnerTexts()).sort(), [
      'one/large.rnn.json',
      `one/${MODEL}`,
      `two/${MODEL}`,
    ]);
    await rig.workbench.page.keyboard.press('Escape');
  });

  let tries = 0;
  it('attaches weights to one of the two, which lets the other be', async () => {
    // The workspace remembers what was attached: another try takes another file.
    const name = `attached-${++tries}.rnn.json`;
    for (const folder of ['one', 'two']) {
      copyFileSync(join(PYTORCH_FIXTURES, MODEL), rig.workspace.path(`${folder}/${name}`));
    }
    const one = await openRun(rig, `one/${name}`);
    await rig.workbench.runCommand('Gatescope: Attach Weights…');
    await rig.workbench.chooseFile(rig.workspace.path(`two/${WEIGHTS}`), 'one/');
    await one.frame.locator('footer', { hasText: `two/${WEIGHTS}` }).waitFor();
    await one.eventually('the weights of the other', async () => (await one.hover(at)).values[0] === 0.5);
    // What is saved beside the model has those, not the file of the same name there.
    await rig.workbench.runCommand('Gatescope: Export as Python…');
    await rig.workbench.pickEntry('PyTorch');
    await rig.workbench.page.locator('.tab.active', { hasText: `attached-${tries}.py` }).waitFor();
    const saved = readFileSync(rig.workspace.path(`one/attached-${tries}.rnn.safetensors`));
    assert.ok(saved.subarray(8 + Number(saved.readBigUInt64LE())).every((byte) => byte === 0));
    const text = readFileSync(rig.workspace.path(`one/attached-${tries}.py`), 'utf8');
    assert.ok(text.includes(`attached-${tries}.rnn.safetensors`));
    await rig.workbench.runCommand('View: Close All Editors');
    const two = await openRun(rig, `two/${name}`);
    assertCard(await two.hover(at), half, at);
    await rig.workbench.runCommand('Gatescope: Attach Weights…');
    await rig.workbench.chooseFile(rig.workspace.path(`one/${WEIGHTS}`), 'two/');
    await two.eventually('the weights of the other', async () => (await two.hover(at)).values[0] !== 0.5);
    assertCard(await two.hover(at), signals.f[at.step], at);
  });

  it('begins a new model in the folder that is chosen, or of the file in front', async () => {
    const begin = async () => {
      await rig.workbench.runCommand('Gatescope: New Model File…');
      await rig.workbench.pickEntry('GRU');
    };
    const save = async () => {
      const [text] = await rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').all();
      await text.click();
      await rig.workbench.page.keyboard.press('Control+S');
    };
    for (const folder of ['one', 'two'])
      rmSync(rig.workspace.path(`${folder}/gru.rnn.json`), { force: true });
    await begin();
    await rig.workbench.pickEntry('two');
    await rig.workbench.panel('ready');
    await save();
    await wait(() => existsSync(rig.workspace.path('two/gru.rnn.json')));
    await rig.workbench.runCommand('View: Close All Editors');
    await openRun(rig, `one/${MODEL}`);
    await begin();
    await rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
    await save();
    await wait(() => existsSync(rig.workspace.path('one/gru.rnn.json')));
  });

  // In a web worker VS Code's server writes, which asks the system alone.
  (HOST === 'web' ? it.skip : it)('says that a file is read-only, and leaves it', async () => {
    rig.workspace.write('one/lstm.py', 'mine');
    chmodSync(rig.workspace.path('one/lstm.py'), 0o444);
    const panel = await openRun(rig, `one/${MODEL}`);
    await rig.workbench.runCommand('Gatescope: Export as Python…');
    await rig.workbench.pickEntry('PyTorch');
    await rig.workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Replace' }).click();
    await rig.workbench.notification('lstm.py cannot be written: it is read-only');
    assert.equal(readFileSync(rig.workspace.path('one/lstm.py'), 'utf8'), 'mine');
    assertCard(await panel.hover(at), signals.f[at.step], at);
  });

  it('takes no memory limit from a workspace before it is trusted', async function () {
    // Trust is not taken back.
    this.retries(0);
    await openRun(rig, 'one/large.rnn.json');
    await rig.workbench.runCommand('Workspaces: Manage Workspace Trust');
    await rig.workbench.page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: 'Trust' })
      .first()
      .click();
    await rig.workbench.runCommand('View: Close All Editors');
    await rig.workbench.openFile('one/large.rnn.json');
    const limited = await rig.workbench.panel('error');
    await limited.frame.getByText('gatescope.memoryLimit').first().waitFor();
  });

  async function wait(is: () => boolean): Promise<void> {
    while (!is()) await rig.workbench.page.waitForTimeout(50);
  }
});

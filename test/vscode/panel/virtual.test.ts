/** A workspace on no disk: folders of another extension's, one of which cannot be written. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installMemory } from '../memory/install';
import { ROOT } from '../paths';
import type { Panel } from '../workbench';
import { PYTORCH_FIXTURES, type Workspace } from '../workspace';
import { assertCard, assertClose, expected, openUri, useVSCode } from './rig';

const KERAS = join(ROOT, 'test/fixtures/kerasfiles');
const { input, output } = JSON.parse(readFileSync(join(KERAS, 'expected.json'), 'utf8')) as {
  readonly input: readonly (readonly number[])[];
  readonly output: readonly (readonly number[])[];
};
const last = { layer: 'head', signal: 'y', step: input.length - 1 };

/** Models with what stands beside them, in a folder that is in memory alone. */
function prepare(workspace: Workspace) {
  const files = workspace.path('files');
  mkdirSync(files);
  for (const name of ['lstm.rnn.json', 'lstm.safetensors', 'gru.rnn.json', 'gru.safetensors']) {
    copyFileSync(join(PYTORCH_FIXTURES, name), join(files, name));
  }
  for (const name of ['model.json', 'model.h5']) copyFileSync(join(KERAS, 'legacy', name), join(files, name));
  const model = JSON.parse(readFileSync(join(PYTORCH_FIXTURES, 'lstm.rnn.json'), 'utf8')) as {
    samples: { values: number[][] }[];
  };
  const rows = model.samples[0].values;
  writeFileSync(join(files, 'steps.csv'), rows.map((row) => `${row.join(',')}\n`).join(''));
  writeFileSync(join(files, 'keras.csv'), input.map((row) => `${row.join(',')}\n`).join(''));
  const table = { ...model, samples: [{ name: 'table', file: 'steps.csv' }] };
  writeFileSync(join(files, 'table.rnn.json'), JSON.stringify(table));
  installMemory(workspace.path('extensions'), { models: files });
  return { folder: 'memfs:/models', extensionsDir: workspace.path('extensions') };
}

describe('a workspace that is on no disk', () => {
  const rig = useVSCode({}, { prepare });
  const [{ layer, signals }] = expected('lstm').layers;
  const at = { layer, signal: 'f', step: 2 };

  const tried = new Set<string>();
  beforeEach(async function () {
    const { title } = this.currentTest!;
    if (tried.has(title)) await rig.workbench.runCommand('Memory: Restore Files');
    tried.add(title);
  });
  afterEach(async () => {
    await rig.workbench.runCommand('Notifications: Clear All Notifications');
    await rig.workbench.runCommand('View: Close All Editors');
  });

  /** The Keras JSON, which opens as text, with its weights, on the sequence of which the output is known. */
  async function openKeras(scheme: string): Promise<Panel> {
    const { page } = rig.workbench;
    await rig.workbench.openUri(`${scheme}:/models/model.json`);
    await page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
    await rig.workbench.runCommand('Gatescope: Open Unrolled View');
    const panel = await rig.workbench.panel('ready');
    await panel.frame.locator('footer', { hasText: 'model.h5' }).waitFor();
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile('/models/keras.csv');
    await panel.frame.locator('footer', { hasText: `ran ${input.length} steps` }).waitFor();
    await hasOutput(panel);
    return panel;
  }

  async function hasOutput(panel: Panel): Promise<void> {
    const { values } = await panel.hover(last);
    values.forEach((value, unit) => assertClose(value, output[last.step][unit], `output ${unit}`));
  }

  async function exportTable(): Promise<void> {
    await rig.workbench.runCommand('Gatescope: Export…');
    await rig.workbench.pickEntry('CSV');
    await rig.workbench.pickEntry('All steps');
    await rig.workbench.pickEntry('All signals');
  }

  it('has models that run, with the weights and the table beside them, and finds them', async () => {
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('table.rnn.json');
    await rig.workbench.pickEntry('table');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    assertCard(await panel.hover(at), signals.f[at.step], at);
  });

  it('takes exports, each as a whole', async () => {
    const panel = await openUri(rig, 'memfs:/models/lstm.rnn.json');
    assertCard(await panel.hover(at), signals.f[at.step], at);
    await exportTable();
    await rig.workbench.chooseFile('/models/run.csv', 'lstm.csv');
    const told = await rig.workbench.notification('Exported run.csv');
    await told.getByRole('button', { name: 'Open' }).click();
    const text = rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first();
    await text.locator('.view-line', { hasText: 'layer,level,direction,signal,step,unit,value' }).waitFor();
  });

  it('has Keras models, which are saved as native ones there', async () => {
    await openKeras('memfs');
    await rig.workbench.runCommand('Gatescope: Save as Native Model');
    await rig.workbench.page.locator('.tab.active', { hasText: 'model.rnn.json' }).waitFor();
    await rig.workbench.runCommand('View: Close All Editors');
    const panel = await openUri(rig, 'memfs:/models/model.rnn.json');
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile('/models/keras.csv');
    await panel.frame.locator('footer', { hasText: `ran ${input.length} steps` }).waitFor();
    await hasOutput(panel);
  });

  it('takes new models', async () => {
    await rig.workbench.runCommand('Gatescope: New Model File…');
    await rig.workbench.pickEntry('RNN: numbers in');
    await (await rig.workbench.panel('ready')).hasRun();
    const rows = rig.workbench.page.locator('.explorer-folders-view .monaco-list-row');
    await rows.getByText('rnn.rnn.json', { exact: true }).waitFor();
  });

  it('says that a file is gone', async () => {
    const panel = await openUri(rig, 'memfs:/models/gru.rnn.json');
    await rig.workbench.runCommand('Memory: Delete File…');
    await rig.workbench.answer('memfs:/models/gru.rnn.json');
    await panel.frame.getByRole('alert').filter({ hasText: 'gru.rnn.json is no longer there' }).waitFor();
    assert.ok(await panel.node({ layer: 'gru', signal: 'h', step: 0 }).isVisible());
  });

  it('says of files that cannot be written that it is so, and all else works', async () => {
    await openKeras('shownfs');
    await rig.workbench.runCommand('Gatescope: Save as Native Model');
    await rig.workbench.notification('model.rnn.json cannot be written: it is read-only');
    await rig.workbench.runCommand('Notifications: Clear All Notifications');

    const panel = await openUri(rig, 'shownfs:/models/lstm.rnn.json');
    assertCard(await panel.hover(at), signals.f[at.step], at);
    await exportTable();
    const dialog = rig.workbench.page.locator('.quick-input-widget', { hasText: 'Export as CSV' });
    const field = dialog.locator('.input').first();
    await panel.eventually('a name', async () => (await field.inputValue()).endsWith('/lstm.csv'));
    await field.press('Enter');
    await dialog.getByText('cannot be used as a save destination').waitFor();
    await rig.workbench.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assertCard(await panel.hover(at), signals.f[at.step], at);
    await rig.workbench.runCommand('Gatescope: Open Source');
    await rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first().click();
    await rig.workbench.page.keyboard.press('x');
    await rig.workbench.page.getByText('Editor is read-only because the file system').first().waitFor();
  });
});

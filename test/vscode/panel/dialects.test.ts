/** Models of other programs: binary ones in a read-only editor, those that can be read in several ways, saved as native. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths';
import { placeOf } from '../workbench';
import { assertClose, openRun, useVSCode } from './rig';

const FIXTURES = join(ROOT, 'test/fixtures');

describe('a model of another program', () => {
  const rig = useVSCode();
  const copy = (folder: string, file: string) =>
    rig.workspace.write(file, readFileSync(join(FIXTURES, folder, file)));

  it('opens from its weights alone where they are binary, and is saved as a native model', async () => {
    copy('statedict', 'cells.safetensors');
    const panel = await openRun(rig, 'cells.safetensors');
    const nodes = await panel.frame.locator('g[data-signal="h"][data-mean]').count();
    assert.ok(nodes > 0);
    await panel.frame.locator('footer', { hasText: 'PyTorch state dict' }).waitFor();
    await rig.workbench.runCommand('Gatescope: Save as Native Model');
    const native = 'cells.rnn.json';
    await rig.workbench.page.locator('.tab.active', { hasText: native }).waitFor();
    await (await rig.workbench.panel('ready')).hasRun();
    assert.ok(existsSync(rig.workspace.path(native)));
  });

  it('asks how to read what can be read in several ways', async () => {
    // Without the numbers in the names of its two linear layers, either may come first.
    const twins = readFileSync(join(FIXTURES, 'statedict/twins.safetensors'), 'latin1');
    const unnumbered = twins.replaceAll('"fc1.', '"fca.').replaceAll('"fc2.', '"fcb.');
    rig.workspace.write('twins.safetensors', Buffer.from(unnumbered, 'latin1'));
    await rig.workbench.openFile('twins.safetensors');
    const entries = rig.workbench.page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
    await entries.nth(1).waitFor();
    await rig.workbench.page.keyboard.press('Escape');
    await entries.first().waitFor({ state: 'hidden' });
    const { frame } = await rig.workbench.panel('error');
    await frame.getByRole('button', { name: 'Choose How to Read…' }).click();
    await entries.nth(1).waitFor();
    await rig.workbench.pickFirst();
    await (await rig.workbench.panel('ready')).hasRun();
  });

  it('asks for its kind, then for the order of its modules, and keeps both', async () => {
    const cell = (name: string) => ({
      [`${name}.weight_ih_l0`]: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
      [`${name}.weight_hh_l0`]: [[0, 1, 0], [1, 0, 0], [0, 0, 1]],
    }); // prettier-ignore
    const dict = { ...cell('left'), ...cell('right'), 'project.weight': [[1, 0], [0, 1], [1, 1]] }; // prettier-ignore
    const amplifier = { architecture: 'LSTM', config: {}, weights: [] };
    rig.workspace.write('both.json', JSON.stringify({ ...amplifier, state_dict: dict }));
    await rig.workbench.openFile('both.json');
    await rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
    await rig.workbench.runCommand('Gatescope: Open Unrolled View');
    await rig.workbench.pickEntry('PyTorch state dict');
    await rig.workbench.pickEntry('"right" (rnn) → "left" (rnn)');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    await panel.frame.locator('footer', { hasText: 'PyTorch state dict' }).waitFor();
    const height = async (name: string) =>
      (await placeOf(panel.node({ layer: name, signal: 'h', step: 0 }))).y;
    assert.ok((await height('left')) < (await height('right')), '"left" stands above "right"');
  });

  it('opens as text where it is JSON, and in the unrolled view by its command', async () => {
    copy('guitar', 'guitarml-lstm.json');
    await rig.workbench.openFile('guitarml-lstm.json');
    await rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
    await rig.workbench.runCommand('Gatescope: Open Unrolled View');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    const card = await panel.hover({ layer: 'rec', signal: 'f', step: 0 });
    assert.ok(card.values.every((value) => value > 0 && value < 1));
    assertClose(card.mean, card.values.reduce((a, b) => a + b, 0) / card.values.length, 'mean');
  });

  it('runs up to a layer that cannot be run, and says in the picture and the card why the rest is not', async () => {
    const model = {
      ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 2 } },
      layers: [
        { name: 'first', type: 'lstm', hidden_size: 3 },
        { name: 'between', type: 'not_run', kind: 'Lambda', reason: 'it holds <b>code</b>', out_features: 4 },
        { name: 'second', type: 'gru', hidden_size: 3 },
      ],
      weights: { init: 'pytorch', seed: 1 },
      samples: [{ name: 'a', values: [[1, 2], [3, 4]] }],
    }; // prettier-ignore
    rig.workspace.write('partial.rnn.json', JSON.stringify(model));
    const panel = await openRun(rig, 'partial.rnn.json');
    assert.equal(await panel.frame.locator('g[data-layer="first"][data-not-run]').count(), 0);
    assert.equal(await panel.frame.locator('g[data-layer="between"][data-not-run]').count(), 2);
    const gate = panel.node({ layer: 'second', signal: 'z', step: 1 });
    assert.equal(await gate.getAttribute('data-mean'), null);
    assert.match(
      (await gate.getAttribute('aria-label'))!,
      /not run: between \(Lambda\): it holds <b>code<\/b>, step 2$/,
    );
    await gate.hover();
    await panel.frame
      .getByRole('tooltip')
      .getByText('not run: between (Lambda): it holds <b>code</b>')
      .waitFor();
  });

  it('opens a checkpoint of PyTorch', async () => {
    rig.workspace.write('net.pth', readFileSync(join(FIXTURES, 'pickles/lightning.ckpt')));
    const panel = await openRun(rig, 'net.pth');
    const card = await panel.hover({ layer: 'model.rnn', signal: 'f', step: 0 });
    assert.equal(card.values.length, 3);
    await panel.frame.locator('footer', { hasText: 'PyTorch state dict' }).waitFor();
  });

  it('says in words why a pickle without tensors is not opened', async () => {
    rig.workspace.write('model.pt', Uint8Array.of(0x80, 2, 0x7d, 0x2e));
    await rig.workbench.openFile('model.pt');
    const panel = await rig.workbench.panel('error');
    await panel.frame.getByText('safetensors.torch').first().waitFor();
  });
});

/** The text beside the picture: edited, broken, mended; files beside the model changed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expected, openRun, useVSCode } from './rig';
import type { Panel } from '../workbench';

function small(extra: object = {}): string {
  return JSON.stringify({
    format: 'rnn-model',
    version: 1,
    name: 'Small',
    input: { kind: 'vector', size: 2 },
    layers: [{ name: 'lstm', type: 'lstm', hidden_size: 3 }],
    samples: [{ name: 'ramp', values: [[0, 1], [1, 0], [1, 1]] }], // prettier-ignore
    ...extra,
  });
}

describe('live', () => {
  // Edits are seen unsaved; they are saved when the palette takes the focus, so that closing asks nothing.
  const rig = useVSCode({ 'files.autoSave': 'onFocusChange' });

  afterEach(() => rig.workbench.runCommand('View: Close All Editors'));

  /** Opens a model's text with its picture beside it. */
  async function openBoth(
    name: string,
    text: string,
    run = (panel: Panel) => panel.hasRun(),
  ): Promise<Panel> {
    rig.workspace.write(name, text);
    await rig.workbench.openFile(name);
    await rig.workbench.panel('ready');
    await rig.workbench.runCommand('Gatescope: Open Source');
    await rig.workbench.runCommand('Gatescope: Open Unrolled View to the Side');
    const panel = await rig.workbench.panel('ready');
    await run(panel);
    return panel;
  }

  it('follows an edit of the text', async () => {
    const panel = await openBoth('edited.rnn.json', small());
    assert.equal((await panel.hover({ layer: 'lstm', signal: 'f', step: 1 })).values.length, 3);
    await rig.workbench.replaceText(small({ layers: [{ name: 'lstm', type: 'lstm', hidden_size: 7 }] }));
    await panel.eventually('seven units', async () => {
      await rig.workbench.page.mouse.move(5, 5);
      return (await panel.hover({ layer: 'lstm', signal: 'f', step: 1 })).values.length === 7;
    });
    await rig.workbench.replaceText(small({ layers: [{ name: 'gru', type: 'gru', hidden_size: 2 }] }));
    await panel.node({ layer: 'gru', signal: 'z', step: 0 }).waitFor();
    await panel.node({ layer: 'lstm', signal: 'f', step: 0 }).waitFor({ state: 'detached' });
  });

  it('shows another name and description, and leaves the picture as it is', async () => {
    const panel = await openBoth('renamed.rnn.json', small());
    await panel.frame.evaluate(() =>
      document.querySelector('svg g[data-signal]')!.setAttribute('data-by-test', ''),
    );
    const marked = panel.frame.locator('[data-by-test]');
    const title = panel.frame.locator('.model-name');
    await rig.workbench.replaceText(small({ name: 'Renamed', description: 'of three units' }));
    await title.filter({ hasText: 'Renamed' }).waitFor();
    assert.match((await title.getAttribute('title'))!, /of three units/);
    await rig.workbench.page.waitForTimeout(500);
    assert.equal(await marked.count(), 1);
    await rig.workbench.replaceText(small({ layers: [{ name: 'lstm', type: 'lstm', hidden_size: 4 }] }));
    await marked.waitFor({ state: 'detached' });
  });

  it('keeps the values of a run too long to run again by itself while the text changes words alone', async () => {
    const long = (extra: object = {}) =>
      small({
        layers: [{ name: 'lstm', type: 'lstm', hidden_size: 512 }],
        samples: [{ name: 'long', values: Array.from({ length: 3000 }, (_, t) => [t % 2, t % 3]) }],
        ...extra,
      });
    const panel = await openBoth('long.rnn.json', long(), async ({ frame }) => {
      await frame.getByTitle('Run the network').click();
      await frame.locator('footer', { hasText: 'ran 3,000 steps' }).waitFor();
    });
    const values = panel.frame.locator('g[data-mean]');
    await rig.workbench.replaceText(long({ name: 'Renamed' }));
    await panel.frame.locator('.model-name', { hasText: 'Renamed' }).waitFor();
    await rig.workbench.page.waitForTimeout(500);
    assert.ok((await values.count()) > 0);
    await rig.workbench.replaceText(long({ name: 'Reseeded', weights: { init: 'pytorch', seed: 5 } }));
    await values.first().waitFor({ state: 'detached' });
  });

  it('keeps the last good picture while the text is broken, says why, and goes there', async () => {
    const panel = await openBoth('broken.rnn.json', small());
    await rig.workbench.replaceText(`{\n  "format": "rnn-model", "version": 1,\n  "layers": [}`);
    const alert = panel.frame.getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /line 3/i);
    assert.ok(await panel.node({ layer: 'lstm', signal: 'f', step: 0 }).isVisible());
    await alert.getByRole('button').first().click();
    await rig.workbench.page.locator('.statusbar-item', { hasText: /Ln 3, Col/ }).waitFor();
    await rig.workbench.replaceText(small());
    await alert.waitFor({ state: 'hidden' });
    await panel.reaches('ready');
  });

  it('reads changed weights again', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    const { layer, signals } = expected('lstm').layers[0];
    const where = { layer, signal: 'f', step: 0 };
    const before = await panel.hover(where);
    assert.ok(Math.abs(before.mean - signals.f[0].reduce((a, b) => a + b, 0) / signals.f[0].length) < 1e-5);
    const weights = readFileSync(rig.workspace.path('lstm.safetensors'));
    const header = Number(weights.readBigUInt64LE(0)) + 8;
    const halved = Buffer.from(weights);
    for (let at = header; at < halved.length; at += 4) halved.writeFloatLE(weights.readFloatLE(at) / 2, at);
    rig.workspace.write('lstm.safetensors', halved);
    await panel.eventually('other numbers', async () => {
      await rig.workbench.page.mouse.move(5, 5);
      return Math.abs((await panel.hover(where)).mean - before.mean) > 1e-3;
    });
    rig.workspace.write('lstm.safetensors', weights);
  });

  it('survives a reload of the window: step, sample, level of detail', async () => {
    let panel = await openRun(rig, 'gru.rnn.json');
    await (await panel.pictureControl('[title="Show one node per cell"]')).click();
    await panel.frame.locator('input[type="range"]').fill('6');
    await panel.node({ layer: 'gru', signal: 'h', step: 6 }).waitFor();
    await rig.workbench.page.waitForTimeout(1000);
    await rig.workbench.reload();
    panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    assert.equal(await panel.frame.locator('input[type="range"]').inputValue(), '6');
    assert.equal(await panel.node({ layer: 'gru', signal: 'z', step: 6 }).count(), 0);
    assert.equal(await panel.node({ layer: 'gru', signal: 'h', step: 6 }).count(), 1);
  });

  it('survives being hidden behind another tab', async () => {
    let panel = await openRun(rig, 'rnn-tanh.rnn.json');
    await panel.frame.locator('input[type="range"]').fill('4');
    await rig.workbench.page.waitForTimeout(500);
    await openRun(rig, 'gru.rnn.json');
    panel = await openRun(rig, 'rnn-tanh.rnn.json');
    assert.equal(await panel.frame.locator('input[type="range"]').inputValue(), '4');
  });
});

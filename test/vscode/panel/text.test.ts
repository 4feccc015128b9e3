/** The picture beside the model's text: each shows which layer the other is at. */
import assert from 'node:assert/strict';
import { useVSCode } from './rig';

const MODEL = JSON.stringify(
  {
    ...{ format: 'rnn-model', version: 1, name: 'beside', input: { kind: 'vector', size: 1 } },
    layers: [
      { name: 'lstm', type: 'lstm', hidden_size: 3 },
      { name: 'head', type: 'linear', out_features: 1 },
    ],
    samples: [{ name: 'ramp', values: [[0], [1], [2]] }],
  },
  null,
  2,
);

describe('the text beside the picture', () => {
  const rig = useVSCode();
  let tries = 0;

  afterEach(() => rig.workbench.runCommand('View: Close All Editors'));

  it('shows the layer that is chosen in the picture, which marks the one of the cursor', async () => {
    // Opened as text once, a file opens as text from then on.
    const name = `beside${++tries}.rnn.json`;
    rig.workspace.write(name, MODEL);
    await rig.workbench.openFile(name);
    await rig.workbench.panel('ready');
    await rig.workbench.runCommand('Gatescope: Open Source');
    const editor = rig.workbench.page.locator('.editor-instance .monaco-editor').first();
    await editor.locator('.view-lines').waitFor();
    await rig.workbench.runCommand('Gatescope: Open Unrolled View to the Side');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    const marked = async () => {
      const layers = await panel.frame
        .locator('g[data-marked]')
        .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-layer')));
      return [...new Set(layers)];
    };
    const line = () => editor.locator('.line-numbers.active-line-number').innerText();
    const lineOf = (text: string) => String(MODEL.slice(0, MODEL.indexOf(text)).split('\n').length);

    await panel.node({ layer: 'head', signal: 'y', step: 1 }).click();
    await panel.eventually('the mark of head', async () => (await marked()).join() === 'head');
    assert.equal(await line(), lineOf('"head"'));
    await panel.press('Escape');
    await panel.node({ layer: 'lstm', signal: 'f', step: 1 }).click();
    await panel.eventually('the mark of lstm', async () => (await marked()).join() === 'lstm');
    assert.equal(await line(), lineOf('"lstm"'));
    const focused = () => rig.workbench.page.evaluate(() => document.activeElement?.tagName);
    assert.equal(await focused(), 'IFRAME', 'the picture keeps the focus');

    await panel.press('Escape');
    await panel.node({ layer: 'head', signal: 'y', step: 2 }).dblclick();
    await panel.eventually('the focus in the text', async () => (await focused()) !== 'IFRAME');
    assert.equal(await line(), lineOf('"head"'));
    await rig.workbench.page.keyboard.press('Control+Home');
    await panel.eventually('no mark', async () => (await marked()).length === 0);
  });
});

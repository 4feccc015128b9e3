/** What is there again after a reload of the window, and what waits to be run. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aboutHowLong } from '../../../webview/features/status/howLong';
import { EXAMPLES } from '../paths';
import { placeOf, type Panel } from '../workbench';
import { PYTORCH_FIXTURES } from '../workspace';
import { assertCard, expected, openRun, useVSCode } from './rig';

const { layer, signals } = expected('lstm').layers[0];
const [{ values: input }] = (
  JSON.parse(readFileSync(join(PYTORCH_FIXTURES, 'lstm.rnn.json'), 'utf8')) as {
    samples: { values: number[][] }[];
  }
).samples;
const text = input.map((row) => row.join(', ')).join('\n');

describe('after a reload of the window', () => {
  const rig = useVSCode();

  afterEach(() => rig.workbench.runCommand('View: Close All Editors'));

  /** Reloads once what is shown has been kept. */
  async function reload(): Promise<Panel> {
    await rig.workbench.page.waitForTimeout(1000);
    await rig.workbench.reload();
    return rig.workbench.panel('ready', 'error');
  }

  async function isOf(panel: Panel, title: string, steps: number, step: number): Promise<void> {
    await panel.frame.locator('footer', { hasText: `ran ${steps} steps` }).waitFor();
    await panel.frame.locator('.samples', { hasText: title }).first().waitFor();
    assert.equal(await panel.frame.locator('.step-field').inputValue(), String(step + 1));
    for (const signal of ['f', 'c', 'h']) {
      const where = { layer, signal, step };
      assertCard(await panel.hover(where), signals[signal][step], where);
    }
  }

  it('what was typed is there, with its numbers and the step', async () => {
    let panel = await openRun(rig, 'lstm.rnn.json');
    const three = input.slice(0, 3).map((row) => row.join(', '));
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Type numbers');
    await rig.workbench.answer(three.join('; '));
    await panel.frame.locator('footer', { hasText: 'ran 3 steps' }).waitFor();
    await panel.frame.locator('input[type="range"]').fill('2');
    await isOf(panel, three[0].slice(0, 5), 3, 2);
    panel = await reload();
    await isOf(panel, three[0].slice(0, 5), 3, 2);
  });

  it('a file that was chosen is read again, and said to be gone where it is; no other is read', async () => {
    rig.workspace.write('chosen.csv', `${text}\n`);
    rig.workspace.write('other.csv', `${text}\n`);
    let panel = await openRun(rig, 'lstm.rnn.json');
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile(rig.workspace.path('chosen.csv'));
    await panel.frame.locator('.samples', { hasText: 'chosen.csv' }).first().waitFor();
    await panel.frame.locator('input[type="range"]').fill('7');
    panel = await reload();
    await isOf(panel, 'chosen.csv', input.length, 7);

    // The page says that it showed another file.
    await rig.workbench.page.waitForTimeout(1000);
    const uri = `vscode-remote://127.0.0.1:${rig.workbench.server.port}${rig.workspace.path('other.csv')}`;
    await panel.remember({ shared: { sample: null, origin: JSON.stringify({ kind: 'file', uri }) } });
    panel = await reload();
    await panel.frame
      .getByText('“other.csv”, which was shown here before, cannot be read again: it was not')
      .waitFor();
    await panel.frame.getByTitle('Dismiss').click();

    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile(rig.workspace.path('chosen.csv'));
    await panel.frame.locator('.samples', { hasText: 'chosen.csv' }).first().waitFor();
    rmSync(rig.workspace.path('chosen.csv'));
    panel = await reload();
    await panel.frame
      .getByText('“chosen.csv”, which was shown here before, cannot be read again: there is no such file')
      .waitFor();
  });

  it('a text that was generated stands above the picture', async () => {
    for (const name of ['char-lstm.rnn.json', 'char-lstm.safetensors']) {
      copyFileSync(join(EXAMPLES, name), rig.workspace.path(name));
    }
    let panel = await openRun(rig, 'char-lstm.rnn.json');
    await rig.workbench.runCommand('Gatescope: Generate from Prompt…');
    await rig.workbench.answer('the early ');
    await rig.workbench.page.locator('.quick-input-widget', { hasText: 'Temperature' }).waitFor();
    await rig.workbench.answer('0.7');
    const generated = () => panel.frame.locator('[data-generated]');
    await generated().locator('[data-probability]').first().waitFor();
    const before = await generated().innerText();
    await generated().locator('[data-step="20"]').click();
    panel = await reload();
    await generated().locator('[data-probability]').first().waitFor();
    assert.equal(await generated().innerText(), before);
    assert.equal(await generated().locator('.generated-prompt').count(), 10);
    assert.equal(await generated().locator('[aria-current="step"]').getAttribute('data-step'), '20');
  });
});

describe('what is not run yet', () => {
  const rig = useVSCode({ 'gatescope.runOnOpen': false });

  it('says so and how long it would take, and runs when it is asked to, with PyTorch’s numbers', async () => {
    await rig.workbench.openFile('lstm.rnn.json');
    const panel = await rig.workbench.panel('ready');
    const notice = panel.frame.locator('.not-run');
    await notice.getByText('Not run yet; this would take less than a second.').waitFor();
    assert.equal(await panel.frame.locator('g[data-mean]').count(), 0);
    await panel.frame.locator('vscode-button[aria-controls="view-heatmap"]').click();
    await panel.view('heatmap').getByText('Not run yet').waitFor();
    await notice.getByRole('button', { name: 'Run' }).click();
    await panel.hasRun();
    await notice.waitFor({ state: 'hidden' });
    const where = { layer, signal: 'f', step: 2 };
    assertCard(await panel.hover(where), signals.f[2], where);
  });

  it('says about how many seconds a long one takes', async () => {
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'Slow', input: { kind: 'vector', size: 1 } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 512 }],
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name: 'long', values: Array.from({ length: 9000 }, (_, t) => [Math.sin(t / 5)]) }],
    };
    rig.workspace.write('slow.rnn.json', JSON.stringify(model));
    await rig.workbench.openFile('slow.rnn.json');
    const panel = await rig.workbench.panel('ready');
    await panel.frame
      .locator('.not-run')
      .getByText(/would take about [2-5] s\./)
      .waitFor();
  });

  it('says after a reload what it was seen to take', async () => {
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'Timed', input: { kind: 'vector', size: 1 } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 384 }],
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name: 'long', values: Array.from({ length: 12_000 }, (_, t) => [Math.sin(t / 5)]) }],
    };
    rig.workspace.write('timed.rnn.json', JSON.stringify(model));
    await rig.workbench.openFile('timed.rnn.json');
    let panel = await rig.workbench.panel('ready');
    const notice = () => panel.frame.locator('.not-run');
    await notice().getByRole('button', { name: 'Run' }).click();
    const ran = panel.frame.locator('footer', { hasText: 'ran 12,000 steps in' });
    await ran.waitFor();
    const [, took, unit] = /in ([\d.]+) (m?s)\b/.exec(await ran.innerText())!;
    const milliseconds = Number(took) * (unit === 's' ? 1000 : 1);
    await rig.workbench.page.waitForTimeout(1000);
    await rig.workbench.reload();
    panel = await rig.workbench.panel('ready');
    await notice()
      .getByText(`this would take ${aboutHowLong(milliseconds)}.`)
      .waitFor();
  });
});

describe('a picture that is higher than its room', () => {
  const rig = useVSCode();

  it('opens at its top, at the outputs, and where it was left after a reload', async () => {
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'High', input: { kind: 'vector', size: 1 } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 3, num_layers: 6 }],
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name: 'some', values: Array.from({ length: 5 }, (_, t) => [t]) }],
    };
    rig.workspace.write('high.rnn.json', JSON.stringify(model));
    let panel = await openRun(rig, 'high.rnn.json');
    const scroll = () =>
      panel.frame.locator('.diagram-scroll').evaluate((element) => ({
        top: element.scrollTop,
        beyond: element.scrollHeight - element.clientHeight,
      }));
    const opened = await scroll();
    assert.ok(opened.beyond > 200, 'it does not fit');
    assert.equal(opened.top, 0);
    const box = await placeOf(panel.frame.locator('.diagram-scroll'));
    await rig.workbench.page.mouse.move(box.x + 200, box.y + 100);
    await rig.workbench.page.mouse.wheel(0, 150);
    await panel.eventually('scrolled', async () => (await scroll()).top === 150);
    await rig.workbench.page.waitForTimeout(1000);
    await rig.workbench.reload();
    panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    await panel.eventually('as it was', async () => Math.abs((await scroll()).top - 150) <= 1);
  });
});

describe('a table of a million rows', () => {
  const rig = useVSCode();

  it('is said to be read, and can be stopped, which leaves what was shown', async () => {
    rig.workspace.write('many.csv', `x\n${'0.123456\n'.repeat(1_000_000)}`);
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'Rows', input: { kind: 'vector', size: 1 } },
      layers: [{ name: 'rnn', type: 'rnn', hidden_size: 1 }],
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name: 'three', values: [[1], [2], [3]] }],
    };
    rig.workspace.write('rows.rnn.json', JSON.stringify(model));
    const panel = await openRun(rig, 'rows.rnn.json');
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile(rig.workspace.path('many.csv'));
    const notice = panel.frame.locator('.notice.progress');
    await notice.getByText('Reading “many.csv”').waitFor();
    await notice.getByRole('button', { name: 'Cancel' }).click();
    await notice.waitFor({ state: 'hidden' });
    await panel.reaches('ready');
    assert.match(await panel.frame.locator('footer').innerText(), /ran 3 steps/);
  });
});

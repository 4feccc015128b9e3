/** What mattered: the numbers by keyboard and mouse, against PyTorch's autograd. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths';
import { placeOf, type Panel } from '../workbench';
import { openRun, useVSCode } from './rig';

const FIXTURES = join(ROOT, 'test/fixtures/attribution');

interface Expected {
  readonly target: { readonly step: number; readonly unit: number; readonly value: number };
  readonly logit: boolean;
  readonly method: 'gradient' | 'integrated';
  readonly baseline: 'zero' | 'mean';
  readonly difference: number;
  readonly input: readonly (number | readonly number[])[];
}

describe('what mattered', () => {
  const rig = useVSCode();
  let panel: Panel;

  async function open(name: string): Promise<Panel> {
    rig.workspace.write(`${name}.rnn.json`, readFileSync(join(FIXTURES, `${name}.rnn.json`)));
    return openRun(rig, `${name}.rnn.json`);
  }

  function expectedOf(name: string, wanted: Partial<Expected> & Pick<Expected, 'target'>): Expected {
    const all = JSON.parse(readFileSync(join(FIXTURES, `${name}.expected.json`), 'utf8')) as Expected[];
    const { target, method = 'integrated', baseline = 'zero', logit = false } = wanted;
    return all.find(
      (one) =>
        one.target.step === target.step &&
        one.target.unit === target.unit &&
        one.method === method &&
        one.baseline === baseline &&
        one.logit === logit,
    )!;
  }

  const view = () => panel.view('attribution');
  const head = (name: string) => view().getByRole('button', { name, exact: true });
  const cursor = () => view().locator('[data-cursor]');
  const numberOf = async (name: string) => Number(await view().getAttribute(name));

  /** Waits for an answer of this kind. */
  async function ready({ target, method, baseline, logit }: Expected): Promise<void> {
    await panel.frame
      .locator(
        `section[data-view="attribution"][data-state="ready"][data-step="${target.step}"][data-unit="${target.unit}"]` +
          `[data-method="${method}"][data-baseline="${baseline}"][data-of="${logit ? 'logit' : 'output'}"]`,
      )
      .waitFor();
  }

  async function chooseOutput(label: string): Promise<void> {
    const outputs = view().locator('vscode-dropdown.attribution-output');
    await outputs.click();
    await outputs.locator('vscode-option', { hasText: label }).click();
  }

  /** Reads every cell with the arrow keys, as a person would, and compares it. */
  async function compare(expected: Expected): Promise<void> {
    await ready(expected);
    const rows = expected.input.map((row) => (typeof row === 'number' ? [row] : row));
    const largest = Math.max(...rows.flat().map(Math.abs));
    await view().locator('[role="grid"]:visible').focus();
    await panel.press('Control+Home');
    for (const [step, row] of rows.entries()) {
      for (const [feature, value] of row.entries()) {
        await view()
          .locator(`[data-cursor][data-feature="${feature}"][data-step="${step}"]`)
          .waitFor({ state: 'attached' });
        const found = Number(await cursor().getAttribute('data-value'));
        const tolerance = 1e-4 * Math.max(Math.abs(value), 1e-2 * largest);
        assert.ok(Math.abs(found - value) <= tolerance, `${feature}, ${step}: ${found}, not ${value}`);
        if (feature < row.length - 1) await panel.press('ArrowDown');
      }
      for (let k = 1; k < row.length; k++) await panel.press('ArrowUp');
      await panel.press('ArrowRight');
    }
    assert.ok(Math.abs((await numberOf('data-difference')) - expected.difference) < 1e-5);
    if (expected.method === 'integrated') assert.ok((await numberOf('data-completeness')) < 1e-5);
    assert.ok(Math.abs((await numberOf('data-value')) - expected.target.value) < 1e-5);
  }

  it('is opened by a command, at the last step, and has the tokens with what PyTorch says of them', async () => {
    panel = await open('tokens-lstm-softmax');
    await rig.workbench.runCommand('Gatescope: Show What Mattered');
    await view().waitFor();
    assert.equal(await view().getAttribute('aria-label'), 'What mattered');
    await panel.frame
      .locator('section[data-view="attribution"][data-state="ready"][data-step="6"]')
      .waitFor();
    await chooseOutput('“e”');
    const target = { step: 6, unit: 4, value: 0 };
    await compare(expectedOf('tokens-lstm-softmax', { target }));
    assert.match(await view().innerText(), /Step 7: what brought “e”, 0\.\d+/);
    assert.match(
      await view().innerText(),
      /Together [+−].* of [+−].*, which the output gained over the baseline: error/,
    );
    assert.match(await cursor().innerText(), /^“f”, step 7, at the same step: [+−]/);
  });

  it('is told of the gradient, of another baseline and of the logit, as it is chosen', async () => {
    const target = { step: 6, unit: 4, value: 0 };
    await head('Gradient').click();
    await compare(expectedOf('tokens-lstm-softmax', { target, method: 'gradient' }));
    await head('from the mean').click();
    await compare(expectedOf('tokens-lstm-softmax', { target, method: 'gradient', baseline: 'mean' }));
    await head('Integrated').click();
    await head('Logit').click();
    await compare(expectedOf('tokens-lstm-softmax', { target, baseline: 'mean', logit: true }));
    assert.match(await view().innerText(), /what brought the logit of “e”/);
  });

  it('follows the playhead, unless it is pinned', async () => {
    await chooseOutput('“c”');
    await panel.goTo(3);
    const earlier = expectedOf('tokens-lstm-softmax', {
      ...{ target: { step: 3, unit: 2, value: 0 }, baseline: 'mean', logit: true },
    });
    await compare({ ...earlier, input: earlier.input.slice(0, 4) });
    await head('Pin').click();
    await panel.goTo(5);
    await panel.eventually('the playhead has moved', async () => (await numberOf('data-step')) === 3);
    await head('Pin').click();
    await panel.frame
      .locator('section[data-view="attribution"][data-state="ready"][data-step="5"]')
      .waitFor();
  });

  it('has features × steps for numbers, and a click goes to the step and stays with the output', async () => {
    panel = await open('lstm');
    await panel.openView('attribution');
    await panel.goTo(6);
    await chooseOutput('output 0');
    await compare(expectedOf('lstm', { target: { step: 6, unit: 0, value: 0 } }));
    const canvas = view().locator('.attribution-map');
    const box = await placeOf(canvas);
    const marked = await placeOf(view().locator('.attribution-target'));
    // The cell of the step two before.
    await canvas.click({ position: { x: marked.x - box.x - 1.5 * marked.width, y: 10 } });
    await panel.eventually(
      'the playhead is there',
      async () => (await panel.frame.locator('input[type="range"]').inputValue()) === '4',
    );
    assert.equal(await numberOf('data-step'), 6);
    assert.equal(
      await view().locator('vscode-button', { hasText: 'Pin' }).getAttribute('aria-pressed'),
      'true',
    );
    await canvas.hover({ position: { x: marked.x - box.x + marked.width / 2, y: 10 } });
    await view()
      .locator('.attribution-readout', { hasText: /feature 0, step 7, at the same step: [+−]/ })
      .waitFor();
    const largest = view().locator('.attribution-row').first();
    const said = await largest.innerText();
    const rows = expectedOf('lstm', { target: { step: 6, unit: 0, value: 0 } }).input as number[][];
    const flat = rows.flat().map(Math.abs);
    const feature = flat.indexOf(Math.max(...flat)) % 3;
    assert.match(said, new RegExp(`feature ${feature}`));
  });

  it('has the text itself where it is long, and a click on a token goes to its step', async () => {
    const text = 'abcdefgh'.repeat(40);
    const { samples, ...model } = JSON.parse(
      readFileSync(join(FIXTURES, 'tokens-lstm-softmax.rnn.json'), 'utf8'),
    );
    const letters: readonly string[] = model.input.vocabulary;
    const sample = Array.from(text, (_, k) => letters[k % letters.length]).join('');
    assert.ok(Array.isArray(samples));
    model.samples = [{ name: 'long', text: sample }];
    rig.workspace.write('long-text.rnn.json', JSON.stringify(model));
    panel = await openRun(rig, 'long-text.rnn.json');
    await panel.openView('attribution');
    await panel.frame.locator('h1').click();
    await panel.press('End');
    const last = String(text.length - 1);
    await panel.frame
      .locator(`section[data-view="attribution"][data-state="ready"][data-step="${last}"]`)
      .waitFor();
    await view()
      .locator('.coloured-text')
      .click({ position: { x: 60, y: 12 } });
    const moved = async () => {
      const at = await panel.frame.locator('section[data-view="overview"]').getAttribute('data-playhead');
      return at !== last;
    };
    await panel.eventually('the playhead is at the token', moved);
    assert.equal(await view().getAttribute('data-step'), last, 'it stays with its output');
  });

  it('names the steps that are masked', async () => {
    panel = await open('masked-vectors');
    await panel.openView('attribution');
    assert.match(await view().innerText(), /t = 2, t = 5, t = 6 are masked and bring nothing\./);
  });

  it('says how far it is where it takes long, and can be stopped and taken up again', async () => {
    const text = JSON.stringify({
      ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 8 } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 256, bidirectional: true }],
      weights: { init: 'pytorch', seed: 1 },
      samples: [{ name: 'a', values: Array.from({ length: 1500 }, (_, t) => Array(8).fill(Math.sin(t))) }],
    });
    rig.workspace.write('slow.rnn.json', text);
    await rig.workbench.openFile('slow.rnn.json');
    panel = await rig.workbench.panel('ready');
    const run = panel.frame.locator('vscode-button.run');
    if (await panel.frame.locator('g[data-mean]').first().isHidden()) await run.click();
    await panel.hasRun();
    await panel.frame.locator('vscode-button[aria-controls="view-attribution"]').click();
    await view()
      .getByText(/computing… \d+ of 64 points/)
      .waitFor();
    await head('Cancel').click();
    await view().getByText('Stopped.').waitFor();
    await head('Work it out').click();
    await view()
      .getByText(/computing… \d+ of 64 points/)
      .waitFor();
    await head('Gradient').click();
    await panel.frame
      .locator('section[data-view="attribution"][data-state="ready"][data-method="gradient"]')
      .waitFor();
  });

  it('is closed by its button', async () => {
    await head('Close what mattered').click();
    await view().waitFor({ state: 'hidden' });
  });
});

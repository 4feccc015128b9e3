/** The output view, and the text that a network went on with: against PyTorch, and in the data's own units. */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { middleOfToken } from '../../../src/picture/output/tokens';
import { EXAMPLES } from '../paths';
import { PYTORCH_FIXTURES } from '../workspace';
import { placeOf, type Panel } from '../workbench';
import { assertClose, openRun, useVSCode } from './rig';

interface Fixture {
  readonly output: readonly (readonly number[])[];
}

describe('the output view', () => {
  const rig = useVSCode();

  async function openView(panel: Panel) {
    const section = panel.frame.locator('section[data-view="output"]');
    if (!(await section.isVisible())) {
      await panel.frame.getByRole('button', { name: 'Output', exact: true }).click();
    }
    await panel.frame.locator('section[data-view="output"][data-state="ready"]').waitFor();
    return section;
  }

  const number = async (section: ReturnType<Panel['frame']['locator']>, name: string) =>
    Number(await section.getAttribute(name));

  it('shows the likeliest tokens of a step, and how probable the next one was, as PyTorch has them', async () => {
    const { output: rows } = JSON.parse(
      readFileSync(join(PYTORCH_FIXTURES, 'embedding-softmax.expected.json'), 'utf8'),
    ) as Fixture;
    const ids = [2, 3, 1, 4, 5, 6, 2];
    const panel = await openRun(rig, 'embedding-softmax.rnn.json');
    const section = await openView(panel);
    for (const step of [0, 3]) {
      for (let k = 0; k < step; k++) await panel.press('ArrowRight');
      await section.locator(`.output[data-step="${step}"]`).waitFor();
      const bars = await section
        .locator('[data-output-unit]')
        .evaluateAll((all) => all.map((one) => [one.dataset.outputUnit, one.dataset.value].map(Number)));
      assert.equal(bars.length, 7);
      for (const [unit, value] of bars) assertClose(value, rows[step][unit], `unit ${unit} at ${step}`);
      const values = bars.map(([, value]) => value);
      assert.deepEqual(
        values,
        [...values].sort((a, b) => b - a),
      );
      const next = section.locator(`[data-next][data-step="${step}"]`);
      assertClose(await number(next, 'data-value'), rows[step][ids[step + 1]], `what came after ${step}`);
    }
    const nats = rows.slice(0, -1).reduce((sum, row, k) => sum - Math.log(row[ids[k + 1]]), 0) / 6;
    assertClose(await number(section.locator('[data-nats]'), 'data-nats'), nats, 'nats a token');
  });

  it('shows the likeliest class of each step, and one of them over all steps', async () => {
    cpSync(EXAMPLES, rig.workspace.path('examples'), { recursive: true });
    const panel = await openRun(rig, 'tagger-bilstm.rnn.json');
    const section = await openView(panel);
    const said = section.locator('[data-class]');
    await panel.press('Home');
    await said.filter({ hasText: /^step 1: “PRON” with \d/ }).waitFor();
    await panel.press('End');
    await said.filter({ hasText: /“NOUN” with \d/ }).waitFor();
    await section.locator('h2', { hasText: 'Step 5' }).waitFor();
    const value = await number(said, 'data-value');
    const largest = await section.locator('[data-output-unit]').first().getAttribute('data-value');
    assertClose(value, Number(largest), 'the likeliest');
    const verb = section.getByRole('button', { name: /VERB/ });
    await verb.click();
    await section.locator('[data-forecast]').waitFor();
    assert.equal(await verb.getAttribute('aria-pressed'), 'true');
    await verb.click();
    await said.waitFor();
  });

  it('has a playhead that ends on the baseline, with letters below it and without', async () => {
    const [short, long] = [12, 400].map((count) => Array.from({ length: count }, (_, k) => 'abc'[k % 3]));
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'letters' },
      input: { kind: 'token', vocabulary: ['a', 'b', 'c'], split: 'char' },
      layers: [
        { name: 'lstm', type: 'lstm', hidden_size: 4 },
        { name: 'fc', type: 'linear', out_features: 3, activation: 'softmax' },
      ],
      output: { labels: ['a', 'b', 'c'] },
      weights: { init: 'pytorch', seed: 4 },
    };
    for (const [name, text] of [
      ['short', short.join('')],
      ['long', long.join('')],
    ]) {
      rig.workspace.write(`${name}.rnn.json`, JSON.stringify({ ...model, samples: [{ name, text }] }));
      const panel = await openRun(rig, `${name}.rnn.json`);
      const section = await openView(panel);
      const chart = section.locator('.output-canvas:visible');
      const width = await chart.locator('canvas').evaluate((canvas) => canvas.clientWidth);
      const [first, second] = [0, 1].map((token) => middleOfToken(token, text.length, width));
      const ends = await chart.evaluate(
        (element, x) => {
          const canvas = element.querySelector('canvas')!;
          const ratio = canvas.width / canvas.clientWidth;
          // The lowest line of the grid, at the left of the first cell, which has no bar.
          const column = canvas
            .getContext('2d')!
            .getImageData(Math.round(x * ratio), 0, 1, canvas.height)
            .data.filter((_, k) => k % 4 === 3);
          const { top } = element.getBoundingClientRect();
          const playhead = element.querySelector('.output-playhead')!.getBoundingClientRect();
          return {
            baseline: column.findLastIndex((alpha) => alpha > 200) / ratio,
            playhead: playhead.bottom - top,
          };
        },
        first - (second - first) / 2 + 1,
      );
      assert.ok(ends.baseline > 30, `${name}: ${ends.baseline}`);
      assert.ok(Math.abs(ends.playhead - ends.baseline) <= 1.5, `${name}: ${JSON.stringify(ends)}`);
    }
  });

  it('dims what is of the run before while a new one runs', async () => {
    const series = (count: number) => Array.from({ length: count }, (_, t) => [Math.sin(t / 7)]);
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'two', input: { kind: 'vector', size: 1 } },
      layers: [
        { name: 'lstm', type: 'lstm', hidden_size: 512 },
        { name: 'fc', type: 'linear', out_features: 1 },
      ],
      weights: { init: 'pytorch', seed: 4 },
      samples: [
        { name: 'short', values: series(20) },
        { name: 'long', values: series(4000) },
      ],
    };
    rig.workspace.write('two.rnn.json', JSON.stringify(model));
    const panel = await openRun(rig, 'two.rnn.json');
    const section = await openView(panel);
    const body = section.locator('.output-body');
    const choose = async (sample: string, steps: string) => {
      await panel.frame.locator('.samples').click();
      await panel.frame.locator('.samples vscode-option', { hasText: sample }).click();
      await panel.frame.locator('footer', { hasText: `ran ${steps} steps` }).waitFor();
      await panel.frame.locator('section[data-view="output"][data-state="ready"]').waitFor();
    };
    await choose('short', '20');
    assert.ok(!/stale/.test((await body.getAttribute('class'))!));
    // What it looked like is noted as it goes: a run may be quicker than a test asks.
    const seen = await panel.frame.evaluateHandle(() => {
      const looks: string[] = [];
      const root = document.querySelector('#root')!;
      const look = () => {
        const body = document.querySelector<HTMLElement>('.output-body')!;
        const steps = document.querySelector('[data-forecast]')?.getAttribute('data-step');
        looks.push(
          `${root.getAttribute('data-state')} ${body.hidden ? 'hidden' : getComputedStyle(body).opacity} ${steps}`,
        );
      };
      new MutationObserver(look).observe(document.body, { attributes: true, subtree: true });
      return looks;
    });
    await choose('long', '4,000');
    const looks = await seen.jsonValue();
    assert.ok(
      looks.some((look) => look.startsWith('running 0.5')),
      [...new Set(looks)].join('; '),
    );
    assert.ok(!looks.some((look) => look.includes('hidden')), 'never blank');
    assert.ok(!/stale/.test((await body.getAttribute('class'))!), 'and no longer once it is there');
  });

  it('shows a series beside what came and "as before", in its own units and dates', async () => {
    for (const name of ['co2-rnn.rnn.json', 'co2-rnn.safetensors', 'co2.csv']) {
      copyFileSync(join(EXAMPLES, name), rig.workspace.path(name));
    }
    const panel = await openRun(rig, 'co2-rnn.rnn.json');
    await panel.eventually('the prediction in the overview, named', async () => {
      const names = await panel.frame.locator('.overview-name').allInnerTexts();
      return names.join() === 'CO2,prediction';
    });
    const section = await openView(panel);
    const lines = readFileSync(join(EXAMPLES, 'co2.csv'), 'utf8').trim().split('\n').slice(21, 78);
    const [dates, values] = [0, 1].map((column) => lines.map((line) => line.split(',')[column]));
    const numbers = values.map(Number);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const deviation = Math.sqrt(
      numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length,
    );
    const changes = numbers.slice(1).map((value, k) => value - numbers[k]);
    const before = Math.sqrt(changes.reduce((sum, change) => sum + change ** 2, 0) / changes.length);
    const error = section.locator('[data-rmse]');
    assertClose(await number(error, 'data-rmse-before'), before / deviation, '"as before"');
    assert.ok((await number(error, 'data-rmse')) < before / deviation);
    const text = await section.innerText();
    assert.ok(text.includes(`${before.toPrecision(3)} for “as before”`), text);
    assert.match(text, /since the output is named “next month”/);
    const sentence = await section.locator('[data-forecast]').innerText();
    assert.ok(sentence.startsWith(`${dates[0]}: predicts 3`), sentence);
    assert.ok(sentence.includes(`for ${dates[1]} · it was ${numbers[1].toFixed(2)}`), sentence);
    const picture = section.locator('.output-canvas:visible');
    const box = await placeOf(picture);
    await picture.click({ position: { x: box.width - 13, y: box.height / 2 } });
    await section.locator('.output[data-step="56"]').waitFor();
    assert.ok(
      (await section.locator('[data-forecast]').innerText()).includes(`for the step after ${dates[56]}`),
    );
  });

  it('shows generated text above the picture, by its probability; a click goes there', async () => {
    for (const name of ['char-lstm.rnn.json', 'char-lstm.safetensors']) {
      copyFileSync(join(EXAMPLES, name), rig.workspace.path(name));
    }
    const panel = await openRun(rig, 'char-lstm.rnn.json');
    await rig.workbench.runCommand('Gatescope: Generate from Prompt…');
    const box = rig.workbench.page.locator('.quick-input-widget input[type="text"]');
    await box.fill('the early ');
    await box.press('Enter');
    await rig.workbench.page.locator('.quick-input-widget', { hasText: 'Temperature' }).waitFor();
    await box.fill('0');
    await box.press('Enter');
    const text = panel.frame.locator('[data-generated]');
    const current = text.locator('[aria-current="step"]');
    await text.locator('[data-probability]').first().waitFor();
    assert.equal(await current.getAttribute('data-step'), '10');
    assert.equal(await text.locator('.generated-prompt').count(), 10);
    const section = await openView(panel);
    await text.locator('[data-step="20"]').click();
    await section.locator('.output[data-step="20"]').waitFor();
    assert.equal(await current.getAttribute('data-step'), '20');
    // At temperature 0 each token is the likeliest one.
    const top = section.locator('[data-output-unit]').first();
    const drawn = text.locator('[data-step="21"]');
    assertClose(await number(drawn, 'data-probability'), await number(top, 'data-value'), 'the next token');
  });
});

/** The output view, and the text that a network went on with: against PyTorch, and in the data's own units. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES } from '../paths';
import { PYTORCH_FIXTURES } from '../workspace';
import type { Panel } from '../workbench';
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

  it('shows a series beside what came and "as before", in its own units and dates', async () => {
    for (const name of ['co2-rnn.rnn.json', 'co2-rnn.safetensors', 'co2.csv']) {
      copyFileSync(join(EXAMPLES, name), rig.workspace.path(name));
    }
    const panel = await openRun(rig, 'co2-rnn.rnn.json');
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
    const box = (await picture.boundingBox())!;
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

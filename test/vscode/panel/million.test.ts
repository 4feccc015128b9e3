/** A million steps, as a person goes about them: run and cancelled, run, scrubbed, zoomed, and searched for what stands out. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { type Recording, record } from '../../../src/engine/recording/record';
import { valuesAt } from '../../../src/engine/statistics';
import { DEFAULT_LIMITS, type Reading } from '../../../src/model/dialects/dialect';
import { readModel } from '../../../src/model/read';
import { NodeFolder } from '../../../src/platform/nodeFolder';
import { columnsOf, frameOf, linesOf, topOfLine, xOfRow } from '../../../src/picture/heatmap/layout';
import { placeOf, type Panel } from '../workbench';
import { wav } from '../wav';
import { assertCard, assertClose, openRun, useVSCode } from './rig';

const STEPS = 1_000_000;
/** Its trace would take 192 MB. */
const UNITS = 8;
/** Where the sound is loud for once. */
const CLICK = 765_432;

const MODEL = JSON.stringify({
  format: 'rnn-model',
  version: 1,
  name: 'Audio',
  input: { kind: 'vector', size: 1, features: ['x'] },
  layers: [{ name: 'lstm', type: 'lstm', hidden_size: UNITS }],
  weights: { init: 'pytorch', seed: 7 },
  samples: [{ name: 'short', values: [[0], [1]] }],
});

const samples = Int16Array.from({ length: STEPS }, (_, t) =>
  t === CLICK ? 32_000 : Math.round(3000 * Math.sin(t / 17) * Math.sin(t / 90_000)),
);
const sequence = { kind: 'vector', size: 1, steps: STEPS, values: Float32Array.from(samples, (v) => v / 32_768) } as const; // prettier-ignore

describe('a million steps', function () {
  this.timeout(180_000);
  const rig = useVSCode();
  let panel: Panel;
  let model: Reading;
  let recording: Recording;
  let heatmap: Locator;

  const C = { layer: 'lstm', level: 0, direction: 'forward', signal: 'c' } as const;

  async function rowOf(signal: string, step: number): Promise<number[]> {
    const trace = await recording.stretch(step, step + 1);
    return Array.from(valuesAt(model.network!, trace, { ...C, signal, step: 0 }).values);
  }

  async function choose(): Promise<void> {
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile(rig.workspace.path('million.wav'));
  }

  /** Turns the wheel with Ctrl over a view, until it is so. */
  async function zoom(over: Locator, x: number, y: number, near: () => Promise<boolean>): Promise<void> {
    const box = await placeOf(over);
    const { mouse, keyboard } = rig.workbench.page;
    await mouse.move(box.x + x, box.y + y);
    await keyboard.down('Control');
    for (let turns = 0; turns < 80 && !(await near()); turns++) {
      await mouse.wheel(0, -240);
      await rig.workbench.page.waitForTimeout(60);
    }
    await keyboard.up('Control');
    assert.ok(await near(), 'near enough');
  }

  before(async () => {
    rig.workspace.write('audio.rnn.json', MODEL);
    writeFileSync(rig.workspace.path('million.wav'), wav(samples, 48_000));
    const source = { text: MODEL, fileName: 'audio.rnn.json', limits: DEFAULT_LIMITS };
    model = await readModel({ ...source, folder: new NodeFolder(rig.workspace.folder) });
    recording = await record(model.network!, model.weights!, sequence);
    panel = await openRun(rig, 'audio.rnn.json');
  });

  it('are cancelled while they run, the picture before them standing', async () => {
    await choose();
    await panel.reaches('running');
    await panel.frame.getByText(/[\d,]+ of 1,000,000/).first().waitFor();
    await panel.frame.getByTitle('Cancel').click();
    await panel.reaches('ready');
    assert.equal(await panel.frame.locator('footer', { hasText: 'ran 1,000,000 steps' }).count(), 0);
    await panel.node({ layer: 'lstm', signal: 'c', step: 1 }).waitFor();
  }); // prettier-ignore

  it('are run to their end', async () => {
    await choose();
    await panel.frame.locator('footer', { hasText: 'ran 1,000,000 steps' }).waitFor({ timeout: 60_000 });
  });

  it('are scrubbed to any step, which has its own numbers', async () => {
    const slider = panel.frame.locator('input[type="range"]');
    assert.equal(await slider.getAttribute('max'), String(STEPS - 1));
    for (const step of [500_000, STEPS - 1, 3, CLICK]) {
      await slider.fill(String(step));
      const where = { layer: 'lstm', signal: 'c', step };
      await panel.node(where).waitFor();
      assertCard(await panel.hover(where), await rowOf('c', step), where);
      await rig.workbench.page.mouse.move(5, 5);
    }
  });

  it('are played in large steps', async () => {
    const pace = panel.frame.locator('.pace');
    await pace.click();
    await panel.frame.getByRole('option', { name: '× 16K' }).click();
    await panel.frame.locator('input[type="range"]').fill('0');
    const play = panel.frame.locator('vscode-button.play');
    await play.click();
    const overview = panel.view('overview');
    const playhead = async () => Number(await overview.getAttribute('data-playhead'));
    await panel.eventually('three steps of 16,000', async () => (await playhead()) >= 48_000);
    await play.click();
    assert.equal((await playhead()) % 16_000, 0);
  });

  it('are zoomed in the strip to single steps, and the one that is clicked is gone to', async () => {
    const strip = panel.view('overview').getByRole('slider');
    const { width } = await placeOf(strip);
    const playhead = async () => Number(await panel.view('overview').getAttribute('data-playhead'));
    await strip.press('0');
    const x = ((CLICK + 0.5) / STEPS) * width;
    const { mouse } = rig.workbench.page;
    const box = await placeOf(strip);
    await mouse.move(box.x + x, box.y + 20);
    for (let turns = 0; turns < 30; turns++) await mouse.wheel(0, -600);
    await mouse.click(box.x + x, box.y + 20);
    await panel.eventually('near the place', async () => Math.abs((await playhead()) - CLICK) < 1500);
    const first = await playhead();
    // Eight steps are the fewest that are shown.
    const next = x + width / 8 < width ? 1 : -1;
    await mouse.click(box.x + x + (next * width) / 8, box.y + 20);
    await panel.eventually('the step beside it', async () => (await playhead()) === first + next);
    await strip.press('0');
  });

  it('show in the heat map what stands out, as far away as it may be, and its very step when near', async () => {
    const slider = panel.frame.locator('input[type="range"]');
    await slider.fill(String(CLICK));
    await panel.node({ layer: 'input', signal: 'x', step: CLICK }).waitFor();
    heatmap = await panel.openView('heatmap');
    await panel.node({ layer: 'lstm', signal: 'g', step: CLICK }).click();
    await panel.press('Escape');
    await heatmap.and(panel.frame.locator('[data-signal="g"][data-state="ready"]')).waitFor();
    assert.match(await heatmap.innerText(), /8 units × 1,000,000 steps/);
    const plot = heatmap.locator('.heatmap-plot');
    const readout = heatmap.locator('.heatmap-readout');
    const peak = await rowOf('g', CLICK);
    const unit = peak.reduce((best, value, k) => (Math.abs(value) > Math.abs(peak[best]) ? k : best), 0);
    const numbers = async () =>
      (await readout.innerText()).replaceAll(',', '').replaceAll('−', '-');
    // All of it: the column that has the step shows its extreme.
    const size = await placeOf(plot);
    const frame = frameOf(size, false);
    const lines = linesOf([UNITS], frame.top, frame.bottom);
    const y = topOfLine(lines, unit) + lines.height / 2;
    const x = xOfRow(columnsOf(0, STEPS, frame), CLICK);
    await plot.hover({ position: { x, y } });
    await panel.eventually('its column', async () => {
      const [, from, to] = /steps (\d+) – (\d+)/.exec(await numbers()) ?? [];
      return Number(from) <= CLICK + 1 && CLICK + 1 <= Number(to);
    });
    const over = /unit (\d+) · steps (\d+) – (\d+) · (\S+) … (\S+)/.exec(await numbers())!.map(Number);
    assert.equal(over[1], unit);
    const extreme = peak[unit] < 0 ? over[4] : over[5];
    assertClose(extreme, peak[unit], 'the extreme of its column');
    // Near: single steps.
    const single = async () => /· step \d+ ·/.test(await numbers());
    await zoom(plot, x, y, single);
    await heatmap.and(panel.frame.locator('[data-state="ready"]')).waitFor();
    await panel.eventually('a number', async () => /· step \d+ · [-\d.]/.test(await numbers()));
    const [, row, step, value] = /unit (\d+) · step (\d+) · ([-\d.e]+)/.exec(await numbers())!.map(Number);
    assert.equal(row, unit);
    assertClose(value, (await rowOf('g', step - 1))[unit], `unit ${unit} at step ${step}`);
  }); // prettier-ignore
});

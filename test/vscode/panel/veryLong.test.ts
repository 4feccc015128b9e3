/** A sequence whose trace is not kept: what is looked at is computed again, and shown as of any other. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { gradient } from '../../../src/engine/gradient';
import { run } from '../../../src/engine/run';
import { valuesAt } from '../../../src/engine/statistics';
import type { Trace } from '../../../src/engine/trace';
import { DEFAULT_LIMITS, type Reading } from '../../../src/model/dialects/dialect';
import { readModel } from '../../../src/model/read';
import { NodeFolder } from '../../../src/platform/nodeFolder';
import { formatPrecise } from '../../../src/picture/format';
import { placeOf, type Panel } from '../workbench';
import { assertCard, assertClose, openRun, useVSCode } from './rig';

const STEPS = 200_000;
const UNITS = 16;
/** The trace would take 74 MB. */
const MEGABYTES = 48;

const AUDIO = JSON.stringify({
  format: 'rnn-model',
  version: 1,
  name: 'Audio',
  input: { kind: 'vector', size: 1, features: ['x'] },
  output: { labels: ['next x'] },
  layers: [
    { name: 'lstm', type: 'lstm', hidden_size: UNITS },
    { name: 'fc', type: 'linear', out_features: 1 },
  ],
  weights: { init: 'pytorch', seed: 7 },
  samples: [{ name: 'short', values: [[0], [1]] }],
});

const series = Float32Array.from({ length: STEPS }, (_, t) =>
  Math.fround(Math.sin(t / 50) * Math.sin(t / 9000)),
);
const sequence = { kind: 'vector', size: 1, steps: STEPS, values: series } as const;
const F = { layer: 'lstm', level: 0, direction: 'forward', signal: 'f' } as const;

describe('a very long sequence', () => {
  const rig = useVSCode({ 'gatescope.memoryLimit': MEGABYTES });
  let panel: Panel;
  let model: Reading;
  let trace: Trace;
  let heatmap: Locator;

  const rowOf = (signal: string, step: number) =>
    Array.from(valuesAt(model.network!, trace, { ...F, signal, step }).values);

  before(async () => {
    rig.workspace.write('audio.rnn.json', AUDIO);
    rig.workspace.write('series.csv', `x\n${Array.from(series, String).join('\n')}\n`);
    const source = { text: AUDIO, fileName: 'audio.rnn.json', limits: DEFAULT_LIMITS };
    model = await readModel({ ...source, folder: new NodeFolder(rig.workspace.folder) });
    trace = await run(model.network!, model.weights!, sequence);
    panel = await openRun(rig, 'audio.rnn.json');
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile(rig.workspace.path('series.csv'));
    await panel.frame.locator('footer', { hasText: 'ran 200,000 steps' }).waitFor();
  });

  it('has every number of any step, within a memory limit that its trace would exceed', async () => {
    const slider = panel.frame.locator('input[type="range"]');
    for (const step of [123_456, STEPS - 1, 2]) {
      await slider.fill(String(step));
      for (const signal of ['f', 'c']) {
        const where = { layer: 'lstm', signal, step };
        await panel.node(where).waitFor();
        assertCard(await panel.hover(where), rowOf(signal, step), where);
      }
    }
    await rig.workbench.page.mouse.move(5, 5);
  });

  it('is seen whole in the heat map, and near to the very numbers', async () => {
    heatmap = await panel.openView('heatmap');
    assert.match(await heatmap.innerText(), /16 units × 200,000 steps/);
    const plot = heatmap.locator('.heatmap-plot');
    const { width, height } = await placeOf(plot);
    await plot.hover({ position: { x: width / 2, y: height / 2 } });
    const readout = heatmap.locator('.heatmap-readout');
    await panel.eventually('a readout', async () => /steps [\d,]+ – [\d,]+/.test(await readout.innerText()));
    const [, unit, from, to, least, most] = /unit (\d+) · steps ([\d,]+) – ([\d,]+) · (\S+) … (\S+)/
      .exec(await readout.innerText())!
      .map((part) => part.replaceAll(',', '').replace('−', '-'));
    const f = trace.layers[0].signals.find(({ signal }) => signal === 'f')!.values;
    const own = Array.from(
      { length: Number(to) - Number(from) + 1 },
      (_, k) => f[(Number(from) - 1 + k) * UNITS + Number(unit)],
    );
    assertClose(Number(least), Math.min(...own), 'the least');
    assertClose(Number(most), Math.max(...own), 'the largest');
  });

  it('shows one unit, in the diagram and in the overview', async () => {
    const slider = panel.frame.locator('input[type="range"]');
    await slider.fill('150000');
    const cells = heatmap.locator('.heatmap-plot');
    await cells.click({ position: { x: 400, y: 60 } });
    await heatmap.and(panel.frame.locator(':not([data-unit=""])')).waitFor();
    const unit = Number(await heatmap.getAttribute('data-unit'));
    const f = trace.layers[0].signals.find(({ signal }) => signal === 'f')!.values;
    for (const step of [150_000, 31]) {
      await slider.fill(String(step));
      const printed = f[step * UNITS + unit].toFixed(2).replace(/^0/, '');
      const node = panel.node({ layer: 'lstm', signal: 'f', step });
      await panel.eventually(`${printed} at ${step}`, async () =>
        ((await node.textContent()) ?? '').includes(printed),
      );
    }
  });

  it('compares what is predicted with what came', async () => {
    const output = await panel.openView('output');
    await output.locator('[data-rmse]').waitFor();
    const y = trace.output.values;
    let sum = 0;
    for (let t = 1; t + 1 < STEPS; t++) sum += (y[t] - series[t + 1]) ** 2;
    const rmse = Number(await output.locator('[data-rmse]').getAttribute('data-rmse'));
    assert.ok(Math.abs(rmse - Math.sqrt(sum / (STEPS - 2))) < 1e-3, `${rmse}`);
  });

  it('is followed back from its last step, as far as the gradient reaches', async () => {
    await panel.frame.locator('input[type="range"]').fill(String(STEPS - 1));
    await panel.openView('memory');
    const lens = panel.frame.locator(`.lens[data-step="${STEPS - 1}"][data-reached="0"]:not(.stale)`);
    await lens.waitFor();
    const chart = lens.locator('.lens-chart svg');
    const { width, height } = await placeOf(chart);
    // What the chart leaves free at its right.
    await chart.hover({ position: { x: width - 15, y: height / 2 } });
    const readout = await lens.locator('.lens-readout').innerText();
    const step = Number(/t = ([\d,]+)/.exec(readout)![1].replaceAll(',', ''));
    assert.ok(step > STEPS - 5000, readout);
    const { layers } = await gradient(model.network!, model.weights!, sequence, { step: STEPS - 1 });
    assert.ok(
      readout.endsWith(` ${formatPrecise(layers[0].dc![step])}`),
      `${readout}: ${layers[0].dc![step]}`,
    );
    assert.match(await lens.innerText(), /from t = 199999 does not reach t = 0/);
  });
});

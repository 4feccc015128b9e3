/** The heat map: units × steps of the chosen signal. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { columnsOf, frameOf, linesOf, topOfLine, xOfRow } from '../../../src/picture/heatmap/layout';
import { placeOf, type Panel } from '../workbench';
import { assertClose, expected, openRun, useVSCode } from './rig';

const { steps, layers } = expected('lstm');
const [{ layer, signals }] = layers;
const UNITS = signals.f[0].length;

describe('the heat map', () => {
  const rig = useVSCode();
  let panel: Panel;
  let view: Locator;
  const cursor = () => view.locator('[data-cursor]');

  before(async () => {
    panel = await openRun(rig, 'lstm.rnn.json');
    view = await panel.openView('heatmap');
  });

  /** Where the middle of a cell stands, units in the order of their numbers. */
  async function cell(unit: number, step: number) {
    const { width, height } = await placeOf(view.locator('.heatmap-plot'));
    const frame = frameOf({ width, height }, false);
    const lines = linesOf([UNITS], frame.top, frame.bottom);
    const columns = columnsOf(0, steps, frame);
    return { x: xOfRow(columns, step) + columns.width / 2, y: topOfLine(lines, unit) + lines.height / 2 };
  }

  async function readCursor() {
    const { unit, step, value } = await cursor().evaluate((element: HTMLElement) => ({ ...element.dataset }));
    return { unit: Number(unit), step: Number(step), value: Number(value) };
  }

  async function at(unit: number, step: number, signal = 'f'): Promise<void> {
    const there = view.locator(
      `[data-cursor][data-unit="${unit}"][data-step="${step}"]:not([data-value=""])`,
    );
    await there.waitFor({ state: 'attached' });
    assertClose((await readCursor()).value, signals[signal][step][unit], `${signal} ${unit} at ${step}`);
  }

  it("shows the forget gate at first, with PyTorch's number under the pointer", async () => {
    const named = await view.evaluate(({ dataset }: HTMLElement) => ({ ...dataset }));
    assert.deepEqual(
      [named.layer, named.level, named.direction, named.signal, named.unit, named.order],
      [layer, '0', 'forward', 'f', '', 'unit'],
    );
    assert.match(await view.innerText(), new RegExp(`forget gate f\\s+${UNITS} units × ${steps} steps`));
    await view.locator('.heatmap-plot').hover({ position: await cell(2, 5) });
    const readout = view.locator('.heatmap-readout');
    await panel.eventually('a readout', async () => /step 6/.test(await readout.innerText()));
    const [, unit, value] = /unit (\d+) · step 6 .*?([−\d.e]+)$/.exec(await readout.innerText())!;
    assert.equal(unit, '2');
    assertClose(Number(value.replace('−', '-')), signals.f[5][2], 'under the pointer');
  });

  it('chooses the unit and goes to the step of a cell that is clicked; the diagram prints the unit', async () => {
    await view.locator('.heatmap-plot').click({ position: await cell(1, 3) });
    await view.and(panel.frame.locator('[data-unit="1"]')).waitFor();
    await at(1, 3);
    const node = panel.node({ layer, signal: 'f', step: 3 });
    const printed = signals.f[3][1].toFixed(2).replace(/^0/, '');
    await panel.eventually('the number of the unit', async () =>
      (await node.textContent())!.includes(printed),
    );
    await panel.frame.locator('section[data-view="overview"][data-playhead="3"]').waitFor();
  });

  it('has the colour of a number that the diagram has, of states out to the 99th percentile of the run', async () => {
    await panel.node({ layer, signal: 'h', step: 3 }).click();
    await panel.press('Escape');
    await view.and(panel.frame.locator('[data-signal="h"][data-state="ready"]')).waitFor();
    await view.locator('.heatmap-plot').click({ position: await cell(1, 3) });
    await view.and(panel.frame.locator('[data-unit="1"]')).waitFor();
    const sizes = signals.h.flat().map(Math.abs);
    const reach = sizes.sort((a, b) => a - b)[Math.ceil(0.99 * sizes.length) - 1];
    const ends = panel.frame.locator('.legend + *, .unbounded');
    await panel.eventually('the scale in the legend', async () =>
      (await ends.allInnerTexts()).some((text) => text.includes(`h ±${Number(reach.toPrecision(2))}`)),
    );
    const colour = (text: string) => (text.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
    for (const step of (await panel.steps()).slice(0, 4)) {
      const filled = await panel
        .node({ layer, signal: 'h', step })
        .locator('rect')
        .first()
        .evaluate((rect) => getComputedStyle(rect).fill);
      const { x, y } = await cell(1, step);
      const drawn = await view
        .locator('.heatmap-plot canvas')
        .first()
        .evaluate(
          (canvas: HTMLCanvasElement, at) => {
            const ratio = canvas.width / canvas.clientWidth;
            return [...canvas.getContext('2d')!.getImageData(at.x * ratio, at.y * ratio, 1, 1).data];
          },
          { x, y },
        );
      colour(filled).forEach((channel, k) =>
        assert.ok(Math.abs(channel - drawn[k]) <= 6, `step ${step}: ${filled} and ${drawn.join()}`),
      );
    }
    await panel.node({ layer, signal: 'f', step: 3 }).click();
    await panel.press('Escape');
    await view.and(panel.frame.locator('[data-signal="f"][data-state="ready"]')).waitFor();
  });

  it('chooses steps that are dragged, which Escape lets go', async () => {
    const plot = view.locator('.heatmap-plot');
    const box = await placeOf(plot);
    const [from, to] = [await cell(0, 2), await cell(1, 6)];
    const { mouse } = rig.workbench.page;
    await mouse.move(box.x + from.x, box.y + from.y);
    await mouse.down();
    await mouse.move(box.x + to.x, box.y + to.y, { steps: 5 });
    await mouse.up();
    const range = view.locator('.heatmap-range');
    await panel.eventually('a range', async () => (await range.innerText()).includes('steps 3 – 7'));
    await at(1, 3);
    await view.getByRole('grid').focus();
    await panel.press('Escape');
    await range.waitFor({ state: 'hidden' });
  });

  it('is walked by keys over units and steps; Enter chooses and goes there', async () => {
    await view.locator('.heatmap-plot').click({ position: await cell(1, 3) });
    await at(1, 3);
    await view.getByRole('grid').focus();
    await panel.press('ArrowDown');
    await at(2, 3);
    await panel.press('ArrowRight');
    await at(2, 4);
    assert.equal(await view.getAttribute('data-unit'), '1', 'nothing is chosen before Enter');
    await panel.press('End');
    await at(2, steps - 1);
    await panel.press('Control+Home');
    await at(0, 0);
    await panel.press('PageDown');
    await at(UNITS - 1, 0);
    await panel.press('ArrowRight');
    await panel.press('Enter');
    await view.and(panel.frame.locator(`[data-unit="${UNITS - 1}"]`)).waitFor();
    await at(UNITS - 1, 1);
    await panel.press('Shift+ArrowRight');
    const range = view.locator('.heatmap-range');
    await panel.eventually('a range', async () => (await range.innerText()).includes('steps 2 – 3'));
    await panel.press('Escape');
  });

  it('orders the units, and shows another signal in the same order', async () => {
    await view.getByRole('button', { name: 'Variance' }).click();
    await view.and(panel.frame.locator('[data-order="variance"][data-state="ready"]')).waitFor();
    const variance = (unit: number, signal: string) => {
      const values = signals[signal].map((row) => row[unit]);
      const mean = values.reduce((sum, value) => sum + value) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    const ranked = (signal: string) =>
      Array.from({ length: UNITS }, (_, unit) => unit).sort(
        (a, b) => variance(b, signal) - variance(a, signal),
      );
    const walk = async () => {
      await view.getByRole('grid').focus();
      await panel.press('Control+Home');
      const units: number[] = [];
      for (let line = 1; line <= UNITS; line++) {
        if (line > 1) await panel.press('ArrowDown');
        await view.locator(`[role="row"][aria-rowindex="${line}"]`).waitFor({ state: 'attached' });
        units.push((await readCursor()).unit);
      }
      return units;
    };
    assert.deepEqual(await walk(), ranked('f'));
    await panel.node({ layer, signal: 'o', step: 2 }).click();
    await view
      .and(panel.frame.locator('[data-signal="o"][data-order="variance"][data-state="ready"]'))
      .waitFor();
    assert.deepEqual(await walk(), ranked('o'));
    await view.getByRole('button', { name: 'Similarity' }).click();
    await view.and(panel.frame.locator('[data-order="similarity"][data-state="ready"]')).waitFor();
    assert.deepEqual(
      (await walk()).sort(),
      Array.from({ length: UNITS }, (_, unit) => unit),
    );
  });

  it('shows the text itself, coloured by the unit, and goes to the token that is clicked', async () => {
    panel = await openRun(rig, 'word-tagger.rnn.json');
    view = await panel.openView('heatmap');
    const tagger = expected('word-tagger').layers.find((one) => one.layer === 'lstm')!;
    await view.locator('.heatmap-plot').click({ position: { x: 60, y: 12 } });
    await view.and(panel.frame.locator('[data-unit="0"]')).waitFor();
    await view.getByRole('button', { name: 'Text', exact: true }).click();
    const text = view.getByRole('group', { name: /coloured by unit 0 of lstm f/ });
    await text.click({ position: { x: 20, y: 12 } });
    await panel.frame.locator('section[data-view="overview"][data-playhead="0"]').waitFor();
    await panel.press('ArrowRight');
    const there = view.locator('[data-cursor][data-step="1"]:not([data-value=""])');
    await there.waitFor({ state: 'attached' });
    assertClose((await readCursor()).value, tagger.signals.f[1][0], 'unit 0 at 1');
  });

  it('shows the text in the colours of the diagram: of the mean again, where that is chosen', async () => {
    await panel.showMeasure('mean');
    await view.getByRole('group', { name: /coloured by mean of lstm f/ }).waitFor();
    const tagger = expected('word-tagger').layers.find((one) => one.layer === 'lstm')!;
    const readout = view.locator('.heatmap-readout');
    await panel.eventually('the mean', async () => /^mean · step 2 /.test(await readout.innerText()));
    const [, printed] = /mean · step 2 .* · ([−\d.e]+)$/.exec(await readout.innerText())!;
    const own = tagger.signals.f[1];
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    assertClose(Number(printed.replace('−', '-')), Number(mean.toPrecision(5)), 'the mean at step 2');
    await view.getByRole('button', { name: 'Text', exact: true }).click();
    await view.getByRole('grid').waitFor();
  });

  it('follows the playhead where it is zoomed', async () => {
    const long = {
      ...{ format: 'rnn-model', version: 1, name: 'long', input: { kind: 'vector', size: 1 } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 4 }],
      weights: { init: 'pytorch', seed: 4 },
      samples: [{ name: 'sine', values: Array.from({ length: 300 }, (_, t) => [Math.sin(t / 7)]) }],
    };
    rig.workspace.write('follow.rnn.json', JSON.stringify(long));
    panel = await openRun(rig, 'follow.rnn.json');
    view = await panel.openView('heatmap');
    const grid = view.getByRole('grid');
    await grid.focus();
    for (let k = 0; k < 8; k++) await panel.press('+');
    await view.getByRole('button', { name: 'Fit' }).waitFor();
    const plot = view.locator('.heatmap-plot');
    const readout = view.locator('.heatmap-readout');
    const { width, height } = await placeOf(plot);
    const { left, right, top } = frameOf({ width, height }, false);
    /** What is read at the ends of the map. */
    const ends = async () => {
      const steps: number[] = [];
      for (const x of [left + 2, right - 2]) {
        await plot.hover({ position: { x, y: top + 6 } });
        steps.push(Number(/step (\d+)/.exec(await readout.innerText())?.[1]));
      }
      return steps;
    };
    const field = panel.frame.locator('.step-field');
    for (const number of [201, 17, 300]) {
      await field.fill(String(number));
      await field.press('Enter');
      await panel.frame.locator(`section[data-view="overview"][data-playhead="${number - 1}"]`).waitFor();
      await panel.eventually(`step ${number} within a map of a few steps`, async () => {
        const [from, to] = await ends();
        return from <= number && number <= to && to - from < 60;
      });
    }
  });
});

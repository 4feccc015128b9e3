/** The memory lens: how far back the output at the playhead reaches. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gradient } from '../../../src/engine/gradient';
import { run } from '../../../src/engine/run';
import { NodeFolder } from '../../../src/platform/nodeFolder';
import { DEFAULT_LIMITS } from '../../../src/model/dialects/dialect';
import { readModel } from '../../../src/model/read';
import { formatPrecise } from '../../../src/picture/format';
import { EXAMPLES } from '../paths';
import { seriousFaults } from '../axe';
import { placeOf, type Panel } from '../workbench';
import { openRun, useVSCode } from './rig';

async function read(path: string) {
  const source = { text: readFileSync(path, 'utf8'), fileName: basename(path), limits: DEFAULT_LIMITS };
  const reading = await readModel({ ...source, folder: new NodeFolder(dirname(path)) });
  return { network: reading.network!, weights: reading.weights!, sequence: reading.samples[0].sequence };
}

describe('the memory lens', () => {
  const rig = useVSCode();
  let panel: Panel;

  before(async () => {
    for (const name of [
      'recall-rnn.rnn.json',
      'recall-rnn.safetensors',
      'recall-gru.rnn.json',
      'recall-gru.safetensors',
    ]) {
      rig.workspace.write(name, readFileSync(join(EXAMPLES, name)));
    }
    panel = await openRun(rig, 'recall-rnn.rnn.json');
  });

  const lens = (step: number) => panel.frame.locator(`.lens[data-step="${step}"]`);

  it('shows the gradient of the output at the last step, in numbers and in a sentence', async () => {
    await panel.press('End');
    await rig.workbench.runCommand('Gatescope: Show Memory');
    await lens(61).waitFor();
    assert.match(await lens(61).innerText(), /t = 61: how far .* reaches/);
    assert.match(
      await lens(61).innerText(),
      /reaches t = 0 at [\d.]+e-\d+ of its size: this network cannot learn/,
    );
    const { network, weights, sequence } = await read(join(EXAMPLES, 'recall-rnn.rnn.json'));
    const title = await lens(61).locator('h2').innerText();
    const unit = network.outputLabels?.findIndex((label) => title.includes(`“${label}”`)) ?? -1;
    const { layers } = await gradient(network, weights, sequence, { unit: Math.max(0, unit) });
    const chart = panel.frame.locator('.lens-chart svg');
    const box = await placeOf(chart);
    await chart.hover({ position: { x: box.width / 2, y: box.height / 2 } });
    const readout = await panel.frame.locator('.lens-readout').innerText();
    const [, step] = /t = (\d+)/.exec(readout)!;
    assert.ok(readout.endsWith(` ${formatPrecise(layers[0].dh[Number(step)])}`), readout);
  });

  it('draws the rails as thick as the gradient that goes back through them, while it is open', async () => {
    const { network, weights, sequence } = await read(join(EXAMPLES, 'recall-rnn.rnn.json'));
    const rows = (await run(network, weights, sequence)).output;
    const last = [...rows.values.slice(-rows.units)];
    const { layers } = await gradient(network, weights, sequence, { unit: last.indexOf(Math.max(...last)) });
    const { dh } = layers[0];
    const largest = Math.max(...dh);
    const thick = panel.frame.locator('.edgePaths path[data-gradient]');
    await thick.first().waitFor({ state: 'attached' });
    const found = await thick.evaluateAll((paths) =>
      paths.flatMap((path) => {
        const { from, gradient: norm } = (path as SVGPathElement).dataset;
        const node = path.closest('svg')!.querySelector<SVGElement>(`g.node[data-id="${from}"]`)!;
        const width = parseFloat(getComputedStyle(path).strokeWidth);
        return node.dataset.step ? [{ step: Number(node.dataset.step), norm: Number(norm), width }] : [];
      }),
    );
    assert.ok(found.length > 4, 'several rails');
    for (const { step, norm, width } of found) {
      assert.ok(Math.abs(norm / dh[step] - 1) < 1e-5, `${step}: ${norm} for ${dh[step]}`);
      assert.ok(Math.abs(width - Math.max(1, 6 + Math.log10(norm / largest))) < 0.02, `${step}: ${width}`);
    }
    await panel.frame.locator('.lens').getByRole('button', { name: 'Close' }).click();
    await panel.eventually('rails are as always', async () => (await thick.count()) === 0);
    await panel.openView('memory');
    await lens(61).waitFor();
  });

  it('follows the playhead, and lets it go to a step that is clicked', async () => {
    const chart = panel.frame.locator('.lens-chart svg');
    const box = await placeOf(chart);
    await chart.click({ position: { x: box.width / 2, y: box.height / 2 } });
    await panel.frame.locator('.lens:not([data-step="61"])').waitFor();
    const clicked = Number(await panel.frame.locator('.lens').getAttribute('data-step'));
    assert.equal(await panel.frame.locator('input[type="range"]').inputValue(), String(clicked));
    await panel.press('ArrowLeft');
    await lens(clicked - 1).waitFor();
  });

  /** Chooses what the view shows. */
  async function show(what: string): Promise<void> {
    await panel.frame.locator('.lens vscode-dropdown').first().click();
    await panel.frame.locator('.lens vscode-option', { hasText: what }).first().click();
  }

  it('shows the gradient of the chosen unit alone', async () => {
    await panel.press('End');
    await lens(61).waitFor();
    await show('One unit');
    await panel.frame.locator('.lens-name', { hasText: 'rnn, unit 0' }).waitFor();
    const { network, weights, sequence } = await read(join(EXAMPLES, 'recall-rnn.rnn.json'));
    const rows = (await run(network, weights, sequence)).output;
    const last = [...rows.values.slice(-rows.units)];
    const { layers } = await gradient(network, weights, sequence, { unit: last.indexOf(Math.max(...last)) });
    const chart = panel.frame.locator('.lens-chart svg');
    const box = await placeOf(chart);
    await chart.hover({ position: { x: box.width - 20, y: box.height / 2 } });
    const readout = await panel.frame.locator('.lens-readout').innerText();
    const [, step] = /t = (\d+)/.exec(readout)!;
    const value = Math.abs(layers[0].h[Number(step) * (layers[0].h.length / layers[0].rows)]);
    assert.ok(readout.endsWith(` ${formatPrecise(value)}`), `${readout} for ${value}`);
  });

  it('shows every output against every state: read by pointer and keys, a click goes to the output', async () => {
    await show('Every output');
    const view = panel.view('memory');
    const grid = view.getByRole('grid');
    await grid.waitFor();
    await panel.eventually('all is there', async () => (await view.getAttribute('data-state')) === 'ready');
    await grid.focus();
    const cursor = grid.locator('[data-cursor]');
    for (let times = 0; times < 7; times++) await panel.press('PageDown');
    for (const key of ['ArrowUp', 'End', 'ArrowLeft', 'PageUp', 'Home', 'ArrowRight', 'ArrowRight'])
      await panel.press(key);
    await panel.eventually('the cursor moves', async () => (await cursor.getAttribute('data-step')) === '1');
    const target = Number(await cursor.getAttribute('data-target'));
    assert.equal(target, 50);
    await panel.press('Home');
    await panel.eventually('the initial state', async () =>
      /from the initial state: \d/.test(await cursor.innerText()),
    );
    for (let times = 0; times < 2; times++) await panel.press('ArrowRight');
    await panel.eventually('back', async () => (await cursor.getAttribute('data-step')) === '1');
    const { network, weights, sequence } = await read(join(EXAMPLES, 'recall-rnn.rnn.json'));
    const { values, units } = (await run(network, weights, sequence)).output;
    const row = [...values.slice(target * units, (target + 1) * units)];
    const unit = row.indexOf(Math.max(...row));
    const { dh } = (await gradient(network, weights, sequence, { step: target, unit })).layers[0];
    const value = Number(await cursor.getAttribute('data-value'));
    assert.ok(Math.abs(value - dh[1]) <= 1e-5 * dh[1] + 1e-12 * Math.max(...dh), `${value} for ${dh[1]}`);
    const box = await placeOf(grid);
    const position = { x: box.width / 2, y: box.height * 0.7 };
    await grid.hover({ position });
    const said = await panel.frame.locator('.lens-readout').innerText();
    const [, at] = /output at t = (\d+) from the state at t = \d+: /.exec(said)!;
    await grid.click({ position });
    const slider = panel.frame.locator('input[type="range"]').first();
    await panel.eventually('it goes there', async () => (await slider.inputValue()) === at);
    assert.deepEqual(await seriousFaults(panel.frame), []);
    await show('All units');
  });

  it('draws the lines of the compared run over its own, by its name', async () => {
    await panel.frame.locator('h1').click();
    await panel.press('End');
    await lens(61).waitFor();
    await rig.workbench.runCommand('Gatescope: Compare With…');
    await rig.workbench.pickEntry('Another model file');
    await rig.workbench.chooseFile(rig.workspace.path('recall-gru.rnn.json'));
    const line = panel.frame.locator('.lens-line[data-run="compared"]');
    await panel.openView('memory');
    await line.waitFor();
    const row = panel.frame.locator('.lens-row').filter({ hasText: 'recall-gru.rnn.json: ' });
    assert.match(await row.innerText(), /The gradient from t = 61 reaches t = 0 at /);
    const { network, weights, sequence } = await read(rig.workspace.path('recall-gru.rnn.json'));
    const rows = (await run(network, weights, sequence)).output;
    const last = [...rows.values.slice(-rows.units)];
    const { layers } = await gradient(network, weights, sequence, { unit: last.indexOf(Math.max(...last)) });
    const chart = panel.frame.locator('.lens-chart svg');
    const box = await placeOf(chart);
    await chart.hover({ position: { x: box.width / 2, y: box.height / 2 } });
    const readout = await panel.frame.locator('.lens-readout').innerText();
    const [, step] = /t = (\d+)/.exec(readout)!;
    const norm = formatPrecise(layers[0].dh[Number(step)]);
    assert.match(readout, new RegExp(`recall-gru\\.rnn\\.json: [^·]* ${norm}$`));
    await panel.frame.locator('[data-compared]').getByRole('button').click();
    await line.waitFor({ state: 'detached' });
  });

  it('draws over a what-if the line of the run without it', async () => {
    await rig.workbench.runCommand('Gatescope: What If…');
    await rig.workbench.answer('rnn.h[0]@30=0');
    const line = panel.frame.locator('.lens-line[data-run="base"]');
    await line.waitFor();
    await panel.frame.locator('.lens-row').filter({ hasText: 'without the what-if: ' }).waitFor();
    await panel.frame.locator('[data-what-if]').getByRole('button').click();
    await line.waitFor({ state: 'detached' });
  });

  it('has a line for every layer, level and direction', async () => {
    panel = await openRun(rig, 'mixed-chain.rnn.json');
    await panel.frame.getByRole('button', { name: 'Memory' }).click();
    const lines = panel.frame.locator('.lens-line');
    await lines.first().waitFor();
    const { network } = await read(rig.workspace.path('mixed-chain.rnn.json'));
    const expected = network.layers.flatMap((layer) =>
      'levels' in layer
        ? Array.from({ length: layer.levels }, (_, level) =>
            layer.directions.map((direction) => `${layer.name} ${level} ${direction}`),
          ).flat()
        : [],
    );
    const found = await lines.evaluateAll((elements) =>
      elements.map(({ dataset: { layer, level, direction } }: HTMLElement | SVGElement) =>
        [layer, level, direction].join(' '),
      ),
    );
    assert.deepEqual(found, expected);
  });

  it('has its line at the playhead in a long sequence, of which it shows a part', async () => {
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'long', input: { kind: 'vector', size: 1 } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 8 }],
      weights: { init: 'pytorch', seed: 4 },
      samples: [{ name: 'sine', values: Array.from({ length: 6000 }, (_, t) => [Math.sin(t / 9)]) }],
    };
    rig.workspace.write('far.rnn.json', JSON.stringify(model));
    panel = await openRun(rig, 'far.rnn.json');
    await panel.openView('memory');
    const field = panel.frame.locator('.step-field');
    for (const step of [4000, 5999, 2345]) {
      await field.fill(String(step + 1));
      await field.press('Enter');
      await lens(step).waitFor();
      const places = await panel.frame.locator('.lens-chart svg').evaluate((svg) => ({
        line: Number(svg.querySelector('.lens-target')!.getAttribute('x1')),
        ticks: [...svg.querySelectorAll('.lens-step')].map((tick) => ({
          x: Number(tick.getAttribute('x')),
          step: Number(tick.textContent!.replaceAll(',', '')),
        })),
      }));
      const [first, last] = [places.ticks[0], places.ticks.at(-1)!];
      assert.ok(last.step - first.step < 2000 && last.step > first.step, 'a part is shown');
      const each = (last.x - first.x) / (last.step - first.step);
      assert.ok(Math.abs(first.x + (step - first.step) * each - places.line) < 1, JSON.stringify(places));
      // The pointer there reads the same step.
      const box = await placeOf(panel.frame.locator('.lens-chart svg'));
      await rig.workbench.page.mouse.move(box.x + places.line, box.y + box.height / 2);
      const readout = panel.frame.locator('.lens-readout');
      await panel.eventually(`t = ${step}`, async () =>
        (await readout.innerText()).startsWith(`t = ${step.toLocaleString('en')} `),
      );
    }
    await rig.workbench.runCommand('View: Close Editor');
    panel = await openRun(rig, 'mixed-chain.rnn.json');
  });

  it('is a view of the dock: named, said to be ready, opened and closed by its switch in the bar', async () => {
    const view = panel.frame.getByRole('region', { name: 'Memory' });
    assert.equal(await view.getAttribute('data-view'), 'memory');
    assert.equal(await view.getAttribute('data-state'), 'ready');
    const id = await view.getAttribute('id');
    const control = panel.frame.locator(`vscode-button[aria-controls="${id}"]`);
    assert.equal(await control.getAttribute('aria-pressed'), 'true');
    await control.click();
    await view.waitFor({ state: 'hidden' });
    assert.equal(await control.getAttribute('aria-pressed'), 'false');
    await control.click();
    await view.waitFor();
  });

  it('is made higher by the grip and its keys, and is as high after a reload', async () => {
    const height = async () => (await placeOf(panel.frame.locator('.dock'))).height;
    const usual = await height();
    const box = await placeOf(panel.frame.locator('.dock-grip'));
    const { mouse } = rig.workbench.page;
    await mouse.move(box.x + 300, box.y + 3);
    await mouse.down();
    await mouse.move(box.x + 300, box.y - 77, { steps: 4 });
    await mouse.up();
    await panel.eventually('the dock is higher', async () => Math.abs((await height()) - usual - 80) <= 4);
    const dragged = await height();
    await panel.frame.locator('.dock-grip').focus();
    await panel.press('ArrowUp');
    await panel.eventually('an arrow moves it', async () => (await height()) === dragged + 16);
    // What is kept is written a moment after the last change.
    await rig.workbench.page.waitForTimeout(1000);
    await rig.workbench.reload();
    panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    assert.equal(await height(), dragged + 16);
    await panel.frame.locator('.dock-grip').dblclick();
    await panel.eventually('a double click gives the usual height', async () => (await height()) === usual);
  });

  it('is closed by its button, and stays closed', async () => {
    await panel.frame.locator('.lens').getByRole('button', { name: 'Close' }).click();
    await panel.frame.locator('.lens').waitFor({ state: 'hidden' });
    await panel.press('End');
    assert.ok(await panel.frame.locator('.lens').isHidden());
  });
});

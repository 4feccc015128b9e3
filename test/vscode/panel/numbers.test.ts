/** The main road: open a model, see it unrolled, run a sample, hover a gate. Numbers against PyTorch's. */
import assert from 'node:assert/strict';
import { assertCard, assertClose, expected, openRun, useVSCode } from './rig';

describe('numbers in the panel', () => {
  const rig = useVSCode();

  for (const fixture of ['lstm', 'gru', 'rnn-tanh', 'rnn-relu']) {
    it(`are PyTorch's for every signal and step of ${fixture}`, async () => {
      const panel = await openRun(rig, `${fixture}.rnn.json`);
      for (const { layer, level, direction, signals } of expected(fixture).layers) {
        for (const [signal, rows] of Object.entries(signals)) {
          for (const step of await panel.steps()) {
            const address = { layer, level, direction, signal, step };
            assertCard(await panel.hover(address), rows[step], address);
          }
        }
      }
    });
  }

  for (const fixture of [
    'lstm-projected-stacked-bidirectional',
    'gru-reset-before-bidirectional',
    'mixed-chain',
  ]) {
    it(`are PyTorch's for every signal of ${fixture}`, async () => {
      const panel = await openRun(rig, `${fixture}.rnn.json`);
      for (const { layer, level, direction, signals } of expected(fixture).layers) {
        for (const [signal, rows] of Object.entries(signals)) {
          const step = rows.length > 1 ? 2 : expected(fixture).steps - 1;
          const address = { layer, level, direction, signal, step };
          if ((await panel.node(address).count()) === 0) {
            assert.equal(signal, 'y', `${layer} ${signal} has no node`);
            continue; // A dropout layer changes nothing and may have none.
          }
          assertCard(await panel.hover(address), rows.at(rows.length > 1 ? step : -1)!, address);
        }
      }
    });
  }

  it('include the share of saturated units', async () => {
    const panel = await openRun(rig, 'saturated.rnn.json');
    const { layer, signals } = expected('saturated').layers[0];
    const saturated = {
      f: (value: number) => value < 0.1 || value > 0.9,
      g: (value: number) => Math.abs(value) > 0.9,
      h: (value: number) => Math.abs(value) > 0.9,
    };
    for (const [signal, is] of Object.entries(saturated)) {
      const vector = signals[signal][3];
      const card = await panel.hover({ layer, signal, step: 3 });
      assertClose(card.saturated, vector.filter(is).length / vector.length, `${signal}, saturated`);
    }
    assert.ok(
      Number.isNaN((await panel.hover({ layer, signal: 'c', step: 3 })).saturated),
      'c has no saturation',
    );
  });

  it('are on the nodes: their mean', async () => {
    const panel = await openRun(rig, 'lstm.rnn.json');
    const { layer, signals } = expected('lstm').layers[0];
    for (const [signal, rows] of Object.entries(signals)) {
      for (const step of await panel.steps()) {
        const mean = await panel.node({ layer, signal, step }).getAttribute('data-mean');
        assertClose(
          Number(mean),
          rows[step].reduce((sum, value) => sum + value, 0) / rows[step].length,
          `${signal} ${step}`,
        );
      }
    }
  });

  it("follow a sample that is typed: the network's input shows it", async () => {
    await openRun(rig, 'lstm.rnn.json');
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Type numbers…');
    await rig.workbench.answer('1, 2, 3; 4, 5, 6; 7, 8, 9');
    const panel = await rig.workbench.panel('ready');
    const third = panel.node({ layer: 'input', signal: 'x', step: 2 });
    await third.waitFor();
    await panel.frame.waitForFunction(
      () => document.querySelectorAll('g[data-layer="input"][data-signal="x"]').length === 3,
    );
    const card = await panel.hover({ layer: 'input', signal: 'x', step: 2 });
    assert.deepEqual(card.values, [7, 8, 9]);
  });

  it('come from the palette: a named sample', async () => {
    await rig.workbench.openFile('gru.rnn.json');
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickFirst();
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    const { layer, signals } = expected('gru').layers[0];
    assertCard(await panel.hover({ layer, signal: 'z', step: 1 }), signals.z[1], {
      layer,
      signal: 'z',
      step: 1,
    });
  });

  it('say how many features of a very long sequence are not shown, in their place', async () => {
    const [steps, size] = [30_000, 48];
    const line = Array.from({ length: size }, (_, feature) => ((feature % 5) - 2) / 2).join(',');
    const header = Array.from({ length: size }, (_, feature) => `f${feature}`).join(',');
    rig.workspace.write('many.csv', `${header}\n${`${line}\n`.repeat(steps)}`);
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'Many', input: { kind: 'vector', size } },
      layers: [{ name: 'rnn', type: 'rnn', hidden_size: 1 }],
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name: 'rows', file: 'many.csv' }],
    };
    rig.workspace.write('many.rnn.json', JSON.stringify(model));
    await rig.workbench.openFile('many.rnn.json');
    const panel = await rig.workbench.panel('ready');
    const node = panel.node({ layer: 'input', signal: 'x', step: 0 });
    // A million numbers are sent at most, so that of 30,000 steps 34 features are.
    await panel.eventually('what is missing', async () => (await node.getAttribute('data-unsent')) === '14');
    assert.equal(await node.locator('.unsent').textContent(), '+14');
    const which = await node.locator('g:has(> .unsent) > title').textContent();
    assert.match(which!, /features 34 to 47$/);
    const bars = await node.locator('.bars').evaluateAll((all) => all.map((one) => one.getAttribute('d')));
    assert.deepEqual(
      bars.map((d) => d!.split('z').length - 1),
      [13, 14],
    );
  });

  it('are of one unit in the layer that is chosen; elsewhere stands what stood there', async () => {
    const panel = await openRun(rig, 'word-tagger.rnn.json');
    const lstm = expected('word-tagger').layers.find((one) => one.layer === 'lstm')!;
    const texts = () =>
      panel.frame.locator('g[data-signal]').evaluateAll((all) =>
        all.map((one) => ({
          layer: (one as SVGElement).dataset.layer!,
          text: [...one.querySelectorAll('text')]
            .filter((text) => text.getAttribute('visibility') !== 'hidden')
            .map((text) => text.textContent)
            .join(' '),
          fill: getComputedStyle(one.querySelector('rect')!).fill,
        })),
      );
    const before = await texts();
    await panel.showMeasure('unit');
    await panel.frame.locator('.unit-number').fill('1');
    const node = panel.node({ layer: 'lstm', signal: 'f', step: 2 });
    const printed = lstm.signals.f[2][1].toFixed(2).replace(/^0/, '');
    await panel.eventually('the number of the unit', async () =>
      (await node.textContent())!.includes(printed),
    );
    const elsewhere = (all: typeof before) => all.filter(({ layer }) => layer !== 'lstm');
    assert.deepEqual(elsewhere(await texts()), elsewhere(before));
    assert.ok(elsewhere(before).length > 4);
    const legend = panel.frame.locator('.legend');
    assert.match(await legend.innerText(), /^unit 1 in lstm, mean elsewhere:\s+0\s+1/);
    await panel.showMeasure('mean');
    await panel.eventually('means', async () => (await legend.innerText()).startsWith('mean:'));
    assert.deepEqual(await texts(), before);
  });

  it('stand as bars where a vector has many features, on the scale of the largest of each', async () => {
    const values = Array.from({ length: 6 }, (_, t) =>
      Array.from({ length: 9 }, (_, feature) => (feature === 8 ? 0 : Math.cos(t + feature) * 10 ** feature)),
    );
    const features = ['wind', 'rain', 'sun', 'cloud', 'snow', 'hail', 'fog', 'dew', 'frost'];
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'Weather', input: { kind: 'vector', size: 9, features } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 3 }],
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name: 'days', values }],
    };
    rig.workspace.write('weather.rnn.json', JSON.stringify(model));
    const panel = await openRun(rig, 'weather.rnn.json');
    const names = await panel.frame.locator('.diagram-scroll .labels .row-feature').allTextContents();
    assert.deepEqual(
      names.map((name) => name.slice(0, 3)),
      features.map((name) => name.slice(0, 3)),
    );
    for (const step of await panel.steps()) {
      const node = panel.node({ layer: 'input', signal: 'x', step });
      const reach = features.map((_, feature) => Math.max(...values.map((row) => Math.abs(row[feature]))));
      const shares = values[step].slice(0, 8).map((value, feature) => value / reach[feature]);
      const longest = 64 / 2 - 6;
      for (const [side, own] of [
        ['above', shares.filter((share) => share > 0)],
        ['below', shares.filter((share) => share < 0)],
      ] as const) {
        const drawn = await node.locator(`.bars.${side}`).getAttribute('d');
        const widths = [...drawn!.matchAll(/h(-?[\d.]+)/g)].map(([, width]) => Number(width));
        assert.equal(widths.length, own.length, 'no bar where all is 0');
        own.forEach((share, k) => assert.ok(Math.abs(widths[k] - share * longest) <= 0.051));
      }
    }
  });

  it('have a broken line in the place of a feature that is not one', async () => {
    const size = 9;
    const features = Array.from({ length: 60 }, (_, feature) => `f${feature}`);
    const values = [Array.from({ length: size }, (_, feature) => feature + 1)];
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'Gap', input: { kind: 'vector', size } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 2 }],
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name: 'one', values }],
    };
    rig.workspace.write('gap.rnn.json', JSON.stringify(model));
    const panel = await openRun(rig, 'gap.rnn.json');
    const node = panel.node({ layer: 'input', signal: 'x', step: 0 });
    assert.equal((await node.locator('.broken').getAttribute('d')) ?? '', '');
    // No file gives such a sequence: every reader refuses it. The page is told of one.
    await panel.frame.evaluate(() => {
      const values = Float32Array.of(1, 2, NaN, 4, 5, Infinity, 7, 8, 9);
      const inputs = { kind: 'vector', size: 9, shown: 9, values };
      window.postMessage(
        { type: 'offered', sequence: { sample: null, title: 'gap', steps: 1, inputs } },
        '*',
      );
    });
    await panel.eventually('two broken lines', async () => {
      const drawn = (await node.locator('.broken').getAttribute('d')) ?? '';
      return drawn.split('M').length - 1 === 2;
    });
    const bars = await node.locator('.bars.above').getAttribute('d');
    assert.equal(bars!.split('z').length - 1, 7);

    const wide = {
      ...model,
      name: 'Wide',
      input: { kind: 'vector', size: 60, features },
      samples: [{ name: 'one', values: [features.map(() => 1)] }],
    };
    rig.workspace.write('wide.rnn.json', JSON.stringify(wide));
    const other = await openRun(rig, 'wide.rnn.json');
    const last = other.frame.locator('.diagram-scroll .labels .row-feature', { hasText: '+12' });
    assert.match((await last.locator('title').textContent())!, /without a place here: f48, f49, .*, f59$/);
  });
});

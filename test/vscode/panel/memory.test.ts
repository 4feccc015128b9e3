/** The memory lens: how far back the output at the playhead reaches. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gradient } from '../../../src/engine/gradient';
import { NodeFolder } from '../../../src/platform/nodeFolder';
import { DEFAULT_LIMITS } from '../../../src/model/dialects/dialect';
import { readModel } from '../../../src/model/read';
import { formatPrecise } from '../../../webview/ui/format';
import { EXAMPLES } from '../paths';
import type { Panel } from '../workbench';
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
    for (const name of ['recall-rnn.rnn.json', 'recall-rnn.safetensors']) {
      rig.workspace.write(name, readFileSync(join(EXAMPLES, name)));
    }
    panel = await openRun(rig, 'recall-rnn.rnn.json');
  });

  const lens = (step: number) => panel.frame.locator(`.lens[data-step="${step}"]`);

  it('shows the gradient of the output at the last step, in numbers and in a sentence', async () => {
    await panel.press('End');
    await rig.workbench.runCommand('Gatescope: Show Memory');
    await lens(61).waitFor();
    assert.match(await lens(61).innerText(), /at t = 61 reaches/);
    assert.match(
      await lens(61).innerText(),
      /reaches step 0 at [\d.]+e-\d+ of its size: this network cannot learn/,
    );
    const { network, weights, sequence } = await read(join(EXAMPLES, 'recall-rnn.rnn.json'));
    const title = await lens(61).locator('h2').innerText();
    const unit = network.outputLabels?.findIndex((label) => title.includes(`“${label}”`)) ?? -1;
    const { layers } = await gradient(network, weights, sequence, { unit: Math.max(0, unit) });
    const chart = panel.frame.locator('.lens-chart svg');
    const box = (await chart.boundingBox())!;
    await chart.hover({ position: { x: box.width / 2, y: box.height / 2 } });
    const readout = await panel.frame.locator('.lens-readout').innerText();
    const [, step] = /t = (\d+)/.exec(readout)!;
    assert.ok(readout.endsWith(` ${formatPrecise(layers[0].dh[Number(step)])}`), readout);
  });

  it('follows the playhead, and lets it go to a step that is clicked', async () => {
    const chart = panel.frame.locator('.lens-chart svg');
    const box = (await chart.boundingBox())!;
    await chart.click({ position: { x: box.width / 2, y: box.height / 2 } });
    await panel.frame.locator('.lens:not([data-step="61"])').waitFor();
    const clicked = Number(await panel.frame.locator('.lens').getAttribute('data-step'));
    assert.equal(await panel.frame.locator('input[type="range"]').inputValue(), String(clicked));
    await panel.press('ArrowLeft');
    await lens(clicked - 1).waitFor();
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

  it('is closed by its button, and stays closed', async () => {
    await panel.frame.locator('.lens').getByRole('button', { name: 'Close' }).click();
    await panel.frame.locator('.lens').waitFor({ state: 'hidden' });
    await panel.press('End');
    assert.ok(await panel.frame.locator('.lens').isHidden());
  });
});

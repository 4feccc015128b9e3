/** Sequences far longer than the window. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../paths';
import { assertCard, openRun, useVSCode } from './rig';

const STEPS = 1000;

/** Computed on two threads where there are two. */
const UNITS = 256;

const LONG = JSON.stringify({
  format: 'rnn-model',
  version: 1,
  name: 'Long',
  input: { kind: 'vector', size: 1 },
  layers: [{ name: 'lstm', type: 'lstm', hidden_size: UNITS }],
  weights: { init: 'pytorch', seed: 7 },
  samples: [{ name: 'sine', values: Array.from({ length: STEPS }, (_, t) => [Math.sin(t / 5)]) }],
});

describe('a long sequence', () => {
  const rig = useVSCode();

  it('is walked from end to end without a new layout, with the numbers of the command line', async () => {
    rig.workspace.write('long.rnn.json', LONG);
    const panel = await openRun(rig, 'long.rnn.json');
    const printed = execFileSync(
      process.execPath,
      [join(ROOT, 'dist/cli.js'), 'run', rig.workspace.path('long.rnn.json'), '--json'],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    const { layers } = JSON.parse(printed) as { layers: { signals: Record<string, number[][]> }[] };
    await panel.frame.evaluate(() =>
      document.querySelector('svg g[data-signal]')!.setAttribute('data-by-test', ''),
    );
    const columns = (await panel.steps()).length;
    assert.ok(columns >= 3, `${columns} columns`);
    const slider = panel.frame.locator('input[type="range"]');
    for (const step of [999, 500, 37, 0]) {
      await slider.fill(String(step));
      const where = { layer: 'lstm', signal: 'f', step };
      await panel.node(where).waitFor();
      assertCard(await panel.hover(where), layers[0].signals.f[step], where);
      assert.equal((await panel.steps()).length, columns);
      await rig.workbench.page.mouse.move(5, 5);
    }
    assert.equal(await panel.frame.locator('[data-by-test]').count(), 1, 'the same picture was patched');
  });
});

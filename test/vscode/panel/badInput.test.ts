/** What is unusual or wrong, in every view: the panel says what is so, shows what there is, and waits for nothing for ever. */
import assert from 'node:assert/strict';
import { OVERFLOW } from '../../unit/overflow';
import { placeOf, type Panel } from '../workbench';
import { useVSCode } from './rig';

const VIEWS = ['output', 'memory', 'heatmap'] as const;

interface Parts {
  readonly input?: object;
  readonly layers: readonly object[];
  readonly weights?: object;
  readonly samples?: readonly object[];
}

function model(name: string, { input = { kind: 'vector', size: 1 }, ...parts }: Parts): string {
  const weights = { init: 'pytorch', seed: 7 };
  return JSON.stringify({ format: 'rnn-model', version: 1, name, input, weights, ...parts });
}

const sine = (steps: number) => Array.from({ length: steps }, (_, t) => [Math.sin(t / 3)]);

describe('bad input', () => {
  const rig = useVSCode({ 'files.autoSave': 'onFocusChange' });

  afterEach(async () => {
    await rig.workbench.runCommand('Notifications: Clear All Notifications');
    await rig.workbench.runCommand('View: Close All Editors');
  });

  async function open(name: string, parts: Parts): Promise<Panel> {
    rig.workspace.write(`${name}.rnn.json`, model(name, parts));
    await rig.workbench.openFile(`${name}.rnn.json`);
    const panel = await rig.workbench.panel('ready');
    const run = panel.frame.locator('g[data-mean]').first();
    // On a machine that is busy the run may wait to be asked for.
    const notice = panel.frame.locator('.not-run:visible');
    await run.or(notice).first().waitFor();
    if (await notice.isVisible()) await notice.locator('vscode-button').click();
    await panel.hasRun();
    return panel;
  }

  /** Opens every view and waits until it says what it is; each by itself, so that all have room. */
  async function lookAtAll(panel: Panel): Promise<Record<(typeof VIEWS)[number], string>> {
    const seen: Record<string, string> = {};
    for (const view of VIEWS) {
      const control = panel.frame.locator(`vscode-button[aria-controls="view-${view}"]`);
      if ((await control.getAttribute('aria-pressed')) === 'false') await control.click();
      const section = panel.view(view);
      await panel.eventually(`${view} at rest`, async () =>
        ['ready', 'empty', 'error'].includes((await section.getAttribute('data-state')) ?? ''),
      );
      seen[view] = await section.innerText();
      assert.ok(seen[view].trim().length > 10, `${view} says: ${seen[view]}`);
    }
    const strip = panel.frame.locator('[data-view="overview"]');
    assert.equal(await strip.getAttribute('data-state'), 'ready');
    await panel.frame.locator('footer', { hasText: /ran [\d,]+ steps?/ }).waitFor();
    return seen as Record<(typeof VIEWS)[number], string>;
  }

  it('a number that is none is refused where it is typed, and named where a file has it', async () => {
    const panel = await open('plain', {
      layers: [{ name: 'rnn', type: 'rnn', hidden_size: 2 }],
      samples: [{ name: 'sine', values: sine(5) }],
    });
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Type numbers');
    const box = rig.workbench.page.locator('.quick-input-widget');
    await box.locator('.input').first().fill('1, NaN, 3');
    await box.getByText(/NaN/).first().waitFor();
    await rig.workbench.page.keyboard.press('Escape');
    rig.workspace.write('gap.csv', '1\n2\nnan\n4\n');
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('Choose a file');
    await rig.workbench.chooseFile(rig.workspace.path('gap.csv'));
    const message = await rig.workbench.notification();
    assert.match(await message.innerText(), /line 3, column 1: expected a number, found "nan"/);
    await panel.reaches('ready');
    assert.equal((await panel.steps()).length, 5, 'what was shown before still is');
  });

  it('samples that cannot be read are said to be that, not to be missing', async () => {
    rig.workspace.write(
      'unread.rnn.json',
      model('unread', {
        layers: [{ name: 'rnn', type: 'rnn', hidden_size: 2 }],
        samples: [{ name: 'gap', values: [[1], ['NaN'], [3]] }],
      }),
    );
    await rig.workbench.openFile('unread.rnn.json');
    const panel = await rig.workbench.panel('error');
    await panel.frame.getByText('No sample of this model can be read.').waitFor();
    await panel.frame.getByText(/samples\[0\]\.values\[1\]\[0\]: expected a number, found "NaN"/).waitFor();
  });

  it('a sequence that is not a number from its middle on', async () => {
    const panel = await open('diverges', {
      ...OVERFLOW,
      samples: [{ name: 'grows', values: Array.from({ length: 8 }, () => [1]) }],
    });
    const y = panel.node({ layer: 'fc', signal: 'y', step: 4 });
    assert.equal(await y.getAttribute('data-nonfinite'), '');
    assert.equal(
      await panel.node({ layer: 'fc', signal: 'y', step: 0 }).getAttribute('data-nonfinite'),
      null,
    );
    const card = await panel.hover({ layer: 'fc', signal: 'y', step: 4 });
    assert.ok(Number.isNaN(card.mean) && Number.isNaN(card.min) && card.values.every(Number.isNaN));
    assert.match(card.text, /mean\s+NaN[^]*2 of 2 values are not finite/);
    const infinite = await panel.hover({ layer: 'rnn', signal: 'h', step: 2 });
    assert.deepEqual([infinite.mean, infinite.max], [Infinity, Infinity]);
    await panel.press('End');
    const seen = await lookAtAll(panel);
    assert.match(seen.memory, /The chosen output is not a finite number: it has no gradient\./);
    assert.match(seen.output, /NaN|not a number|not numbers/i);
    await panel.node({ layer: 'fc', signal: 'y', step: 7 }).click();
    await panel.eventually('the heat map of y', async () =>
      /NaN or infinite/.test(await panel.view('heatmap').innerText()),
    );
  });

  it('a constant signal', async () => {
    const panel = await open('constant', {
      layers: [
        { name: 'rnn', type: 'rnn', hidden_size: 3 },
        { name: 'fc', type: 'linear', out_features: 1 },
      ],
      weights: {
        values: {
          ...{
            'rnn.weight_ih_l0': [[0], [0], [0]],
            'rnn.bias_ih_l0': [0, 0, 0],
            'rnn.bias_hh_l0': [0, 0, 0],
          },
          'rnn.weight_hh_l0': [
            [0, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
          ],
          ...{ 'fc.weight': [[0, 0, 0]], 'fc.bias': [0.25] },
        },
      },
      samples: [{ name: 'ones', values: Array.from({ length: 12 }, () => [1]) }],
    });
    await panel.node({ layer: 'rnn', signal: 'h', step: 1 }).click();
    await panel.press('Escape');
    const seen = await lookAtAll(panel);
    assert.match(seen.heatmap, /every value is 0/);
    assert.match(seen.memory, /No gradient reaches this layer/);
    for (const order of ['Similarity', 'First active', 'Variance']) {
      await panel.view('heatmap').getByRole('button', { name: order }).click();
      await panel.view('heatmap').and(panel.frame.locator('[data-state="ready"]')).waitFor();
    }
  });

  for (const [what, hidden, steps] of [
    ['one unit', 1, 9],
    ['one step', 6, 1],
    ['one unit and one step', 1, 1],
  ] as const) {
    it(what, async () => {
      const panel = await open(what.replaceAll(' ', '-'), {
        layers: [
          { name: 'lstm', type: 'lstm', hidden_size: hidden },
          { name: 'fc', type: 'linear', out_features: 1 },
        ],
        samples: [{ name: 'sine', values: sine(steps) }],
      });
      const card = await panel.hover({ layer: 'lstm', signal: 'f', step: 0 });
      assert.equal(card.values.length, hidden);
      const seen = await lookAtAll(panel);
      const units = hidden === 1 ? '1 unit' : `${hidden} units`;
      assert.ok(
        seen.heatmap.includes(`${units} × ${steps === 1 ? '1 step' : `${steps} steps`}`),
        seen.heatmap,
      );
      await panel.view('heatmap').getByRole('button', { name: 'Similarity' }).click();
      await panel.view('heatmap').and(panel.frame.locator('[data-order="similarity"]')).waitFor();
      assert.equal(await panel.frame.locator('.step-field').isDisabled(), steps === 1);
      if (steps === 1) assert.match(seen.memory, /no other step to reach/);
    });
  }

  it('4,096 units', async () => {
    const panel = await open('wide', {
      layers: [
        { name: 'rnn', type: 'rnn', hidden_size: 4096 },
        { name: 'fc', type: 'linear', out_features: 1 },
      ],
      samples: [{ name: 'sine', values: sine(6) }],
    });
    const card = await panel.hover({ layer: 'rnn', signal: 'h', step: 5 });
    assert.equal(card.values.length, 4096);
    const seen = await lookAtAll(panel);
    assert.ok(seen.heatmap.includes('4,096 units × 6 steps'), seen.heatmap);
    await panel.view('heatmap').getByRole('button', { name: 'Similarity' }).click();
    await panel.view('heatmap').and(panel.frame.locator('[data-order="similarity"]')).waitFor();
  });

  it('a selection that the new model no longer has', async () => {
    const lstm = (hidden: number) => ({
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: hidden }],
      samples: [{ name: 'sine', values: sine(9) }],
    });
    rig.workspace.write('shrinks.rnn.json', model('shrinks', lstm(7)));
    await rig.workbench.openFile('shrinks.rnn.json');
    await rig.workbench.panel('ready');
    await rig.workbench.runCommand('Gatescope: Open Source');
    await rig.workbench.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
    await rig.workbench.page.waitForTimeout(500);
    await rig.workbench.runCommand('Gatescope: Open Unrolled View to the Side');
    const panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    await panel.node({ layer: 'lstm', signal: 'o', step: 2 }).click();
    await panel.press('Escape');
    const section = await panel.openView('heatmap');
    await section.getByRole('button', { name: 'Variance' }).click();
    const map = section.locator('[role="grid"], [tabindex="0"] canvas, canvas').first();
    const box = await placeOf(map);
    await rig.workbench.page.mouse.click(box.x + box.width / 2, box.y + box.height / 3);
    await panel.eventually('a unit', async () => (await section.getAttribute('data-unit')) !== '');
    await rig.workbench.replaceText(model('shrinks', lstm(1)));
    await panel.eventually('one unit', async () => (await section.innerText()).includes('1 unit ×'));
    assert.equal(await section.getAttribute('data-signal'), 'o', 'the gate is still there');
    assert.ok(['', '0'].includes((await section.getAttribute('data-unit'))!));
    const gru = { ...lstm(3), layers: [{ name: 'gru', type: 'gru', hidden_size: 3 }] };
    await rig.workbench.replaceText(model('shrinks', gru));
    await panel.eventually('another layer', async () => (await section.getAttribute('data-layer')) === 'gru');
    await panel.eventually('at rest', async () => (await section.getAttribute('data-state')) === 'ready');
    await lookAtAll(panel);
    const still = { ...gru, layers: [{ name: 'fc', type: 'linear', out_features: 2 }] };
    await rig.workbench.replaceText(model('shrinks', still));
    await panel.frame.locator('g[data-layer="fc"]').first().waitFor();
    await panel.eventually('the input', async () => (await section.getAttribute('data-layer')) === 'input');
    await panel.eventually('at rest', async () => (await section.getAttribute('data-state')) === 'ready');
  });

  it('a question about a run that another has followed', async () => {
    const panel = await open('followed', {
      layers: [
        { name: 'lstm', type: 'lstm', hidden_size: 24 },
        { name: 'fc', type: 'linear', out_features: 1 },
      ],
      samples: [
        { name: 'long', values: sine(8000) },
        { name: 'short', values: sine(30) },
      ],
    });
    await panel.frame.locator('vscode-button[aria-controls="view-memory"]').click();
    // The gradient of 8,000 steps takes its time; meanwhile the other sample is chosen.
    await rig.workbench.runCommand('Gatescope: Run Sample Sequence…');
    await rig.workbench.pickEntry('short');
    await panel.frame.locator('footer', { hasText: 'ran 30 steps' }).waitFor();
    const section = panel.view('memory');
    await panel.eventually(
      'the memory of the newer run',
      async () =>
        (await section.getAttribute('data-state')) === 'ready' &&
        (await section.locator('.lens').getAttribute('data-step')) === '29',
    );
    assert.equal(await panel.frame.getByRole('alert').filter({ visible: true }).count(), 0);
  });

  it('a message of the wrong shape', async () => {
    const panel = await open('forged', {
      layers: [{ name: 'rnn', type: 'rnn', hidden_size: 2 }],
      samples: [{ name: 'sine', values: sine(5) }],
    });
    // As the page's own way to the host sends it.
    await panel.say({ type: 'run', sample: 7 });
    const alert = panel.frame.getByRole('alert');
    await alert.getByText('The panel sent a message that the extension does not understand.').waitFor();
    await panel.frame.getByTitle('Dismiss').click();
    await panel.reaches('ready');
    await lookAtAll(panel);
  });

  it('a window that is reloaded in the middle of a run', async () => {
    rig.workspace.write(
      'slow.rnn.json',
      model('slow', {
        layers: [{ name: 'lstm', type: 'lstm', hidden_size: 512 }],
        samples: [{ name: 'long', values: sine(12_000) }],
      }),
    );
    await rig.workbench.openFile('slow.rnn.json');
    let panel = await rig.workbench.panel('ready');
    const notice = () => panel.frame.locator('.not-run:visible');
    await notice().waitFor();
    await notice().locator('vscode-button').click();
    await panel.reaches('running');
    await rig.workbench.reload();
    panel = await rig.workbench.panel('ready');
    await notice()
      .getByText(/^Not run yet; this would take about \d+ s\.$/)
      .waitFor();
    assert.equal(await panel.frame.locator('input[type="range"]').getAttribute('max'), '11999');
    assert.equal(await panel.frame.locator('g[data-mean]').count(), 0);
    await notice().locator('vscode-button').click();
    await panel.reaches('running');
    await panel.frame.getByTitle('Cancel').click();
    await notice().waitFor();
  });
});

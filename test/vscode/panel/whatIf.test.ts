/** What-ifs, as a person makes them: by the card, the menu, the palette; against PyTorch's runs with the same held. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths';
import type { Panel } from '../workbench';
import { assertCard, assertClose, expected, openRun, useVSCode } from './rig';

const HELD: Record<string, Record<string, number[][]>> = JSON.parse(
  readFileSync(join(ROOT, 'test/fixtures/whatif/expected.json'), 'utf8'),
) as Record<string, Record<string, number[][]>>;

const { layer, signals } = expected('lstm').layers[0];
const meanOf = (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0) / row.length;

describe('what if', () => {
  const rig = useVSCode();
  let panel: Panel;

  const chip = (set: string) => panel.frame.locator(`[data-what-if="${set}"]`);
  const f = { layer, signal: 'f', step: 1 } as const;

  async function meansAre(of: Record<string, readonly (readonly number[])[]>, step: number): Promise<void> {
    for (const signal of ['f', 'c', 'h']) {
      const node = panel.node({ layer, signal, step });
      const wanted = meanOf(of[signal][step]);
      await panel.eventually(`${signal} at ${step} is ${wanted}`, async () => {
        const mean = Number(await node.getAttribute('data-mean'));
        return Math.abs(mean - wanted) < 1e-5;
      });
    }
  }

  before(async () => {
    panel = await openRun(rig, 'lstm.rnn.json');
    await panel.frame.getByTitle('First step (Home)').click();
  });

  afterEach(async () => {
    await panel.press('Escape');
    const clear = panel.frame.locator('.what-if vscode-button', { hasText: 'Clear' });
    if (await clear.isVisible()) await clear.click();
    await meansAre(signals, 1);
  });

  it('the forget gate stays open is one click in its card; the picture shows what changes', async () => {
    await panel.hover(f);
    await panel.frame.locator('.card vscode-button', { hasText: 'stays open' }).click();
    await chip('lstm.f=1').waitFor();
    await meansAre(HELD['lstm.f=1'], 1);
    const node = panel.node({ layer, signal: 'c', step: 1 });
    const change = meanOf(HELD['lstm.f=1'].c[1]) - meanOf(signals.c[1]);
    assertClose(Number(await node.getAttribute('data-change')), change, 'change of c');
    await node.locator('.ghost[visibility="visible"]').waitFor();
    assert.equal(await panel.node(f).getAttribute('data-held'), '');
    assertCard(await panel.hover({ layer, signal: 'h', step: 1 }), HELD['lstm.f=1'].h[1], {
      ...{ layer, signal: 'h', step: 1 },
    });
  });

  it('is made in the menu of a signal, and taken back by its chip, undone and done again', async () => {
    await panel.node(f).click({ button: 'right' });
    await rig.workbench.chooseInMenu('What If It Stays Open');
    await meansAre(HELD['lstm.f=1'], 1);
    await chip('lstm.f=1').getByRole('button').click();
    await meansAre(signals, 1);
    await panel.frame.getByTitle('Undo the last what-if').click();
    await meansAre(HELD['lstm.f=1'], 1);
    await panel.frame.getByTitle('Undo the last what-if').click();
    await meansAre(signals, 1);
    await panel.frame.getByTitle('Redo what was undone').click();
    await meansAre(HELD['lstm.f=1'], 1);
  });

  it('is typed in the palette, several at once; what cannot be done says why, and the rest is done', async () => {
    await rig.workbench.runCommand('Gatescope: What If…');
    const input = rig.workbench.page.locator('.quick-input-widget .input').first();
    await input.fill('lstm.q=0');
    await rig.workbench.page
      .locator('.quick-input-widget', { hasText: 'expected one of the signals i, f, g, o' })
      .waitFor();
    await input.fill('lstm.h0=0.5');
    await rig.workbench.page.keyboard.press('Enter');
    await meansAre(HELD['lstm.h0=0.5'], 1);
    await panel.frame.getByTitle('Copy the what-ifs as text').click();
    await panel.eventually('copied', async () => (await rig.workbench.clipboard()) === 'lstm.h0=0.5');
  });

  it('is made by keyboard, and kept over a reload of the window', async () => {
    await panel.node(f).focus();
    await panel.press('Shift+F10');
    await rig.workbench.chooseInMenu('What If It Stays Open');
    await meansAre(HELD['lstm.f=1'], 1);
    // What is shown is kept a moment later.
    await rig.workbench.page.waitForTimeout(1000);
    await rig.workbench.reload();
    panel = await rig.workbench.panel('ready');
    await chip('lstm.f=1').waitFor();
    await meansAre(HELD['lstm.f=1'], 1);
  });

  it('says of a model that has been edited what it has no more, and runs the rest', async () => {
    await panel.hover(f);
    await panel.frame.locator('.card vscode-button', { hasText: 'stays open' }).click();
    await chip('lstm.f=1').waitFor();
    const before = readFileSync(rig.workspace.path('lstm.rnn.json'), 'utf8');
    rig.workspace.write('lstm.rnn.json', readFileSync(rig.workspace.path('gru.rnn.json'), 'utf8'));
    const refused = panel.frame.locator('[data-what-if="lstm.f=1"][data-refused]');
    await refused.waitFor();
    assert.match(
      (await refused.getAttribute('data-refused'))!,
      /expected one of the layers input, gru, found lstm/,
    );
    await panel.eventually('the GRU has run', async () => {
      const h = panel.node({ layer: 'gru', signal: 'h', step: 1 });
      return (await h.getAttribute('data-mean')) !== null;
    });
    rig.workspace.write('lstm.rnn.json', before);
    await meansAre(HELD['lstm.f=1'], 1);
  });
});

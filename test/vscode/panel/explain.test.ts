/** What each gate does, in words, and the lessons, as a learner goes through them. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths';
import type { Panel } from '../workbench';
import { openRun, useVSCode } from './rig';

describe('explain', () => {
  const rig = useVSCode();
  let panel: Panel;

  before(async () => {
    cpSync(join(ROOT, 'media/examples'), rig.workspace.path('examples'), { recursive: true });
    panel = await openRun(rig, 'char-lstm.rnn.json');
    await panel.openView('explain');
  });

  const view = () => panel.view('explain');
  const lesson = (title: string) => view().getByRole('button', { name: title, exact: true });

  it('says what each gate does at the playhead', async () => {
    await panel.goTo(2);
    const step = 2;
    const f = Number(await panel.node({ layer: 'lstm', signal: 'f', step }).getAttribute('data-mean'));
    const said = view().locator('[data-said="f"]');
    await panel.eventually('says how much f keeps', async () =>
      (await said.innerText()).startsWith(`forget gate ${Math.round(f * 100)} %: keeps `),
    );
    const share = Math.round(f * 100);
    const beside = panel.frame.locator('.diagram-host svg .row-said', {
      hasText: `forget ${share} %: keeps `,
    });
    await beside.first().waitFor();
    await panel.frame
      .locator('.diagram-host svg .row-said', { hasText: 'cell state: holds ' })
      .first()
      .waitFor();
    await panel.frame.locator('footer', { hasText: 'saturated: < 0.1, > 0.9' }).waitFor();
    await view().locator('.explain-letter', { hasText: 'i' }).first().click();
    await panel.frame.locator('.overview', { hasText: 'mean of i' }).waitFor();
  });

  it('lets the forget gate be shut and held open, and takes it back', async () => {
    await lesson('A forget gate forgets').click();
    await view().getByRole('button', { name: 'Hold f open' }).click();
    await panel.frame.locator('[data-what-if="lstm.f=1"]').waitFor();
    await panel.frame.locator('g[data-change]').first().waitFor();
    await view().getByRole('button', { name: 'As it was' }).click();
    await panel.frame.locator('[data-what-if]').waitFor({ state: 'detached' });
  });

  it('counts the parameters of the model at hand', async () => {
    await lesson('How many parameters, and why two biases').click();
    await view().getByText('4 × (64 × 8 + 64 × 64 + 64 + 64) = 18,944').waitFor();
  });

  it('opens what it speaks of', async () => {
    await lesson('Why the vanilla RNN cannot recall').click();
    await view().getByRole('button', { name: 'Show Memory' }).click();
    await panel.view('memory').waitFor();
    await lesson('Why to read from both ends').click();
    await view().getByRole('button', { name: 'Open the tagger' }).click();
    await rig.workbench.page.locator('.tab.active', { hasText: 'tagger-bilstm' }).waitFor();
  });

  it('is told in the card, too', async () => {
    await rig.workbench.openFile('char-lstm.rnn.json');
    panel = await rig.workbench.panel('ready');
    await panel.hasRun();
    await panel.hover({ layer: 'lstm', signal: 'c', step: 1 });
    await panel.frame.locator('.card summary', { hasText: 'What is this?' }).click();
    const text = await panel.frame.locator('.card-what-is').innerText();
    assert.match(text, /What the cell remembers.*A GRU has no cell state/s);
    assert.match(text, /For example c[₀-₉]+ at step 2:\n+c\d+ = .+ = −?\d/s);
  });
});

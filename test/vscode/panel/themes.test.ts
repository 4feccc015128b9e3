/** Every kind of theme, and a change of theme while the panel is open. */
import assert from 'node:assert/strict';
import { openRun, useVSCode } from './rig';
import { THEMES, type Panel, type Theme } from '../workbench';

describe('themes', () => {
  const rig = useVSCode();
  let panel: Panel;

  before(async () => {
    panel = await openRun(rig, 'lstm.rnn.json');
  });

  for (const theme of Object.keys(THEMES) as Theme[]) {
    it(`follows a change to ${THEMES[theme].label} at once, and stays readable`, async () => {
      await rig.workbench.setTheme(theme);
      await panel.eventually('readable labels on all nodes', async () => (await panel.worstContrast()) >= 3);
      assert.ok(
        (await panel.node({ layer: 'lstm', signal: 'f', step: 2 }).getAttribute('data-mean')) !== null,
      );
    });
  }
});

/** Every kind of theme, and a change of theme while the panel is open. */
import assert from 'node:assert/strict';
import { openRun, useVSCode } from './rig';
import { THEMES, type Panel, type Theme } from '../workbench';

/** The contrast to which WCAG 2 holds large text and parts of a picture. */
const CONTRAST = 3;

describe('themes', () => {
  const rig = useVSCode();
  let panel: Panel;

  before(async () => {
    panel = await openRun(rig, 'lstm.rnn.json');
  });

  for (const theme of Object.keys(THEMES) as Theme[]) {
    it(`follows a change to ${THEMES[theme].label} at once, and stays readable`, async () => {
      await rig.workbench.setTheme(theme);
      // The colours change with the theme, a moment after it.
      await rig.workbench.page.waitForTimeout(1000);
      assert.deepEqual(await panel.poorlyReadable(CONTRAST), []);
      assert.notEqual(
        await panel.node({ layer: 'lstm', signal: 'f', step: 2 }).getAttribute('data-mean'),
        null,
      );
    });
  }
});

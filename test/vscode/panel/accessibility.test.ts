/** The panel by keyboard and for screen readers, as far as axe-core can tell, in every state and theme. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { seriousFaults } from '../axe';
import { placeOf, THEMES, type Panel, type Theme } from '../workbench';
import { useVSCode } from './rig';

const BROKEN = '{ "format": "rnn-model", "version": 1, "layers": 3 }';

describe('for everyone', () => {
  const rig = useVSCode({ 'gatescope.runOnOpen': false });
  const nothingSerious = async (panel: Panel) => assert.deepEqual(await seriousFaults(panel.frame), []);

  const MODELS: Readonly<Record<Theme, string>> = {
    dark: 'embedding-softmax',
    light: 'lstm',
    'hc-dark': 'gru',
    'hc-light': 'lstm-stacked-bidirectional',
  };

  for (const theme of Object.keys(THEMES) as Theme[]) {
    describe(`in ${THEMES[theme].label}, axe-core finds nothing serious`, () => {
      let panel: Panel;

      before(async () => {
        rig.workspace.write('broken.rnn.json', BROKEN);
        await rig.workbench.openFile(`${MODELS[theme]}.rnn.json`);
        await rig.workbench.setTheme(theme);
        panel = await rig.workbench.panel('ready');
        await panel.hasTheme(theme);
      });

      it('before a run, and after it, with the reasons open', async () => {
        await panel.frame.locator('vscode-button[aria-controls="view-why"]').click();
        const why = panel.view('why');
        await why.getByText('Not run yet').waitFor();
        assert.equal(await why.getAttribute('data-state'), 'empty');
        await nothingSerious(panel);
        await panel.frame.locator('vscode-button.run').click();
        await panel.hasRun();
        await panel.openView('why');
        await nothingSerious(panel);
        await panel.frame.locator('vscode-button[aria-controls="view-why"]').click();
      });

      it('with a card pinned and the memory open', async () => {
        await panel.frame.locator('vscode-button[aria-controls="view-memory"]').click();
        await panel.frame.locator('.lens-words p').first().waitFor();
        await panel.frame.locator('g[data-signal="h"][data-mean]').first().click();
        await panel.card.locator('[data-values]:not([data-values=""])').waitFor({ state: 'attached' });
        await nothingSerious(panel);
        await panel.press('Escape');
      });

      it('with what mattered open', async () => {
        const view = await panel.openView('attribution');
        await view.locator('[data-cursor][data-value]').waitFor({ state: 'attached' });
        await nothingSerious(panel);
        await view.getByRole('button', { name: 'Close what mattered' }).click();
      });

      it('with the matches of steps that were chosen in the strip', async () => {
        await panel.frame.locator('vscode-button[aria-controls="view-matches"]').click();
        const view = panel.view('matches');
        await view.and(panel.frame.locator('[data-state="empty"]')).waitFor();
        await nothingSerious(panel);
        const { x, y, width } = await placeOf(panel.frame.locator('.overview-surface'));
        const { keyboard, mouse } = rig.workbench.page;
        await keyboard.down('Shift');
        await mouse.click(x + width / 2, y + 6);
        await keyboard.up('Shift');
        const threshold = view.getByRole('spinbutton', { name: 'Threshold' });
        await threshold.fill('-1');
        await threshold.press('Enter');
        // All units are on: there are places in the other samples, where the model has any.
        const answered = '[data-threshold="-1"]:is([data-state="ready"], [data-state="empty"])';
        await view.and(panel.frame.locator(answered)).waitFor();
        await view.locator('[aria-expanded]').click();
        await nothingSerious(panel);
      });

      it('compared with a model of other weights', async () => {
        const { weights: _, ...other } = JSON.parse(
          readFileSync(rig.workspace.path(`${MODELS[theme]}.rnn.json`), 'utf8'),
        ) as Record<string, unknown>;
        rig.workspace.write('other.rnn.json', JSON.stringify(other));
        await rig.workbench.runCommand('Gatescope: Compare With…');
        await rig.workbench.pickEntry('Another model file');
        await rig.workbench.chooseFile(rig.workspace.path('other.rnn.json'));
        await panel.frame.locator('[data-run="compared"] g[data-mean]').first().waitFor();
        const differences = panel.view('differences');
        await differences.locator('[data-signal-row]').first().waitFor();
        await nothingSerious(panel);
        await panel.frame.locator('[data-compared]').getByRole('button').click();
      });

      it('with nothing but errors', async () => {
        await rig.workbench.openFile('broken.rnn.json');
        await nothingSerious(await rig.workbench.panel('error'));
      });
    });
  }
});

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

  it('draws the lines behind every chart in one colour, in every theme', async () => {
    for (const view of ['output', 'memory']) await panel.openView(view);
    await panel.press('End');
    await panel.frame.locator('.lens-grid').first().waitFor({ state: 'attached' });
    for (const theme of Object.keys(THEMES) as Theme[]) {
      await rig.workbench.setTheme(theme);
      await panel.eventually(`one colour in ${theme}`, () =>
        panel.frame.evaluate(() => {
          const numbers = (text: string) => (text.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
          const stroke = getComputedStyle(document.querySelector('.lens-grid')!).stroke;
          const grid = numbers(stroke).map((part) => (stroke.startsWith('color') ? part * 255 : part));
          const canvas = document.querySelector<HTMLCanvasElement>('.output-time:not([hidden]) canvas')!;
          if (canvas.width === 0) return false;
          const { data } = canvas.getContext('2d')!.getImageData(60, 0, 1, canvas.height);
          const like = (k: number) =>
            grid.every((part, channel) => Math.abs(data[4 * k + channel] - part) <= 2);
          return (
            [...Array(canvas.height).keys()].filter((k) => data[4 * k + 3] === 255 && like(k)).length >= 2
          );
        }),
      );
    }
    for (const view of ['output', 'memory']) {
      await panel.frame.locator(`vscode-button[aria-controls="view-${view}"]`).click();
    }
    await panel.press('Home');
  });

  for (const theme of Object.keys(THEMES) as Theme[]) {
    it(`follows a change to ${THEMES[theme].label} at once, and stays readable`, async () => {
      await rig.workbench.setTheme(theme);
      await panel.hasTheme(theme);
      await panel.eventually(
        'readable labels',
        async () => (await panel.poorlyReadable(CONTRAST)).length === 0,
      );
      assert.notEqual(
        await panel.node({ layer: 'lstm', signal: 'f', step: 2 }).getAttribute('data-mean'),
        null,
      );
    });
  }
});

/** The panel from narrow to wide: as many columns as there is room for, nothing too small to read, nothing outside. */
import assert from 'node:assert/strict';
import { seriousFaults } from '../axe';
import type { Panel } from '../workbench';
import { outside } from './outside';
import { openRun, useVSCode } from './rig';

const STEPS = 40;

const LONG = JSON.stringify({
  format: 'rnn-model',
  version: 1,
  name: 'A model of forty steps with a name that is long',
  input: { kind: 'vector', size: 1 },
  layers: [{ name: 'lstm', type: 'lstm', hidden_size: 4 }],
  weights: { init: 'pytorch', seed: 7 },
  samples: [{ name: 'sine', values: Array.from({ length: STEPS }, (_, t) => [Math.sin(t / 5)]) }],
});

/** Texts below 11 pixels, in the picture at zoom 1. */
function tooSmall(panel: Panel): Promise<string[]> {
  return panel.frame.evaluate(() => {
    const texts = [...document.querySelectorAll('#root *')].filter(({ childNodes }) =>
      [...childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== ''),
    );
    const drawn = texts.filter((text) => text.tagName !== 'style' && text.getClientRects().length > 0);
    return drawn.flatMap((text) => {
      const size = Number.parseFloat(getComputedStyle(text).fontSize);
      return size > 0 && size < 11 ? [`${text.textContent}: ${size} px`] : [];
    });
  });
}

describe('the width of the panel', () => {
  const rig = useVSCode();
  let panel: Panel;

  before(async () => {
    rig.workspace.write('long.rnn.json', LONG);
    panel = await openRun(rig, 'long.rnn.json');
    await rig.workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  });

  /** Gives the panel a width, which is what the window's is but for its bars. */
  async function resize(width: number): Promise<void> {
    const { page } = rig.workbench;
    const inner = await panel.frame.evaluate(() => innerWidth);
    await page.setViewportSize({ width: page.viewportSize()!.width + width - inner, height: 900 });
    await panel.eventually(`a panel of ${width} px`, () =>
      panel.frame.evaluate((wanted) => Math.abs(innerWidth - wanted) < 2, width),
    );
  }

  const shows = (columns: number) =>
    panel.eventually(`${columns} columns`, async () => (await panel.steps()).length === columns);

  for (const [width, columns] of [
    [2200, 13],
    [1440, 8],
    [720, 3],
    [400, 3],
    [200, 3],
  ] as const) {
    it(`${width} px: ${columns} columns, unshrunk; no text too small, nothing outside`, async () => {
      await resize(width);
      await shows(columns);
      const zoom = await panel.frame
        .locator('.diagram-scroll > svg')
        .first()
        .evaluate((svg) => {
          const { width: natural } = (svg as SVGSVGElement).viewBox.baseVal;
          return svg.getBoundingClientRect().width / natural;
        });
      assert.ok(zoom >= 0.999, `zoom ${zoom}`);
      assert.deepEqual(await tooSmall(panel), []);
      assert.deepEqual(await outside(panel), []);
    });
  }

  it('has a menu that stands inside of a narrow one, and a Fit that leaves nothing cut in any', async () => {
    await panel.frame.getByTitle('More actions').click();
    assert.deepEqual(await outside(panel), []);
    await panel.frame.getByTitle('Fit the picture').click();
    for (const width of [200, 400, 1440]) {
      await resize(width);
      const cut = await panel.frame
        .locator('.diagram-scroll')
        .evaluate((all) => [all.scrollWidth - all.clientWidth, all.scrollHeight - all.clientHeight]);
      assert.deepEqual(cut, [0, 0]);
    }
    await resize(400);
  });

  it('is drawn for a new width and a new theme at once', async () => {
    await rig.workbench.setTheme('light');
    await resize(1440);
    await shows(8);
    await panel.reaches('ready');
    await resize(400);
  });

  it('has its controls in one line or an orderly two, none outside, which one unit does not move', async () => {
    const toolbar = panel.frame.locator('.toolbar');
    const lines = () =>
      toolbar.evaluate((bar) => {
        const shown = [...bar.children].filter((child) => child.getClientRects().length > 0);
        const middles = shown.map((child) => {
          const { top, bottom } = child.getBoundingClientRect();
          return Math.round((top + bottom) / 2);
        });
        return new Set(middles.map((middle) => Math.round(middle / 8))).size;
      });
    for (const width of [1440, 1300, 1110, 900, 720, 400]) {
      await resize(width);
      const places = () =>
        toolbar
          .locator('vscode-button:visible, vscode-dropdown:visible')
          .evaluateAll((all) =>
            all.filter((one) => !one.closest('.menu')).map((one) => one.getBoundingClientRect().x),
          );
      await panel.pictureControl('.colour vscode-dropdown');
      const before = await places();
      await panel.showMeasure('unit');
      await panel.frame.locator('.unit-number').waitFor();
      assert.deepEqual(await outside(panel), [], `outside at ${width}`);
      assert.deepEqual(await places(), before, `moved at ${width}`);
      assert.ok((await lines()) <= (width < 500 ? 3 : width < 1000 ? 2 : 1), `lines at ${width}`);
      await panel.showMeasure('mean');
      await panel.press('Escape');
    }
  });

  it('names the sample in full at 1,440 px, with a unit chosen and every view open', async () => {
    rig.workspace.write(
      'named.rnn.json',
      JSON.stringify({
        ...(JSON.parse(LONG) as object),
        samples: [{ name: 's301 winter 2024', values: Array.from({ length: STEPS }, () => [1]) }],
      }),
    );
    panel = await openRun(rig, 'named.rnn.json');
    await resize(1440);
    const name = panel.frame.locator('.samples');
    const cut = await name.evaluate((dropdown) => {
      const value = dropdown.shadowRoot!.querySelector('.selected-value')!;
      return { words: value.textContent!.trim(), cut: value.scrollWidth - value.clientWidth };
    });
    assert.deepEqual(cut, { words: 's301 winter 2024', cut: 0 });
    for (const view of ['heatmap', 'output', 'memory']) await panel.openView(view);
    await panel.showMeasure('unit');
    await panel.press('Escape');
    const computing = panel.view('memory').locator('.lens-computing');
    await panel.eventually('the memory is told', async () => (await computing.innerText()) === '');
    const heads = await panel.frame
      .locator('.pane h2:visible')
      .evaluateAll((all) => all.map((one) => [one.textContent, one.scrollWidth - one.clientWidth] as const));
    assert.equal(heads.length, 3);
    for (const [title, missing] of heads) assert.ok(missing <= 0, `${title} lacks ${missing} px`);
    assert.deepEqual(await outside(panel), []);
    for (const view of ['heatmap', 'output', 'memory']) {
      await panel
        .view(view)
        .getByRole('button', { name: /^Close/ })
        .click();
    }
    panel = await openRun(rig, 'long.rnn.json');
    await resize(400);
  });

  it('has nothing serious for axe-core where it is narrow', async () => {
    assert.deepEqual(await seriousFaults(panel.frame), []);
  });
});

/** Mouse and keyboard in the panel. */
import assert from 'node:assert/strict';
import { assertCard, expected, openRun, useVSCode } from './rig';
import { placeOf, type Panel } from '../workbench';

const { layer, signals } = expected('lstm').layers[0];

/** Resolves when the playhead is at a step, as the slider has it. */
async function playheadAt(panel: Panel, step: number): Promise<void> {
  await panel.eventually(`playhead at step ${step}`, async () => (await playhead(panel)) === step);
}

async function playhead(panel: Panel): Promise<number> {
  return Number(await panel.frame.locator('input[type="range"]').inputValue());
}

/** Steps of the model's sequence. */
const STEPS = 9;

/** Consecutive steps from one on. */
function stepsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

describe('by hand', () => {
  const rig = useVSCode();
  let panel: Panel;
  /** Columns of the window: as many as the panel has room for. */
  let columns: number;

  beforeEach(async () => {
    panel = await openRun(rig, 'lstm.rnn.json');
    await panel.frame.getByTitle('First step (Home)').click();
    columns = (await panel.steps()).length;
    assert.ok(columns >= 3 && columns < STEPS, `${columns} columns`);
  });
  afterEach(() => panel.press('Escape'));

  it('shows a card when a signal has the keyboard focus', async () => {
    const where = { layer, signal: 'f', step: 2 };
    assertCard(await panel.focus(where), signals.f[2], where);
  });

  it('has one tab stop among the signals, and Ctrl+arrows to move between them', async () => {
    const stops = panel.frame.locator('g[data-signal][tabindex="0"]');
    assert.equal(await stops.count(), 1);
    await panel.node({ layer, signal: 'f', step: 2 }).focus();
    await panel.press('Control+ArrowRight');
    const focused = panel.frame.locator('g[data-signal]:focus');
    assert.equal(await focused.count(), 1);
    assert.notEqual(
      `${await focused.getAttribute('data-signal')} ${await focused.getAttribute('data-step')}`,
      'f 2',
      'the focus moved',
    );
    assert.equal(await stops.count(), 1);
    assert.equal(await focused.getAttribute('tabindex'), '0');
    assert.ok((await focused.getAttribute('aria-label'))!.length > 5);
  });

  it('goes on beyond the edge of the window by Ctrl+arrows, Ctrl+Home and Ctrl+End; the playhead stays', async () => {
    const focused = panel.frame.locator('g[data-signal]:focus');
    const shows = async (steps: number[], step: number) => {
      await panel.eventually(`steps ${steps[0]} to ${steps.at(-1)}, the focus at ${step}`, async () => {
        const shown = await panel.steps();
        return String(shown) === String(steps) && (await focused.getAttribute('data-step')) === String(step);
      });
    };
    await panel.node({ layer, signal: 'h', step: columns - 1 }).focus();
    await panel.press('Control+ArrowRight');
    await shows(stepsFrom(1, columns), columns);
    assert.equal(await focused.getAttribute('data-signal'), 'h');
    await panel.press('Control+Home');
    await shows(stepsFrom(0, columns), 0);
    await panel.press('Control+End');
    await shows(stepsFrom(STEPS - columns, columns), STEPS - 1);
    await playheadAt(panel, 0);
    await panel.press('Control+Home');
  });

  it('steps by the arrows, Home and End, and the window follows', async () => {
    await panel.node({ layer, signal: 'f', step: 0 }).focus();
    await panel.press('ArrowRight');
    await panel.press('ArrowRight');
    await playheadAt(panel, 2);
    await panel.press('ArrowLeft');
    await playheadAt(panel, 1);
    await panel.press('End');
    await playheadAt(panel, 8);
    await panel.frame.locator('g[data-step="8"]').first().waitFor();
    assert.deepEqual(await panel.steps(), stepsFrom(STEPS - columns, columns));
    const where = { layer, signal: 'o', step: 8 };
    assertCard(await panel.hover(where), signals.o[8], where);
    await panel.press('Home');
    await playheadAt(panel, 0);
    await panel.frame.locator('g[data-step="0"]').first().waitFor();
    assert.deepEqual(await panel.steps(), stepsFrom(0, columns));
  });

  it('steps by buttons and by commands', async () => {
    await panel.frame.getByTitle('Next step').click();
    await playheadAt(panel, 1);
    await panel.frame.getByTitle('Previous step').click();
    await playheadAt(panel, 0);
    await rig.workbench.runCommand('Gatescope: Next Step');
    await playheadAt(panel, 1);
  });

  it('goes to a step by the slider', async () => {
    const slider = panel.frame.locator('input[type="range"]');
    await slider.fill('6');
    await playheadAt(panel, 6);
    await panel.frame.locator('g[data-step="6"]').first().waitFor();
  });

  it('goes to a step that is typed; to the nearest, where there is none such; nowhere for what is no number', async () => {
    const field = panel.frame.locator('.step-field');
    // Until it stands there; a field for numbers takes no letters: what is left is empty.
    const type = (text: string) =>
      panel.eventually(`“${text}” in the field`, async () => {
        await field.click();
        await field.press('Control+A');
        if (text === '') await field.press('Delete');
        else await field.pressSequentially(text);
        return (await field.inputValue()) === text.replace('e', '');
      });
    const reads = (text: string) =>
      panel.eventually(`${text} in the field`, async () => (await field.inputValue()) === text);
    await reads('1');
    await type('6');
    await playheadAt(panel, 0);
    await field.press('Enter');
    await playheadAt(panel, 5);
    const where = { layer, signal: 'c', step: 5 };
    assertCard(await panel.hover(where), signals.c[5], where);
    await panel.press('Escape');
    for (const [text, step] of [
      ['900', STEPS - 1],
      ['-4', 0],
      ['3.4', 2],
      ['e', 2],
      ['', 2],
    ] as const) {
      await type(text);
      await field.press('Enter');
      await playheadAt(panel, step);
      await reads(`${step + 1}`);
    }
    await type('8');
    await field.press('Escape');
    await reads('3');
    await playheadAt(panel, 2);
  });

  it('drags the slider finely with Shift: a step a pixel, from where the playhead is', async () => {
    const { mouse } = rig.workbench.page;
    const box = await placeOf(panel.frame.locator('input[type="range"]'));
    const [x, y] = [box.x + box.width * 0.8, box.y + box.height / 2];
    await rig.workbench.page.keyboard.down('Shift');
    await mouse.move(x, y);
    await mouse.down();
    await playheadAt(panel, 0);
    for (const [pixels, step] of [
      [3, 3],
      [7, 7],
      [40, STEPS - 1],
      [5, 5],
    ]) {
      await mouse.move(x + pixels, y);
      await playheadAt(panel, step);
    }
    await mouse.up();
    await rig.workbench.page.keyboard.up('Shift');
    await mouse.move(x + 60, y);
    await playheadAt(panel, 5);
    const where = { layer, signal: 'h', step: 5 };
    assertCard(await panel.hover(where), signals.h[5], where);
  });

  it('plays several steps at a time', async () => {
    const paces = panel.frame.locator('vscode-dropdown.pace');
    for (const [pace, steps] of [
      [4, [4, 8]],
      [16, [8]],
      [64, [8]],
      [1, [1, 2]],
    ] as const) {
      await panel.frame.getByTitle('First step (Home)').click();
      await playheadAt(panel, 0);
      await paces.click();
      await paces.locator('vscode-option', { hasText: new RegExp(`^\\s*× ${pace}\\s*$`) }).click();
      const seen = await panel.frame.evaluateHandle(() => {
        const slider = document.querySelector<HTMLInputElement>('input[type="range"]')!;
        const values: number[] = [];
        const look = () => values.at(-1) !== slider.valueAsNumber && values.push(slider.valueAsNumber);
        new MutationObserver(look).observe(slider, { attributeFilter: ['style'] });
        return values;
      });
      await panel.frame.getByTitle('Play the steps').click();
      await playheadAt(panel, steps.at(-1)!);
      if (pace === 1) await panel.frame.getByTitle('Pause').click();
      else await panel.frame.getByTitle('Play the steps').waitFor();
      assert.deepEqual((await seen.jsonValue()).slice(0, steps.length), steps, `× ${pace}`);
      if (pace === 1) continue;
      const where = { layer, signal: 'i', step: 8 };
      assertCard(await panel.hover(where), signals.i[8], where);
      await panel.press('Escape');
    }
  });

  it('plays to the end and pauses', async () => {
    await panel.frame.getByTitle('Play the steps').click();
    await panel.eventually('two steps played', async () => (await playhead(panel)) >= 2);
    await panel.frame.getByTitle('Pause').click();
    const paused = await playhead(panel);
    await rig.workbench.page.waitForTimeout(600);
    assert.equal(await playhead(panel), paused);
  });

  it('tells screen readers every step by hand, and of those played the last alone', async () => {
    await playheadAt(panel, 0);
    const heard = await panel.frame.evaluateHandle(() => {
      const words: (string | null)[] = [];
      const announcer = document.querySelector('[aria-live="polite"]')!;
      const listen = () => announcer.textContent !== '' && words.push(announcer.textContent);
      new MutationObserver(listen).observe(announcer, { childList: true });
      return words;
    });
    const ofSlider = await panel.frame.evaluateHandle(() => {
      const words: (string | null)[] = [];
      const slider = document.querySelector('input[type="range"]')!;
      const listen = () => words.push(slider.getAttribute('aria-valuetext'));
      new MutationObserver(listen).observe(slider, { attributeFilter: ['aria-valuetext'] });
      return words;
    });
    await panel.press('ArrowRight');
    await playheadAt(panel, 1);
    await panel.press('End');
    await playheadAt(panel, 8);
    await panel.frame.getByTitle('Play the steps').click();
    await panel.frame.getByTitle('Pause').waitFor();
    await panel.frame.getByTitle('Play the steps').waitFor();
    await playheadAt(panel, 8);
    assert.deepEqual(await heard.jsonValue(), ['step 2', 'step 9', 'step 9']);
    assert.deepEqual(await ofSlider.jsonValue(), ['step 2', 'step 9']);
  });

  it('pins a card by a click, copies its vector, and closes it by Escape', async () => {
    const where = { layer, signal: 'i', step: 3 };
    await panel.hover(where);
    await panel.node(where).click();
    await rig.workbench.page.mouse.move(5, 5);
    await rig.workbench.page.waitForTimeout(500);
    assertCard(await panel.readCard(where), signals.i[3], where);
    await panel.card.getByTitle('Copy').click();
    let numbers: number[] = [];
    await panel.eventually('the vector on the clipboard', async () => {
      numbers = (await rig.workbench.clipboard()).split(/[\s,]+/).map(Number);
      return numbers.length === signals.i[3].length;
    });
    assertCard({ ...(await panel.readCard(where)), values: numbers }, signals.i[3], where);
    await panel.press('Escape');
    await panel.card.waitFor({ state: 'hidden' });
  });

  it('lets the pointer into the card', async () => {
    await panel.hover({ layer, signal: 'f', step: 3 });
    await panel.card.hover();
    await rig.workbench.page.waitForTimeout(500);
    assert.ok(await panel.card.isVisible());
    await rig.workbench.page.mouse.move(5, 5);
    await panel.card.waitFor({ state: 'hidden' });
  });

  it('shows cells instead of gates and back', async () => {
    await (await panel.pictureControl('[title="Show one node per cell"]')).click();
    await panel.node({ layer, signal: 'f', step: 0 }).waitFor({ state: 'detached' });
    assertCard(await panel.hover({ layer, signal: 'h', step: 2 }), signals.h[2], {
      layer,
      signal: 'h',
      step: 2,
    });
    await (await panel.pictureControl('[title="Show every gate"]')).click();
    await panel.node({ layer, signal: 'f', step: 0 }).waitFor();
  });

  it('zooms by button, and fits again with nothing cut', async () => {
    const node = panel.node({ layer, signal: 'f', step: 2 });
    const before = await placeOf(node);
    await (await panel.pictureControl('[title="Zoom in"]')).click();
    const zoomed = await placeOf(node);
    assert.ok(zoomed.width > before.width * 1.1, `${before.width} → ${zoomed.width}`);
    await (await panel.pictureControl('[title^="Fit the picture"]')).click();
    const fitted = await placeOf(node);
    assert.ok(fitted.width <= before.width + 0.5);
    const cut = await panel.frame
      .locator('.diagram-scroll')
      .evaluate((all) => [all.scrollWidth - all.clientWidth, all.scrollHeight - all.clientHeight]);
    assert.deepEqual(cut, [0, 0]);
  });
});

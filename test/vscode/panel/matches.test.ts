/** The matches: other steps at which the units are on that are on through the chosen ones. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { columnsOf, frameOf, xOfRow } from '../../../src/picture/heatmap/layout';
import { seriousFaults } from '../axe';
import { EXAMPLES, ROOT } from '../paths';
import { placeOf, type Panel } from '../workbench';
import { openRun, useVSCode } from './rig';

const FIXTURES = join(ROOT, 'test/fixtures/compare');
const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')).match;
const STEPS = 24;

interface Row {
  readonly sample: string;
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

describe('the matches', () => {
  const rig = useVSCode();
  let panel: Panel;
  let view: Locator;

  before(async () => {
    for (const file of ['base.rnn.json', 'base.safetensors']) {
      cpSync(join(FIXTURES, file), rig.workspace.path(file));
    }
    panel = await openRun(rig, 'base.rnn.json');
  });

  const ready = () => view.and(panel.frame.locator('[data-state="ready"]')).waitFor();

  function rows(): Promise<Row[]> {
    return view.locator('[data-match]').evaluateAll((found) =>
      found.map((row) => {
        const { sample, from, to, score } = (row as HTMLElement).dataset;
        return { sample: sample!, from: Number(from), to: Number(to), score: Number(score) };
      }),
    );
  }

  async function drag(on: Locator, from: { x: number; y: number }, to: { x: number; y: number }) {
    const box = await placeOf(on);
    const { mouse } = rig.workbench.page;
    await mouse.move(box.x + from.x, box.y + from.y);
    await mouse.down();
    await mouse.move(box.x + to.x, box.y + to.y, { steps: 5 });
    await mouse.up();
  }

  it('says how steps are chosen', async () => {
    await rig.workbench.runCommand('Gatescope: Show Matches');
    view = panel.view('matches');
    await view.and(panel.frame.locator('[data-state="empty"]')).waitFor();
    assert.match(
      await view.innerText(),
      /Choose the steps to look for: type their numbers above, drag over the heat map/,
    );
    await view.getByRole('button', { name: 'Close the matches' }).click();
    await view.waitFor({ state: 'hidden' });
  });

  it("finds what PyTorch's cell state has, after a drag in the heat map", async () => {
    const map = await panel.openView('heatmap');
    const similar = map.getByRole('button', { name: 'Find steps like this' });
    assert.notEqual(await similar.getAttribute('disabled'), null);
    await panel.node({ layer: 'lstm', signal: 'c', step: 2 }).click();
    await panel.press('Escape');
    await map.and(panel.frame.locator('[data-signal="c"][data-state="ready"]')).waitFor();
    const plot = map.locator('.heatmap-plot');
    const { width, height } = await placeOf(plot);
    const columns = columnsOf(0, STEPS, frameOf({ width, height }, false));
    const [from, to] = EXPECTED.range.map((step: number) => xOfRow(columns, step) + columns.width / 2);
    await drag(plot, { x: from, y: 30 }, { x: to, y: 40 });
    await similar.click();
    await view.waitFor();
    const number = view.getByRole('spinbutton', { name: 'Threshold' });
    await number.fill(String(EXPECTED.threshold));
    await number.press('Enter');
    await view
      .and(panel.frame.locator(`[data-threshold="${EXPECTED.threshold}"][data-state="ready"]`))
      .waitFor();
    assert.equal(await view.getAttribute('data-units'), EXPECTED.units.join(','));
    assert.deepEqual(
      [await view.getAttribute('data-from'), await view.getAttribute('data-to')],
      EXPECTED.range.map(String),
    );
    const found = await rows();
    for (const [sample, on] of Object.entries<number[]>(EXPECTED.steps)) {
      const there = found.filter((row) => row.sample === sample);
      for (const step of on) {
        // Beside the range itself they are its edges.
        if (sample === '24 steps' && step >= 1 && step <= 8) continue;
        assert.ok(
          there.some((row) => row.from <= step && step <= row.to),
          `${sample}, ${step}`,
        );
      }
    }
    assert.ok(found.every(({ score }, k) => k === 0 || score <= found[k - 1].score));
  });

  it('changes the threshold by keys, and says what helps where no unit is on', async () => {
    const number = view.getByRole('spinbutton', { name: 'Threshold' });
    await number.fill(String(EXPECTED.threshold));
    await number.press('Enter');
    await ready();
    const slider = view.locator('input[type="range"]');
    await slider.focus();
    await panel.press('ArrowLeft');
    await panel.eventually('a lower threshold', async () => {
      const threshold = Number(await view.getAttribute('data-threshold'));
      return threshold < EXPECTED.threshold && (await view.getAttribute('data-state')) === 'ready';
    });
    await number.fill('9');
    await number.press('Enter');
    await view.and(panel.frame.locator('[data-state="empty"]')).waitFor();
    const said = /No unit is above 9 .* or a threshold below (\d+\.\d+)/.exec(await view.innerText())!;
    assert.ok(Number(said[1]) > EXPECTED.threshold);
    await number.fill(String(EXPECTED.threshold));
    await number.press('Enter');
    await ready();
  });

  it('asks that units are off beside by a handle that is dragged, and by a number', async () => {
    const handle = view.locator('.pattern-handle').last();
    const cell = await placeOf(view.locator('.pattern-number').first());
    const box = await placeOf(handle);
    await drag(handle, { x: 3, y: 8 }, { x: 3 + 1.2 * cell.width + box.width, y: 8 });
    const off = view.getByRole('spinbutton', { name: /^Steps after/ });
    await panel.eventually('a margin', async () => Number(await off.inputValue()) >= 1);
    await view.and(panel.frame.locator('[data-state="empty"]')).waitFor();
    assert.match(await view.innerText(), /and off beside them/);
    await off.fill('0');
    await ready();
  });

  it('goes to a match by keys, and to one in another sample, which is run', async () => {
    const found = await rows();
    const here = found.findIndex(({ sample }) => sample === '24 steps');
    await view.getByRole('listbox').focus();
    await panel.press('Home');
    for (let k = 0; k < here; k++) await panel.press('ArrowDown');
    await panel.press('Enter');
    const playhead = (step: number) =>
      panel.frame.locator(`section[data-view="overview"][data-playhead="${step}"]`);
    await playhead(found[here].from).waitFor();
    const marked = ({ from, to }: Row) =>
      panel.frame.locator(`section[data-view="overview"][data-found="${from}:${to}"]`).waitFor();
    await marked(found[here]);
    await panel.frame.locator('.overview-found').waitFor();
    const other = found.findIndex(({ sample }) => sample === '17 steps');
    await view.locator('[data-match]').nth(other).click();
    await playhead(found[other].from).waitFor();
    await panel.eventually('the other sample', async () =>
      /of 17/.test(await panel.frame.locator('.position').innerText()),
    );
    assert.deepEqual(await rows(), found, 'the list stays');
    await marked(found[other]);
    await view.locator('[data-match]').nth(here).click();
    await playhead(found[here].from).waitFor();
    await panel.eventually('back', async () =>
      /of 24/.test(await panel.frame.locator('.position').innerText()),
    );
  });

  it('takes steps by their numbers, which takes the mark of a found place away', async () => {
    const [from, to] = EXPECTED.range as [number, number];
    const field = (name: RegExp) => view.getByRole('spinbutton', { name });
    assert.equal(await field(/^The first/).inputValue(), String(from + 1));
    await field(/^The last/).fill(String(to));
    await field(/^The last/).press('Enter');
    await view.and(panel.frame.locator(`[data-from="${from}"][data-to="${to - 1}"]`)).waitFor();
    await panel.frame.locator('section[data-view="overview"]:not([data-found])').waitFor();
    await field(/^The last/).fill(String(to + 1));
    await field(/^The last/).press('Enter');
    await view.and(panel.frame.locator(`[data-to="${to}"][data-state="ready"]`)).waitFor();
  });

  it('searches a file, shows labels of its steps, and says so of a file of another kind', async () => {
    const table = ['phase', ...Array.from({ length: 17 }, (_, t) => (t < 9 ? 'rise' : 'fall'))];
    rig.workspace.write('phases.csv', table.join('\n'));
    rig.workspace.write('other.json', '{"steps": "none"}');
    const { samples } = JSON.parse(readFileSync(join(FIXTURES, 'base.rnn.json'), 'utf8'));
    rig.workspace.write('again.json', JSON.stringify(samples[1].values));
    await view.getByRole('button', { name: 'Search a file…' }).click();
    await rig.workbench.chooseFile(rig.workspace.path('other.json'));
    await panel.eventually('why not', async () =>
      /steps/.test(await view.locator('.matches-failure').innerText()),
    );
    await view.getByRole('button', { name: 'Search a file…' }).click();
    await rig.workbench.chooseFile(rig.workspace.path('again.json'));
    await panel.eventually('matches in the file', async () =>
      (await rows()).some(({ sample }) => sample === 'again.json'),
    );
    await ready();
    const found = await rows();
    const of = (name: string) =>
      found.filter(({ sample }) => sample === name).map(({ from, to, score }) => [from, to, score]);
    assert.deepEqual(of('again.json'), of('17 steps'));
    await view.getByRole('button', { name: 'Labels…' }).click();
    await rig.workbench.chooseFile(rig.workspace.path('phases.csv'));
    const labelled = view.locator('[data-match][data-sample="17 steps"] .match-label');
    await labelled.first().waitFor();
    assert.ok((await labelled.allInnerTexts()).every((text) => /^(rise|fall)$/.test(text)));
    assert.deepEqual(await seriousFaults(panel.frame), []);
    await view.locator('[data-match][data-sample="again.json"]').first().click();
    const [from] = of('again.json')[0];
    await panel.frame.locator(`section[data-view="overview"][data-playhead="${from}"]`).waitFor();
  });

  it('takes steps from the strip with Shift, and from the text', async () => {
    cpSync(EXAMPLES, rig.workspace.path('examples'), { recursive: true });
    panel = await openRun(rig, 'char-lstm.rnn.json');
    await rig.workbench.runCommand('Gatescope: Show Matches');
    view = panel.view('matches');
    await view.and(panel.frame.locator('[data-state="empty"]')).waitFor();
    const surface = panel.frame.locator('.overview-surface');
    const { width } = await placeOf(surface);
    await rig.workbench.page.keyboard.down('Shift');
    await drag(surface, { x: width * 0.2, y: 14 }, { x: width * 0.25, y: 14 });
    await rig.workbench.page.keyboard.up('Shift');
    await panel.eventually('steps', async () => Number(await view.getAttribute('data-from')) > 0);
    const before = await view.getAttribute('data-from');
    const map = await panel.openView('heatmap');
    await map.getByRole('button', { name: 'Text', exact: true }).click();
    await map.locator('.coloured-text').waitFor();
    await drag(map.locator('.coloured-text'), { x: 40, y: 12 }, { x: 75, y: 12 });
    await panel.eventually('other steps', async () => {
      const from = await view.getAttribute('data-from');
      return from !== before && from !== '';
    });
    await panel.eventually('an answer', async () =>
      ['ready', 'empty'].includes((await view.getAttribute('data-state'))!),
    );
  });
});

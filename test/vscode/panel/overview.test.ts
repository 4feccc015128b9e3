/** The strip of the whole sequence: going anywhere, moving the window, zooming. */
import assert from 'node:assert/strict';
import { openRun, useVSCode } from './rig';

describe('the overview', () => {
  const rig = useVSCode();
  const STEPS = 60;

  async function open() {
    const text = Array.from({ length: STEPS }, (_, k) => 'abcde'[(k * 7) % 5]).join('');
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'letters' },
      input: { kind: 'token', vocabulary: ['a', 'b', 'c', 'd', 'e'], split: 'char' },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 6 }],
      weights: { init: 'pytorch', seed: 4 },
      samples: [{ name: 'long', text }],
    };
    rig.workspace.write('letters.rnn.json', JSON.stringify(model));
    const panel = await openRun(rig, 'letters.rnn.json');
    const section = panel.frame.locator('[data-view="overview"]');
    const surface = section.getByRole('slider');
    const box = (await surface.boundingBox())!;
    const at = (step: number) => ({ x: box.x + ((step + 0.5) / STEPS) * box.width, y: box.y + 20 });
    const attribute = async (name: string) => Number(await section.getAttribute(`data-${name}`));
    return { panel, section, surface, at, attribute, mouse: rig.workbench.page.mouse };
  }

  it('goes to the step that is clicked, and shows the window and the playhead there', async () => {
    const { panel, section, at, attribute, mouse } = await open();
    assert.equal(await section.getAttribute('aria-label'), 'The whole sequence');
    const { x, y } = at(41);
    await mouse.click(x, y);
    await panel.eventually('the step', async () => (await attribute('playhead')) === 41);
    const start = await attribute('start');
    assert.ok(start <= 41 && 41 < start + (await attribute('steps')));
    assert.equal(await panel.node({ layer: 'lstm', signal: 'f', step: 41 }).count(), 1);
  });

  it('moves the window by its frame', async () => {
    const { panel, at, attribute, mouse } = await open();
    const middle = at(41);
    await mouse.click(middle.x, middle.y);
    await panel.eventually('the step', async () => (await attribute('playhead')) === 41);
    const start = await attribute('start');
    const grip = at(start + 2);
    const to = at(start + 2 - 12);
    await mouse.move(grip.x, grip.y);
    await mouse.down();
    await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
    await panel.eventually('the window', async () => (await attribute('start')) === start - 12);
  });

  it('zooms time by the wheel and by keys, and follows the playhead', async () => {
    const { panel, surface, at, attribute, mouse } = await open();
    const { x, y } = at(5);
    await surface.press('0');
    await mouse.click(x, y);
    await mouse.wheel(0, -800);
    // The strip is stretched about the pointer: a place further on is now fewer steps away.
    await mouse.click(at(15).x, y);
    await panel.eventually('a nearer step', async () => {
      const step = await attribute('playhead');
      return step > 5 && step < 12;
    });
    await surface.press('End');
    await panel.eventually('the last step', async () => (await attribute('playhead')) === STEPS - 1);
    await panel.frame.locator('.overview-playhead').waitFor();
    await surface.press('0');
    await mouse.click(at(30).x, y);
    await panel.eventually('all of it again', async () => (await attribute('playhead')) === 30);
  });
});

/** The strip of the whole sequence: going anywhere, moving the window, zooming. */
import assert from 'node:assert/strict';
import { placeOf } from '../workbench';
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
    const steps = panel.frame.locator('[data-view="overview"]');
    // As many columns as are drawn: the panel has taken its width.
    await panel.eventually(
      'a window of the columns that are drawn',
      async () => (await panel.steps()).length === Number(await steps.getAttribute('data-steps')),
    );
    const section = panel.frame.locator('[data-view="overview"]');
    const surface = section.getByRole('slider');
    const box = await placeOf(surface);
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
    const { panel, surface, at, attribute, mouse } = await open();
    const middle = at(41);
    await mouse.click(middle.x, middle.y);
    await panel.eventually('the step', async () => (await attribute('playhead')) === 41);
    const start = await attribute('start');
    const strip = await placeOf(surface);
    const each = strip.width / STEPS;
    const frame = panel.frame.locator('.overview-frame');
    await panel.eventually('the frame there', async () => {
      const box = await frame.boundingBox();
      return box !== null && Math.abs(box.x - strip.x - start * each) < 2;
    });
    const box = await placeOf(frame);
    const grip = { x: box.x + 2.5 * each, y: box.y + box.height / 2 };
    await mouse.move(grip.x, grip.y);
    await mouse.down();
    await mouse.move(grip.x - 12 * each, grip.y, { steps: 4 });
    await panel.eventually('the window', async () => (await attribute('start')) === start - 12);
    await mouse.up();
    await panel.eventually('the playhead in it', async () => {
      const playhead = await attribute('playhead');
      const first = await attribute('start');
      return first === start - 12 && playhead >= first && playhead < first + (await attribute('steps'));
    });
  });

  it('names each line in its colour, and hides none behind another', async () => {
    const model = {
      ...{ format: 'rnn-model', version: 1, name: 'weather' },
      input: { kind: 'vector', size: 3, features: ['load', 'wind', 'warmth'] },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 2 }],
      weights: { init: 'pytorch', seed: 4 },
      samples: [
        {
          name: 'dense',
          values: Array.from({ length: 9000 }, (_, t) => [t % 2, Math.sin(t / 900), ((t * 7) % 11) / 11]),
        },
      ],
    };
    rig.workspace.write('dense.rnn.json', JSON.stringify(model));
    const panel = await openRun(rig, 'dense.rnn.json');
    const names = panel.frame.locator('.overview-name');
    assert.deepEqual(await names.allInnerTexts(), ['load', 'wind', 'warmth']);
    const drawn = await panel.frame.evaluate(() => {
      const keys = [...document.querySelectorAll('.overview-key')];
      const wanted = keys.map((key) =>
        (getComputedStyle(key).backgroundColor.match(/\d+/g) ?? []).map(Number),
      );
      const canvas = document.querySelector<HTMLCanvasElement>('.overview-surface > canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      // Mixed with what lies under it, a colour is nearest to its own.
      const counts = wanted.map(() => 0);
      for (let k = 0; k < data.length; k += 4) {
        if (data[k + 3] < 128) continue;
        const far = wanted.map((one) =>
          one.reduce((sum, part, channel) => sum + (part - data[k + channel]) ** 2, 0),
        );
        const nearest = far.indexOf(Math.min(...far));
        if (far[nearest] < 60 ** 2) counts[nearest]++;
      }
      return { counts, width: canvas.clientWidth };
    });
    // A line across the strip has a pixel and more in every column.
    for (const count of drawn.counts) assert.ok(count > drawn.width / 2, JSON.stringify(drawn));
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

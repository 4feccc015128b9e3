import assert from 'node:assert/strict';
import { numbersOf, stepTicks } from '../../../../src/picture/output/axes';

describe('the axes of the output over time', () => {
  it('have as many steps as fit beside each other, and none without words', () => {
    const at = Int32Array.from({ length: 64 }, (_, row) => row + 1);
    const named = (step: number) => (step < 64 ? `Mar ${step} 2000` : '');
    for (const letter of [4, 7, 20]) {
      const widthOf = (text: string) => text.length * letter;
      for (const width of [150, 400, 780, 2200]) {
        const ticks = stepTicks({ at, named }, width, widthOf);
        assert.ok(ticks.length > 0);
        assert.ok(ticks.every(({ text }) => text !== ''));
        for (let k = 1; k < ticks.length; k++) {
          const [left, right] = [ticks[k - 1], ticks[k]];
          assert.ok(right.x - left.x > (widthOf(left.text) + widthOf(right.text)) / 2 + 10);
        }
      }
    }
    assert.ok(stepTicks({ at, named }, 2200, (text) => text.length * 4).length > 10);
  });

  it('have round numbers of steps, counted from 1, and more than one where there is room', () => {
    const ticksOf = (steps: number, width: number) => {
      const at = Int32Array.from({ length: steps }, (_, step) => step);
      const named = (step: number) => String(step + 1);
      return stepTicks({ at, named }, width, (text) => text.length * 7).map(({ text }) => Number(text));
    };
    assert.deepEqual(ticksOf(10_000, 500), [2000, 4000, 6000, 8000, 10_000]);
    assert.deepEqual(ticksOf(5, 250), [1, 2, 3, 4, 5]);
    assert.deepEqual(ticksOf(5, 150), [2, 4]);
  });

  it('have one number of digits after the point', () => {
    assert.deepEqual([0, 0.5, 1].map(numbersOf([0, 0.5, 1])), ['0.0', '0.5', '1.0']);
    assert.deepEqual([-0.05, 0, 0.05].map(numbersOf([-0.05, 0, 0.05])), ['−0.05', '0.00', '0.05']);
    assert.deepEqual([-500, 0, 1500].map(numbersOf([-500, 0, 500, 1000, 1500])), ['−500', '0', '1,500']);
    assert.equal(numbersOf([0, 2e6])(2e6), '2.0e6');
  });
});

import assert from 'node:assert/strict';
import { Patience } from '../../../src/host/patience';

/** What it says of a run that has done so much at such times. */
function told(...signs: readonly (readonly [done: number, at: number])[]): (number | undefined)[] {
  const patience = new Patience();
  return signs.map(([done, at]) => patience.tooLong(done, 1000, at));
}

describe('the patience with a run that began by itself', () => {
  it('lets it go on while its time lasts, and then if it will end soon', () => {
    assert.deepEqual(told([10, 5000], [500, 5090], [600, 5110], [990, 5190]), Array(4).fill(undefined));
  });

  it('says how long the run takes that goes on for longer', () => {
    assert.deepEqual(told([0, 0], [100, 99], [100, 100]), [undefined, undefined, 1000]);
  });

  it('does not count what comes before the first step', () => {
    assert.deepEqual(told([0, 800], [700, 850], [900, 901]), Array(3).fill(undefined));
  });

  it('tells how fast what follows the run is by itself', () => {
    const patience = new Patience();
    assert.equal(patience.tooLong(0, 1000, 0), undefined);
    assert.equal(patience.tooLong(990, 1000, 90), undefined);
    patience.another();
    assert.equal(patience.tooLong(0, 50, 95), undefined);
    assert.equal(patience.tooLong(1, 50, 105), 95 + 50 * 10);
    assert.equal(patience.tooLong(45, 50, 120), undefined);
  });

  it('ends with what takes longer than was estimated, also where nothing was seen to be left', () => {
    assert.deepEqual(told([1000, 0], [1000, 250], [1000, 310]), [undefined, undefined, 620]);
  });

  it('lets it be tried once more, when its code is compiled', () => {
    const second = new Patience().again()!;
    assert.deepEqual(
      [0, 100].map((at) => second.tooLong(at / 10, 1000, at)),
      [undefined, 10_000],
    );
    assert.equal(second.again(), undefined);
  });
});

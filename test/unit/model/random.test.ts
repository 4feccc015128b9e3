import assert from 'node:assert/strict';
import { nextUint32, random } from '../../../src/model/random';

describe('random', () => {
  it('is xoshiro128**: what its authors’ C code gives from the state 1, 2, 3, 4', () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    assert.deepEqual(
      Array.from({ length: 5 }, () => nextUint32(state)),
      [11520, 0, 5927040, 70819200, 2031721883],
    );
  });

  it('repeats itself for the same seed and differs for others, large ones too', () => {
    const first = (seed: number) => random(seed).uniform();
    assert.equal(first(7), first(7));
    const seeds = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    assert.equal(new Set(seeds.map(first)).size, seeds.length);
  });

  it('has the moments of the uniform and the normal distribution', () => {
    const source = random(1);
    const moments = (draw: () => number) => {
      const values = Array.from({ length: 20_000 }, draw);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      return { mean, variance };
    };
    const uniform = moments(() => source.uniform());
    assert.ok(Math.abs(uniform.mean - 1 / 2) < 0.01 && Math.abs(uniform.variance - 1 / 12) < 0.005);
    const normal = moments(() => source.normal());
    assert.ok(Math.abs(normal.mean) < 0.03 && Math.abs(normal.variance - 1) < 0.05);
  });
});

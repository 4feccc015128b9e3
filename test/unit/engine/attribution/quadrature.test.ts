import assert from 'node:assert/strict';
import { gaussLegendre } from '../../../../src/engine/attribution/quadrature';

describe('quadrature', () => {
  it('is exact for polynomials up to twice its points', () => {
    for (const count of [1, 2, 3, 8, 64, 200]) {
      const nodes = gaussLegendre(count);
      assert.equal(nodes.length, count);
      for (let degree = 0; degree < Math.min(2 * count, 40); degree++) {
        const sum = nodes.reduce((all, { at, weight }) => all + weight * at ** degree, 0);
        assert.ok(Math.abs(sum - 1 / (degree + 1)) < 1e-13, `${count} points, degree ${degree}: ${sum}`);
      }
    }
  });

  it('has rising places between 0 and 1, as in tables', () => {
    const [first, middle, last] = gaussLegendre(3);
    assert.ok(Math.abs(first.at - (0.5 - Math.sqrt(0.15))) < 1e-14);
    assert.ok(Math.abs(middle.at - 0.5) < 1e-14);
    assert.ok(Math.abs(middle.weight - 4 / 9) < 1e-14);
    assert.ok(Math.abs(last.weight - 5 / 18) < 1e-14);
  });

  it('wants a whole number of points', () => {
    for (const count of [0, -1, 1.5, NaN, 5000]) assert.throws(() => gaussLegendre(count), RangeError);
  });
});

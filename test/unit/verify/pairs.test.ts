import assert from 'node:assert/strict';
import { otherOrders } from '../../../src/verify/gateOrders';
import { pairsFor } from '../../../src/verify/pairs';

describe('known inputs and outputs beside a model', () => {
  it('go together whose names end alike', () => {
    const names = [
      'm_x.csv',
      'm_y.csv',
      'm_x_2.csv',
      'm_y_2.json',
      'm_x_3.csv',
      'm_y.txt',
      'n_x.csv',
      'n_y.csv',
      'm.csv',
    ];
    assert.deepEqual(pairsFor('m', names), [
      { input: 'm_x.csv', expected: 'm_y.csv' },
      { input: 'm_x_2.csv', expected: 'm_y_2.json' },
    ]);
    assert.deepEqual(pairsFor('other', names), []);
  });
});

describe('gate orders', () => {
  it('are all but the one that the dialect has, and lead back to i, f, g, o', () => {
    const own = otherOrders('lstm', 'pytorch');
    assert.equal(own.length, 23);
    assert.deepEqual(own[0], {
      letters: 'iofc',
      programs: ['ONNX'],
      places: [0, 2, 3, 1],
    });
    // Read as i, o, f, c and put into i, f, g, o, blocks that are i, f, g, o come as i, g, o, f.
    const onnx = otherOrders('lstm', 'onnx').find(({ programs }) => programs.includes('PyTorch'))!;
    assert.deepEqual(
      onnx.places.map((place) => 'igof'[place]),
      ['i', 'f', 'g', 'o'],
    );
    assert.equal(otherOrders('gru', 'keras').length, 5);
  });
});

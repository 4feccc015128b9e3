import assert from 'node:assert/strict';
import type { AttributionFound, InputAttribution, SequenceSummary } from '../../../../../src/protocol';
import { largestOf, lookedAt, sumAt, valueAt } from '../../../../../src/picture/attribution/found';
import { cellInWords, lagInWords, spotInWords } from '../../../../../webview/features/attribution/say';
import { completenessOf, signed, titleOf } from '../../../../../src/picture/attribution/say';
import { linear, network } from '../../../engine/networks';

const INPUT: InputAttribution = {
  ...{ layer: 'input', from: 3, rows: 2, features: 2, tokens: false, masked: [] },
  values: Float64Array.of(0.5, -2, NaN, 0.25),
};
const FOUND: AttributionFound = {
  target: { step: 4, unit: 1, value: 0.75 },
  ...{ logit: false, points: 64, inputs: [INPUT], text: [] },
  completeness: { sum: 0.7, difference: 0.71, error: 0.01 },
};
const NETWORK = network(linear(2, 2));
const SEQUENCE = { steps: 5, inputs: { kind: 'vector' } } as SequenceSummary;

describe('what mattered', () => {
  const looked = lookedAt(NETWORK, SEQUENCE, FOUND, 'nothing of that name');

  it('is told by feature and step; what was not looked at brings nothing', () => {
    assert.equal(looked.input, INPUT);
    assert.equal(looked.reach, 2);
    assert.deepEqual([valueAt(INPUT, 1, 3), valueAt(INPUT, 1, 2), valueAt(INPUT, 0, 5)], [-2, 0, 0]);
    assert.equal(sumAt(INPUT, 3), -1.5);
    const named = { ...NETWORK, input: { kind: 'vector', size: 2, features: ['open', 'close'] } } as const;
    assert.equal(lookedAt(named, SEQUENCE, FOUND, 'input').nameOf(1), 'close');
    assert.equal(looked.nameOf(1), 'feature 1');
  });

  it('lists the largest in size first, and what is no number not at all', () => {
    assert.deepEqual(largestOf(INPUT, 2), [
      { feature: 1, step: 3, value: -2 },
      { feature: 0, step: 3, value: 0.5 },
    ]);
    assert.equal(largestOf(INPUT, 9).length, 3);
  });

  it('is said with how far before the output it is', () => {
    assert.deepEqual(
      [lagInWords(4, 4), lagInWords(3, 4), lagInWords(1, 4), lagInWords(5, 4), lagInWords(9, 4)],
      ['at the same step', '1 step before', '3 steps before', '1 step after', '5 steps after'],
    );
    assert.deepEqual([signed(0.5), signed(-0.5), signed(NaN)], ['+0.50', '−0.50', 'not a number']);
    assert.equal(
      spotInWords(looked, { feature: -1, from: 3, to: 3 }),
      'all together, step 4, 1 step before: −1.50',
    );
    assert.equal(
      spotInWords(looked, { feature: 1, from: 3, to: 4 }),
      'feature 1, steps 4 – 5: as much as −2.00',
    );
    assert.equal(titleOf(NETWORK, FOUND), 'Step 5: what brought output 1, 0.75');
    assert.equal(
      completenessOf(FOUND),
      'Together +0.70 of +0.71, which the output gained over the baseline: error 0.010',
    );
    const place = { feature: 1, step: 3, value: -2 };
    assert.equal(cellInWords(looked, place), 'feature 1, step 4, 1 step before: −2.00');
    const inputs = { kind: 'token', tokens: ['a', 'b', 'c', ' ', 'e'] } as const;
    const tokens = { ...FOUND, inputs: [{ ...INPUT, tokens: true }] };
    const read = lookedAt(NETWORK, { ...SEQUENCE, inputs }, tokens, 'input');
    assert.equal(cellInWords(read, { ...place, feature: 0 }), '“␣”, step 4, 1 step before: −2.00');
  });
});

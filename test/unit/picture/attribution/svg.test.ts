import assert from 'node:assert/strict';
import { lookedAt } from '../../../../src/picture/attribution/found';
import { attributionSheet } from '../../../../src/picture/attribution/svg';
import { namedTheme } from '../../../../src/picture/colour/themes';
import { svgText } from '../../../../src/picture/svgText';
import type { SequenceSummary } from '../../../../src/protocol';
import { linear, network } from '../../engine/networks';
import { descendants, parseXml } from '../xml';

const NETWORK = network(linear(2, 2));
const WIDTH = 960;

/** The texts of a picture of two features whose numbers are between ±`reach`. */
function drawn(rows: number, step: number, reach: number) {
  const values = Float64Array.from({ length: rows * 2 }, (_, k) => (k % 2 ? -reach : reach / 2));
  const input = { layer: 'input', from: 0, rows, features: 2, tokens: false, masked: [], values };
  const found = {
    ...{ target: { step, unit: 1, value: 0.75 }, logit: false, points: 64, inputs: [input], text: [] },
    completeness: { sum: 0.7, difference: 0.71, error: 0.01 },
  };
  const sequence = { steps: rows, inputs: { kind: 'vector' } } as SequenceSummary;
  const looked = lookedAt(NETWORK, sequence, found, 'input');
  const sheet = attributionSheet('a', looked, NETWORK.input, { width: WIDTH }, namedTheme('light'));
  return [...descendants(parseXml(svgText(sheet)))].filter(({ tag }) => tag === 'text');
}

describe('the picture of what mattered', () => {
  const TICK = /^[\d,]+( \([−+][\d,]+\))?$/;

  it('has as many numbers of steps as do not touch, within the picture', () => {
    for (const rows of [12, 40, 300, 3000, 250_000]) {
      const ticks = drawn(rows, 50, 1)
        .filter(({ text, attributes }) => TICK.test(text) && attributes['text-anchor'] === 'middle')
        .map(({ text, attributes }) => ({ text, x: Number(attributes.x), half: text.length * 3.3 }));
      assert.ok(ticks.length >= 4, `${rows} steps: ${ticks.length}`);
      ticks.forEach(({ x, half, text }, k) => {
        const before = k === 0 ? 0 : ticks[k - 1].x + ticks[k - 1].half + 9;
        assert.ok(x - half >= before && x + half <= WIDTH, `${rows} steps: ${text}`);
      });
    }
  });

  it('has numbers with as many digits as the largest needs, in its cells and beside its colours', () => {
    for (const [reach, numbers, end] of [
      [0.0169, ['0.0084', '−0.0169'], '0.0169'],
      [1.25, ['0.63', '−1.25'], '1.25'],
      [12.5, ['6.25', '−12.50'], '12.50'],
    ] as const) {
      const texts = drawn(12, 11, reach).map(({ text }) => text);
      for (const text of [...numbers, `−${end}`, `+${end}`]) assert.ok(texts.includes(text), text);
    }
    // Cells too narrow for them have none.
    assert.ok(!drawn(22, 21, 0.0169).some(({ text }) => text === '0.0084'));
    assert.ok(drawn(22, 21, 1.25).some(({ text }) => text === '0.63'));
  });

  it('speaks of steps after the output only where there are some', () => {
    const noteOf = (step: number) =>
      drawn(12, step, 1).find(({ text }) => text.includes('In brackets'))!.text;
    assert.match(noteOf(11), /In brackets: how far before the output\.$/);
    assert.match(noteOf(5), /before the output, or after it\.$/);
  });
});

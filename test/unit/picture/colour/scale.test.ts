import assert from 'node:assert/strict';
import { css, mix, parseColor, type Rgb } from '../../../../src/picture/colour/color';
import { contrast, createScale } from '../../../../src/picture/colour/scale';
import { THEME } from './theme';

describe('colour scales', () => {
  for (const kind of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    const light = kind.endsWith('light');
    const paper: Rgb = light ? [246, 246, 246] : [42, 42, 42];
    const scale = createScale({ ...THEME, kind, paper });

    it(`fade into the paper at zero and clamp at the ends: ${kind}`, () => {
      for (const range of ['gate', 'signed', 'unbounded', 'probability'] as const) {
        assert.equal(scale.swatch(range, 0).fill, css(paper));
        assert.equal(scale.swatch(range, 7).fill, scale.swatch(range, 1).fill);
      }
      assert.equal(scale.swatch('signed', -7).fill, scale.swatch('signed', -1).fill);
      assert.notEqual(scale.swatch('signed', -1).fill, scale.swatch('signed', 1).fill);
    });

    it(`keep the ink readable on every shade: ${kind}`, () => {
      for (const range of ['gate', 'signed', 'probability'] as const) {
        for (let value = range === 'signed' ? -1 : 0; value <= 1; value += 0.05) {
          const { fill, ink } = scale.swatch(range, value);
          assert.ok(contrast(parseColor(fill)!, parseColor(ink)!) >= 4.5, `${range} ${value}`);
        }
      }
    });
  }

  it('measure contrast as WCAG does', () => {
    assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
    assert.equal(contrast([9, 9, 9], [9, 9, 9]), 1);
  });
});

describe('colours', () => {
  it('are read as browsers write them', () => {
    assert.deepEqual(parseColor('rgb(1, 2, 3)'), [1, 2, 3]);
    assert.deepEqual(parseColor('rgba(1, 2, 3, 0.5)'), [1, 2, 3]);
    assert.deepEqual(parseColor('color(srgb 1 0 0.2)'), [255, 0, 51]);
    assert.equal(parseColor('rgba(0, 0, 0, 0)'), null);
    assert.equal(parseColor(''), null);
  });

  it('mix by share', () => {
    assert.deepEqual(mix([0, 0, 0], [100, 200, 50], 0.5), [50, 100, 25]);
  });
});

import assert from 'node:assert/strict';
import { createScale } from '../../../src/picture/colour/scale';
import { namedTheme } from '../../../src/picture/colour/themes';
import { colouredTextSheet } from '../../../src/picture/colouredTextSvg';
import { svgText } from '../../../src/picture/svgText';
import { assertStandalone, descendants, parseXml } from './xml';

const theme = namedTheme('light');

function drawn(tokens: readonly string[], playhead: number, range: readonly [number, number] | null = null) {
  const text = {
    tokens,
    values: Float32Array.from(tokens, (_, token) => token / tokens.length),
    ...({ palette: 'gate', reach: 1, apart: false } as const),
    ...{ playhead, range },
  };
  const around = { title: 'a text', notes: ['a note'] };
  const svg = parseXml(svgText(colouredTextSheet(around, text, { least: '0', most: '1' }, 400, theme)));
  assertStandalone(svg);
  const all = [...descendants(svg)];
  const letters = all.filter(({ tag, attributes }) => tag === 'text' && attributes['font-size'] === '13');
  return { all, letters };
}

describe('a coloured text as a picture', () => {
  it('has each token in the colour of its number, in lines, the chosen ones underlined', () => {
    const tokens = [...'to be, or not to be, that is the question: whether it is nobler in the mind'];
    const { all, letters } = drawn(tokens, -1, [3, 4]);
    assert.equal(letters.map(({ text }) => text).join(''), tokens.join('').replaceAll(' ', '␣'));
    const lines = new Set(letters.map(({ attributes }) => attributes.y));
    assert.ok(lines.size >= 2);
    const { swatch } = createScale(theme);
    const boxes = all.filter(({ tag, attributes }) => tag === 'rect' && attributes.height === '20');
    boxes.forEach(({ attributes }, token) =>
      assert.equal(attributes.fill, swatch('gate', Math.fround(token / tokens.length)).fill),
    );
    assert.equal(boxes.length, tokens.length);
    const underlined = all.filter(({ tag, attributes }) => tag === 'rect' && attributes.height === '2');
    assert.equal(underlined.length, 2);
    for (const text of ['a text', 'a note', '0', '1'])
      assert.ok(
        all.some((one) => one.text === text),
        text,
      );
  });

  it('has of a long one what is about the playhead, or before the end of what is chosen', () => {
    const tokens = Array.from({ length: 25_000 }, (_, token) => String(token % 10));
    assert.equal(drawn(tokens, 12_000).letters.length, 10_000);
    const { all, letters } = drawn(tokens, -1, [24_991, 24_991]);
    assert.equal(letters.length, 10_000);
    const [line] = all.filter(({ tag, attributes }) => tag === 'rect' && attributes.height === '2');
    const last = letters[letters.length - 1];
    assert.equal(last.text, '1');
    assert.ok(Math.abs(Number(line.attributes.x) + 4 - Number(last.attributes.x)) < 2);
  });
});

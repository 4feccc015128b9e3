import assert from 'node:assert/strict';
import { imageUri } from '../../../src/picture/pngText';
import { namedTheme } from '../../../src/picture/colour/themes';
import { SvgBrush, svgPress } from '../../../src/picture/svgBrush';
import { createSheet, svgText } from '../../../src/picture/svgText';
import { decodePng } from './png';
import { assertStandalone, descendants, parseXml } from './xml';

const [RED, GREEN, NONE] = [0xff0000ff, 0xff00ff00, 0];
const IMAGE = { width: 2, height: 2, pixels: Uint32Array.of(RED, GREEN, NONE, RED) };

function pixelsOf(uri: string) {
  return decodePng(Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64'));
}

describe('images in a text', () => {
  it('have their pixels, each as several', () => {
    const { width, height, at } = pixelsOf(imageUri(IMAGE, { first: 0, size: 2 }));
    assert.deepEqual([width, height], [128, 128]);
    assert.deepEqual(at(0, 0), [255, 0, 0, 255]);
    assert.deepEqual(at(63, 63), [255, 0, 0, 255]);
    assert.deepEqual(at(64, 63), [0, 255, 0, 255]);
    assert.deepEqual(at(63, 64), [0, 0, 0, 0]);
    assert.deepEqual(at(127, 127), [255, 0, 0, 255]);
  });

  it('are some of their rows', () => {
    const { width, height, at } = pixelsOf(imageUri(IMAGE, { first: 1, size: 1 }));
    assert.deepEqual([width, height], [128, 64]);
    assert.deepEqual([at(0, 0)[3], at(127, 63)[0]], [0, 255]);
  });
});

describe('the brush that draws on a text', () => {
  const { background } = namedTheme('print');
  const drawn = (draw: (brush: SvgBrush) => void) => {
    const size = { width: 40, height: 30 };
    const sheet = createSheet(size, { title: '<', style: '', background: `rgb(${background})` });
    draw(new SvgBrush(sheet, 5));
    draw(new SvgBrush(sheet, 5));
    const svg = parseXml(svgText(sheet));
    assertStandalone(svg);
    const ids = [...descendants(svg)].flatMap(({ attributes: { id } }) => id ?? []);
    assert.equal(new Set(ids).size, ids.length, 'ids');
    return [...descendants(svg)];
  };

  it('clips what is drawn until it is restored', () => {
    const all = drawn((brush) => {
      brush.save();
      brush.fillStyle = 'red';
      brush.beginPath();
      brush.rect(1, 2, 3, 4);
      brush.clip();
      brush.fillRect(0, 0, 10, 10);
      brush.restore();
      brush.fillRect(20, 0, 1, 1);
    });
    const clipped = all.find(({ attributes }) => attributes['clip-path'])!;
    const [id] = /d\d+-\d+/.exec(clipped.attributes['clip-path'])!;
    const clip = all.find(({ attributes }) => attributes.id === id)!;
    assert.deepEqual(clip.children[0].attributes, { x: '1', y: '2', width: '3', height: '4' });
    assert.deepEqual(
      clipped.children.map(({ attributes: { x, fill } }) => [x, fill]),
      [['0', 'red']],
    );
    const free = all.filter(({ attributes }) => attributes.x === '20');
    assert.deepEqual(free[0].attributes.fill, '#000');
  });

  it('writes texts where a canvas would', () => {
    const all = drawn((brush) => {
      brush.font = 'bold 10px Some Sans, sans-serif';
      brush.textAlign = 'right';
      brush.textBaseline = 'middle';
      brush.fillText('a <b>', 12, 20);
      brush.fillText('long '.repeat(10), 12, 20, 30);
    });
    const [one, long] = all.filter(({ tag }) => tag === 'text');
    assert.equal(one.text, 'a <b>');
    assert.equal(one.attributes['text-anchor'], 'end');
    assert.equal(one.attributes['font-weight'], 'bold');
    assert.equal(one.attributes.style, 'font-family:Some Sans, sans-serif');
    assert.ok(Math.abs(Number(one.attributes.y) - 23.6) < 0.1);
    assert.equal(long.attributes.textLength, '30');
  });

  it('has lines, gradients, patterns and images', () => {
    const all = drawn((brush) => {
      brush.strokeStyle = 'blue';
      brush.setLineDash([5, 3]);
      brush.beginPath();
      brush.moveTo(0, 0);
      brush.lineTo(3, 4);
      brush.stroke();
      const gradient = brush.createLinearGradient(0, 10, 0, 0);
      gradient.addColorStop(0, 'red');
      gradient.addColorStop(1, 'blue');
      brush.fillStyle = gradient;
      brush.fillRect(0, 0, 5, 5);
      brush.fillStyle = svgPress.hatch(brush, 6, 'white', 'black');
      brush.fillRect(5, 5, 5, 5);
      svgPress.image(brush, IMAGE, { first: 0, size: 2 }, { left: 1, top: 2, width: 30, height: 20 });
    });
    const path = all.find(({ tag, attributes }) => tag === 'path' && attributes.stroke === 'blue')!;
    assert.deepEqual([path.attributes.d, path.attributes['stroke-dasharray']], ['M0,0L3,4', '5 3']);
    for (const tag of ['linearGradient', 'pattern']) {
      const { id } = all.find((one) => one.tag === tag)!.attributes;
      assert.ok(all.some(({ attributes }) => attributes.fill === `url(#${id})`));
    }
    const { attributes } = all.find(({ tag }) => tag === 'image')!;
    assert.deepEqual([attributes.x, attributes.width, attributes.preserveAspectRatio], ['1', '30', 'none']);
  });
});

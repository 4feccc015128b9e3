import assert from 'node:assert/strict';
import { namedTheme } from '../../../src/picture/colour/themes';
import { svgText, titledSheet, withChanges } from '../../../src/picture/svgText';
import { assertStandalone, descendants, parseXml } from './xml';

const theme = namedTheme('light');

describe('what a picture holds fixed', () => {
  const captioned = (changes: readonly string[], width = 400) => {
    const before = titledSheet({ width, height: 100 }, { title: 'a model' }, theme);
    const after = withChanges(before, changes, theme);
    const root = parseXml(svgText(after));
    assertStandalone(root);
    const caption = [...descendants(root)].find(({ attributes }) => attributes.class === 'changes');
    return { after, root, lines: caption?.children.filter(({ tag }) => tag === 'text') ?? [] };
  };

  it('stands below it', () => {
    const { after, root, lines } = captioned(['lstm.f[3]=0', 'input@2=b']);
    assert.deepEqual(
      lines.map(({ text }) => text),
      ['what-if: lstm.f[3]=0; input@2=b'],
    );
    assert.ok(after.height > 100);
    assert.equal(root.attributes.viewBox, `0 0 400 ${after.height}`);
    const background = root.children.find(({ attributes }) => attributes.class === 'background');
    assert.equal(background!.attributes.height, String(after.height));
  });

  it('is broken between changes where it is too wide, and cut where one alone is', () => {
    const many = Array.from({ length: 20 }, (_, k) => `lstm.f[${k}]=0.25`);
    const { lines } = captioned(many);
    assert.ok(lines.length > 3);
    assert.equal(lines.map(({ text }) => text).join(' '), `what-if: ${many.join('; ')}`);
    const [{ text }] = captioned([`lstm.h0=[${'0.5,'.repeat(200)}0]`]).lines;
    assert.ok(text.length < 80 && text.endsWith('…'));
  });

  it('is nothing where nothing is held', () => {
    const { after, lines } = captioned([]);
    assert.deepEqual([after.height, lines.length], [100, 0]);
  });
});

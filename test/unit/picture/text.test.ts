import assert from 'node:assert/strict';
import { fitText, sizeToken, textWidth, tokenText, wrapText } from '../../../src/picture/text';

describe('texts in the picture', () => {
  it('count wide characters twice and marks not at all', () => {
    assert.equal(textWidth('abc'), 3);
    assert.equal(textWidth('한글'), 4);
    assert.equal(textWidth('🎉'), 2);
    assert.equal(textWidth('e\u0301'), 1);
  });

  it('are cut with an ellipsis', () => {
    assert.equal(fitText('short', 5), 'short');
    assert.equal(fitText('longer', 5), 'long…');
    assert.equal(fitText('한국어', 5), '한국…');
  });

  it('are wrapped between words, none of them lost', () => {
    assert.deepEqual(wrapText('one two three', 7), ['one two', 'three']);
    assert.deepEqual(wrapText('incomprehensible', 7), ['incomprehensible']);
    assert.deepEqual(wrapText('시점은 1부터 셉니다', 13), ['시점은 1부터', '셉니다']);
  });

  it('shrink before they are cut', () => {
    assert.deepEqual(sizeToken('a', 34), { text: 'a', size: 17 });
    assert.equal(sizeToken('extra', 40).text, 'extra');
    const { text, size } = sizeToken('incomprehensibility', 34);
    assert.equal(size, 11);
    assert.match(text, /^inc.*…$/);
  });

  it('show blank tokens', () => {
    assert.equal(tokenText(' '), '␣');
    assert.equal(tokenText(''), '∅');
    assert.equal(tokenText('a b'), 'a b');
  });
});

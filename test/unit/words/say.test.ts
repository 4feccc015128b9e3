import assert from 'node:assert/strict';
import { say } from '../../../src/words/say';
import { speak } from '../../../src/words/translated';

const counted = (name: string, count: number) => say`tensor ${name} has ${count} values`;

describe('a sentence with values', () => {
  afterEach(() => speak('en', {}));

  it('is the template itself in English, and where it has no translation', () => {
    assert.equal(counted('w', 3), 'tensor w has 3 values');
    assert.equal(say`nothing`, 'nothing');
    assert.equal(say`a brace {0} and ${'\\'}\u00e9`, 'a brace {0} and \\é');
    speak('ko', { 'another {0}': '다른 {0}', toString: '문자열' });
    assert.equal(counted('w', 3), 'tensor w has 3 values');
    assert.equal(say`valueOf`, 'valueOf');
  });

  it('has its values where the translation has them, as they are', () => {
    speak('ko', {
      'tensor {0} has {1} values': '값 {1}개인 텐서 {0} ({1})',
      'a {0}': '{0} 하나',
      nothing: '없음',
    });
    assert.equal(counted('w', 3), '값 3개인 텐서 w (3)');
    assert.equal(counted('{1} $& a', 0), '값 0개인 텐서 {1} $& a (0)');
    assert.equal(say`nothing`, '없음');
    assert.equal(say`a ${say`nothing`}`, '없음 하나');
    assert.equal(say`a ${undefined}`, 'undefined 하나');
  });

  it('follows the language that is spoken', () => {
    const spoken = () => counted('w', 1);
    assert.equal(spoken(), 'tensor w has 1 values');
    speak('ko', { 'tensor {0} has {1} values': '텐서 {0}: 값 {1}개' });
    assert.equal(spoken(), '텐서 w: 값 1개');
    speak('en', {});
    assert.equal(spoken(), 'tensor w has 1 values');
  });
});

import assert from 'node:assert/strict';
import { stepNamed } from '../../../../../webview/features/toolbar/step';

describe('a step that is named', () => {
  it('counts from 1, and is the nearest that there is', () => {
    const named = ['1', '22', '57', '58', '0', '-3', '1e9', '4.4', ' 7 '].map((text) => stepNamed(text, 57));
    assert.deepEqual(named, [0, 21, 56, 56, 0, 0, 56, 3, 6]);
    assert.equal(stepNamed('777777', 1_000_000), 777_776);
  });

  it('is none where no number stands', () => {
    assert.deepEqual(
      ['', '  ', 'x', '1,2'].map((text) => stepNamed(text, 57)),
      [null, null, null, null],
    );
  });
});

import assert from 'node:assert/strict';
import { aboutHowLong } from '../../../../../webview/features/status/howLong';

describe('about how long a run takes', () => {
  it('is said with no more digits than are known', () => {
    assert.deepEqual([3, 400, 1000, 2300, 14_700, 93_000, 100_000, 1_234_000, 9e9].map(aboutHowLong), [
      ...['less than a second', 'less than a second', 'about 1 s', 'about 2 s', 'about 15 s', 'about 93 s'],
      ...['about 2 min', 'about 21 min', 'about 150,000 min'],
    ]);
  });
});

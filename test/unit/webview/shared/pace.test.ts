import assert from 'node:assert/strict';
import { paceWithin, pacesFor } from '../../../../webview/shared/pace';

describe('paces', () => {
  it('are up to 64 steps at a time, and more where a sequence is so long that it would take many goes', () => {
    assert.deepEqual(pacesFor(3), [1, 4, 16, 64]);
    assert.deepEqual(pacesFor(10_000), [1, 4, 16, 64]);
    assert.deepEqual(pacesFor(11_000), [1, 4, 16, 64, 256]);
    assert.deepEqual(pacesFor(1_000_000), [1, 4, 16, 64, 256, 1000, 4000, 16_000]);
  });

  it('that a sequence does not have are those of its fastest', () => {
    assert.equal(paceWithin(16, 5), 16);
    assert.equal(paceWithin(16_000, 5), 64);
    assert.equal(paceWithin(16_000, 50_000), 1000);
  });
});

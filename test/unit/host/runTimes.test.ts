import assert from 'node:assert/strict';
import { RunTimes, type RunTime } from '../../../src/host/runTimes';

describe('how long runs took', () => {
  it('is known by what they were estimated to take, the newest of them', () => {
    let kept: readonly RunTime[] = [];
    const times = new RunTimes({ get: () => kept, put: (all) => (kept = all) });
    for (let k = 1; k <= 20; k++) times.put(k, 10 * k);
    times.put(7, 1);
    assert.equal(kept.length, 16);
    assert.deepEqual([7, 20, 6, 3].map((estimate) => times.of(estimate)), [1, 200, 60, undefined]); // prettier-ignore
  });

  it('is not taken from what was kept otherwise', () => {
    for (const kept of [undefined, 'x', { estimate: 1, took: 2 }, [null, 3, { estimate: 1, took: '2' }]]) {
      const times = new RunTimes({ get: () => kept, put: () => {} });
      assert.equal(times.of(1), undefined);
    }
    const some = new RunTimes({
      get: () => [
        { estimate: NaN, took: 1 },
        { estimate: 1, took: 5 },
      ],
      put: () => {},
    });
    assert.equal(some.of(1), 5);
  });
});

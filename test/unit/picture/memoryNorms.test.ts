import assert from 'node:assert/strict';
import type { Memory, MemoryRow } from '../../../src/protocol';
import { normAt, railGradient } from '../../../src/picture/memoryNorms';

const ROW: MemoryRow = {
  ...{ layer: 'lstm', level: 0, direction: 'forward', text: [], signal: 'c', halfLife: null },
  norms: Float64Array.of(1e-3, 0.1, 10),
  hidden: Float64Array.of(0, 1e-9, 1),
  ofUnit: null,
  initial: { h: 0.01, c: 0.5 },
  steps: Int32Array.of(4, 5, 6),
  zerosFrom: 2,
};
const rails = railGradient({ rows: [ROW] } as unknown as Memory);

describe('the gradient at a step', () => {
  it('is that of its row, 0 where it has vanished, and not known before', () => {
    const at = (step: number) => normAt(ROW, ROW.norms, step);
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map(at), [null, 0, 0, 1e-3, 0.1, 10, null]);
  });

  it('is that of the state that a rail carries; nothing comes back from after the target', () => {
    const of = (signal: 'h' | 'c') => [3, 4, 5, 6, 7].map((step) => rails.norm(ROW, signal, step));
    assert.deepEqual(of('c'), [0, 1e-3, 0.1, 10, 0]);
    assert.deepEqual(of('h'), [0, 0, 1e-9, 1, 0]);
    assert.equal(rails.norm({ ...ROW, layer: 'other' }, 'h', 5), null);
    assert.equal(rails.norm({ ...ROW, level: 1 }, 'h', 5), null);
  });

  it('is that of the state before the first step, where that has been reached', () => {
    assert.deepEqual([rails.norm(ROW, 'h', -1), rails.norm(ROW, 'c', -1)], [0.01, 0.5]);
    const of = (row: MemoryRow, step: number) =>
      railGradient({ rows: [row] } as unknown as Memory).norm(row, 'c', step);
    assert.equal(of({ ...ROW, initial: null }, -1), null);
    // Backward in time it comes in after the last step.
    assert.equal(of({ ...ROW, direction: 'backward' }, 7), 0.5);
    assert.equal(of({ ...ROW, direction: 'backward' }, 6), 10);
  });

  it('is a pixel less for each power of ten below the largest', () => {
    assert.deepEqual([10, 1, 0.01, 1e-4, 1e-5, 1e-200].map(rails.width), [6, 5, 3, 1, 1, 1]);
  });
});

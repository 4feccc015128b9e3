import assert from 'node:assert/strict';
import type { Matrix, RunSummary } from '../../../../../src/protocol';
import { moved, normOf, rangeOf, shadeOf } from '../../../../../src/picture/memory/cells';
import { matrixQuestion, slice, windowFrom } from '../../../../../webview/features/memory/state';
import { FRESH, initialState, type State } from '../../../../../webview/shared/state';

const MATRIX: Matrix = {
  ...{ trace: 3, from: 10, row: 0, part: 0, steps: 3, places: [], total: 3 },
  targets: Int32Array.of(10, 11),
  norms: Float64Array.of(5, 0, 0, 1, 4, 0),
  initial: null,
};
const STATE: State = {
  ...initialState({ ...FRESH, dock: { open: ['memory'], height: null } }),
  run: { trace: 3, sequence: { steps: 2000 } } as RunSummary,
};
const MATRIX_SHOWN = slice.reduce(slice.restore(null), { type: 'showOf', shown: 'matrix' }, STATE);

describe('the matrix of the memory view', () => {
  it('has a number for each target that is worked out', () => {
    const at = (target: number, step: number) => normOf(MATRIX, { target, step });
    assert.deepEqual([at(10, 10), at(11, 10), at(11, 12)], [5, 1, 0]);
    assert.deepEqual([at(12, 10), at(10, 9), at(10, 13)], [null, null, null]);
  });

  it('has shades for as many powers of ten as it has, up to six; 0 has its own', () => {
    assert.deepEqual(rangeOf(MATRIX), { largest: 5, decades: 1 });
    const deep = rangeOf({ ...MATRIX, norms: Float64Array.of(0, 1e-30, 10, NaN) });
    assert.deepEqual(deep, { largest: 10, decades: 6 });
    const shades = [10, 1e-2, 1e-5, 1e-9, 0].map((norm) => shadeOf(norm, deep).toFixed(3));
    assert.deepEqual(shades, ['1.000', '0.560', '0.120', '0.120', '0.000']);
    assert.ok(Number.isNaN(shadeOf(NaN, deep)));
  });

  it('is gone through by keys, within what is worked out', () => {
    const from = { target: 11, step: 11 };
    const to = (key: string) => moved(MATRIX, from, key);
    assert.deepEqual(to('ArrowUp'), { target: 10, step: 11 });
    assert.deepEqual(to('ArrowDown'), from);
    assert.deepEqual([to('ArrowLeft')!.step, to('ArrowRight')!.step], [10, 12]);
    assert.deepEqual([to('Home')!.step, to('End')!.step], [10, 12]);
    assert.equal(to('x'), null);
  });

  it('has the initial state beside the step that is read first', () => {
    const place = { layer: 'lstm', level: 0, signal: 'c' } as const;
    const initial = Float64Array.of(7, 8);
    for (const [direction, step] of [
      ['forward', 9],
      ['backward', 13],
    ] as const) {
      const matrix: Matrix = { ...MATRIX, places: [{ ...place, direction }], initial };
      const at = (step: number) => normOf(matrix, { target: 11, step });
      assert.deepEqual([at(step), at(10), at(12)], [8, 1, 0]);
      assert.deepEqual([at(step === 9 ? 13 : 9), normOf(matrix, { target: 12, step })], [null, null]);
      const end = moved(matrix, { target: 11, step: 11 }, step === 9 ? 'Home' : 'End')!;
      assert.equal(end.step, step);
      assert.equal(rangeOf(matrix).largest, 8);
    }
  });

  it('is of a window about the playhead, that moves on by half of it', () => {
    assert.deepEqual(
      [0, 300, 400, 1000, 1999].map((step) => windowFrom(step, 2000)),
      [0, 0, 256, 768, 1488],
    );
    assert.deepEqual(
      [0, 100].map((step) => windowFrom(step, 300)),
      [0, 0],
    );
    for (let step = 0; step < 2000; step++) {
      const from = windowFrom(step, 2000);
      assert.ok(step >= from && step < from + 512, `${step} in ${from} …`);
    }
  });

  it('is asked for part after part while it is shown, unless it was stopped', () => {
    const asked = (own = MATRIX_SHOWN, known: Matrix | null = null, state = STATE) =>
      matrixQuestion({ state, own }, known);
    assert.deepEqual(asked(), { trace: 3, from: 0, row: 0, part: 0 });
    const known = { ...MATRIX, from: 0 };
    assert.equal(asked(MATRIX_SHOWN, known)!.part, 1);
    assert.equal(asked(MATRIX_SHOWN, { ...known, total: 2 })!.part, 0, 'all is there');
    assert.equal(asked(MATRIX_SHOWN, { ...known, trace: 2, part: 4 })!.part, 0, 'another run');
    assert.equal(asked(MATRIX_SHOWN, { ...known, part: 4 }, { ...STATE, step: 1000 })!.part, 0);
    assert.equal(asked({ ...MATRIX_SHOWN, stopped: true }), null);
    assert.equal(asked({ ...MATRIX_SHOWN, shown: 'norm' }), null);
    assert.equal(asked(MATRIX_SHOWN, null, { ...STATE, playing: true }), null);
  });
});

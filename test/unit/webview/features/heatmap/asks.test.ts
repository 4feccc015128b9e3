import assert from 'node:assert/strict';
import { asksOf } from '../../../../../webview/features/heatmap/asks';
import type { State } from '../../../../../webview/shared/state';
import { slice, type HeatMap } from '../../../../../webview/features/heatmap/state';

const GATE = { layer: 'lstm', level: 0, direction: 'forward', signal: 'f' } as const;
const FRESH: HeatMap = { ...slice.restore(undefined), room: { width: 600, ratio: 1 } };
/** The room, less what stands beside the cells. */
const PIXELS = 600 - 118;

interface Shown {
  readonly rows: number;
  readonly units?: number;
  readonly recorded?: boolean;
  readonly unit?: number;
  readonly step?: number;
}

function asks({ rows, units = 8, recorded = false, unit, step = 5 }: Shown, own: Partial<HeatMap> = {}) {
  const sequence = { steps: rows, inputs: { kind: 'vector' } };
  const run = { trace: 7, recorded, sequence, signals: [{ ...GATE, rows, units }] };
  const selection = { signal: GATE, unit: unit ?? null, range: null };
  const state: unknown = { dock: { open: ['heatmap'] }, run, sequence, selection, step };
  return asksOf({ state: state as State, own: { ...FRESH, ...own } });
}

describe('what the heat map asks', () => {
  it('is as many columns of shades as the cells have pixels of the screen, and nothing before that is known', () => {
    const place = { trace: 7, signal: GATE, from: 0 };
    assert.deepEqual(asks({ rows: 2000 }).shades, { ...place, to: 2000, columns: PIXELS });
    assert.equal(asks({ rows: 2000 }, { room: { width: 600, ratio: 2 } }).shades!.columns, 2 * PIXELS);
    assert.equal(asks({ rows: 45 }).shades!.columns, 45);
    assert.equal(asks({ rows: 2000, units: 4096 }).shades!.columns, 256);
    assert.ok(Object.values(asks({ rows: 2000 }, { room: null })).every((ask) => ask === null));
  });

  it('is every row of the unit that is looked at, so that no step asks anew', () => {
    const { rows, values } = asks({ rows: 2000, unit: 3 });
    assert.deepEqual(rows, { trace: 7, signal: GATE, from: 0, to: 2000, columns: 2000, unit: 3 });
    assert.equal(values, null);
    assert.deepEqual(asks({ rows: 2000, unit: 3, step: 900 }), asks({ rows: 2000, unit: 3 }));
    assert.equal(asks({ rows: 2000, unit: 3 }, { cursor: { unit: 5, step: 9 } }).rows!.unit, 5);
  });

  it('is the unit under the pointer, and beside it the value at the cursor', () => {
    const { rows, values } = asks({ rows: 2000, unit: 3 }, { pointed: 6 });
    assert.equal(rows!.unit, 6);
    assert.deepEqual(values, { trace: 7, address: { ...GATE, step: 5 } });
    assert.equal(asks({ rows: 2000, unit: 3 }, { pointed: 99 }).rows!.unit, 3, 'of another signal');
  });

  it('is the columns of a unit, and the value at the cursor, where there are many rows or they are not held', () => {
    for (const shown of [{ rows: 100_000 }, { rows: 2000, recorded: true }]) {
      const { rows, values, shades } = asks({ ...shown, unit: 3 });
      assert.equal(rows!.columns, shades!.columns);
      assert.deepEqual(values, { trace: 7, address: { ...GATE, step: 5 } });
    }
    assert.equal(asks({ rows: 60, recorded: true, unit: 3 }).values, null);
  });
});

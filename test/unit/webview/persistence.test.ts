import assert from 'node:assert/strict';
import { persisted, readPersisted } from '../../../webview/persistence';
import { FRESH, initialState } from '../../../webview/state';

const FRESH_PANEL = { ...FRESH, view: null };

describe('what the panel keeps', () => {
  it('reads back what it wrote', () => {
    const restored = { sample: 'hello', step: 12, detail: 'cells', unit: 3, remembering: true } as const;
    const state = initialState(restored);
    const view = { zoom: 1.5, x: 10, y: -4, fitted: false };
    const stored: unknown = JSON.parse(JSON.stringify(persisted(state, view)));
    assert.deepEqual(readPersisted(stored), { ...restored, view });
  });

  it('is fresh where nothing was stored', () => {
    for (const stored of [undefined, null, 7, 'x', []]) assert.deepEqual(readPersisted(stored), FRESH_PANEL);
  });

  it('leaves out what makes no sense', () => {
    const stored = {
      sample: 5,
      step: -1,
      detail: 'all',
      unit: 1.5,
      remembering: 'yes',
      view: { zoom: 0, x: 1, y: 1, fitted: true },
    };
    assert.deepEqual(readPersisted(stored), FRESH_PANEL);
    assert.equal(readPersisted({ view: { zoom: NaN, x: 0, y: 0, fitted: true } }).view, null);
    assert.equal(readPersisted({ step: 1e300 }).step, 0);
  });
});

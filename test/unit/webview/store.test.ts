import assert from 'node:assert/strict';
import { USUAL_SETTINGS } from '../../../src/panelSettings';
import { slice as viewpoint } from '../../../webview/features/diagram/viewpoint';
import type { Action } from '../../../webview/shared/state';
import type { Slice, Sliced } from '../../../webview/slice';
import { Store } from '../../../webview/store';

type Count = { readonly type: 'count' };

/** Counts its own action, and the themes. */
const counter: Slice<number, Count> = {
  restore: (kept) => (typeof kept === 'number' ? kept : 0),
  keep: (own) => own,
  reduce: (own, action) => (action.type === 'count' || action.type === 'themeChanged' ? own + 1 : own),
};

function feature<Own, OwnAction>(name: string, slice?: Slice<Own, OwnAction>): Sliced {
  return { name, slice };
}

const FEATURES = [
  feature('a', counter),
  feature('b', counter),
  feature('diagram', viewpoint),
  feature('bare'),
];
const FRESH = {
  sample: null,
  origin: null,
  step: 0,
  pace: 1,
  detail: 'gates',
  selection: { signal: null, unit: null, range: null },
  measure: 'mean',
  dock: { open: [], height: null },
  changes: { sets: [], past: [], future: [] },
  settings: USUAL_SETTINGS,
};

describe('the store', () => {
  it('lets every feature hear the actions of all, and each alone its own', () => {
    const store = new Store(FEATURES, undefined, USUAL_SETTINGS);
    store.dispatch({ type: 'themeChanged' });
    store.change(FEATURES[0], { type: 'count' });
    assert.deepEqual([store.ownOf('a'), store.ownOf('b'), store.ownOf('bare')], [2, 1, null]);
    assert.equal(store.state.theme, 1);
  });

  it('tells of every action of all, and of changes of a feature', () => {
    const store = new Store(FEATURES, undefined, USUAL_SETTINGS);
    const heard: (Action | null)[] = [];
    store.subscribe((action) => heard.push(action));
    store.dispatch({ type: 'fit' });
    store.change(FEATURES[0], { type: 'count' });
    store.change(FEATURES[0], { type: 'nothing of its own' });
    assert.deepEqual(heard, [{ type: 'fit' }, null]);
  });
});

describe('what the panel keeps', () => {
  const from = { zoom: 1.5, x: 10, y: -4, framing: 'own' };

  it('is read back as it was written', () => {
    const store = new Store(FEATURES, undefined, USUAL_SETTINGS);
    store.dispatch({ type: 'showDetail', detail: 'cells' });
    store.dispatch({ type: 'selectUnit', unit: 3 });
    store.dispatch({ type: 'showView', view: 'memory', on: true });
    store.dispatch({ type: 'resizeDock', height: 240 });
    store.change(FEATURES[2], { type: 'looked', from });
    const stored: unknown = JSON.parse(JSON.stringify(store.keep()));
    const again = new Store(FEATURES, stored, USUAL_SETTINGS);
    assert.deepEqual(again.keep(), store.keep());
    assert.deepEqual([again.state.detail, again.state.selection.unit], ['cells', 3]);
    assert.deepEqual(again.state.dock, { open: ['memory'], height: 240 });
    assert.deepEqual(again.ownOf('diagram'), from);
  });

  it('is fresh where nothing was stored, or something else', () => {
    for (const stored of [undefined, null, 7, 'x', [], { shared: 4, features: 'all' }]) {
      const kept = new Store(FEATURES, stored, USUAL_SETTINGS).keep();
      assert.deepEqual(kept, { shared: FRESH, features: { a: 0, b: 0, diagram: null } });
    }
  });

  it('leaves out what makes no sense', () => {
    const shared = {
      sample: 5,
      origin: {},
      pace: 3,
      step: -1,
      detail: 'all',
      selection: {
        signal: { layer: 'a', level: -1, direction: 'up', signal: 'f' },
        unit: 1.5,
        range: { from: 4, to: 2 },
      },
      measure: 'median',
      dock: { open: ['memory', 4, 'memory'], height: -3 },
    };
    const diagram = { zoom: 0, x: 1, y: 1, framing: 'whole' };
    const store = new Store(FEATURES, { shared, features: { a: 'many', diagram } }, USUAL_SETTINGS);
    assert.deepEqual(store.keep(), {
      shared: { ...FRESH, dock: { open: ['memory'], height: null } },
      features: { a: 0, b: 0, diagram: null },
    });
    const broken = { diagram: { zoom: NaN, x: 0, y: 0, framing: 'whole' } };
    assert.equal(new Store(FEATURES, { features: broken }, USUAL_SETTINGS).ownOf('diagram'), null);
    assert.equal(new Store(FEATURES, { shared: { step: 1e300 } }, USUAL_SETTINGS).state.step, 0);
  });

  it('shows what the settings say until something else is chosen, and again once they say otherwise', () => {
    const cells = { ...USUAL_SETTINGS, detail: 'cells', colourMode: 'size' } as const;
    const first = new Store(FEATURES, undefined, cells);
    assert.deepEqual([first.state.detail, first.state.measure], ['cells', 'size']);
    first.dispatch({ type: 'showDetail', detail: 'gates' });
    assert.equal(new Store(FEATURES, first.keep(), cells).state.detail, 'gates');
    const before = new Store(FEATURES, undefined, USUAL_SETTINGS).keep();
    assert.equal(new Store(FEATURES, before, cells).state.detail, 'cells');
    const changed = new Store(FEATURES, first.keep(), { ...cells, colourMode: 'mean' });
    assert.deepEqual([changed.state.detail, changed.state.measure], ['gates', 'mean']);
  });
});

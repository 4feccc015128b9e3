import assert from 'node:assert/strict';
import type { Network } from '../../../../../src/model/network';
import type { RunSummary } from '../../../../../src/protocol';
import { heightOf, linesHeight } from '../../../../../webview/features/overview/lines';
import { largestOf, outputsOf } from '../../../../../webview/features/overview/outputs';
import { FRESH, initialState, type State } from '../../../../../webview/shared/state';

const VALUE = { level: 0, direction: 'forward', range: 'signed', scale: 1, nonFinite: 0, offset: 0 } as const;

/** The network gives names where it has labels. */
function networkOf(outputLabels?: readonly string[]): Network {
  return {
    input: { kind: 'vector', size: 2 },
    layers: [{ name: 'fc', type: 'linear', inputs: ['input'], outputSize: 3, activation: 'softmax' }],
    ...(outputLabels && { outputLabels }),
  } as unknown as Network;
}

function runOf(values: readonly number[], units: readonly number[], steps = values.length): RunSummary {
  const signal = {
    ...VALUE,
    layer: 'fc',
    signal: 'y',
    units: 3,
    rows: values.length,
    reach: { mean: 1, size: 1 },
  };
  return {
    signals: [signal],
    top: { value: Float32Array.from(values), unit: Int32Array.from(units) },
    sequence: { steps, inputs: { kind: 'vector', size: 2, shown: 2, values: new Float32Array(2 * steps) } },
  } as unknown as RunSummary;
}

function stateOf(own: Network, other: Network, a: RunSummary, b: RunSummary): State {
  const scene = { id: 1, network: own } as unknown as State['scene'];
  const compared = { ...b, network: other };
  return { ...initialState(FRESH), scene, run: a, base: a, sequence: a.sequence, compared };
}

const NONE = { shown: null, compared: null };

describe('the outputs in the overview', () => {
  const names = networkOf(['a', 'b', 'c']);

  it('are the likeliest names, step by step, where both runs have names', () => {
    const state = stateOf(names, names, runOf([0.5, 0.75, 1], [0, 1, 2]), runOf([0.25, 0.5], [2, 1]));
    const found = outputsOf(state, NONE)!;
    assert.equal(found.form, 'names');
    assert.ok(found.shares);
    assert.deepEqual([...found.shown.units!], [0, 1, 2]);
    // The other run is a step shorter.
    assert.deepEqual([...found.compared.units!], [2, 1, -1]);
    assert.deepEqual([...found.compared.values], [0.25, 0.5, NaN]);
  });

  it('are lines where one has none, and lie over the series where both predict it', () => {
    const state = stateOf(names, networkOf(), runOf([1, 2], [0, 1]), runOf([3, 4], [0, 0]));
    assert.equal(outputsOf(state, NONE)!.form, 'lines');
    const predicted = { shown: Float32Array.of(NaN, 5), compared: Float32Array.of(NaN, 6) };
    const over = outputsOf(state, predicted)!;
    assert.equal(over.form, 'over');
    assert.deepEqual(over.compared.values, predicted.compared);
    const { inputs } = state.sequence!;
    assert.equal(
      linesHeight(inputs, over) - linesHeight(inputs, null),
      heightOf(inputs, over) - heightOf(inputs),
    );
  });

  it('stand at the last step where there is one row in all, and nowhere without a comparison', () => {
    const one = runOf([0.5], [1], 3);
    assert.deepEqual([...largestOf(one, names, 3).units!], [-1, -1, 1]);
    assert.equal(outputsOf({ ...stateOf(names, names, one, one), compared: null }, NONE), null);
  });
});

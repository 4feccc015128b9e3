/** States that one run hands to the next. */
import { type Network, isRecurrent } from '../model/network';
import { type CellState, type InitialStates, stateKey } from './cells/cell';
import { plan } from './plan';
import type { LayerTrace, Trace } from './trace';

/**
 * The states after the last step of a run, of the directions that read forward: as the initial states of a run on
 * what follows, they give what one run on the whole sequence gives. A layer that reads a single row, after
 * `returnSequences: false`, begins anew with every run and has none.
 */
export function finalStates(network: Network, trace: Trace): InitialStates {
  const states = new Map<string, CellState>();
  for (const [k, { layer, level, direction, rows }] of plan(network, { steps: SEVERAL }).entries()) {
    if (!isRecurrent(layer) || direction === 'backward' || rows !== SEVERAL) continue;
    states.set(stateKey(layer.name, level, direction), finalState(trace.layers[k]));
  }
  return states;
}

/** In the last rows. */
function finalState({ signals }: LayerTrace): CellState {
  const last = (name: string) => {
    const signal = signals.find((one) => one.signal === name);
    return signal?.values.slice((signal.rows - 1) * signal.units);
  };
  return { h: last('h')!, c: last('c') };
}

/** Steps, so many that a row per step and a single row differ. */
const SEVERAL = 2;

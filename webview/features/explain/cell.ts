/** The cell that is spoken of: the selected one, else the first. */
import { isRecurrent, type RecurrentLayer, type SignalAddress } from '../../../src/model/network';
import { rowOfStep } from '../../../src/model/time';
import type { State } from '../../shared/state';
import { signalOf } from '../../shared/signals';
import { saidOf } from '../../../src/picture/said';

export interface CellAt {
  readonly layer: RecurrentLayer;
  readonly at: Omit<SignalAddress, 'signal'>;
}

export function cellOf({ scene, selection: { signal } }: State): CellAt | null {
  const cells = scene?.network.layers.filter(isRecurrent) ?? [];
  const chosen = cells.find(({ name }) => name === signal?.layer);
  const layer = chosen ?? cells[0];
  if (!layer) return null;
  const [direction] = layer.directions;
  const at = chosen && signal ? signal : { level: 0, direction };
  return { layer, at: { layer: layer.name, level: at.level, direction: at.direction } };
}

/** The mean of a signal at a step; undefined where there is none. */
export function meanAt({ run, sequence }: State, address: SignalAddress, step: number): number | undefined {
  const summary = run && signalOf(run, address);
  const row = summary ? rowOfStep({ steps: sequence?.steps ?? 0 }, summary, step) : -1;
  return summary && row >= 0 ? run.mean[summary.offset + row] : undefined;
}

/** `forget gate 55 %: keeps about half of what was in c`, at the playhead. */
export function saidAt(state: State, { layer, at }: CellAt, signal: string): string {
  const address = { ...at, signal };
  const isGate = (state.run && signalOf(state.run, address)?.range === 'gate') ?? false;
  return saidOf(layer, signal, { value: meanAt(state, address, state.step), isGate });
}

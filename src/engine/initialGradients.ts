import {
  type Direction,
  type JoinedRows,
  type Layer,
  type RecurrentLayer,
  type SignalAddress,
  isRecurrent,
} from '../model/network';
import { addressKey, handedTo } from '../model/states';
import type { Weights } from '../model/weights';
import { type ParameterGradients, addTo } from './cellParameterGradients';
import { type CellState, type InitialStates, stateKey, suffix } from './cells/cell';
import type { GeneralBack } from './cells/equations';
import type { InitialGradient, StateGradient } from './cells/gradient';
import { type Clamp, clampsOf, heldPlaces, heldState } from './clamps';
import type { LayerRun } from './edges';
import { initialState } from './forward';
import { backToRows, lastRowOf } from './handed';
import type { LayerTrace } from './trace';

/** What joins a stretch of a run to what stands around it; by `stateKey`. */
export interface Carried {
  /** The states that it began with, where the layers do not say them. */
  readonly states?: InitialStates;
  /** ∂target/∂ of the states after its last step. */
  readonly atEnd: ReadonlyMap<string, InitialGradient>;
}

/** What flows into initial states, and on to the tensor or the rows that they come from. */
export class InitialStateGradients {
  /** By signal: ∂target/∂ of its last row, along the paths through initial states. */
  private readonly atLast = new Map<string, Float64Array>();
  private readonly reached = new Set<string>();
  /** ∂target/∂ of the states before the first step, by `stateKey`. */
  readonly atStart = new Map<string, InitialGradient>();
  private readonly traces: readonly LayerTrace[];

  constructor(
    private readonly weights: Weights,
    runs: readonly LayerRun[],
    private readonly clamps: readonly Clamp[],
    private readonly carried: Carried = { atEnd: new Map() },
  ) {
    this.traces = runs.flatMap(({ traces }) => traces);
  }

  stateOf(layer: RecurrentLayer, level: number, direction: Direction): CellState {
    const own = clampsOf(this.clamps, { layer: layer.name, level, direction });
    const given = this.carried.states?.get(stateKey(layer.name, level, direction));
    return heldState(given ?? initialState(layer, level, direction, this.weights, this.traces), own);
  }

  /** Whether a later layer begins with what this one ends in. */
  reaches(layer: Layer): boolean {
    if (this.reached.has(layer.name)) return true;
    const { atEnd } = this.carried;
    return isRecurrent(layer) && keysOf(layer).some((key) => atEnd.has(key));
  }

  /** Passes on what came back to the state before the first step, to where that comes from. */
  keep(
    { layer, atInitial }: Pick<GeneralBack, 'layer' | 'atInitial'>,
    { level, direction }: Pick<LayerTrace, 'level' | 'direction'>,
    parameters: ParameterGradients,
  ): void {
    this.release({ layer: layer.name, level, direction }, atInitial);
    this.atStart.set(stateKey(layer.name, level, direction), atInitial);
    if (layer.initialState?.kind === 'learned') {
      const of = (name: string) => parameters.get(`${layer.name}.${name}${suffix(level, direction)}`);
      addTo(of('h0'), atInitial.h);
      addTo(of('c0'), atInitial.c);
    }
    const { h, c } = handedTo(layer, level, direction);
    if (h) this.handBack(h, atInitial.h);
    if (c) this.handBack(c, atInitial.c);
  }

  /** What is held before the first step comes from nowhere. */
  private release(place: Omit<SignalAddress, 'signal'>, { h, c }: InitialGradient): void {
    const own = clampsOf(this.clamps, place);
    for (const [signal, gradient] of Object.entries({ h0: h, c0: c })) {
      const values = new Float32Array(gradient.length);
      const places = heldPlaces(own, { signal, units: values.length, rows: 1, values }, 1);
      places?.forEach((place, u) => place && (gradient[u] = 0));
    }
  }

  /** Adds what came back to the final state of a level and direction. */
  addToFinal({ h, c }: StateGradient, { layer, level, direction }: LayerTrace, rows: number): void {
    const row = lastRowOf(direction, rows);
    for (const [signal, gradient] of Object.entries({ h, c })) {
      const found = this.atLast.get(addressKey({ layer, level, direction, signal }));
      if (found) addTo(gradient?.subarray(row * found.length), found);
    }
    const after = this.carried.atEnd.get(stateKey(layer, level, direction));
    if (!after) return;
    addTo(h.subarray(row * after.h.length), after.h);
    addTo(c?.subarray(row * after.c.length), after.c);
  }

  /** Adds what came back to the last row of a layer without state. */
  addToOutput({ name }: Layer, out: Float64Array): void {
    const found = this.atLast.get(addressKey({ layer: name, level: 0, direction: 'forward', signal: 'y' }));
    if (found) addTo(out.subarray(out.length - found.length), found);
  }

  /** Adds what came back to rows that were put together to where each of them comes from. */
  handBack(rows: JoinedRows, slopes: Float64Array): void {
    for (const [k, slope] of backToRows(rows, this.traces, slopes).entries()) {
      const key = addressKey(rows.of[k]);
      const known = this.atLast.get(key) ?? new Float64Array(slope.length);
      addTo(known, slope);
      this.atLast.set(key, known);
      this.reached.add(rows.of[k].layer);
    }
  }
}

function keysOf({ name, levels, directions }: RecurrentLayer): string[] {
  return Array.from({ length: levels }, (_, level) =>
    directions.map((direction) => stateKey(name, level, direction)),
  ).flat();
}

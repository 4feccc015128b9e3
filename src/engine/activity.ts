/** What a layer's gates and states did over a run: the means of the gate that keeps, and what is saturated or dead. */
import { cellFacts } from '../cells';
import { type Network, type RecurrentLayer, isRecurrent } from '../model/network';
import type { Saturation } from '../model/signalFacts';
import { signalFacts } from '../model/signals';
import { stateKey } from './cells/cell';
import { saturatedCount } from './statistics';
import type { LayerTrace, Trace } from './trace';

export interface Activity {
  /** Mean of each unit of the gate that keeps the old state, such as an LSTM's f; null of a cell without. */
  readonly kept: { readonly signal: string; readonly name: string; readonly means: Float64Array } | null;
  /** Share 0 … 1 of saturated values, per signal that can be saturated. */
  readonly saturated: readonly { readonly signal: string; readonly share: number }[];
  /** Units of a relu layer that are 0 at every step. */
  readonly dead: readonly number[];
}

/** Counts stretch by stretch. */
class ActivityCount {
  private rows = 0;
  private readonly sums: Float64Array;
  private readonly saturated = new Map<string, { readonly rule: Saturation; count: number; of: number }>();
  /** Of a relu layer: 1 where a unit has been other than 0. */
  private readonly alive: Uint8Array;

  constructor(private readonly layer: RecurrentLayer) {
    this.sums = new Float64Array(layer.hiddenSize);
    const rule = signalFacts(layer, 'h').saturation;
    this.alive = new Uint8Array(rule === 'dead' ? layer.hiddenSize : 0);
  }

  /** Takes in a stretch of one level and direction of the layer. */
  add({ signals }: LayerTrace): void {
    const { layer, sums, alive } = this;
    this.rows += signals[0].rows;
    for (const { signal, values } of signals) {
      const { saturation } = signalFacts(layer, signal);
      if (saturation) this.countSaturated(signal, saturation, values);
      if (signal === cellFacts(layer).keeps) addColumns(values, sums);
    }
    if (alive.length === 0) return;
    const { values } = signals.find(({ signal }) => signal === 'h')!;
    for (let k = 0; k < values.length; k++) if (values[k] !== 0) alive[k % alive.length] = 1;
  }

  get activity(): Activity {
    const { layer, rows, sums, alive } = this;
    const { keeps: signal, signals: names } = cellFacts(layer);
    return {
      kept:
        signal === undefined ? null : { signal, name: names[signal], means: sums.map((sum) => sum / rows) },
      saturated: [...this.saturated].map(([name, { count, of }]) => ({ signal: name, share: count / of })),
      dead: Array.from(alive.keys()).filter((unit) => !alive[unit]),
    };
  }

  private countSaturated(signal: string, rule: Saturation, values: Float32Array): void {
    const known = this.saturated.get(signal) ?? { rule, count: 0, of: 0 };
    known.count += saturatedCount(values, rule);
    known.of += values.length;
    this.saturated.set(signal, known);
  }
}

/** Of every recurrent layer, level and direction of a run, from stretches of it that come one after the other. */
export class Activities {
  private readonly counts = new Map<string, ActivityCount>();

  constructor(private readonly network: Network) {}

  add({ steps, layers }: Pick<Trace, 'steps' | 'layers'>): void {
    for (const trace of layers) {
      const layer = this.network.layers.find(({ name }) => name === trace.layer);
      if (!layer || !isRecurrent(layer)) continue;
      const key = placeKey(trace);
      // Of a layer with a single row, that of the last stretch is the run's.
      const single = trace.signals[0].rows < steps;
      const count = (single ? undefined : this.counts.get(key)) ?? new ActivityCount(layer);
      this.counts.set(key, count);
      count.add(trace);
    }
  }

  of(place: Place): Activity {
    return this.counts.get(placeKey(place))!.activity;
  }
}

type Place = Pick<LayerTrace, 'layer' | 'level' | 'direction'>;

function placeKey({ layer, level, direction }: Place): string {
  return stateKey(layer, level, direction);
}

function addColumns(values: Float32Array, sums: Float64Array): void {
  const units = sums.length;
  for (let row = 0; row < values.length; row += units) {
    for (let unit = 0; unit < units; unit++) sums[unit] += values[row + unit];
  }
}

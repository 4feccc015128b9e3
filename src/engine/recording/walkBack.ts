/** How a number of the output depends on the states before it, stretch by stretch from its step back. */
import { backward } from '../backward';
import type { InitialGradient } from '../cells/gradient';
import { layerRuns } from '../edges';
import {
  SMALLEST,
  type InitialNorms,
  type Norms,
  type Target,
  initialNorms,
  rowNorms,
  targetIndex,
} from '../gradient';
import { plan } from '../plan';
import { Room } from '../room';
import type { Work } from '../slices';
import type { LayerGradient } from '../recurrentBackward';
import { stateKey } from '../cells/cell';
import type { Trace } from '../trace';
import { clampsWithin, segmentOf } from './segments';
import { type Stretches, cut } from './stretches';

/** ∂target/∂ of the state that carries the memory of a layer, over a stretch. */
interface Kept {
  /** Its place in `layers`. */
  readonly layer: number;
  readonly from: number;
  readonly units: number;
  /** Rows × units. */
  readonly values: Float64Array;
}

export class WalkBack {
  /** Complete once the walk has begun. */
  target: Target;
  /** Recurrent layers, in the order of the trace: a row for each step up to the target's, or one in all. */
  layers: readonly Norms[] = [];
  /** The first step of which the gradient is known; 0 too where it is 0 at all steps before. */
  reached: number;
  /** ∂target/∂ of the states before `reached`, or before those steps at all of which it is 0. */
  private atEnd: ReadonlyMap<string, InitialGradient> = new Map();
  /** The stretches that are kept, one of each of `layers`, those nearest to the target first. */
  private readonly kept: Kept[] = [];
  private keptBytes = 0;
  /** The first step of the stretch that was followed last. */
  private followed = 0;
  private readonly room = new Room();
  /** The states that a stretch hands to the next. */
  private readonly handedOn: ReadonlySet<string>;

  /**
   * `output` is the run's. The walk ends where the gradient has vanished, or is below `share` of its largest
   * norm.
   * Throws RangeError for a target that the output does not have.
   */
  constructor(
    private readonly stretches: Stretches,
    output: { readonly rows: number; readonly units: number },
    { step, unit }: Omit<Target, 'value'>,
    private readonly share = 0,
  ) {
    const { network, sequence } = stretches.ran;
    targetIndex({ steps: sequence.steps, output }, step, unit);
    this.target = { step, unit, value: NaN };
    this.reached = step + 1;
    const several = plan(network, { steps: SEVERAL }).filter(({ rows }) => rows === SEVERAL);
    this.handedOn = new Set(several.map((one) => stateKey(one.layer.name, one.level, one.direction)));
  }

  /** Of the state before the first step of one of `layers`; null until that is reached, and of a layer with a single row. */
  initial({ layer, level, direction }: Norms): InitialNorms | null {
    const key = stateKey(layer, level, direction);
    if (!this.done || !this.handedOn.has(key)) return null;
    return initialNorms(this.followed === 0 ? this.atEnd.get(key) : undefined);
  }

  get done(): boolean {
    return this.reached === 0;
  }

  /** The stretch that comes next. */
  get stretch(): number {
    return this.stretches.at(this.reached - 1);
  }

  /** Goes on through one more stretch, of which the trace may be known; changes nothing until it is through. */
  *next(known?: Trace): Work<void> {
    const { stretches, reached, target, stretch: index } = this;
    const { network, weights, sequence, clamps } = stretches.ran;
    this.room.clear();
    const [from] = stretches.bounds(index);
    const steps = reached - from;
    const trace = cut(known ?? (yield* stretches.trace(index, this.room)), 0, steps);
    const { output } = trace;
    const atOutput = new Float64Array(output.values.length);
    const first = reached === target.step + 1;
    const at = (output.rows - 1) * output.units + target.unit;
    if (first) atOutput[at] = 1;
    const held = clampsWithin(clamps, from, reached);
    const segment = segmentOf(network, sequence, from, reached);
    const runs = yield* layerRuns(network, segment, trace, held);
    const { layers, initial } = yield* backward(network, weights, runs, atOutput, {
      ...{ clamps: held, steps, products: stretches.arithmetic.back },
      carried: { states: stretches.statesBefore(index), atEnd: this.atEnd },
    });
    if (first) {
      this.target = { ...target, value: output.values[at] };
      this.layers = layers.map((one) => this.placeFor(one));
    }
    for (const [k, found] of layers.entries()) this.keep(k, found, from);
    this.atEnd = new Map([...initial].filter(([key]) => this.handedOn.has(key)));
    this.followed = from;
    const least = Math.max(SMALLEST, this.share * this.largest(from));
    this.reached = [...this.atEnd.values()].every((one) => hasVanished(one, least)) ? 0 : from;
  }

  /**
   * ∂target/∂ of one unit of c, or of h where there is none, of one of `layers`, row by row from `first` on. NaN where it is
   * not kept; undefined where the state has no such unit.
   */
  unit(layer: number, unit: number, first: number): Float64Array | undefined {
    const { rows } = this.layers[layer];
    const parts = this.kept.filter((one) => one.layer === layer);
    if (!parts.some(({ units }) => unit < units)) return undefined;
    const found = new Float64Array(rows - first).fill(NaN);
    if (rows > 1) found.fill(0, 0, Math.max(0, this.followed - first));
    for (const { from, units, values } of parts) {
      for (let row = Math.max(first, from); row < from + values.length / units; row++) {
        found[row - first] = values[(row - from) * units + unit];
      }
    }
    return found;
  }

  /** The largest norm from a step on. */
  private largest(from: number): number {
    if (this.share === 0) return 0;
    let most = 0;
    for (const { dh, dc, rows } of this.layers) {
      for (let row = rows === 1 ? 0 : from; row < rows; row++) most = Math.max(most, (dc ?? dh)[row]);
    }
    return most;
  }

  private placeFor({ layer, level, direction, c }: LayerGradient): Norms {
    const rows = this.handedOn.has(stateKey(layer, level, direction)) ? this.target.step + 1 : 1;
    return {
      ...{ layer, level, direction, rows, dh: new Float64Array(rows) },
      ...(c && { dc: new Float64Array(rows) }),
    };
  }

  /** Of a layer that has a single row, the gradient is that of the stretch that has the target. */
  private keep(layer: number, { rows, h, c }: LayerGradient, from: number): void {
    const into = this.layers[layer];
    if (into.rows === 1 && this.reached <= this.target.step) return;
    const at = into.rows === 1 ? 0 : from;
    into.dh.set(rowNorms(h, rows), at);
    if (c) into.dc!.set(rowNorms(c, rows), at);
    const values = c ?? h;
    if (this.keptBytes + values.byteLength > MOST_KEPT_BYTES) return;
    this.keptBytes += values.byteLength;
    this.kept.push({ layer, from: at, units: values.length / rows, values });
  }
}

/** What the gradients of single units may take. */
const MOST_KEPT_BYTES = 64 << 20;

/** Steps, so many that a row per step and a single row differ. */
const SEVERAL = 2;

function hasVanished({ h, c }: InitialGradient, least: number): boolean {
  const vanished = (value: number) => Math.abs(value) < least;
  return h.every(vanished) && c.every(vanished);
}

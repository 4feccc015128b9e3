/** Runs of any length: figures of every row and extremes of every unit are kept, the rows themselves computed again. */
import type { Network } from '../../model/network';
import { runningPart } from '../../model/partial';
import type { Sequence } from '../../model/samples';
import { addressKey } from '../../model/states';
import type { Weights } from '../../model/weights';
import { say } from '../../words/say';
import { checkClamps } from '../clamps';
import { checkRun } from '../check';
import { arithmeticFor } from '../kernels/choose';
import { runCost } from '../plan';
import { GatheredRows, type Rows, type RowsQuestion, checkRows } from '../rows';
import { Room } from '../room';
import type { RunOptions } from '../run';
import { type Work, inSlices } from '../slices';
import {
  type SignalSummary,
  type TraceSummary,
  type UnitValues,
  reachOf,
  signalAt,
  summaryOf,
  unitValues,
} from '../statistics';
import { type LayerTrace, type SignalTrace, type Trace } from '../trace';
import { Blocks } from './blocks';
import { Magnitudes } from './magnitudes';
import { MOST_OUTPUT_BYTES, outputBytes } from './plan';
import { KEPT_SEGMENTS, runsInSegments } from './segments';
import { ComputedStretches, cut } from './stretches';

/** Multiply-adds that computing rows again may take for one question, and so many rows at most; blocks answer for more. */
const MOST_COST = 2 ** 32;
const MOST_ROWS = 1 << 14;

/** A run of which any stretch can be had, each number the same as in one run. */
export class Recording {
  private readonly kept: { readonly index: number; readonly trace: Promise<Trace> }[] = [];
  /** The rows of all units that were computed last, and of what. */
  private last?: { readonly of: string; readonly rows: Promise<Rows> };

  constructor(
    readonly steps: number,
    readonly summary: TraceSummary,
    readonly stretches: ComputedStretches,
    /** Signals that have a single row, by `addressKey`; and the output, if that is one. */
    private readonly ends: ReadonlyMap<string, SignalTrace>,
    private readonly blocks: ReadonlyMap<string, Blocks>,
    /** All of it, where that takes no more than `MOST_OUTPUT_BYTES`. */
    readonly output: SignalTrace | undefined,
  ) {}

  /** The trace of steps `from` to `to` − 1, whose rows count from `from`. Throws RangeError for others. */
  async stretch(from: number, to: number): Promise<Trace> {
    if (![from, to].every(Number.isInteger) || from < 0 || from >= to || to > this.steps) {
      throw new RangeError(say`expected steps within 0 to ${this.steps}, found ${from} to ${to}`);
    }
    const { stretches } = this;
    const parts: Trace[] = [];
    const last = stretches.at(to - 1);
    for (let index = stretches.at(from); index <= last; index++) {
      const [start] = stretches.bounds(index);
      const trace = await this.segment(index);
      parts.push(cut(trace, Math.max(0, from - start), Math.min(trace.steps, to - start)));
    }
    return this.withEnds(parts.length === 1 ? parts[0] : joined(parts, to - from));
  }

  /**
   * As `rowsOf` where few rows are asked for; else by blocks of them, with no more columns than there are blocks. One unit
   * of the rows that were asked for last is not computed again.
   */
  async rows(question: RowsQuestion): Promise<Rows> {
    const { signal, from, to, columns, unit } = question;
    const summary = this.summary.signals.find((one) => addressKey(one) === addressKey(signal));
    if (!summary) throw new RangeError(say`the run has no signal ${signal.signal} of ${signal.layer}`);
    checkRows(question, summary);
    const key = addressKey(signal);
    if (summary.rows < this.steps) {
      const found = new GatheredRows(question, summary.units);
      found.add(this.ends.get(key)!.values, 0);
      return found.rows;
    }
    if (to - from > mostRows(this.stretches)) return this.blocks.get(key)!.columns(question);
    const of = JSON.stringify([key, from, to, columns]);
    if (unit !== undefined && this.last?.of === of) return unitOf(await this.last.rows, unit);
    const rows = this.gathered(question, summary.units);
    if (unit === undefined) this.last = { of, rows };
    return rows;
  }

  private async gathered(question: RowsQuestion, units: number): Promise<Rows> {
    const { stretches } = this;
    const { signal, from, to } = question;
    const found = new GatheredRows(question, units);
    const last = stretches.at(to - 1);
    for (let index = stretches.at(from); index <= last; index++) {
      const trace = await this.segment(index);
      found.add(signalAt(trace, signal).values, stretches.bounds(index)[0]);
    }
    return found.rows;
  }

  /** One unit of every signal in rows `from` to `to` − 1. Throws RangeError for others. */
  async unit(unit: number, from: number, to: number): Promise<UnitValues> {
    const trace = await this.stretch(from, to);
    const starts = new Int32Array(this.summary.signals.length);
    let start = 0;
    for (const [k, { rows }] of trace.layers.flatMap(({ signals }) => signals).entries()) {
      starts[k] = start;
      start += rows;
    }
    return { values: unitValues(trace, unit), stretch: { from, to, starts } };
  }

  /** A signal of one row has that of the whole run. */
  private withEnds(trace: Trace): Trace {
    if (this.ends.size === 0) return trace;
    const layers = trace.layers.map((layer) => ({
      ...layer,
      signals: layer.signals.map((signal) => this.ends.get(keyOf(layer, signal)) ?? signal),
    }));
    return { ...trace, layers, output: this.ends.get(OUTPUT) ?? trace.output };
  }

  private segment(index: number): Promise<Trace> {
    const known = this.kept.find((one) => one.index === index);
    if (known) return known.trace;
    const trace = inSlices(this.stretches.trace(index), {}, (cost) => [cost, cost]);
    this.kept.unshift({ index, trace });
    this.kept.splice(KEPT_SEGMENTS);
    return trace;
  }
}

function unitOf({ units, columns, min, max, ...place }: Rows, unit: number): Rows {
  const own = (values: Float32Array) =>
    Float32Array.from({ length: columns }, (_, column) => values[column * units + unit]);
  return { ...place, units: 1, columns, min: own(min), ...(max && { max: own(max) }) };
}

const OUTPUT = 'output';

/** See `MOST_COST`; two stretches at least. */
function mostRows({ length, ran: { network } }: ComputedStretches): number {
  const perStep = runCost(network, { steps: 2 }) - runCost(network, { steps: 1 });
  const affordable = Math.floor(MOST_COST / Math.max(1, perStep));
  return Math.max(2 * length, Math.min(MOST_ROWS, affordable));
}

function keyOf({ layer, level, direction }: LayerTrace, { signal }: SignalTrace): string {
  return addressKey({ layer, level, direction, signal });
}

export interface RecordOptions extends RunOptions {
  /** Called with each stretch of the run once, in order: its trace, which does not outlive the call, its rows counted from `from`. */
  readonly onStretch?: (trace: Trace, from: number) => void;
}

/**
 * As `run`, for networks that `canRecord` takes, and with the network's input as a layer before the others.
 */
export async function record(
  whole: Network,
  weights: Weights,
  sequence: Sequence,
  options: RecordOptions = {},
): Promise<Recording> {
  const { clamps = [], initialStates } = options;
  const network = runningPart(whole, sequence);
  if (!runsInSegments(network)) {
    throw new RangeError(
      say`the network looks at several steps at once: it runs on sequences in one piece alone`,
    );
  }
  checkRun(network, weights, sequence, initialStates);
  checkClamps(network, sequence, clamps);
  const arithmetic = arithmeticFor(weights, options.arithmetic, options.helper);
  const stretches = new ComputedStretches({ network, weights, sequence, clamps }, arithmetic, initialStates);
  const total = Math.max(1, runCost(network, sequence));
  const { steps } = sequence;
  return inSlices(recordWork(stretches, options), options, (cost) => [
    Math.min(steps, Math.floor((steps * cost) / total)),
    steps,
  ]);
}

function* recordWork(stretches: ComputedStretches, { onStretch }: RecordOptions): Work<Recording> {
  const { network, sequence } = stretches.ran;
  const figures = new Figures(sequence.steps);
  const room = new Room();
  for (let index = 0; index < stretches.count; index++) {
    room.clear();
    const trace = yield* stretches.trace(index, room);
    const [from] = stretches.bounds(index);
    yield* figures.add(network, trace, from);
    onStretch?.(trace, from);
  }
  return new Recording(
    sequence.steps,
    yield* figures.finished(),
    stretches,
    figures.ends,
    figures.blocks,
    figures.output,
  );
}

/** What is kept of all segments. */
class Figures {
  readonly blocks = new Map<string, Blocks>();
  readonly ends = new Map<string, SignalTrace>();
  output?: SignalTrace;
  private readonly magnitudes = new Map<string, Magnitudes>();
  private signals: SignalSummary[] = [];
  private mean = new Float32Array(0);
  private rms = new Float32Array(0);
  private top = { unit: new Int32Array(0), value: new Float32Array(0) };

  constructor(private readonly steps: number) {}

  *add(network: Network, trace: Trace, from: number): Work<void> {
    const part = yield* summaryOf(network, trace, false);
    if (from === 0) this.begin(part, trace);
    let k = 0;
    for (const layer of trace.layers) {
      for (const signal of layer.signals) {
        const { values } = signal;
        const own = part.signals[k];
        const into = this.signals[k];
        const single = into.rows < this.steps;
        const at = into.offset + (single ? 0 : from);
        this.mean.set(part.mean.subarray(own.offset, own.offset + own.rows), at);
        this.rms.set(part.rms.subarray(own.offset, own.offset + own.rows), at);
        this.signals[k] = { ...into, nonFinite: (single ? 0 : into.nonFinite) + own.nonFinite };
        if (single) this.ends.set(keyOf(layer, signal), signal);
        else this.blocks.get(addressKey(into))!.add(values, from);
        this.magnitudes.get(addressKey(into))?.add(values);
        yield values.length;
        k++;
      }
    }
    const rows = this.top.unit.length < this.steps ? 0 : from;
    if (this.top.unit.length < this.steps) this.ends.set(OUTPUT, trace.output);
    this.top.unit.set(part.top.unit, rows);
    this.top.value.set(part.top.value, rows);
    this.output?.values.set(trace.output.values, rows * trace.output.units);
  }

  *finished(): Work<TraceSummary> {
    const { mean, rms, top } = this;
    const signals: SignalSummary[] = [];
    for (const signal of this.signals) {
      const magnitudes = this.magnitudes.get(addressKey(signal));
      const scale = magnitudes ? scaleFrom(magnitudes) : signal.scale;
      signals.push({ ...signal, scale, reach: yield* reachOf(signal, mean, rms) });
    }
    return { signals, mean, rms, top };
  }

  /** Room for all rows, told from the first segment: a signal has a row a step, or one in all. */
  private begin(part: TraceSummary, { steps, output }: Trace): void {
    let offset = 0;
    this.signals = part.signals.map((signal) => {
      const rows = signal.rows === steps ? this.steps : signal.rows;
      const placed = { ...signal, rows, offset, nonFinite: 0 };
      offset += rows;
      const key = addressKey(signal);
      if (rows === this.steps) this.blocks.set(key, new Blocks(rows, signal.units));
      if (signal.range !== 'gate') this.magnitudes.set(key, new Magnitudes());
      return placed;
    });
    this.mean = new Float32Array(offset);
    this.rms = new Float32Array(offset);
    const rows = output.rows === steps ? this.steps : output.rows;
    this.top = { unit: new Int32Array(rows), value: new Float32Array(rows) };
    if (outputBytes(rows, output.units) > MOST_OUTPUT_BYTES) return;
    this.output = { ...output, rows, values: new Float32Array(rows * output.units) };
  }
}

/** As the scale of a whole trace, within a thousandth. */
function scaleFrom(magnitudes: Magnitudes): number {
  return magnitudes.percentile(0.99) || magnitudes.percentile(1) || 1;
}

/** Traces one after the other; of signals with a single row the last one's. */
function joined(parts: readonly Trace[], steps: number): Trace {
  const last = parts[parts.length - 1];
  const join = (of: (trace: Trace) => Trace['output']): Trace['output'] => {
    const end = of(last);
    if (end.rows !== last.steps) return end;
    const values = new Float32Array(steps * end.units);
    let at = 0;
    for (const part of parts) {
      const own = of(part).values;
      values.set(own, at);
      at += own.length;
    }
    return { ...end, rows: steps, values };
  };
  const layers = last.layers.map((layer, l) => ({
    ...layer,
    signals: layer.signals.map((_, s) => join((trace) => trace.layers[l].signals[s])),
  }));
  return { steps, layers, output: join((trace) => trace.output) };
}

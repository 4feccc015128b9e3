/** The rows of a run's signals, one signal after the other, never all of them at once. */
import type { Recording } from '../engine/recording/record';
import { Breath, type SliceOptions, inSlices, throwIfAborted } from '../engine/slices';
import type { Trace } from '../engine/trace';
import type { KeptRun } from './exported';
import type { ChosenSignal } from './signals';

/** Numbers that are handed on at a time: a few milliseconds' work to write as text. */
const BLOCK = 1 << 14;

/**
 * What may be held of signals whose turn has yet to come. A recording computes all signals of a stretch together: those
 * that do not fit are computed once more.
 */
const AHEAD_BYTES = 128 * 2 ** 20;

/** Reads signals of a run in the order in which they are listed. */
export class RowReader {
  private readonly ahead = new Map<ChosenSignal, Float32Array>();
  private readonly total: number;
  private done = 0;

  constructor(
    private readonly kept: KeptRun,
    private readonly signals: readonly ChosenSignal[],
    private readonly options: SliceOptions = {},
    private readonly aheadBytes = AHEAD_BYTES,
  ) {
    this.total = signals.reduce((sum, one) => sum + countOf(one), 0);
  }

  /** The chosen rows of a signal, whole rows at a time; progress is told in numbers. Throws an `AbortError` when cancelled. */
  async *rows(one: ChosenSignal): AsyncGenerator<Float32Array> {
    const { signal, onProgress } = this.options;
    const breath = new Breath();
    try {
      for await (const stretch of this.stretches(one)) {
        for (const block of inBlocks(stretch, one.units)) {
          throwIfAborted(signal);
          yield block;
          this.done += block.length;
          onProgress?.(this.done, this.total);
          await breath.take();
        }
      }
    } finally {
      breath.close();
    }
  }

  private async *stretches(one: ChosenSignal): AsyncGenerator<Float32Array> {
    const held = this.ahead.get(one);
    if (one.from === one.to) return;
    if ('trace' in this.kept) yield valuesOf(one, this.kept.trace, one.from, one.to);
    else if (held) {
      this.ahead.delete(one);
      yield held;
    } else if (one.stepwise) yield* this.computed(this.kept.recording, one);
    else yield (await endOf(this.kept.recording, one)).slice();
  }

  /** Goes through the recording once, for one signal and for what may be held of those after it. */
  private async *computed({ stretches, steps }: Recording, one: ChosenSignal): AsyncGenerator<Float32Array> {
    const others = this.takeAhead(one);
    const { from, to } = one;
    const last = stretches.at(to - 1);
    for (let index = stretches.at(from); index <= last; index++) {
      const [start, end] = stretches.bounds(index);
      const trace = await inSlices(
        stretches.trace(index),
        this.options.signal ? { signal: this.options.signal } : {},
        () => [start, steps],
      );
      const [first, behind] = [Math.max(from, start), Math.min(to, end)];
      for (const [other, values] of others) {
        values.set(valuesOf(other, trace, first - start, behind - start), (first - from) * other.units);
      }
      yield valuesOf(one, trace, first - start, behind - start);
    }
    for (const [other, values] of others) this.ahead.set(other, values);
  }

  private takeAhead(one: ChosenSignal): Map<ChosenSignal, Float32Array> {
    const others = new Map<ChosenSignal, Float32Array>();
    let bytes = 0;
    for (const other of this.signals.slice(this.signals.indexOf(one) + 1)) {
      const more = Float32Array.BYTES_PER_ELEMENT * countOf(other);
      if (!other.stepwise || bytes + more > this.aheadBytes) continue;
      bytes += more;
      others.set(other, new Float32Array(countOf(other)));
    }
    return others;
  }
}

export function countOf({ from, to, units }: ChosenSignal): number {
  return (to - from) * units;
}

function valuesOf(one: ChosenSignal, trace: Trace, from: number, to: number): Float32Array {
  return one.in(trace).values.subarray(from * one.units, to * one.units);
}

/** Of a signal that has a single row. */
async function endOf(recording: Recording, one: ChosenSignal): Promise<Float32Array> {
  const { steps } = recording;
  return one.in(await recording.stretch(steps - 1, steps)).values;
}

function* inBlocks(values: Float32Array, units: number): Generator<Float32Array> {
  const size = Math.max(1, Math.floor(BLOCK / units)) * units;
  for (let at = 0; at < values.length; at += size) yield values.subarray(at, at + size);
}

/** Long work in short slices, so that the thread that does it goes on answering. */
import { say } from '../words/say';

export interface SliceOptions {
  /** Cancels: the promise rejects with an error named `AbortError`. */
  readonly signal?: AbortSignal;
  /** Called between slices with the work done so far, in the same unit as `total`. */
  readonly onProgress?: (done: number, total: number) => void;
  /** How long to work before the event loop gets a turn. */
  readonly sliceMilliseconds?: number;
}

/** Work that yields about every millisecond, each time with how many multiply-adds it has done since. */
export type Work<Result> = Generator<number, Result, void>;

/** Multiply-adds between two looks at the clock: about a millisecond. */
export const PIECE = 250_000;

/** Calls `each` for every row from 0 to `rows` − 1, of `cost` multiply-adds each. */
export function* rowByRow(rows: number, cost: number, each: (row: number) => void): Work<void> {
  let done = 0;
  for (let row = 0; row < rows; row++) {
    each(row);
    done += cost;
    if (done >= PIECE) {
      yield done;
      done = 0;
    }
  }
  yield done;
}

/** Runs work to its end. `progress(cost)` turns the multiply-adds done into what `onProgress` is told. */
export async function inSlices<Result>(
  work: Work<Result>,
  options: SliceOptions,
  progress: (cost: number) => readonly [done: number, total: number],
): Promise<Result> {
  const { signal, onProgress, sliceMilliseconds = 12 } = options;
  const breath = new Breath();
  let cost = 0;
  try {
    throwIfAborted(signal);
    let end = performance.now() + sliceMilliseconds;
    for (;;) {
      const piece = work.next();
      if (piece.done) return piece.value;
      cost += piece.value;
      if (performance.now() < end) continue;
      onProgress?.(...progress(cost));
      await breath.take();
      throwIfAborted(signal);
      end = performance.now() + sliceMilliseconds;
    }
  } finally {
    breath.close();
  }
}

/** Runs work to its end at once. */
export function atOnce<Result>(work: Work<Result>): Result {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
  }
}

/** Throws an error named `AbortError` if that was cancelled. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  const error = new Error(say`the run was cancelled`);
  error.name = 'AbortError';
  throw error;
}

const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;

/**
 * One turn of the event loop. Node has `setImmediate` (a message port there may deliver a thousand messages before
 * timers get their turn); a worker has no such thing, and clamps nested timers to 4 ms, but not messages.
 */
export class Breath {
  private channel: InstanceType<typeof MessageChannel> | undefined;

  take(): Promise<void> {
    if (immediate) return new Promise((resolve) => immediate(resolve));
    const { port1, port2 } = (this.channel ??= new MessageChannel());
    return new Promise((resolve) => {
      port1.addEventListener('message', () => resolve(), { once: true });
      port1.start();
      port2.postMessage(null);
    });
  }

  close(): void {
    this.channel?.port1.close();
  }
}

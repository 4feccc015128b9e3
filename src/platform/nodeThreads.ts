/** Node's threads for the engine. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ThreadHelper } from '../engine/kernels/shared/helper';

/** After it an idle thread ends, and gives back its stack and the memory that it shares. */
const IDLE_MILLISECONDS = 5000;

/**
 * Threads that keep no process alive: they end with it, when they have been idle, or when another is wanted and each
 * core but one has its thread. Undefined where there is but one core, this thread may not wait for another, or the
 * worker has not been built.
 */
export function nodeThreads(
  file = builtWorker(),
  idleMilliseconds = IDLE_MILLISECONDS,
): ThreadHelper | undefined {
  const most = availableParallelism() - 1;
  if (most < 1 || !file || !mayWait()) return undefined;
  /** What retires each thread, the oldest first. */
  const running = new Set<() => void>();
  return {
    start(job, ended) {
      const [oldest] = running;
      if (running.size >= most) oldest();
      const worker = new Worker(file, { workerData: { job, idleMilliseconds } });
      const stop = () => void worker.terminate();
      const retire = () => {
        running.delete(retire);
        ended('retired');
        stop();
      };
      running.add(retire);
      worker.unref();
      // An error ends the thread; the run goes on without it.
      worker.on('error', () => undefined);
      worker.once('exit', () => {
        if (running.delete(retire)) ended('gone');
      });
      return { stop };
    },
  };
}

/** Beside the command line, above the extension's chunks. */
export function builtWorker(): string | undefined {
  const folder = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  return ['thread.js', '../thread.js']
    .map((place) => path.join(folder, place))
    .find((file) => existsSync(file));
}

function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

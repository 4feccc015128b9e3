/** Node's threads for stretches of long runs. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Ran } from '../engine/gradient';
import type { StretchThread, StretchThreads } from '../engine/recording/ahead';
import { toCopy } from '../engine/recording/copied';
import type { Trace } from '../engine/trace';
import { builtWorker } from './nodeThreads';

/** After it an idle thread ends, and gives back its copy of the run. */
const IDLE_MILLISECONDS = 5000;
/** Weights are copied to the thread. */
const MOST_WEIGHT_BYTES = 64 * 2 ** 20;

/** What the thread is started with. */
export interface StretchJob {
  readonly ran: Ran;
  readonly idleMilliseconds: number;
}

/** A thread for each run, for as long as it is busy; none where there is but one core or the worker has not been built. */
export function nodeStretchThreads(
  file = builtWorker(),
  idleMilliseconds = IDLE_MILLISECONDS,
): StretchThreads | undefined {
  if (availableParallelism() < 2 || !file) return undefined;
  const running = new WeakMap<Ran, StretchThread>();
  return (ran) => {
    const found = running.get(ran) ?? started(file, ran, idleMilliseconds, () => running.delete(ran));
    if (found) running.set(ran, found);
    return found;
  };
}

function started(
  file: string,
  ran: Ran,
  idleMilliseconds: number,
  ended: () => void,
): StretchThread | undefined {
  const bytes = [...ran.weights.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes > MOST_WEIGHT_BYTES) return undefined;
  const job: StretchJob = { ran: toCopy(ran), idleMilliseconds };
  const worker = new Worker(file, { workerData: job });
  worker.unref();
  /** What waits for answers, which come in the order of the questions. */
  const waiting: ((trace: Trace | undefined) => void)[] = [];
  let gone = false;
  worker.on('message', (trace: Trace) => waiting.shift()?.(trace));
  // An error ends the thread; its work is done elsewhere.
  worker.on('error', () => undefined);
  worker.once('exit', () => {
    gone = true;
    ended();
    for (const answer of waiting.splice(0)) answer(undefined);
  });
  return {
    ask(question) {
      if (gone) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        waiting.push(resolve);
        worker.postMessage(question);
      });
    },
  };
}

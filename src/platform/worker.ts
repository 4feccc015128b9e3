/** Threads of the engine, in Node: one that computes a part of large cells, or one that computes stretches of a run. */
import { parentPort, workerData } from 'node:worker_threads';
import { type HelperJob, help } from '../engine/kernels/shared/helper';
import { type StretchQuestion, answering } from '../engine/recording/ahead';
import type { Trace } from '../engine/trace';
import type { Sequence } from '../model/samples';
import type { StretchJob } from './stretchThreads';

type Job = { readonly job: HelperJob; readonly idleMilliseconds: number } | StretchJob;

const job = workerData as Job;
if ('job' in job) help(job.job, job.idleMilliseconds);
else answerStretches(job);

function answerStretches({ ran, idleMilliseconds }: StretchJob): void {
  const port = parentPort!;
  const answer = answering(ran);
  const { sequence } = ran;
  const kept = new Set([sequence, ...(sequence.more?.values() ?? [])].map(bufferOf));
  const end = () => port.close();
  let idle = setTimeout(end, idleMilliseconds);
  port.on('message', (question: StretchQuestion) => {
    clearTimeout(idle);
    const trace = answer(question);
    // Handed over, not copied: all but parts of the sequence.
    port.postMessage(
      trace,
      buffersOf(trace).filter((buffer) => !kept.has(buffer)),
    );
    idle = setTimeout(end, idleMilliseconds);
  });
}

function bufferOf(sequence: Sequence): unknown {
  return sequence.kind === 'vector' ? sequence.values.buffer : sequence.ids.buffer;
}

function buffersOf({ layers, output }: Trace): ArrayBuffer[] {
  const signals = [...layers.flatMap((layer) => layer.signals), output];
  return [...new Set(signals.map(({ values }) => values.buffer as ArrayBuffer))];
}

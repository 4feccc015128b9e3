/** Threads of the engine, in Node: one that computes a part of large cells, or one that computes stretches of a run. */
import { parentPort, workerData } from 'node:worker_threads';
import { type HelperJob, help } from '../engine/kernels/shared/helper';
import { type StretchQuestion, answering, ownBuffers } from '../engine/recording/ahead';
import type { StretchJob } from './stretchThreads';

type Job = { readonly job: HelperJob; readonly idleMilliseconds: number } | StretchJob;

const job = workerData as Job;
if ('job' in job) help(job.job, job.idleMilliseconds);
else answerStretches(job);

function answerStretches({ ran, idleMilliseconds }: StretchJob): void {
  const port = parentPort!;
  const answer = answering(ran);
  const ownOf = ownBuffers(ran);
  const end = () => port.close();
  let idle = setTimeout(end, idleMilliseconds);
  port.on('message', (question: StretchQuestion) => {
    clearTimeout(idle);
    const trace = answer(question);
    port.postMessage(trace, ownOf(trace));
    idle = setTimeout(end, idleMilliseconds);
  });
}

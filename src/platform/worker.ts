/** The second thread of the engine, in Node. */
import { workerData } from 'node:worker_threads';
import { type HelperJob, help } from '../engine/kernels/shared/helper';

const { job, idleMilliseconds } = workerData as { job: HelperJob; idleMilliseconds: number };
help(job, idleMilliseconds);

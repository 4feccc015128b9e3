/** A second thread: what the engine asks of its host, and what that thread does. */
import { type SharedKernels, type WasmModule, sharedKernels } from '../instance';
import type { WasmMemory } from '../heap';
import { BUSY, Control, ENDED, type KernelCall, READY, STARTING } from './control';

/** Plain data and a shared memory, which can be posted to a thread. */
export interface HelperJob {
  readonly memory: WasmMemory;
  readonly module: WasmModule;
  /** The address of the words in which the threads talk. */
  readonly control: number;
}

/** How a host starts threads; the engine itself knows none. */
export interface ThreadHelper {
  /**
   * Starts a thread that calls `help(job, …)`. `ended` is called when the host takes it away, which it may do while it
   * is asked for another, or else once it is gone. Undefined if there is no thread to be had now.
   */
  start(job: HelperJob, ended: (how: 'retired' | 'gone') => void): { stop(): void } | undefined;
}

/** Looks for a task before sleeping: some tenths of a millisecond, in which the other thread takes a block's signals out. */
const LOOKS = 1_000_000;

/** Computes the second part of the units until there has been nothing to do for `idleMilliseconds`. */
export function help(job: HelperJob, idleMilliseconds: number): void {
  const control = new Control(job.memory, job.control);
  const kernels = sharedKernels(job.module, job.memory);
  let done = control.tasks;
  if (!control.change(STARTING, READY)) return;
  for (;;) {
    const next = (done + 1) | 0;
    const [own, tasks] = [control.stepsAddress(1), control.tasksAddress];
    if (kernels.reached(own, tasks, next, LOOKS, idleMilliseconds) === 0) {
      // While it is busy, a task has been decided on and is about to be given.
      if (control.change(READY, ENDED) || control.state !== BUSY) return;
      continue;
    }
    if (!callAll(kernels, control.task())) return;
    done = next;
  }
}

/** Whether the other thread came to every step. */
export function callAll(kernels: SharedKernels, calls: readonly KernelCall[]): boolean {
  return calls.every(
    ({ kernel, args }) => (kernels[kernel] as (...args: number[]) => unknown)(...args) !== 0,
  );
}

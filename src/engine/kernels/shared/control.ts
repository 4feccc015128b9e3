/** What two threads tell one another, in words of their shared memory. */
import type { KernelMemory, WasmMemory } from '../heap';

/** The second thread's state. */
export const ENDED = 0;
export const STARTING = 1;
export const READY = 2;
export const BUSY = 3;
/** It did not come in time; nobody may rely on the memory any more. */
export const LOST = 4;

/** Words; each counter has a cache line of its own and is followed by whether its thread sleeps. */
const LINE = 16;
const STATE = 0;
const TASKS = LINE;
const STEPS = [2 * LINE, 3 * LINE] as const;
const CALLS = 4 * LINE;
const WORDS = 8 * LINE;
const BYTES = Int32Array.BYTES_PER_ELEMENT;

/** A kernel that returns 0 if the other thread did not come. */
export interface KernelCall {
  readonly kernel: (typeof KERNELS)[number];
  readonly args: readonly number[];
}

const KERNELS = ['project', 'pickColumns', 'recur'] as const;

export const PARTS = [0, 1] as const;
export type Part = (typeof PARTS)[number];

/** Part 0 is computed by the thread that runs the engine, part 1 by its helper. */
export class Control {
  private readonly words: Int32Array;

  constructor(
    memory: WasmMemory,
    readonly address: number,
  ) {
    this.words = new Int32Array(memory.buffer, address, WORDS);
  }

  /** A new one, which says that no thread is there. */
  static take(memory: KernelMemory): Control {
    const address = memory.take(WORDS);
    return new Control(memory.memory, address);
  }

  get state(): number {
    return Atomics.load(this.words, STATE);
  }

  set state(state: number) {
    Atomics.store(this.words, STATE, state);
  }

  /** Whether the state was `from` and is `to` now. */
  change(from: number, to: number): boolean {
    return Atomics.compareExchange(this.words, STATE, from, to) === from;
  }

  /** Tasks given so far, a count that wraps around. */
  get tasks(): number {
    return Atomics.load(this.words, TASKS);
  }

  get tasksAddress(): number {
    return this.address + TASKS * BYTES;
  }

  /** The address of a part's count of steps. */
  stepsAddress(part: Part): number {
    return this.address + STEPS[part] * BYTES;
  }

  /** Steps that both parts have computed. */
  get steps(): number {
    return Atomics.load(this.words, STEPS[0]);
  }

  /** Gives the helper a task and wakes it if it sleeps. */
  give(calls: readonly KernelCall[]): void {
    const words = calls.flatMap(({ kernel, args }) => [KERNELS.indexOf(kernel), args.length, ...args]);
    this.words.set([calls.length, ...words], CALLS);
    Atomics.add(this.words, TASKS, 1);
    if (Atomics.load(this.words, STEPS[1] + 1)) Atomics.notify(this.words, TASKS, 1);
  }

  /** The task last given. */
  task(): KernelCall[] {
    let at = CALLS + 1;
    return Array.from({ length: this.words[CALLS] }, () => {
      const [kernel, count] = [this.words[at], this.words[at + 1]];
      const args = Array.from(this.words.subarray(at + 2, at + 2 + count), (word) => word >>> 0);
      at += 2 + count;
      return { kernel: KERNELS[kernel], args };
    });
  }
}

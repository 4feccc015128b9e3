/** Two threads on one shared memory, or one that does the work of both while the other is not there. */
import {
  type KernelChoice,
  type SharedKernels,
  type WasmModule,
  sharedKernels,
  sharedModule,
} from '../instance';
import { KernelMemory } from '../heap';
import type { BlockSteps } from '../blocks';
import type { DividedCell, InputBlock, Meeting } from './cells';
import { BUSY, Control, ENDED, LOST, PARTS, type Part, READY, STARTING } from './control';
import { type ThreadHelper, callAll } from './helper';
import type { Pace } from './pace';

export interface Block {
  readonly cell: DividedCell;
  readonly steps: BlockSteps;
  /** What is to be projected first. */
  readonly input?: InputBlock;
  /** Multiply-adds. */
  readonly cost: number;
}

export class Team {
  readonly memory = new KernelMemory(true);
  private readonly module: WasmModule;
  private readonly kernels: SharedKernels;
  private control = Control.take(this.memory);
  private thread: ReturnType<ThreadHelper['start']>;

  /** Throws RangeError where there is no room for a shared memory. */
  constructor(
    choice: KernelChoice,
    private readonly helper: ThreadHelper,
  ) {
    this.module = sharedModule(choice);
    this.kernels = sharedKernels(this.module, this.memory.memory);
  }

  /** Whether the second thread once failed: the memory is of no use then. */
  get lost(): boolean {
    return this.control.state === LOST;
  }

  /** Computes a block in whichever way is faster; false if the second thread did not come, and is not waited for again. */
  compute(block: Block, pace: Pace): boolean {
    if (this.lost) return false;
    if (this.control.state === ENDED) this.start();
    const began = performance.now();
    if (!pace.together || !this.control.change(READY, BUSY)) {
      this.alone(block);
      pace.note('alone', (performance.now() - began) / block.cost);
      return true;
    }
    let came = false;
    try {
      came = this.together(block);
    } finally {
      if (came) this.control.state = READY;
      else this.giveUp();
    }
    if (!came) return false;
    pace.note('together', (performance.now() - began) / block.cost);
    return true;
  }

  private together({ cell, steps, input }: Block): boolean {
    const { control } = this;
    const met = control.steps;
    const calls = (part: Part, meeting: Meeting) => [
      ...(input ? [cell.projection(part, input)] : []),
      cell.steps(steps, part, meeting),
    ];
    const [mine, other] = [control.stepsAddress(0), control.stepsAddress(1)];
    control.give(calls(1, [other, mine, met]));
    return callAll(this.kernels, calls(0, [mine, other, met]));
  }

  private alone({ cell, steps, input }: Block): void {
    const projections = input ? PARTS.map((part) => cell.projection(part, input)) : [];
    callAll(this.kernels, [...projections, cell.steps(steps, 'both')]);
  }

  private start(): void {
    // Each thread has words of its own, so that one that is slow to go meddles with nothing.
    if (this.thread) this.control = Control.take(this.memory);
    const { control } = this;
    control.state = STARTING;
    const job = { memory: this.memory.memory, module: this.module, control: control.address };
    this.thread = this.helper.start(job, (how) => {
      // One that did not even come up would not the next time either.
      if (how === 'gone' && control.change(STARTING, LOST)) return;
      if (how === 'retired' || control.state === READY) control.state = ENDED;
    });
    if (!this.thread) control.state = ENDED;
  }

  private giveUp(): void {
    this.control.state = LOST;
    this.thread?.stop();
  }
}

/** Stretches that another thread computes while this one follows a gradient back through those after them. */
import type { Sequence } from '../../model/samples';
import type { InitialStates } from '../cells/cell';
import type { Ran } from '../gradient';
import { arithmeticFor } from '../kernels/choose';
import { atOnce } from '../slices';
import type { Trace } from '../trace';
import { type Stretches, stretchTrace } from './stretches';

/** What the other thread is asked: the stretch of steps `from` to `to` − 1, which begins with `states`. */
export interface StretchQuestion {
  readonly from: number;
  readonly to: number;
  readonly states: InitialStates | undefined;
}

/** A thread that knows a run. */
export interface StretchThread {
  /** Undefined where the thread has ended or failed. */
  ask(question: StretchQuestion): Promise<Trace | undefined>;
}

/** How a host starts such a thread. Undefined if there is none to be had. */
export type StretchThreads = (ran: Ran) => StretchThread | undefined;

/** What such a thread does, on the fastest arithmetic, as this one does: the numbers are the same. */
export function answering(ran: Ran): (question: StretchQuestion) => Trace {
  const arithmetic = arithmeticFor(ran.weights);
  return ({ from, to, states }) => atOnce(stretchTrace(ran, arithmetic, [from, to], states));
}

/** The memory of such a trace that nobody else has, so that it can be handed over: all but parts of the run's sequence. */
export function ownBuffers({ sequence }: Pick<Ran, 'sequence'>): (trace: Trace) => ArrayBuffer[] {
  const kept = new Set<unknown>([sequence, ...(sequence.more?.values() ?? [])].map(bufferOf));
  return ({ layers, output }) => {
    const signals = [...layers.flatMap((layer) => layer.signals), output];
    const buffers = new Set(signals.map(({ values }) => values.buffer as ArrayBuffer));
    return [...buffers].filter((buffer) => !kept.has(buffer));
  };
}

function bufferOf(sequence: Sequence): unknown {
  return sequence.kind === 'vector' ? sequence.values.buffer : sequence.ids.buffer;
}

/** Stretches that are asked for before they are needed: as many as keep the other thread busy. */
const AHEAD = 2;

interface Asked {
  readonly arrives: Promise<void>;
  trace?: Trace;
}

export class StretchesAhead {
  private readonly asked = new Map<number, Asked>();
  private thread: StretchThread | undefined;
  private taken = 0;
  /** Whether the thread has answered: before that it is not waited for. */
  private ready = false;

  /** Starts a thread once `alone` stretches have been taken. */
  constructor(
    private readonly stretches: Stretches,
    private readonly start: () => StretchThread | undefined,
    private readonly alone: number,
  ) {}

  /** The trace of a stretch, or when to ask again; undefined where it has to be computed here. Asks for those before it. */
  take(index: number): Trace | Promise<void> | undefined {
    const found = this.asked.get(index);
    if (found && !found.trace && this.ready) return found.arrives;
    this.asked.delete(index);
    if (this.taken++ === this.alone) this.thread = this.start();
    for (let next = index - 1; next >= Math.max(0, index - AHEAD); next--) this.ask(next);
    return found?.trace;
  }

  private ask(index: number): void {
    if (!this.thread || this.asked.has(index)) return;
    const [from, to] = this.stretches.bounds(index);
    const answer = this.thread.ask({ from, to, states: this.stretches.statesBefore(index) });
    const asked: Asked = {
      arrives: answer.then((trace) => {
        asked.trace = trace;
        this.ready = trace !== undefined;
      }),
    };
    this.asked.set(index, asked);
  }
}

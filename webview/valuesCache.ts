/** Answers to the `values` request, kept so that a gate seen before shows at once. Holds one trace at a time. */
import type { StepAddress } from '../src/model/network';
import type { Values } from '../src/protocol';

const KEPT = 256;

export class ValuesCache {
  private trace: number | null = null;
  private readonly answers = new Map<string, Values>();
  private readonly asked = new Map<string, Promise<Values>>();

  constructor(private readonly ask: (trace: number, address: StepAddress) => Promise<Values>) {}

  /** The values if they are here already. */
  peek(trace: number, address: StepAddress): Values | undefined {
    return trace === this.trace ? this.answers.get(key(address)) : undefined;
  }

  /** The values, asked for once. Rejects as the host does. */
  get(trace: number, address: StepAddress): Promise<Values> {
    if (trace !== this.trace) {
      this.trace = trace;
      this.answers.clear();
      this.asked.clear();
    }
    const name = key(address);
    const known = this.answers.get(name);
    if (known) return Promise.resolve(known);
    let answer = this.asked.get(name);
    if (!answer) {
      answer = this.ask(trace, address).finally(
        () => this.asked.get(name) === answer && this.asked.delete(name),
      );
      answer.then((values) => this.keep(trace, name, values)).catch(() => {});
      this.asked.set(name, answer);
    }
    return answer;
  }

  private keep(trace: number, name: string, values: Values): void {
    if (trace !== this.trace) return;
    this.answers.set(name, values);
    if (this.answers.size > KEPT) this.answers.delete(this.answers.keys().next().value!);
  }
}

function key({ layer, level, direction, signal, step }: StepAddress): string {
  return JSON.stringify([layer, level, direction, signal, step]);
}

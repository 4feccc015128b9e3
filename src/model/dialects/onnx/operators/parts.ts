/** Steps of what exporters write out in basic operators: they have no layers of their own, and are known by what they are part of. */
import { say } from '../../../../words/say';
import type { Flow } from '../draft';
import { titleOf, type Node } from '../node';
import type { Unknown, Value } from '../value';

export class Parts<T extends object> {
  private readonly found = new WeakMap<Value, T>();

  /** `whole` is what they are part of, as `an attention`; `from` what a part is computed from. */
  constructor(
    private readonly whole: string,
    private readonly from: (part: T) => readonly Flow[],
  ) {}

  of(value: Value | undefined): T | undefined {
    return value && this.found.get(value);
  }

  /** Keeps beside a value what it may be a part of. */
  mark(value: Value, part: T): void {
    this.found.set(value, part);
  }

  /** What a node gives that does a step. */
  step(node: Node, part: T): Unknown {
    const value: Unknown = {
      kind: 'unknown',
      reason: say`${titleOf(node.proto)}: it is part of ${this.whole} that goes on in a way that is not known`,
      partOf: this.whole,
      from: this.from(part),
      operator: node.type,
    };
    this.found.set(value, part);
    return value;
  }
}

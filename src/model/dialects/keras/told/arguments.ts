/** Arguments of a Keras layer that neither its name nor its arrays tell: each can be chosen, under Keras's own name. */
import { quote } from '../../../json/decode';
import type { Choice } from '../../dialect';

export type Value = string | number | boolean;

export class Arguments {
  private readonly ways = new Map<string, readonly Choice[]>();
  private readonly left = new Set<string>();

  /** `chosen` are values of choices, of any layer. */
  constructor(
    private readonly layer: string,
    private readonly chosen: readonly string[],
  ) {}

  /** What was chosen for an argument; else the likely value. */
  value<T extends Value>(argument: string, likely: T, others: readonly T[]): T {
    const ways = [likely, ...others];
    const choices = ways.map((way) => this.choice(argument, way));
    this.ways.set(argument, choices);
    const at = choices.findIndex(({ value }) => this.chosen.includes(value));
    if (at < 0) this.left.add(argument);
    return ways[Math.max(at, 0)];
  }

  /** Whether nobody chose the argument. */
  isLeft(argument: string): boolean {
    return this.left.has(argument);
  }

  get choices(): Choice[] {
    return [...this.ways.values()].flat();
  }

  /** How another value is chosen, by the first argument that nobody chose. */
  get example(): string | undefined {
    const [first] = this.left;
    return first === undefined ? undefined : this.ways.get(first)?.[1].value;
  }

  private choice(argument: string, way: Value): Choice {
    const title = `${this.layer}.${argument}`;
    return {
      kind: `argument ${title}`,
      value: `${title}=${way}`,
      label: `${quote(this.layer)}: ${argument} ${way}`,
    };
  }
}

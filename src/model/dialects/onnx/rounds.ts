/** The rounds of a loop, each of which reads a row of a sequence. */
import { say } from '../../../words/say';
import { keyOf, sameSize } from './flow';
import { ONE, type Rows } from './axes';
import type { Flow } from './draft';
import type { Scalar } from './scalar';
import { Unsupported } from './unsupported';

/** What `Steps.of` is of the number of the round at hand. */
export const ROUND = '\u0000round';

/** A state that goes on as it was where the tokens that a mask is made of are 0. */
export interface KeptState {
  readonly ids: Flow;
  /** What the step makes of it. */
  readonly made: Flow;
  readonly before: Flow;
}

/** What is read in each round of a loop: rows of these steps, in this order. */
export class Rounds {
  /** How many there are at most, where that is said before any row is read. */
  constructor(private readonly most?: Scalar) {}

  private found?: { readonly rows: Rows; readonly reversed: boolean };

  /** One round's row of a tensor. Throws `Unsupported` if another with other steps was read. */
  read(flow: Flow): Flow {
    const { rows, reversed } = flow;
    if (this.found && (this.found.reversed !== reversed || !sameSize(this.found.rows.size, rows!.size)))
      throw new Unsupported(say`its rounds read rows of different sequences`);
    this.found ??= { rows: rows!, reversed };
    return { ...flow, reversed: false, axes: flow.axes.map((axis) => (axis.of === 'rows' ? ONE : axis)) };
  }

  private readonly kept: KeptState[] = [];
  private readonly carried = new Map<string, Flow>();

  /** What goes on, `make` what stands for it: the same of the same. */
  keptState(state: KeptState, make: () => Flow): Flow {
    this.kept.push(state);
    const key = keyOf(state.made.pieces);
    const found = this.carried.get(key) ?? make();
    this.carried.set(key, found);
    return found;
  }

  /** The states that masks keep, in the order of their nodes. */
  get keptStates(): readonly KeptState[] {
    return this.kept;
  }

  get rows(): Rows | undefined {
    return this.found?.rows;
  }

  /** How many there are, as far as that is known. */
  get count(): Scalar {
    return this.found ? this.found.rows.size : this.most;
  }

  get reversed(): boolean {
    return this.found?.reversed ?? false;
  }
}

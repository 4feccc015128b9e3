/** Holds the state. Everyone dispatches actions to it; one listener hears of every change. */
import { reduce, type Action, type State } from './state';

export class Store {
  private current: State;
  private listener: (state: State, before: State) => void = () => {};

  constructor(initial: State) {
    this.current = initial;
  }

  get state(): State {
    return this.current;
  }

  /** `listener` replaces the one before. */
  subscribe(listener: (state: State, before: State) => void): void {
    this.listener = listener;
  }

  readonly dispatch = (action: Action): void => {
    const before = this.current;
    this.current = reduce(before, action);
    if (this.current !== before) this.listener(this.current, before);
  };
}

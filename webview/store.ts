/** Holds the state: what all features share, and what each has of its own. One listener hears of every action. */
import { initialState, reduce, type Action, type State } from './shared/state';
import { keptOfShared, restoreShared } from './shared/persistence';
import type { PanelSettings } from '../src/panelSettings';
import { record } from '../src/untrusted';
import type { Sliced } from './slice';

export class Store {
  private shared: State;
  private readonly own = new Map<string, unknown>();
  private listener: (action: Action | null, before: State) => void = () => {};

  /** `kept` is what `keep` gave before the panel was hidden or reloaded; it is not trusted. */
  constructor(
    private readonly features: readonly Sliced[],
    kept: unknown,
    settings: PanelSettings,
  ) {
    const { shared, features: slices } = record(kept);
    this.shared = initialState(restoreShared(shared, settings));
    for (const { name, slice } of features) {
      this.own.set(name, slice ? slice.restore(record(slices)[name]) : null);
    }
  }

  get state(): State {
    return this.shared;
  }

  /** What only a feature knows. */
  ownOf(name: string): unknown {
    return this.own.get(name);
  }

  /** JSON that the constructor takes. */
  keep(): unknown {
    const slices = this.features.flatMap(({ name, slice }) =>
      slice?.keep ? [[name, slice.keep(this.own.get(name))]] : [],
    );
    return { shared: keptOfShared(this.shared), features: Object.fromEntries(slices) };
  }

  /** `listener` replaces the one before. It hears of the actions of all; of a feature's own as null. */
  subscribe(listener: (action: Action | null, before: State) => void): void {
    this.listener = listener;
  }

  readonly dispatch = (action: Action): void => {
    const before = this.shared;
    this.shared = reduce(before, action);
    for (const feature of this.features) this.reduceOwn(feature, action);
    this.listener(action, before);
  };

  /** An action that only the feature hears. */
  change(feature: Sliced, action: unknown): void {
    if (this.reduceOwn(feature, action)) this.listener(null, this.shared);
  }

  private reduceOwn({ name, slice }: Sliced, action: unknown): boolean {
    if (!slice) return false;
    const before = this.own.get(name);
    const after = slice.reduce(before, action, this.shared);
    this.own.set(name, after);
    return after !== before;
  }
}

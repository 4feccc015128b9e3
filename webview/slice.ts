import type { Action, State } from './shared/state';

/** A feature's own state: how it begins, changes and is kept. No DOM, no side effects. */
export interface Slice<Own, OwnAction> {
  /** Own state from what `keep` gave before the panel was hidden or reloaded: not trusted, undefined in a fresh panel. */
  restore(kept: unknown): Own;
  /** JSON to be kept. */
  keep?(own: Own): unknown;
  /** Hears the actions of all and its own; `state` is what all share after the action. */
  reduce(own: Own, action: Action | OwnAction, state: State): Own;
}

/** What keeps a state of its own. */
export interface Sliced<Own = unknown, OwnAction = unknown> {
  /** A word of its own: it names what is kept, and a view of the dock. */
  readonly name: string;
  /** What only it knows. */
  readonly slice?: Slice<Own, OwnAction>;
}

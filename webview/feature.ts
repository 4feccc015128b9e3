/** What the panel is put together from: the contract of a feature. */
import type { FromWebview, Requests } from '../src/protocol';
import type { Theme } from '../src/picture/colour/color';
import type { ColorScale } from '../src/picture/colour/scale';
import type { Sheet } from '../src/picture/svgText';
import type { WantedPicture } from '../src/picture/wanted';
import type { Answer, Asks, RequestKind } from './questions';
import type { StepRange } from './shared/selection';
import type { Action, State } from './shared/state';
import type { Sliced } from './slice';

/** Where a feature stands: top to bottom. */
export type Region = 'bar' | 'stage' | 'overview' | 'dock' | 'foot';

/** A part of the panel. Its folder holds its state, its actions, its view, its style and its words. */
export interface Feature<Own = null, OwnAction = never> extends Sliced<Own, OwnAction> {
  readonly region: Region;
  /** Its place in the region: those of lower numbers stand before it. */
  readonly order: number;
  /** In the dock: how it is named and opened. */
  readonly pane?: Pane;
  /** The questions to the host that stand, one of a kind; null withdraws. Called after every change and every answer. */
  asks?(now: Moment<Own>): Asks;
  /** The same kinds once more, of other runs: each place has its own answers, those of `asks` being place 0. */
  asksBeside?(now: Moment<Own>): readonly Asks[];
  create(context: Context<Own, OwnAction>): View<Own>;
}

/** What a view of the dock says of itself, for its switch in the bar, its tab and its section. */
export interface Pane {
  readonly label: string;
  /** What it shows, in a sentence. */
  readonly title: string;
  /** A path on a grid of 16 × 16. */
  readonly icon: string;
  /** Whether the model has what it shows. */
  offered(state: State): boolean;
}

/** All that a feature reads. */
export interface Moment<Own> {
  readonly state: State;
  readonly own: Own;
  /** What the host answered to the question of a kind that the feature asks. */
  answer<K extends RequestKind>(kind: K, place?: number): Answer<K>;
}

/** A feature on screen: builds its DOM once, then brings it in line, once a frame and only after a change. */
export interface View<Own = null> {
  readonly elements: readonly HTMLElement[];
  render(now: Moment<Own>): void;
  /** What the section's `data-state` says, in the dock. */
  phase?(now: Moment<Own>): 'loading' | 'ready' | 'empty' | 'error';
  /** How it is drawn on a text, to be saved. */
  readonly drawing?: Drawing;
  /** Hears of every action, also of those that change no state. */
  hear?(action: Action): void;
}

/** What a view gives to be saved as a picture. */
export interface Drawing {
  /** What it is called. */
  readonly label: string;
  /** Whether it can be drawn without values. */
  readonly bare?: true;
  /** Steps that are chosen, where it can be drawn of them alone. */
  chosen?(): StepRange | null;
  /** Null where there is nothing to see. Throws an Error whose message can be shown. */
  draw(look: Look): Sheet | null;
}

export interface Look extends Pick<WantedPicture, 'values' | 'of'> {
  readonly theme: Theme;
}

/** What a feature can do and reach. */
export interface Context<Own = null, OwnAction = never> {
  now(): Moment<Own>;
  /** Says to all. */
  readonly dispatch: (action: Action) => void;
  /** Changes what only the feature knows. */
  readonly change: (action: OwnAction) => void;
  /** Says to the host. */
  readonly post: (message: FromWebview) => void;
  /** Whether there is no editor around the page: what an editor would have to do is not offered. */
  readonly alone: boolean;
  /** Asks ahead, so that the answer is here when the question stands. */
  readonly prefetch: <K extends RequestKind>(kind: K, ask: Requests[K]['ask']) => void;
  /** The colours of values in the editor's theme. */
  readonly scale: () => ColorScale;
  /** The region that it stands in. */
  readonly region: HTMLElement;
  /** The views of the dock, in their order. */
  readonly panes: readonly (Pane & { readonly name: string })[];
}

/** Of whatever state and actions. */
export type AnyFeature = Feature<unknown, unknown>;

/** A piece of a feature that reads only what all share. */
export interface Piece {
  readonly element: HTMLElement;
  render(state: State): void;
}

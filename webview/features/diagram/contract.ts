/** The unrolled picture: drawn once per network, window length, level of detail and theme; patched for everything else. */
import type { Overlay, Shape } from '../../../src/picture/diagram/overlay';

/** Whose zoom it is: the one to read at, the one that shows the whole, or the user's own. */
export type Framing = (typeof FRAMINGS)[number];

export const FRAMINGS = ['read', 'whole', 'own'] as const;

/** Zoom and scroll. */
export interface Viewpoint {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
  readonly framing: Framing;
}

/** The unrolled network on screen. */
export interface Diagram {
  /** Resolves when the picture is on screen. Rejects with an Error whose message can be shown. The newest call wins. */
  draw(shape: Shape): Promise<void>;
  /** Cheap: called once per frame while scrubbing. With what is laid over the other picture, where there are two. */
  update(overlay: Overlay, compared: Overlay | null): void;
  /** Re-reads the theme's colours; draws again only if they changed. */
  refreshTheme(): Promise<void>;
  /** Shows the whole. */
  fit(): void;
  /** Multiplies the zoom about the middle of the view. */
  zoomBy(factor: number): void;
  lookFrom(viewpoint: Viewpoint): void;
  /** Takes the diagram out of the page. */
  dispose(): void;
}

export interface DiagramOptions {
  /** Called after each change of zoom or scroll. */
  readonly onLook?: (from: Viewpoint) => void;
  /** The keyboard focus goes on beyond the window: it should stand at this step, the playhead where it is. */
  readonly onMoveWindow?: (start: number) => void;
  /** The other network is too large to be drawn, in words; null where it is drawn, or there is none. */
  readonly onLeftOut?: (reason: string | null) => void;
}

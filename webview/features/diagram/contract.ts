/** The unrolled picture: drawn once per network, window length, level of detail and theme; patched for everything else. */
import type { Network } from '../../../src/model/network';
import type { Detail, FurtherInputs, Inputs, RunSummary } from '../../../src/protocol';
import type { ShownRun } from '../../shared/change';
import type { RailGradient } from '../../shared/memoryNorms';
import type { Numbers } from '../../shared/measure';

/** What decides the drawing's structure. A change here draws anew; the old picture stays until the new one is ready. */
export interface Shape {
  readonly network: Network;
  /** Columns of the window. */
  readonly columns: number;
  readonly detail: Detail;
}

/** What is laid over the drawing. A change here touches attributes and texts only. */
export interface Overlay {
  /** Absolute step of the first column. */
  readonly start: number;
  /** Steps of the whole sequence; 0 before there is one. */
  readonly steps: number;
  /** Steps of the longest row: a decoder may have more of its own. */
  readonly longest: number;
  /** Absolute step of the playhead, inside the window; null hides it. */
  readonly playhead: number | null;
  readonly inputs: Inputs | null;
  /** What further inputs of the network read. */
  readonly further: readonly FurtherInputs[] | null;
  readonly run: ShownRun | null;
  /** Of a what-if: the run without it, and what is changed. */
  readonly ghost: RunSummary | null;
  readonly changes: readonly string[];
  /** What is printed, and what the colours are of; null without a run, or while it is on its way. */
  readonly numbers: Numbers | null;
  /** The layer that alone shows them, where the others keep their means. */
  readonly layer: string | null;
  /** What the rails are as thick as; null where they are as always. */
  readonly rails: RailGradient | null;
}

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
  /** Cheap: called once per frame while scrubbing. */
  update(overlay: Overlay): void;
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
}

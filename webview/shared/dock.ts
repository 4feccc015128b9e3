/** The dock's views: which are open, which have room, and how high they are. */
import { isCount, record } from '../../src/untrusted';

export interface Dock {
  /** Names of the open views, the one chosen last at the end. */
  readonly open: readonly string[];
  /** In pixels; null for the height that the style gives. */
  readonly height: number | null;
}

/** The view that explains: while it is open, so does the picture. */
export const EXPLAIN = 'explain';

/** Whether the picture is explained, in words beside its letters. */
export function isExplained({ dock }: { readonly dock: Dock }): boolean {
  return dock.open.includes(EXPLAIN);
}

export const CLOSED_DOCK: Dock = { open: [], height: null };

/** A view narrower than this is not worth its place beside another. */
const LEAST_WIDTH = 480;
const LEAST_HEIGHT = 120;
const MOST_OPEN = 32;

/** Opens a view, or brings it to the front, or closes it. */
export function showView(dock: Dock, view: string, on: boolean): Dock {
  const { open } = dock;
  if (on ? open.at(-1) === view : !open.includes(view)) return dock;
  const others = open.filter((name) => name !== view);
  return { ...dock, open: on ? [...others, view] : others };
}

/** Those that stand beside each other in a width: as many as it holds, the ones chosen last. */
export function viewsWithRoom(open: readonly string[], width: number): readonly string[] {
  return open.slice(-Math.max(1, Math.floor(width / LEAST_WIDTH)));
}

/** A height that leaves the picture the larger part of a panel. */
export function clampHeight(height: number, panelHeight: number): number {
  return Math.round(Math.max(LEAST_HEIGHT, Math.min(height, panelHeight * 0.6)));
}

export function restoreDock(kept: unknown): Dock {
  const { open, height } = record(kept);
  return {
    open: Array.isArray(open)
      ? [...new Set(open.filter((name) => typeof name === 'string'))].slice(0, MOST_OPEN)
      : CLOSED_DOCK.open,
    height: isCount(height) ? height : CLOSED_DOCK.height,
  };
}

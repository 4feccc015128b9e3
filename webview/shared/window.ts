/** Where the window stands so that the playhead is in view. */

/** Columns of a window, unless the sequence is shorter. */
export const WINDOW_COLUMNS = 8;

/** Columns that the window of a sequence of `steps` steps has; the full window where there is no sequence. */
export function columnsFor(steps: number): number {
  return steps > 0 ? Math.min(WINDOW_COLUMNS, steps) : WINDOW_COLUMNS;
}

/** The nearest step of a sequence of `steps` steps; 0 where there is none. */
export function clampStep(step: number, steps: number): number {
  return Math.max(0, Math.min(step, steps - 1));
}

/**
 * The first step of a window of `columns` columns over `steps` steps that shows `playhead`. The window stays at `start`
 * while the playhead is inside it, one column away from either edge; beyond that it moves just as far as it must.
 */
export function windowStart(start: number, columns: number, steps: number, playhead: number): number {
  const margin = columns > 2 ? 1 : 0;
  const earliest = playhead + margin - (columns - 1);
  const latest = playhead - margin;
  const followed = Math.max(earliest, Math.min(start, latest));
  return Math.max(0, Math.min(followed, steps - columns));
}

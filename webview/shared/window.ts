/** How many columns the window has, and where it stands so that the playhead is in view. */
import type { Network } from '../../src/model/network';
import type { Detail } from '../../src/protocol';
import { columnLimit, unroll } from '../../src/unroll/graph';
import { commonSpacing, inputSizes, spacingOf } from '../../src/picture/diagram/spacing';
import { saidWidth } from '../../src/picture/said';

/** Columns before there is a model, or the panel's width is known. */
export const USUAL_COLUMNS = 8;
const LEAST_COLUMNS = 3;
const MOST_COLUMNS = 24;
/** Left free for a scroll bar. */
const SCROLL_BAR = 12;

/** What may be wanted, and what may stand beside and below a network. */
interface Around {
  /** Columns; 0 for as many as there is room for. */
  readonly wanted?: number;
  /** Whether words stand beside the letters of its rows. */
  readonly explained?: boolean;
  /** The network of another run. */
  readonly compared?: Network | null;
}

/**
 * As many columns as are wanted; where that is 0, those that stand beside each other, unshrunk, in a panel of a width in
 * pixels, and more than it holds where it is narrow. With another network below, as many as both have room for.
 */
export function columnsWithin(
  width: number,
  network: Network,
  detail: Detail,
  { explained = false, wanted = 0, compared = null }: Around = {},
): number {
  const limits = [network, ...(compared ? [compared] : [])].map((one) => columnLimit(one, detail));
  if (wanted > 0) return Math.min(wanted, ...limits);
  const spacingIn = (of: Network, options: Parameters<typeof spacingOf>[2]) =>
    spacingOf(unroll(of, { columns: 1, detail }), inputSizes(of), options);
  const { left, pitch, right } = compared
    ? commonSpacing(spacingIn(network, { form: 'joined' }), spacingIn(compared, { form: 'joined' }))[0]
    : spacingIn(network, { said: explained ? saidWidth(network) : 0 });
  const fitting = Math.floor((width - SCROLL_BAR - left - right) / pitch);
  return Math.min(Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, fitting)), ...limits);
}

/** Columns that the window of a sequence of `steps` steps has; all that there is room for where there is no sequence. */
export function columnsFor(steps: number, room: number): number {
  return steps > 0 ? Math.min(room, steps) : room;
}

/** The nearest step of a sequence of `steps` steps; 0 where there is none. */
export function clampStep(step: number, steps: number): number {
  return Math.max(0, Math.min(step, steps - 1));
}

function marginOf(columns: number): number {
  return columns > 2 ? 1 : 0;
}

/** The step nearest to `playhead` that a window of `columns` columns from `start` on shows without being moved. */
export function nearestShown(start: number, columns: number, steps: number, playhead: number): number {
  const margin = marginOf(columns);
  const least = start > 0 ? start + margin : 0;
  const most = start + columns < steps ? start + columns - 1 - margin : steps - 1;
  return Math.max(least, Math.min(playhead, most));
}

/**
 * The first step of a window of `columns` columns over `steps` steps that shows `playhead`. The window stays at `start`
 * while the playhead is inside it, one column away from either edge; beyond that it moves just as far as it must.
 */
export function windowStart(start: number, columns: number, steps: number, playhead: number): number {
  const margin = marginOf(columns);
  const earliest = playhead + margin - (columns - 1);
  const latest = playhead - margin;
  const followed = Math.max(earliest, Math.min(start, latest));
  return Math.max(0, Math.min(followed, steps - columns));
}

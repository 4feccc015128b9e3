/** How the heat map is looked at: its order, its zoom, its cursor. */
import type { OrderBy } from '../../../src/protocol';
import type { Slice } from '../../slice';
import { isCount, record } from '../../../src/untrusted';

export const ORDERS = ['unit', 'similarity', 'first', 'variance'] as const satisfies readonly Order[];
/** By their numbers, or by what they do. */
export type Order = 'unit' | OrderBy;

/** Rows `from` to `to` − 1 of a signal that has `of`. */
export interface Zoom {
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

/** Where the keyboard is. */
export interface Cursor {
  readonly unit: number;
  readonly step: number;
}

export interface HeatMap {
  readonly order: Order;
  /** Whether the text itself is shown in place of the map, where there is one. */
  readonly text: boolean;
  /** Null shows every row. */
  readonly zoom: Zoom | null;
  /** Null is at the chosen unit and the playhead. */
  readonly cursor: Cursor | null;
  /** The unit under the pointer. */
  readonly pointed: number | null;
  /** How wide it is, with the screen's pixels in one of the page; null until that is known. */
  readonly room: Room | null;
}

export interface Room {
  readonly width: number;
  readonly ratio: number;
}

export type HeatMapAction =
  | { readonly type: 'orderBy'; readonly order: Order }
  | { readonly type: 'showText'; readonly on: boolean }
  | { readonly type: 'zoomTo'; readonly zoom: Zoom | null }
  | { readonly type: 'moveCursor'; readonly to: Cursor }
  | { readonly type: 'pointAt'; readonly unit: number | null }
  | { readonly type: 'makeRoom'; readonly room: Room };

const FRESH: HeatMap = { order: 'unit', text: false, zoom: null, cursor: null, pointed: null, room: null };

export const slice: Slice<HeatMap, HeatMapAction> = {
  restore(kept) {
    const { order, text, zoom } = record(kept);
    return {
      ...FRESH,
      order: ORDERS.find((one) => one === order) ?? FRESH.order,
      text: text === true,
      zoom: restoreZoom(zoom),
    };
  },
  keep: ({ order, text, zoom }) => ({ order, text, zoom }),
  reduce(own, action) {
    switch (action.type) {
      case 'orderBy':
        return { ...own, order: action.order };
      case 'showText':
        return { ...own, text: action.on };
      case 'zoomTo':
        return { ...own, zoom: action.zoom };
      case 'moveCursor':
        return { ...own, cursor: action.to };
      case 'makeRoom':
        return own.room && sameRoom(own.room, action.room) ? own : { ...own, room: action.room };
      case 'pointAt':
        return own.pointed === action.unit ? own : { ...own, pointed: action.unit };
      case 'scene':
      case 'ran':
      case 'goTo':
      case 'select':
      case 'selectUnit':
        return own.cursor ? { ...own, cursor: null } : own;
      default:
        return own;
    }
  },
};

function sameRoom(a: Room, b: Room): boolean {
  return a.width === b.width && a.ratio === b.ratio;
}

function restoreZoom(kept: unknown): Zoom | null {
  const { from, to, of } = record(kept);
  return isCount(from) && isCount(to) && isCount(of) && from < to && to <= of ? { from, to, of } : null;
}

/** Rows shown at least: nearer is not looked at. */
const LEAST_ROWS = 4;

/** The rows that are shown of a signal that has `rows`. */
export function shownRows(zoom: Zoom | null, rows: number): { readonly from: number; readonly to: number } {
  return zoom && zoom.of === rows ? zoom : { from: 0, to: rows };
}

/** Zoomed by a factor about a place, a row and the part of it; null where every row is shown. */
export function zoomedBy(factor: number, about: number, zoom: Zoom | null, rows: number): Zoom | null {
  const { from, to } = shownRows(zoom, rows);
  const count = Math.max(Math.min(LEAST_ROWS, rows), Math.round((to - from) / factor));
  if (count >= rows) return null;
  const share = (about - from) / (to - from);
  return placed(about - share * count, count, rows);
}

/** Moved by rows, as far as there are any. */
export function pannedBy(by: number, zoom: Zoom | null, rows: number): Zoom | null {
  const { from, to } = shownRows(zoom, rows);
  return to - from >= rows ? null : placed(from + by, to - from, rows);
}

/** Moved as little as needed to show a row. */
export function zoomShowing(row: number, zoom: Zoom | null, rows: number): Zoom | null {
  const { from, to } = shownRows(zoom, rows);
  if (row < from) return pannedBy(row - from, zoom, rows);
  return row >= to ? pannedBy(row - to + 1, zoom, rows) : zoom;
}

function placed(first: number, count: number, rows: number): Zoom {
  const from = Math.max(0, Math.min(Math.round(first), rows - count));
  return { from, to: from + count, of: rows };
}

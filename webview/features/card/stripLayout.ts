/** How the cells of a vector lie. Pure geometry, in CSS pixels. */

/** How the cells lie: `rows` rows of up to `perRow` cells, in CSS pixels. */
export interface StripLayout {
  readonly perRow: number;
  readonly rows: number;
  readonly pitch: number;
  readonly rowHeight: number;
}

const LONGEST_ROW = 128;
const WIDEST_CELL = 24;
const TALLEST_CELL = 22;
const TALLEST_CELL_OF_MANY = 10;
const TALLEST_STRIP = 192;

/** One row up to 128 units; beyond that rows of 64 or 128, as tall as leaves room for all. */
export function layoutStrip(units: number, width: number): StripLayout {
  if (units <= LONGEST_ROW) {
    const pitch = Math.min(WIDEST_CELL, width / Math.max(1, units));
    return { perRow: Math.max(1, units), rows: 1, pitch, rowHeight: TALLEST_CELL };
  }
  const perRow = units <= 1024 ? 64 : LONGEST_ROW;
  const rows = Math.ceil(units / perRow);
  return {
    perRow,
    rows,
    pitch: width / perRow,
    rowHeight: Math.min(TALLEST_CELL_OF_MANY, TALLEST_STRIP / rows),
  };
}

/** The unit whose cell lies at a point of the strip, or null between and beyond the cells. */
export function unitAt(layout: StripLayout, units: number, x: number, y: number): number | null {
  const column = Math.floor(x / layout.pitch);
  const row = Math.floor(y / layout.rowHeight);
  if (column < 0 || column >= layout.perRow || row < 0 || row >= layout.rows) return null;
  const unit = row * layout.perRow + column;
  return unit < units ? unit : null;
}

/** Left, top, width and height. */
export type CellBox = readonly [number, number, number, number];

/** A unit's cell, with a gap to its neighbours. */
export function cellBox({ perRow, pitch, rowHeight }: StripLayout, unit: number): CellBox {
  const gap = Math.min(0.9, pitch * 0.15, rowHeight * 0.15);
  return [(unit % perRow) * pitch, Math.floor(unit / perRow) * rowHeight, pitch - gap, rowHeight - gap];
}

/** Where keys move the cursor of a map. */

/** A line and a row of those that are there. */
export interface Spot {
  readonly line: number;
  readonly row: number;
}

const PAGE = 10;

/** The place that a key goes to; null where it does not move the cursor. `ctrl` goes to the very first and last. */
export function spotOfKey(
  key: string,
  ctrl: boolean,
  { line, row }: Spot,
  { lines, rows }: { readonly lines: number; readonly rows: number },
): Spot | null {
  const to = (l: number, r: number): Spot => ({
    line: Math.max(0, Math.min(l, lines - 1)),
    row: Math.max(0, Math.min(r, rows - 1)),
  });
  switch (key) {
    case 'ArrowUp':
      return to(line - 1, row);
    case 'ArrowDown':
      return to(line + 1, row);
    case 'ArrowLeft':
      return to(line, row - 1);
    case 'ArrowRight':
      return to(line, row + 1);
    case 'PageUp':
      return to(line - PAGE, row);
    case 'PageDown':
      return to(line + PAGE, row);
    case 'Home':
      return to(ctrl ? 0 : line, 0);
    case 'End':
      return to(ctrl ? lines : line, rows);
    default:
      return null;
  }
}

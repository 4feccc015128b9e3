/** Rows of cells as lines, their columns aligned, the first to the right; `heads` stands above them. */
export function tableLines(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padStart(widths[0]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}

/** A number with as many digits as tell it apart at a glance. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

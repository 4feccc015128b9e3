/** Figures and aims as a table. */

export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** At most this is aimed at. */
  readonly aim: number;
}

export function printTable(title: string, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ what }) => what.length));
  console.log(`\n${title}\n`);
  for (const { what, value, unit, aim } of rows) {
    const figure = value.toFixed(value < 100 ? 1 : 0).padStart(8);
    const aimed = `${aim} ${unit}`.padStart(9);
    console.log(
      `  ${what.padEnd(width)}  ${figure} ${unit}   aim ${aimed}${value <= aim ? '' : '   missed'}`,
    );
  }
}

/** The value below which the share `share` of `values` lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

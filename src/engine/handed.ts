/** The last rows of signals, which begin other layers, and the way back to them. */
import type { JoinedRows, SignalAddress } from '../model/network';
import type { LayerTrace } from './trace';

/** `traces` are those of the layers that hand the rows on. */
export function joinedRows({ merge, of }: JoinedRows, traces: readonly LayerTrace[]): Float32Array {
  const rows = of.map((address) => lastRow(address, traces));
  const [first] = rows;
  switch (merge) {
    case 'concat': {
      const joined = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const row of rows) {
        joined.set(row, at);
        at += row.length;
      }
      return joined;
    }
    case 'sum':
      return first.map((_, u) => sumAt(rows, u));
    case 'ave':
      return first.map((_, u) => sumAt(rows, u) / rows.length);
    case 'mul':
      return first.map((_, u) => productAt(rows, u));
  }
}

/** ∂target/∂ of each of the rows, of ∂target/∂ of what `joinedRows` gives. */
export function backToRows(
  { merge, of }: JoinedRows,
  traces: readonly LayerTrace[],
  joined: Float64Array,
): Float64Array[] {
  if (merge === 'sum') return of.map(() => joined);
  if (merge === 'ave') return of.map(() => joined.map((slope) => slope / of.length));
  const rows = of.map((address) => lastRow(address, traces));
  if (merge === 'mul') {
    return rows.map((_, k) => {
      const others = rows.toSpliced(k, 1);
      return joined.map((slope, u) => slope * productAt(others, u));
    });
  }
  let at = 0;
  return rows.map(({ length }) => joined.subarray(at, (at += length)));
}

/** Where a direction has read everything. */
export function lastRowOf(direction: SignalAddress['direction'], rows: number): number {
  return direction === 'forward' ? rows - 1 : 0;
}

function lastRow(
  { layer, level, direction, signal }: SignalAddress,
  traces: readonly LayerTrace[],
): Float32Array {
  const trace = traces.find(
    (one) => one.layer === layer && one.level === level && one.direction === direction,
  )!;
  const { rows, units, values } = trace.signals.find((one) => one.signal === signal)!;
  const row = lastRowOf(direction, rows);
  return values.subarray(row * units, (row + 1) * units);
}

function sumAt(rows: readonly Float32Array[], unit: number): number {
  return rows.reduce((sum, row) => sum + row[unit], 0);
}

function productAt(rows: readonly Float32Array[], unit: number): number {
  return rows.reduce((product, row) => product * row[unit], 1);
}

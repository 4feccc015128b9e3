/** The lines of the chart: those of the run on screen, and over them those of the runs beside it. */
import type { Memory, MemoryRow, RunRole } from '../../../src/protocol';
import { visible } from '../../../src/unroll/mermaid';
import { common, fill } from '../../shared/words';
import type { Selection } from '../../shared/selection';
import { hasChosenUnit } from './state';
import { words } from './words';

export interface Beside {
  readonly role: RunRole;
  /** What the run is called. */
  readonly name: string;
  readonly memory: Memory;
}

export interface Line {
  readonly row: MemoryRow;
  readonly name: string;
  /** The size of the gradient, row by row. */
  readonly values: Float64Array;
  /** Its classes. */
  readonly style: string;
  /** Null of the run on screen. */
  readonly role: RunRole | null;
}

/** Colours and dashes that follow one another, as memory.css has them. */
const SERIES = 6;
/** Dashes of the lines of one run beside. */
const DASHES = 3;

/** With a `selection` those of the chosen unit alone. */
export function linesOf(own: Memory, beside: readonly Beside[], selection: Selection | null): Line[] {
  const lines = normLines(own, beside);
  if (!selection) return lines;
  return lines.flatMap((line) => {
    const { ofUnit } = line.row;
    if (!ofUnit || !hasChosenUnit(line.row, selection)) return [];
    return [{ ...line, values: ofUnit, name: `${line.name}, ${fill(common.unit, selection.unit!)}` }];
  });
}

function normLines({ rows }: Memory, beside: readonly Beside[]): Line[] {
  const own = rows.map((row, k) => ({
    ...{ row, values: row.norms, name: rowInWords(row, rows), style: `series-${k % SERIES}`, role: null },
  }));
  const others = beside.flatMap(({ role, name, memory }) =>
    memory.rows.map((row, k) => ({
      ...{ row, values: row.norms, name: fill(words.ofRun, name, rowInWords(row, memory.rows)) },
      ...{ style: `beside of-${role} dash-${k % DASHES}`, role },
    })),
  );
  return [...own, ...others];
}

/** The layer, with level and direction where there is more than one. */
function rowInWords({ layer, level, direction }: MemoryRow, rows: readonly MemoryRow[]): string {
  const others = rows.filter((one) => one.layer === layer);
  const name = [visible(layer)];
  if (others.some((one) => one.level !== level)) name.push(fill(common.level, level));
  if (others.some((one) => one.direction !== direction)) name.push(common[direction]);
  return name.join(' ');
}

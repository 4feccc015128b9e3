/** The lines of the chart: those of the run on screen, and over them those of the runs beside it. */
import { pairLayers } from '../../../src/differences/pair';
import type { Network } from '../../../src/model/network';
import type { Memory, MemoryRow, RunRole } from '../../../src/protocol';
import { rowInWords, seriesOf, type DrawnLine } from '../../../src/picture/memory/chart';
import { common, fill } from '../../shared/words';
import type { Selection } from '../../shared/selection';
import { hasChosenUnit } from './state';
import { words } from './words';

export interface Beside {
  readonly role: RunRole;
  /** What the run is called. */
  readonly name: string;
  readonly memory: Memory;
  /** What it ran on. */
  readonly network: Network;
}

export interface Line extends DrawnLine {
  readonly row: MemoryRow;
  readonly name: string;
}

/** Dashes of the lines of one run beside. */
const DASHES = 3;

/** With a `selection` those of the chosen unit alone: of its layer, and of what stands for that in the runs beside. */
export function linesOf(
  own: Memory,
  network: Network,
  beside: readonly Beside[],
  selection: Selection | null,
): Line[] {
  const lines = normLines(own, beside);
  if (!selection) return lines;
  const chosen = own.rows.find((row) => hasChosenUnit(row, selection));
  const rows = chosen ? [chosen, ...beside.flatMap((one) => counterpart(chosen, { own, network }, one))] : [];
  return lines.flatMap((line) => {
    const { ofUnit } = line.row;
    if (!ofUnit || !rows.includes(line.row)) return [];
    return [{ ...line, values: ofUnit, name: `${line.name}, ${fill(common.unit, selection.unit!)}` }];
  });
}

/** What a row stands for in a run beside, as its differences have it. */
function counterpart(
  row: MemoryRow,
  { own, network }: { readonly own: Memory; readonly network: Network },
  other: Beside,
): MemoryRow[] {
  const typed = ({ rows }: Memory, { layers }: Network) =>
    rows.map((one) => {
      const { layer, level, direction } = one;
      const { type } = layers.find(({ name }) => name === layer)!;
      return { layer, level, direction, type, row: one };
    });
  const { pairs } = pairLayers(typed(own, network), typed(other.memory, other.network));
  return pairs.filter(({ a }) => a.row === row).map(({ b }) => b.row);
}

function normLines({ rows }: Memory, beside: readonly Beside[]): Line[] {
  const own = rows.map((row, k) => ({
    ...{ row, values: row.norms, name: rowInWords(row, rows), style: seriesOf(k), role: null },
  }));
  const others = beside.flatMap(({ role, name, memory }) =>
    memory.rows.map((row, k) => ({
      ...{ row, values: row.norms, name: fill(words.ofRun, name, rowInWords(row, memory.rows)) },
      ...{ style: `beside of-${role} dash-${k % DASHES}`, role },
    })),
  );
  return [...own, ...others];
}

/** The orders in which programs stack the gates of a cell, and how one is taken for another. */
import { type CellType, CELLS } from '../cells';
import { gateOrderOf } from '../model/dialects/all';
import type { DialectId } from '../model/network';

export interface GateOrder {
  readonly text: string;
  /** Whether a program is known that has it. */
  readonly known: boolean;
  /** For each of PyTorch's gates in turn, its place among the gates as they were read. */
  readonly places: readonly number[];
}

/** Every order but the one that the file was read in. */
export function otherOrders(type: CellType, dialect: DialectId): GateOrder[] {
  const { sums, orders: known } = CELLS[type];
  const own = sums.join('');
  const read = gateOrderOf(dialect, type) ?? own;
  const others = permutations(own)
    .filter((order) => !known.some((one) => one.order === order))
    .map((order) => ({ order, text: `the gates in the order ${[...order].join(', ')}` }));
  return [...known, ...others]
    .filter(({ order }) => order !== read)
    .map(({ order, text }) => ({
      text,
      known: known.some((one) => one.order === order),
      places: sums.map((gate) => sums.indexOf(read[order.indexOf(gate)])),
    }));
}

function permutations(letters: string): string[] {
  if (letters.length <= 1) return [letters];
  return [...letters].flatMap((letter) =>
    permutations(letters.replace(letter, '')).map((rest) => letter + rest),
  );
}

/** The orders in which programs stack the gates of a cell, and how one is taken for another. */
import { type CellType, CELLS } from '../cells';
import { gateOrderOf } from '../model/dialects/all';
import type { DialectId } from '../model/network';

export interface GateOrder {
  /** What the gates are called, in that order. */
  readonly letters: string;
  /** Those that are known to have it. */
  readonly programs: readonly string[];
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
    .map((order) => ({ order, letters: order, programs: [] }));
  return [...known, ...others]
    .filter(({ order }) => order !== read)
    .map(({ order, letters = order, programs }) => ({
      letters,
      programs,
      places: sums.map((gate) => sums.indexOf(read[order.indexOf(gate)])),
    }));
}

function permutations(letters: string): string[] {
  if (letters.length <= 1) return [letters];
  return [...letters].flatMap((letter) =>
    permutations(letters.replace(letter, '')).map((rest) => letter + rest),
  );
}

/** What the names and shapes of a cell written by hand do not say, how it is taken, and how it can be read otherwise. */
import { say } from '../../../words/say';
import type { Choice } from '../dialect';
import type { CellBlocks, CellModule } from './cellModule';
import type { Module, RecurrentModule } from './modules';
import { isOpenRnn, otherNonlinearity, takenNonlinearity } from './nonlinearity';

interface Open {
  readonly kind: Choice['kind'];
  readonly of: (cell: CellModule) => boolean;
  /** The way that is taken, and the other one. */
  readonly ways: (cell: CellModule) => readonly [Way, Way];
}

interface Way {
  readonly value: string;
  readonly label: string;
}

const X_H: Way = { value: 'x-h', label: say`matrices over input and state side by side: [x, h]` };
const H_X: Way = { value: 'h-x', label: say`matrices over state and input side by side: [h, x]` };
const RESET_BEFORE: Way = {
  value: 'reset-before',
  label: say`the reset gate before the matrix product: W(r∘h)`,
};
const RESET_AFTER: Way = {
  value: 'reset-after',
  label: say`the reset gate after the matrix product: r∘(W h)`,
};
const KEEPS: Way = { value: 'update-keeps', label: say`an update gate that keeps: h = z∘h₋₁ + (1 − z)∘n` };
const RENEWS: Way = { value: 'update-renews', label: say`an update gate that renews: h = (1 − z)∘h₋₁ + z∘n` };

const OPEN: readonly Open[] = [
  { kind: 'concatenation', of: ({ concatenated }) => concatenated === true, ways: () => [X_H, H_X] },
  {
    kind: 'reset',
    of: ({ type }) => type === 'gru',
    ways: ({ resetAfter }) => (resetAfter ? [RESET_AFTER, RESET_BEFORE] : [RESET_BEFORE, RESET_AFTER]),
  },
  { kind: 'update', of: ({ type }) => type === 'gru', ways: () => [KEEPS, RENEWS] },
];

/** The ways in which the cells written by hand can be read. */
export function handChoices(modules: readonly Module[]): Choice[] {
  const cells = modules.flatMap((module) => (module.kind === 'recurrent' ? (module.cells ?? []) : []));
  return OPEN.flatMap(({ kind, of, ways }) => {
    const [cell] = cells.filter((one) => one.written === 'hand' && of(one));
    return cell ? ways(cell).map((way) => ({ kind, ...way })) : [];
  });
}

/** How the cells of a module are taken, in words; nothing where all is known. */
export function takenInWords(module: RecurrentModule, chosen: readonly string[]): string[] {
  const ways = (module.cells ?? [])
    .filter(({ written }) => written === 'hand')
    .flatMap((cell) => [
      ...(cell.fused ? [say`gates in the order ${GATES_IN_ORDER[cell.type]}`] : []),
      ...OPEN.filter(({ of }) => of(cell)).map((open) => wayOf(open, cell, chosen).label),
    ]);
  const open =
    module.cells && isOpenRnn(module) ? [`${takenNonlinearity(module)} (${otherNonlinearity(module)})`] : [];
  return [...new Set([...open, ...ways])];
}

const GATES_IN_ORDER = { lstm: 'i, f, g, o', gru: 'r, z, n', rnn: '' };

function wayOf({ ways }: Open, cell: CellModule, chosen: readonly string[]): Way {
  const [first, second] = ways(cell);
  return chosen.includes(second.value) ? second : first;
}

/** A cell as it was chosen to be read: what its parameters are made of, and where its reset gate multiplies. */
export function asChosen(
  cell: CellModule,
  chosen: readonly string[],
): { readonly blocks: CellBlocks; readonly resetAfter?: boolean } {
  if (cell.written !== 'hand') return { blocks: cell.blocks(false), resetAfter: cell.resetAfter };
  const [concatenation, reset, update] = OPEN.map((open) => wayOf(open, cell, chosen).value);
  const blocks = cell.blocks(concatenation === H_X.value);
  if (cell.type !== 'gru') return { blocks };
  return {
    blocks: update === RENEWS.value ? withGateNegated(blocks) : blocks,
    resetAfter: reset === RESET_AFTER.value,
  };
}

/** σ(−a) = 1 − σ(a): the update gate z, the second of a GRU's, of the other sense. */
function withGateNegated(blocks: CellBlocks): CellBlocks {
  return new Map(
    [...blocks].map(([name, gates]) => [
      name,
      gates.map((block, gate) => (gate === 1 && 'tensor' in block ? { ...block, negated: true } : block)),
    ]),
  );
}

/** Cells that a file has in other forms than PyTorch's own. */
import type { Shapes } from '../loading';
import { combinedCell, nameCombined } from './combinedCell';
import type { FoundCell } from './cellModule';
import { fusedCells, type Lookup } from './fusedCells';
import { gateCells } from './gateCells';
import { cellOf, matrixLabel } from './labels';
import { byOwner, plainName, splitName } from './names';

interface Unclear {
  readonly reason: string;
  readonly prefix: string;
  readonly tensors: readonly string[];
}

/** The cells, and what seems to be one and cannot be read. */
export function cellsIn(shapes: Shapes): {
  readonly cells: readonly FoundCell[];
  readonly unclear: readonly Unclear[];
  /** Parts of a cell that no layer here can be. */
  readonly beside: readonly (Unclear & { readonly width: number })[];
} {
  const owners = byOwner(shapes);
  const find: Lookup = (owner, last) => {
    if (owner === '') return owners.get('')?.find(({ label, leaf }) => label === last && leaf === '');
    const [before, label] = splitName(owner);
    return owners.get(before)?.find((tensor) => tensor.label === label && tensor.leaf === last);
  };
  const cells: FoundCell[] = [];
  const unclear: Unclear[] = [];
  const beside: (Unclear & { readonly width: number })[] = [];
  for (const [owner, tensors] of owners) {
    const combined = combinedCell(owner, tensors);
    if (combined) {
      cells.push(combined.cell);
      const within = (label: string) => (owner === '' ? label : `${owner}.${label}`);
      beside.push(...combined.beside.map(({ label, ...one }) => ({ ...one, prefix: within(label) })));
      continue;
    }
    const gated = gateCells(owner, tensors);
    cells.push(...gated.cells, ...(gated.cells.length > 0 ? [] : fusedCells(owner, tensors, find)));
    unclear.push(...gated.unclear.map((one) => ({ ...one, prefix: owner })));
  }
  return { cells, unclear, beside };
}

/** Whether names alone tell of such a cell. */
export function nameCells(names: Iterable<string>): boolean {
  const letters = new Map<string, Set<string>>();
  const labels = new Map<string, Set<string>>();
  for (const name of names) {
    const plain = plainName(name);
    if (/[./](?:dense_h|h[figonrz])[./]kernel$/.test(plain)) return true;
    const [before, last] = splitName(plain);
    const [owner, label] = last === 'weight' ? splitName(before) : [before, last];
    const all = (labels.get(owner) ?? new Set()).add(label);
    labels.set(owner, all);
    if (nameCombined(all)) return true;
    const found = matrixLabel(label);
    if (!found) continue;
    const key = JSON.stringify([owner, found.style]);
    // A plain RNN has no gates: its two matrices tell it together.
    const own = letters.get(key) ?? new Set();
    letters.set(key, own.add(found.gate === 'h' ? `${found.part}h` : found.gate));
    if ((own.has('xh') && own.has('hh')) || cellOf(new Set([...own].map((gate) => gate.at(-1)!))))
      return true;
  }
  return false;
}

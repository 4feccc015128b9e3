import type { CellParameters } from '../../engine/cells/cell';

/** p_i, p_f and p_o, H each: what the gates see of the cell state. */
export interface Peepholes {
  readonly i: Float32Array;
  readonly f: Float32Array;
  readonly o: Float32Array;
}

/** Undefined of a cell without. */
export function peepholesOf({ vectors }: CellParameters): Peepholes | undefined {
  const { peephole_i: i, peephole_f: f, peephole_o: o } = vectors;
  return i && f && o && { i, f, o };
}

/** The axes of a tensor that layers pass to one another: its rows, units, and axes of size 1. */
import { elementCount } from '../../weights';
import type { Scalar } from './scalar';

export type Axis =
  | { readonly of: 'rows' }
  | { readonly of: 'one'; readonly batch?: true }
  | { readonly of: 'units'; readonly size: number };

export interface Rows {
  readonly size: Scalar;
}

export const ROWS: Axis = { of: 'rows' };
export const ONE: Axis = { of: 'one' };
/** Of size 1 only because one sequence is run. */
export const BATCH: Axis = { of: 'one', batch: true };

export function units(size: number): Axis {
  return size === 1 ? ONE : { of: 'units', size };
}

export function widthOf({ axes }: { readonly axes: readonly Axis[] }): number {
  return elementCount(unitSizes(axes));
}

export function unitSizes(axes: readonly Axis[]): number[] {
  return axes.flatMap((axis) => (axis.of === 'units' ? [axis.size] : []));
}

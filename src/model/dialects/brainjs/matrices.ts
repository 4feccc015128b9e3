/** brain.js's matrices: `{rows, columns, weights}`, row-major; `weights` is a list, or an object with the keys 0, 1, …. */
import { say } from '../../../words/say';
import { describe, float32, pathOf, positiveInteger, requiredAt } from '../../json/decode';
import { listLength } from '../../json/numberList';
import type { JsonNode } from '../../json/node';
import type { Report } from '../../report';
import { nestedValues } from '../../tensors/nested';

/** A matrix, its weights counted but not read. */
export interface Matrix {
  readonly node: JsonNode;
  readonly rows: number;
  readonly columns: number;
  /** List or object. */
  readonly weights: JsonNode;
}

const MAX_FAULTS = 10;

/** Undefined, with errors reported, if this is no matrix or has not rows × columns weights. */
export function decodeMatrix(node: JsonNode, report: Report): Matrix | undefined {
  if (node.type !== 'object') {
    const message = say`${pathOf(node)}: expected a matrix, an object with "rows", "columns" and "weights", found ${describe(node)}`;
    report.error(node, 'wrong-value', message);
    return undefined;
  }
  const rows = requiredAt(node, 'rows', positiveInteger, report);
  const columns = requiredAt(node, 'columns', positiveInteger, report);
  const weights = requiredAt(node, 'weights', (found) => found, report);
  if (!rows || !columns || !weights) return undefined;
  const count = weights.type === 'array' || weights.type === 'object' ? listLength(weights) : undefined;
  if (count === rows * columns) return { node, rows, columns, weights };
  const found = count === undefined ? describe(weights) : String(count);
  const message = say`${pathOf(weights)}: expected ${rows} × ${columns} numbers, found ${found}`;
  report.error(weights, 'wrong-length', message);
  return undefined;
}

/** Whether a matrix has this size; reported if not. */
export function hasSize({ node, ...found }: Matrix, rows: number, columns: number, report: Report): boolean {
  if (found.rows === rows && found.columns === columns) return true;
  const message = say`${pathOf(node)}: expected ${rows} × ${columns}, found ${found.rows} × ${found.columns}`;
  report.error(node, 'wrong-shape', message);
  return false;
}

/** Row-major; undefined, with the faulty places reported, if not every weight is a number in its place. */
export function matrixValues({ rows, columns, weights }: Matrix, report: Report): Float32Array | undefined {
  if (weights.type === 'array') return nestedValues(weights, [rows * columns], report);
  const values = new Float32Array(rows * columns);
  const filled = new Uint8Array(values.length);
  let faults = 0;
  for (const { children } of weights.children ?? []) {
    const [key, value] = children ?? [];
    const number = value && float32(value, report);
    const index = indexOf(key.value);
    if (index === undefined || index >= values.length || filled[index]) {
      const message = say`${pathOf(weights)}: expected each of the keys "0" to "${values.length - 1}" once, found ${describe(key)}`;
      report.error(key, 'wrong-key', message);
      faults++;
    } else {
      if (number === undefined) faults++;
      else values[index] = number;
      filled[index] = 1;
    }
    if (faults >= MAX_FAULTS) break;
  }
  return faults === 0 ? values : undefined;
}

function indexOf(key: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : undefined;
}

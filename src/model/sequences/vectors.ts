import { counted, elements, float32, pathOf } from '../json/decode';
import type { JsonNode } from '../json/parse';
import type { VectorInput } from '../network';
import type { Report } from '../report';
import type { VectorSequence } from '../samples';

/** A list of steps, each a list of `input.size` numbers. */
export function sequenceOfVectors(
  { size }: VectorInput,
  node: JsonNode,
  report: Report,
): VectorSequence | undefined {
  const rows = elements(node, report)?.map((row) => ({ row, numbers: elements(row, report) }));
  const values = rows && numbersOf(rows, { size, what: 'feature' }, report);
  return values && { kind: 'vector', steps: rows.length, size, values };
}

/** Rows of `size` numbers each, row-major; `what` is one of them, for messages. `numbers` is absent of what is no row. */
export function numbersOf(
  rows: readonly { readonly row: JsonNode; readonly numbers?: readonly JsonNode[] }[],
  { size, what }: { readonly size: number; readonly what: string },
  report: Report,
): Float32Array | undefined {
  const values = new Float32Array(rows.length * size);
  let sound = true;
  rows.forEach(({ row, numbers }, step) => {
    if (numbers?.length !== size) {
      if (numbers)
        report.error(
          row,
          'wrong-length',
          `${pathOf(row)}: expected ${counted(size, what)} per step, found ${numbers.length}`,
        );
      sound = false;
      return;
    }
    numbers.forEach((number, feature) => {
      const value = float32(number, report);
      if (value === undefined) sound = false;
      else values[step * size + feature] = value;
    });
  });
  return sound ? values : undefined;
}

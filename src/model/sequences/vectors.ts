import { counted, elements, float32, pathOf } from '../json/decode';
import type { JsonNode } from '../json/parse';
import type { VectorInput } from '../network';
import type { Report } from '../report';
import type { VectorSequence } from '../samples';

/** A list of steps, each a list of `input.size` numbers. */
export function sequenceOfVectors(
  input: VectorInput,
  node: JsonNode,
  report: Report,
): VectorSequence | undefined {
  const rows = elements(node, report);
  if (!rows) return undefined;
  const { size } = input;
  const values = new Float32Array(rows.length * size);
  let sound = true;
  rows.forEach((row, step) => {
    const numbers = elements(row, report);
    if (numbers?.length !== size) {
      if (numbers)
        report.error(
          row,
          'wrong-length',
          `${pathOf(row)}: expected ${counted(size, 'feature')} per step, found ${numbers.length}`,
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
  return sound ? { kind: 'vector', steps: rows.length, size, values } : undefined;
}

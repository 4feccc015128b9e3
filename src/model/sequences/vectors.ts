import { say } from '../../words/say';
import { counted, elements, float32, type Noun, pathOf } from '../json/decode';
import type { JsonNode } from '../json/node';
import { NumberList } from '../json/numberList';
import type { VectorInput } from '../network';
import type { Report } from '../report';
import type { VectorSequence } from '../samples';

/** Numbers of a list that are repeated in a message. */
const MOST_SHOWN = 8;

/** A list of steps, each a list of `input.size` numbers. */
export function sequenceOfVectors(
  { size }: VectorInput,
  node: JsonNode,
  report: Report,
): VectorSequence | undefined {
  const found = elements(node, report);
  if (found?.length && found.every(({ type }) => type === 'number')) {
    const steps = size === found.length ? [found] : size === 1 ? found.map((number) => [number]) : undefined;
    const hint = steps && found.length <= MOST_SHOWN ? say`, such as ${shown(steps)}` : '';
    const message = say`${pathOf(node)}: expected a list of steps, each a list of ${counted(size, 'number')}${hint}; found a list of ${counted(found.length, 'number')}`;
    report.schemaError(node, 'wrong-value', message);
    return undefined;
  }
  const rows = found?.map((row) => ({ row, numbers: soundNumbers(row) ?? elements(row, report) }));
  const values = rows && numbersOf(rows, { size, what: 'feature' }, report);
  return values && { kind: 'vector', steps: rows.length, size, values };
}

/** Of a list of nothing but numbers that all can be kept, without making nodes of them. */
function soundNumbers(row: JsonNode): Float64Array | undefined {
  return row instanceof NumberList && row.fitsFloat32() ? row.numbers : undefined;
}

function shown(steps: readonly (readonly JsonNode[])[]): string {
  return JSON.stringify(steps.map((step) => step.map(({ value }) => value as number)));
}

/** Rows of `size` numbers each, row-major; `what` is one of them, for messages. `numbers` is absent of what is no row. */
export function numbersOf(
  rows: readonly { readonly row: JsonNode; readonly numbers?: readonly JsonNode[] | Float64Array }[],
  { size, what }: { readonly size: number; readonly what: Noun },
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
          say`${pathOf(row)}: expected ${counted(size, what)} per step, found ${numbers.length}`,
        );
      sound = false;
      return;
    }
    if (numbers instanceof Float64Array) {
      values.set(numbers, step * size);
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

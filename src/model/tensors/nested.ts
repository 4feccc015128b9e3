/** Tensors written into JSON as nested lists. */
import { say } from '../../words/say';
import { describe, float32, pathOf } from '../json/decode';
import { listLength, NumberList } from '../json/numberList';
import type { JsonNode } from '../json/node';
import type { Report } from '../report';
import { elementCount } from '../weights';

/** More axes than any parameter has. */
const MAX_AXES = 8;
const MAX_FAULTS = 10;

/** The shape that the first element of every list suggests; undefined, reported, if this is no list. */
export function nestedShape(node: JsonNode, report: Report): readonly number[] | undefined {
  if (node.type !== 'array') {
    report.schemaError(
      node,
      'wrong-value',
      say`${pathOf(node)}: expected nested lists of numbers, found ${describe(node)}`,
    );
    return undefined;
  }
  const shape: number[] = [];
  for (
    let at: JsonNode | undefined = node;
    at?.type === 'array' && shape.length < MAX_AXES;
    at = at instanceof NumberList ? undefined : at.children?.[0]
  ) {
    shape.push(listLength(at));
  }
  return shape;
}

/** Row-major values of lists nested as `shape` says; undefined, with the faulty places reported, if they are not. */
export function nestedValues(
  node: JsonNode,
  shape: readonly number[],
  report: Report,
): Float32Array | undefined {
  const values = new Float32Array(elementCount(shape));
  let filled = 0;
  let faults = 0;
  const fill = (at: JsonNode, axis: number): void => {
    if (faults >= MAX_FAULTS) return;
    if (axis === shape.length) {
      const value = float32(at, report);
      if (value === undefined) faults++;
      else values[filled] = value;
      filled++;
      return;
    }
    const found = at.type === 'array' ? listLength(at) : undefined;
    if (found !== shape[axis]) {
      faults++;
      const expected =
        axis + 1 < shape.length ? say`a list of ${shape[axis]} lists` : say`a list of ${shape[axis]} numbers`;
      report.error(at, 'ragged-tensor', say`${pathOf(at)}: expected ${expected}, found ${describe(at)}`);
      filled += elementCount(shape.slice(axis));
      return;
    }
    if (axis + 1 === shape.length && at instanceof NumberList && at.fitsFloat32()) {
      values.set(at.numbers, filled);
      filled += at.numbers.length;
      return;
    }
    for (const child of at.children ?? []) fill(child, axis + 1);
  };
  fill(node, 0);
  return faults === 0 ? values : undefined;
}

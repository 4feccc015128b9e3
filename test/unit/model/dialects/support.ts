/** Shorthands to open files of other dialects and to compare runs with what their own software computed. */
import assert from 'node:assert/strict';
import { run } from '../../../../src/engine/run';
import type { Trace } from '../../../../src/engine/trace';
import type { ByteSource } from '../../../../src/files/folder';
import { DEFAULT_LIMITS, type Reading, type Source } from '../../../../src/model/dialects/dialect';
import { openSource } from '../../../../src/model/open';
import { readModel } from '../../../../src/model/read';
import type { Sequence } from '../../../../src/model/samples';
import { MemoryFolder } from '../support';

export const TOLERANCE = 1e-5;

/** Reads a file of any kind, with other files beside it. */
export async function openFile(
  fileName: string,
  content: string | Uint8Array,
  beside: Readonly<Record<string, string | Uint8Array>> = {},
  more: Partial<Source> = {},
): Promise<Reading> {
  const folder = new MemoryFolder({ ...beside, [fileName]: content });
  const source = { fileName, folder, limits: DEFAULT_LIMITS, ...more };
  return readModel(await openSource(await bytesIn(folder, fileName), source));
}

async function bytesIn(folder: MemoryFolder, fileName: string): Promise<ByteSource> {
  return { size: await folder.size(fileName), read: (start, end) => folder.read(fileName, start, end) };
}

/** steps × features of a vector model. */
export function vectors(rows: readonly (readonly number[])[]): Sequence {
  return { kind: 'vector', steps: rows.length, size: rows[0].length, values: Float32Array.from(rows.flat()) };
}

export function tokens(ids: readonly number[]): Sequence {
  return { kind: 'token', steps: ids.length, ids: Int32Array.from(ids), tokens: ids.map(String) };
}

/** Runs what was read; fails with its errors if it cannot be run. */
export async function runReading(
  { network, weights, problems }: Reading,
  sequence: Sequence,
): Promise<Trace> {
  const errors = problems.filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors, []);
  assert.ok(network && weights);
  return run(network, weights, sequence);
}

export function assertOutput(
  trace: Trace,
  expected: readonly (readonly number[])[],
  tolerance = TOLERANCE,
): void {
  assert.deepEqual([trace.output.rows, trace.output.units], [expected.length, expected[0].length]);
  assertClose(trace.output.values, expected.flat(), 'output', tolerance);
}

/** One layer's signal against rows of the same size. */
export function assertSignal(
  trace: Trace,
  layer: string,
  signal: string,
  expected: readonly (readonly number[])[],
  { level = 0, direction = 'forward' } = {},
): void {
  const found = trace.layers.find(
    (candidate) =>
      candidate.layer === layer && candidate.level === level && candidate.direction === direction,
  );
  const values = found?.signals.find((candidate) => candidate.signal === signal)?.values;
  assert.ok(values, `${layer} ${level} ${direction} ${signal} is not there`);
  assertClose(values, expected.flat(), `${layer} ${level} ${direction} ${signal}`);
}

function assertClose(
  found: ArrayLike<number>,
  expected: readonly number[],
  where: string,
  tolerance = TOLERANCE,
): void {
  assert.equal(found.length, expected.length, where);
  expected.forEach((value, k) => {
    assert.ok(Math.abs(found[k] - value) <= tolerance, `${where}[${k}] is ${found[k]}, not ${value}`);
  });
}

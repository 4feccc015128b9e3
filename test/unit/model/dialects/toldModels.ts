/** What PyTorch computed of models of which the files tell little, and what they are compared by. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../../../src/model/dialects/dialect';
import { assertOutput, assertSignal, runReading, tokens, vectors } from './support';

export interface Expected {
  readonly input: number[] | number[][];
  readonly output: number[][];
  /** Of layers by their names. */
  readonly signals: Record<string, Record<string, number[][]>>;
}

export function expectedIn(folder: string): Record<string, Expected> {
  return JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
}

/** Every gate of every step, and the output. */
export async function assertRuns(reading: Reading, { input, output, signals }: Expected): Promise<void> {
  const sequence = Array.isArray(input[0]) ? vectors(input as number[][]) : tokens(input as number[]);
  const trace = await runReading(reading, sequence);
  assertOutput(trace, output);
  for (const [layer, found] of Object.entries(signals)) {
    for (const [signal, rows] of Object.entries(found)) assertSignal(trace, layer, signal, rows);
  }
}

/** All problems' messages, a line each. */
export function messages({ problems }: Pick<Reading, 'problems'>): string {
  return problems.map(({ message }) => message).join('\n');
}

/** A file cut off, or with bits turned over, in as many ways. */
export function* damagedWays(whole: Uint8Array, ways: number): Generator<Uint8Array> {
  for (let k = 0; k < ways; k++) {
    const damaged = whole.slice(0, k % 3 === 0 ? (k * 7907) % whole.byteLength : whole.byteLength);
    const flips = k % 3 > 0 ? k % 5 : 0;
    for (let n = 0; n < flips; n++) damaged[(k * 7919 + n * 131) % damaged.byteLength] ^= 1 << (k % 8);
    yield damaged;
  }
}

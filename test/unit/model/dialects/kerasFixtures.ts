/** The fixtures that TensorFlow.js made, and weights out of them as a Keras file would have them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../../../src/model/dialects/dialect';
import type { KerasArray, KerasArrays } from '../../../../src/model/dialects/keras/arrays';
import { furtherInputs } from '../../../../src/model/network';
import type { Sequence } from '../../../../src/model/samples';
import { tokens, vectors } from './support';

export const FIXTURES = join(import.meta.dirname, '../../../fixtures/keras');

/** One folder each. */
export const FIXTURES_OF_TFJS = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

type Values = number[] | number[][];

export function textOf(name: string, file: string): string {
  return readFileSync(join(FIXTURES, name, file), 'utf8');
}

/** The shards of a model, by their names. */
export function besideIn(name: string): Record<string, Uint8Array> {
  const shards = readdirSync(join(FIXTURES, name)).filter((file) => file.endsWith('.bin'));
  return Object.fromEntries(shards.map((file) => [file, readFileSync(join(FIXTURES, name, file))]));
}

export function expectedIn(name: string): { inputs: Record<string, Values>; output: number[][] } {
  return JSON.parse(textOf(name, 'expected.json'));
}

/** The first input is the network's own, further ones are known by their names. */
export function sequenceFor({ network }: Reading, inputs: Record<string, Values>): Sequence {
  const all = Object.entries(inputs).map(([name, values]) => [name, sequenceOf(values)] as const);
  const further = new Set(network ? furtherInputs(network).map(({ name }) => name) : []);
  const [, own] = all.find(([name]) => !further.has(name))!;
  return further.size === 0 ? own : { ...own, more: new Map(all.filter(([name]) => further.has(name))) };
}

function sequenceOf(values: Values): Sequence {
  return Array.isArray(values[0]) ? vectors(values as number[][]) : tokens(values as number[]);
}

/** Arrays by layer, as a weights file would give them. */
export function arraysOf(layers: Readonly<Record<string, readonly KerasArray[]>>): KerasArrays {
  return {
    ...{ file: 'weights.h5', files: ['weights.h5'], layers: Object.keys(layers) },
    of: (layer) => Promise.resolve(Object.hasOwn(layers, layer) ? layers[layer] : undefined),
  };
}

export function array(name: string, shape: readonly number[], values: ArrayLike<number>): KerasArray {
  return { name, shape, read: () => Promise.resolve(Float32Array.from(values)) };
}

/** The fixtures that TensorFlow.js made, and weights out of them as a Keras file would have them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../../../src/model/dialects/dialect';
import type { KerasArray, KerasArrays } from '../../../../src/model/dialects/keras/arrays';
import { furtherInputs } from '../../../../src/model/network';
import type { Sequence } from '../../../../src/model/samples';
import { tokens, vectors } from './support';

export const FIXTURES = join(import.meta.dirname, '../../../fixtures/keras');

/** One folder each. */
export const FIXTURES_OF_TFJS = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(FIXTURES, entry.name, 'model.json')))
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

/** The weights of a model of TensorFlow.js, each layer's together; those of `moved` in the list of another. */
export function arraysIn(name: string, moved: ReadonlyMap<string, string> = new Map()): KerasArrays {
  const { weightsManifest } = JSON.parse(textOf(name, 'model.json'));
  const [{ paths, weights }] = weightsManifest as [
    { paths: [string]; weights: { name: string; shape: number[] }[] },
  ];
  const bytes = besideIn(name)[paths[0]];
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const layers: Record<string, KerasArray[]> = {};
  let at = 0;
  for (const weight of weights) {
    const length = weight.shape.reduce((a, b) => a * b, 1);
    const own = weight.name.split('/')[0];
    const layer = moved.get(own) ?? own;
    (layers[layer] ??= []).push(array(weight.name, weight.shape, values.subarray(at, (at += length))));
  }
  return arraysOf(layers);
}

interface OfPytorch {
  readonly name: string;
  readonly root: object;
  readonly arrays: KerasArrays;
  readonly input: Values;
  readonly output: number[][];
  /** Of the last recurrent layer. */
  readonly signals: Record<string, number[][]>;
}

interface StoredArray {
  readonly name: string;
  readonly shape: number[];
  readonly values: number[];
}

/** What PyTorch computed of networks in Keras's JSON, with their weights in Keras's layout. */
export function ofPytorch(): OfPytorch[] {
  const cases = JSON.parse(readFileSync(join(FIXTURES, 'pytorch.json'), 'utf8')) as (Omit<
    OfPytorch,
    'arrays'
  > & {
    arrays: Record<string, StoredArray[]>;
  })[];
  return cases.map(({ arrays, ...rest }) => {
    const layers = Object.entries(arrays).map(
      ([layer, list]) => [layer, list.map(({ name, shape, values }) => array(name, shape, values))] as const,
    );
    return { ...rest, arrays: arraysOf(Object.fromEntries(layers)) };
  });
}

/** The fixtures that others made: see the generate scripts in test/fixtures/pytorch, autograd, layers, onnx and tfjs. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { NodeFolder } from '../../../src/platform/nodeFolder';
import { DEFAULT_LIMITS } from '../../../src/model/dialects/dialect';
import type { Direction, Network } from '../../../src/model/network';
import { readModel } from '../../../src/model/read';
import type { Sequence } from '../../../src/model/samples';
import type { Weights } from '../../../src/model/weights';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures');

export type Maker = 'pytorch' | 'autograd' | 'onnx' | 'tfjs' | 'layers';

export interface Expected {
  readonly steps: number;
  readonly layers: readonly {
    readonly layer: string;
    readonly type: string;
    readonly level: number;
    readonly direction: Direction;
    readonly signals: Readonly<Record<string, readonly (readonly number[])[]>>;
  }[];
  readonly output: readonly (readonly number[])[];
  readonly gradient: {
    readonly target: { readonly step: number; readonly unit: number; readonly value: number };
    readonly input?: readonly number[];
    readonly layers: readonly {
      readonly layer: string;
      readonly level: number;
      readonly direction: Direction;
      readonly dh: readonly number[];
      readonly dc?: readonly number[];
    }[];
  };
}

/** Of the sum of y[k] · sin(1 + k) over the whole output, by test/fixtures/autograd/generate.py. */
export interface WholeGradient {
  readonly target: number;
  /** Steps × features, where the input is vectors. */
  readonly input?: readonly (readonly number[])[];
  readonly layers: readonly {
    readonly layer: string;
    readonly level: number;
    readonly direction: Direction;
    readonly h: readonly (readonly number[])[];
    readonly c?: readonly (readonly number[])[];
  }[];
  readonly parameters: Readonly<Record<string, Nested>>;
}

export type Nested = number | readonly Nested[];

export interface Fixture {
  readonly network: Network;
  readonly weights: Weights;
  readonly sequence: Sequence;
  readonly expected: Expected;
}

export function namesOf(maker: Maker): readonly string[] {
  return readdirSync(path.join(FIXTURES, maker))
    .filter((file) => file.endsWith('.rnn.json'))
    .map((file) => file.replace('.rnn.json', ''));
}

export const fixtureNames = namesOf('pytorch');

/** Read as any model is. */
export async function fixture(name: string, maker: Maker = 'pytorch'): Promise<Fixture> {
  const folder = path.join(FIXTURES, maker);
  const fileName = `${name}.rnn.json`;
  const text = readFileSync(path.join(folder, fileName), 'utf8');
  const reading = await readModel({ text, fileName, folder: new NodeFolder(folder), limits: DEFAULT_LIMITS });
  const fault = reading.problems.find(({ severity }) => severity === 'error');
  if (fault) throw new Error(`${name}: ${fault.message}`);
  const { network, weights, samples } = reading;
  const expected = JSON.parse(readFileSync(path.join(folder, `${name}.expected.json`), 'utf8'));
  return { network: network!, weights: weights!, sequence: samples[0].sequence, expected };
}

/** Those of a maker's fixtures that `wholeGradient` has. */
export function gradientNames(maker: Exclude<Maker, 'pytorch'>): readonly string[] {
  if (maker === 'autograd') return namesOf(maker);
  return readdirSync(path.join(FIXTURES, 'autograd', maker)).map((file) => path.basename(file, '.json'));
}

export function wholeGradient(name: string, maker: Exclude<Maker, 'pytorch'>): WholeGradient {
  const json = (file: string) => JSON.parse(readFileSync(path.join(FIXTURES, 'autograd', file), 'utf8'));
  return maker === 'autograd' ? json(`${name}.expected.json`).gradient : json(`${maker}/${name}.json`);
}

/** The fixtures that PyTorch made: see test/fixtures/pytorch/generate.py. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Direction, Layer, Network, NetworkInput } from '../../../src/model/network';
import type { Sequence } from '../../../src/model/samples';
import type { Tensor, Weights } from '../../../src/model/weights';

const FOLDER = path.join(import.meta.dirname, '../../fixtures/pytorch');

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

export interface Fixture {
  readonly name: string;
  readonly network: Network;
  readonly weights: Weights;
  readonly sequence: Sequence;
  readonly expected: Expected;
}

export function fixtures(): Fixture[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.rnn.json'))
    .map((file) => readFixture(file.replace('.rnn.json', '')));
}

function readFixture(name: string): Fixture {
  const json = JSON.parse(readFileSync(path.join(FOLDER, `${name}.rnn.json`), 'utf8'));
  const expected = JSON.parse(readFileSync(path.join(FOLDER, `${name}.expected.json`), 'utf8'));
  const weights = readSafetensors(readFileSync(path.join(FOLDER, `${name}.safetensors`)));
  const input: NetworkInput = json.input;
  const layers: Layer[] = [];
  let inputs = 'input';
  let width =
    input.kind === 'vector' ? input.size : input.encoding === 'one_hot' ? input.vocabulary.length : 1;
  for (const spec of json.layers) {
    const layer = makeLayer(spec, inputs, width);
    layers.push(layer);
    inputs = layer.name;
    width = layer.outputSize;
  }
  const network: Network = { name, dialect: 'native', conventions: [], input, layers };
  return { name, network, weights, sequence: makeSequence(json), expected };
}

function makeLayer(spec: any, input: string, inputSize: number): Layer {
  const base = { name: spec.name, inputs: [input], inputSize };
  switch (spec.type) {
    case 'embedding':
      return {
        ...base,
        type: 'embedding',
        numEmbeddings: spec.num_embeddings,
        outputSize: spec.embedding_dim,
      };
    case 'linear':
      return {
        ...base,
        type: 'linear',
        outputSize: spec.out_features,
        bias: spec.bias,
        activation: spec.activation,
      };
    case 'dropout':
      return { ...base, type: 'dropout', outputSize: inputSize, p: spec.p };
  }
  const directions: Direction[] = spec.bidirectional ? ['forward', 'backward'] : ['forward'];
  const merge = spec.merge ?? 'concat';
  const state = spec.proj_size || spec.hidden_size;
  return {
    ...base,
    type: spec.type,
    outputSize: merge === 'concat' ? state * directions.length : state,
    hiddenSize: spec.hidden_size,
    levels: spec.num_layers ?? 1,
    directions,
    merge,
    bias: spec.bias ?? true,
    returnSequences: spec.return_sequences ?? true,
    nonlinearity: spec.nonlinearity ?? 'tanh',
    projSize: spec.proj_size ?? 0,
    resetAfter: spec.reset_after ?? true,
  };
}

function makeSequence(json: any): Sequence {
  const [sample] = json.samples;
  if (sample.values) {
    const values = Float32Array.from(sample.values.flat());
    return { kind: 'vector', steps: sample.values.length, size: json.input.size, values };
  }
  const tokens: string[] = json.input.split === 'char' ? [...sample.text] : sample.text.split(' ');
  const ids = Int32Array.from(tokens, (token) => json.input.vocabulary.indexOf(token));
  return { kind: 'token', steps: tokens.length, tokens, ids };
}

function readSafetensors(bytes: Buffer): Weights {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  const weights = new Map<string, Tensor>();
  for (const [name, { shape, data_offsets }] of Object.entries<any>(header)) {
    const [from, to] = data_offsets;
    const data = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset + 8 + length + from, bytes.byteOffset + 8 + length + to),
    );
    weights.set(name, { shape, data });
  }
  return weights;
}

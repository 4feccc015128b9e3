/** A network begun at the vectors of which attributions are: features, what embeddings give for tokens, one-hot vectors. */
import { startsMask } from '../../model/masks';
import {
  type DropoutLayer,
  type EmbeddingLayer,
  INPUT,
  type InputLayer,
  type Layer,
  type MaskingLayer,
  type Network,
  type NetworkInput,
  furtherInputs,
  inputWidth,
} from '../../model/network';
import type { Sequence, VectorSequence } from '../../model/samples';
import type { Weights } from '../../model/weights';
import { heldInput } from '../clamps';
import { type DenseEdge, type Edge, dense, furtherEdge, inputEdge } from '../edge';
import { maskOfValues } from '../facts';
import type { Ran } from '../gradient';

/** Vectors that a network begins with, a row a step. */
export interface VectorSource extends DenseEdge {
  /** The input that they are made of: `input`, or a further input. */
  readonly of: string;
  /** What they are called in the network that begins with them. */
  readonly name: string;
}

export interface BegunAtVectors {
  /** Gives what the network of the run gives; its layers keep their names. */
  readonly ran: Ran;
  readonly sources: readonly VectorSource[];
}

/**
 * What embeddings give, and masked input, is brought by inputs of its own, so that neither tokens nor masks change with
 * the vectors. What a clamp holds of an input is taken as that input.
 */
export function begunAtVectors({ network, weights, sequence, clamps }: Ran): BegunAtVectors {
  const inputs = [
    { name: INPUT, input: network.input, clock: 'shared' as const, edge: inputEdge(network.input, sequence) },
    ...furtherInputs(network).map((layer) => ({ ...layer, edge: furtherEdge(layer, sequence) })),
  ];
  const edges = new Map<string, Edge>();
  const clocks = new Map<string, InputLayer['clock']>();
  const sources: VectorSource[] = [];
  for (const { name, input, clock, edge } of inputs) {
    const own = clamps.filter(({ layer }) => layer === name);
    const held = givesVectors(input) ? dense(heldInput(edge, own)) : edge;
    edges.set(name, held);
    clocks.set(name, clock);
    if (held.kind === 'dense') sources.push({ ...held, of: name, name });
  }
  const names = new Set([INPUT, ...network.layers.map(({ name }) => name)]);
  const layers = network.layers.flatMap((layer): Layer[] => {
    if (layer.type === 'input') return [withVectors(layer)];
    const [of] = layer.inputs;
    const edge = edges.get(of);
    const brought = edge && broughtBy(layer, edge, weights);
    if (!brought) return [layer];
    const name = uniqueName(`${layer.name} of ${of}`, names);
    sources.push({ ...brought, of, name });
    return [inputNamed(name, brought.width, clocks.get(of)!), handingOn(layer, name, brought.width)];
  });
  const begun: Network = { ...network, input: vectorsOf(network.input), layers };
  const free = clamps.filter(({ layer }) => !edges.has(layer));
  const values = sources.map((source) => source.values);
  const begunSequence = sequenceOf(sequence, sources, values);
  return { ran: { network: begun, weights, sequence: begunSequence, clamps: free }, sources };
}

/** The sequence with other `values` at its sources. */
export function sequenceOf(
  sequence: Sequence,
  sources: readonly VectorSource[],
  values: readonly Float32Array[],
): Sequence {
  const more = new Map(sequence.more);
  let own: Sequence = sequence;
  for (const [k, { name, rows: steps, width: size, mask }] of sources.entries()) {
    const vectors: VectorSequence = {
      ...{ kind: 'vector', steps, size, values: values[k] },
      ...(mask && { mask }),
    };
    if (name === INPUT) own = vectors;
    else more.set(name, vectors);
  }
  return more.size > 0 ? { ...own, more } : own;
}

/** What an embedding gives for tokens, or a layer of masking for an input. */
function broughtBy(layer: Layer, edge: Edge, weights: Weights): DenseEdge | undefined {
  if (layer.type === 'embedding' && edge.kind === 'ids') return embedded(layer, edge.ids, weights);
  if (layer.type === 'masking' && edge.kind === 'dense') return masked(layer, edge);
  return undefined;
}

function embedded(layer: EmbeddingLayer, ids: Int32Array, weights: Weights): DenseEdge {
  const table = weights.get(`${layer.name}.weight`)!.data;
  const width = layer.outputSize;
  const values = new Float32Array(ids.length * width);
  ids.forEach((id, row) => values.set(table.subarray(id * width, (id + 1) * width), row * width));
  const mask = startsMask(layer) ? Uint8Array.from(ids, (id) => Number(id !== 0)) : undefined;
  return { kind: 'dense', rows: ids.length, width, values, ...(mask && { mask }) };
}

function masked({ maskValue }: MaskingLayer, edge: DenseEdge): DenseEdge {
  const mask = maskOfValues(edge, maskValue);
  const values = edge.values.map((value, k) => (mask[Math.floor(k / edge.width)] ? value : 0));
  return { ...edge, values, mask };
}

function inputNamed(name: string, size: number, clock: InputLayer['clock']): InputLayer {
  const sizes = { inputSize: size, outputSize: size };
  return { ...{ type: 'input', name, inputs: [], ...sizes, clock }, input: { kind: 'vector', size } };
}

/** In the place of a layer, under its name. */
function handingOn({ name }: Layer, source: string, width: number): DropoutLayer {
  return { type: 'dropout', name, inputs: [source], inputSize: width, outputSize: width, p: 0 };
}

function withVectors(layer: InputLayer): InputLayer {
  return { ...layer, input: vectorsOf(layer.input) };
}

/** Tokens that are one-hot vectors become vectors. */
function vectorsOf(input: NetworkInput): NetworkInput {
  const size = vectorWidth(input);
  return input.kind === 'vector' || size === 0 ? input : { kind: 'vector', size };
}

function givesVectors(input: NetworkInput): boolean {
  return vectorWidth(input) > 0;
}

/** Width of the vectors that an input itself gives; 0 where it gives ids, for embeddings. */
export function vectorWidth(input: NetworkInput): number {
  return input.kind === 'token' && input.encoding === 'index' ? 0 : inputWidth(input);
}

function uniqueName(wanted: string, names: Set<string>): string {
  let name = wanted;
  while (names.has(name)) name += "'";
  names.add(name);
  return name;
}

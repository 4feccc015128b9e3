import { say } from '../../../words/say';
import { TensorFileError } from '../bytes';
import { elementCount } from '../../weights';
import type { StructureReader } from './reader';

/** One stored block of a dataset. */
export interface Chunk {
  readonly address: number;
  /** As stored. */
  readonly bytes: number;
  /** Bit k: filter k was left out. */
  readonly mask: number;
  /** Index of its first value in the dataset, axis by axis. */
  readonly offset: readonly number[];
}

/** Far more than weights have. */
const MAX_CHUNKS = 1 << 17;

/** All chunks of a dataset, each once, in any order. Throws `TensorFileError` if any is missing or out of place. */
export async function readChunkIndex(
  reader: StructureReader,
  tree: number,
  shape: readonly number[],
  chunkShape: readonly number[],
): Promise<Chunk[]> {
  const grid = shape.map((size, axis) => Math.ceil(size / chunkShape[axis]));
  const expected = elementCount(grid);
  if (expected > MAX_CHUNKS) {
    throw new TensorFileError(say`it is stored in ${expected} chunks; at most ${MAX_CHUNKS} are read`);
  }
  const found = new Map<number, Chunk>();
  for await (const chunk of readNode(reader, tree, shape.length)) {
    const cell = chunk.offset.map((first, axis) => first / chunkShape[axis]);
    const fits = cell.every((index, axis) => Number.isInteger(index) && index < grid[axis]);
    if (!fits) throw new TensorFileError(say`a chunk starts at [${chunk.offset.join(', ')}], where none can`);
    const index = flatIndex(cell, grid);
    if (found.has(index))
      throw new TensorFileError(say`the chunk at [${chunk.offset.join(', ')}] is there twice`);
    found.set(index, chunk);
  }
  if (found.size === expected) return [...found.values()];
  throw new TensorFileError(say`expected ${expected} chunks, found ${found.size}`);
}

const CHUNK_NODE = 1;

/** The chunks below a node of a B-tree (III.A.1). Levels must fall, so that nothing can lead in circles. */
async function* readNode(
  reader: StructureReader,
  address: number,
  rank: number,
  below = Infinity,
): AsyncGenerator<Chunk> {
  const head = await reader.at(address, 24, say`a dataset's B-tree`);
  const type = head.expectSignature('TREE').u8();
  const level = head.u8();
  const count = head.u16();
  if (type !== CHUNK_NODE || level >= below) throw head.fault(say`it does not fit into its tree`);
  const entryBytes = 8 + 8 * (rank + 1) + 8;
  const entries = await reader.at(address + 24, count * entryBytes, say`a dataset's B-tree`);
  for (let k = 0; k < count; k++) {
    const bytes = entries.u32();
    const mask = entries.u32();
    const offset = Array.from({ length: rank }, () => entries.u64());
    const child = entries.skip(8).u64();
    if (level === 0) yield { address: child, bytes, mask, offset };
    else yield* readNode(reader, child, rank, level);
  }
}

/** Copies a chunk's values, row by row of the last axis, to their places; what is beyond the dataset is filling. */
export function placeChunk(
  chunk: Float32Array,
  chunkShape: readonly number[],
  offset: readonly number[],
  values: Float32Array,
  shape: readonly number[],
): void {
  const last = shape.length - 1;
  if (last < 0) {
    values[0] = chunk[0];
    return;
  }
  const width = chunkShape[last];
  const kept = Math.min(width, shape[last] - offset[last]);
  const index = chunkShape.map(() => 0);
  for (let from = 0; from < chunk.length; from += width) {
    const at = index.map((within, axis) => within + offset[axis]);
    if (at.every((position, axis) => position < shape[axis])) {
      values.set(chunk.subarray(from, from + kept), flatIndex(at, shape));
    }
    advance(index, chunkShape);
  }
}

/** To the next row: the last axis stays. */
function advance(index: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    if (++index[axis] < shape[axis]) return;
    index[axis] = 0;
  }
}

function flatIndex(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((flat, position, axis) => flat * shape[axis] + position, 0);
}

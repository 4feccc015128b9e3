/** The weights of a TensorFlow.js model, read out of the shards beside it: only the bytes that are needed. */
import { FileError } from '../../../files/folder';
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { checkPresent, TensorFileError } from '../../tensors/bytes';
import type { Source } from '../dialect';
import type { KerasArray, KerasArrays, KerasLayerId } from '../keras/arrays';
import { valuesOf, type StoredWeight, type WeightGroup } from './manifest';

/** The shards of a group as one stretch of bytes. */
interface Stretch {
  readonly shards: readonly { readonly path: string; readonly start: number; readonly end: number }[];
}

/** Throws `FileError` if shards are missing, all named, `TensorFileError` if they do not hold what the manifest says. */
export async function openShards(
  groups: readonly WeightGroup[],
  layers: readonly KerasLayerId[],
  { folder }: Source,
): Promise<KerasArrays> {
  const sizes = await sizesOf(
    groups.flatMap(({ paths }) => paths),
    folder,
  );
  const leaves = leavesOf(layers);
  const byPath = new Map<string, KerasArray[]>();
  for (const group of groups) {
    const stretch = await stretchOf(group, sizes, folder);
    for (const weight of group.weights) {
      const path = pathOfLayer(weight.name, leaves) ?? weight.name.split('/')[0];
      const array: KerasArray = {
        name: weight.name,
        shape: weight.shape,
        read: async () => valuesOf(weight, await bytesOf(weight, stretch, folder)),
      };
      byPath.set(path, [...(byPath.get(path) ?? []), array]);
    }
  }
  const files = [...sizes.keys()];
  return {
    file: files[0] ?? 'weightsManifest',
    files,
    layers: [...byPath.keys()],
    of: (layer) => Promise.resolve(byPath.get(layer)),
  };
}

/** Shards that are named where they are missing. */
const MOST_NAMED = 100;

/** Bytes of each file, in the order of `paths`. */
async function sizesOf(
  paths: readonly string[],
  folder: Source['folder'],
): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  const missing = new Set<string>();
  for (const path of paths) {
    try {
      sizes.set(path, await folder.size(path));
    } catch (error) {
      if (!FileError.is(error) || error.reason !== 'missing') throw error;
      missing.add(path);
    }
  }
  const [first] = missing;
  if (first === undefined) return sizes;
  const named = [...missing].slice(0, MOST_NAMED).map(quote).join(', ');
  const more = missing.size > MOST_NAMED ? say` and ${missing.size - MOST_NAMED} more` : '';
  const files = `${named}${more}`;
  const message = missing.size === 1 ? say`${files} does not exist` : say`${files} do not exist`;
  throw new FileError('missing', first, message);
}

async function stretchOf(
  { paths, bytes }: WeightGroup,
  sizes: ReadonlyMap<string, number>,
  folder: Source['folder'],
): Promise<Stretch> {
  const shards = [];
  let end = 0;
  for (const path of paths) {
    const start = end;
    end += sizes.get(path)!;
    shards.push({ path, start, end });
  }
  if (end !== bytes) {
    for (const path of paths) await checkPresent(folder, path);
    const files = paths.map(quote).join(', ');
    throw new TensorFileError(
      say`expected ${bytes} bytes in ${files}, as weightsManifest says, found ${end}: a file is truncated or of another model`,
    );
  }
  return { shards };
}

async function bytesOf(
  { name, start, end }: StoredWeight,
  { shards }: Stretch,
  folder: Source['folder'],
): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (const shard of shards) {
    const from = Math.max(start, shard.start);
    const to = Math.min(end, shard.end);
    if (from >= to) continue;
    for (let at = from; at < to; at += PIECE_BYTES) {
      const offset = at - shard.start;
      const piece = await folder.read(shard.path, offset, Math.min(at + PIECE_BYTES, to) - shard.start);
      if (piece.byteLength !== Math.min(PIECE_BYTES, to - at)) {
        throw new TensorFileError(
          say`weight ${quote(name)}: ${quote(shard.path)} ends at offset ${offset + piece.byteLength}, before it is over`,
        );
      }
      bytes.set(piece, at - start);
    }
  }
  return bytes;
}

/** Read at once, so that no more than this is held beside the weight itself. */
const PIECE_BYTES = 4 << 20;

interface Leaf {
  readonly name: string;
  readonly path: string;
}

function leavesOf(layers: readonly KerasLayerId[], prefix = ''): Leaf[] {
  return layers.flatMap(({ name, layers: inside }) =>
    inside ? leavesOf(inside, `${prefix}${name}/`) : [{ name, path: prefix + name }],
  );
}

/**
 * The layer whose name a weight's begins with, or has among its parts: `lstm_1/kernel`, `lstm_1/lstm_cell_1/kernel`,
 * `model_1/lstm_1/kernel`.
 */
function pathOfLayer(weight: string, leaves: readonly Leaf[]): string | undefined {
  const begins = leaves
    .filter(({ name, path }) => weight.startsWith(`${path}/`) || weight.startsWith(`${name}/`))
    .sort((a, b) => b.path.length - a.path.length);
  const parts = weight.split('/');
  return (begins[0] ?? leaves.find(({ name }) => parts.includes(name)))?.path;
}

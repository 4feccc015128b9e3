/** What of a file's tensors a parameter is made of, where it is not a single one. */
import { Pauses } from '../../pauses';
import { transposed } from '../gates';

/** A stretch of a parameter's numbers: all or a part of a tensor, or zeros. */
export type Block =
  | {
      readonly tensor: string;
      /** Shape of the tensor, and whether it is turned round (a kernel, in × out) before anything else. */
      readonly shape: readonly number[];
      readonly transposed?: boolean;
      /** The columns that are taken, `[start, end)`; all where absent. */
      readonly columns?: readonly [number, number];
      /** The rows that are taken, `[start, end)`; all where absent. */
      readonly rows?: readonly [number, number];
      readonly negated?: boolean;
    }
  | { readonly zeros: number };

/** A parameter's numbers are those of its blocks, one after the other. */
export type Blocks = readonly Block[];

/** A tensor by its name, or what is put together. */
export type Origin = string | Blocks;

/** The names of the tensors that blocks are of. */
export function tensorsOf(blocks: Blocks): string[] {
  return blocks.flatMap((block) => ('tensor' in block ? [block.tensor] : []));
}

/** Numbers that the largest tensor of these blocks has. */
export function largestOf(blocks: Blocks): number {
  const sizes = blocks.map((block) => ('tensor' in block ? block.shape.reduce((a, b) => a * b, 1) : 0));
  return Math.max(0, ...sizes);
}

/** The blocks' numbers in a row, `size` in all; undefined if `read` gives a tensor no values. */
export async function assembled(
  blocks: Blocks,
  size: number,
  read: (tensor: string) => Promise<Float32Array | undefined>,
): Promise<Float32Array | undefined> {
  const values = new Float32Array(size);
  const pauses = new Pauses();
  let at = 0;
  for (const block of blocks) {
    if ('zeros' in block) {
      at += block.zeros;
      continue;
    }
    const tensor = await read(block.tensor);
    if (!tensor) return undefined;
    await pauses.take();
    at += fill(values, at, block, await turned(tensor, block));
  }
  return values;
}

type TensorBlock = Extract<Block, { readonly tensor: string }>;

/** Rows × columns of a block's tensor as its parameter has them; a vector is a single column. */
function sizeOf({ shape: [first, second = 1], transposed }: TensorBlock): readonly [number, number] {
  return transposed ? [second, first] : [first, second];
}

function turned(tensor: Float32Array, block: TensorBlock): Promise<Float32Array> | Float32Array {
  if (!block.transposed) return tensor;
  const [rows, columns] = sizeOf(block);
  return transposed(tensor, columns, rows);
}

/** Puts a block's part of its tensor into `values`; how many numbers those are. */
function fill(values: Float32Array, at: number, block: TensorBlock, tensor: Float32Array): number {
  const [height, width] = sizeOf(block);
  const [top, bottom] = block.rows ?? [0, height];
  const [left, right] = block.columns ?? [0, width];
  for (let row = top; row < bottom; row++) {
    values.set(tensor.subarray(row * width + left, row * width + right), at + (row - top) * (right - left));
  }
  const count = (bottom - top) * (right - left);
  if (block.negated) for (let k = at; k < at + count; k++) values[k] = -values[k];
  return count;
}

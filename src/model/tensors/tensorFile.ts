/** Files of tensors by name, whatever their format. */
import type { ByteSource } from '../../files/folder';
import { say } from '../../words/say';
import { quote } from '../json/decode';
import { TensorFileError } from './bytes';
import { openPickle, isPickle, type PickleFile } from './pickle';
import { stateDictsIn, type StateDict } from './pickle/stateDict';
import { bytesToRead, isReal, readTensor as readPickledTensor } from './pickle/tensor';
import { isFloat, isSafetensors, readHeader, readTensor } from './safetensors';
import type { ZipOptions } from './zip';

export interface FileTensor {
  readonly shape: readonly number[];
  /** Whether its numbers are floating-point ones, which alone are read. */
  readonly float: boolean;
  /** Bytes that reading it takes beside its float32 values. */
  readonly bytesToRead: number;
}

export interface TensorFile {
  /** Not read yet. */
  readonly tensors: ReadonlyMap<string, FileTensor>;
  /** Row-major. Throws `TensorFileError`. */
  read(name: string): Promise<Float32Array>;
}

/** Of tensors that are read one after the other. */
export function mostBytesToRead(tensors: TensorFile['tensors'], names: Iterable<string>): number {
  let most = 0;
  for (const name of names) most = Math.max(most, tensors.get(name)?.bytesToRead ?? 0);
  return most;
}

const HEAD_BYTES = 512;

/** A safetensors file, or one of PyTorch's own with a single state dict. Throws `TensorFileError`. */
export async function openTensorFile(bytes: ByteSource, options: ZipOptions): Promise<TensorFile> {
  const head = await bytes.read(0, Math.min(HEAD_BYTES, bytes.size));
  if (isSafetensors(head, bytes.size) || !isPickle(head)) return openSafetensors(bytes);
  const file = await openPickle(bytes, head, options);
  const dicts = stateDictsIn(file.value);
  const nearest = dicts.filter(({ path }) => path.length === dicts[0].path.length);
  if (nearest.length === 1) return tensorsOf(file, nearest[0], options.signal);
  const found = nearest.map(({ path }) => quote(path.join('.'))).join(', ');
  throw new TensorFileError(
    say`expected one state dict, found ${nearest.length === 0 ? say`none` : say`${nearest.length}, under ${found}: save the one that is meant by itself`}`,
  );
}

/** Throws `TensorFileError`. */
export async function openSafetensors(bytes: ByteSource): Promise<TensorFile> {
  const stored = await readHeader(bytes);
  const tensors = [...stored.values()].map(({ name, shape, dtype, start, end }): [string, FileTensor] => {
    const float = isFloat(dtype);
    return [name, { shape, float, bytesToRead: float && dtype !== 'F32' ? end - start : 0 }];
  });
  return {
    tensors: new Map(tensors),
    read: async (name) => readTensor(bytes, taken(stored, name)),
  };
}

/** The tensors of a state dict of a pickle. */
export function tensorsOf(
  { records }: PickleFile,
  { tensors: pickled }: StateDict,
  signal?: AbortSignal,
): TensorFile {
  const tensors = [...pickled].map(([name, tensor]): [string, FileTensor] => {
    const float = isReal(tensor);
    return [name, { shape: tensor.shape, float, bytesToRead: float ? bytesToRead(tensor) : 0 }];
  });
  return {
    tensors: new Map(tensors),
    read: async (name) => readPickledTensor(name, taken(pickled, name), records, signal),
  };
}

function taken<T>(tensors: ReadonlyMap<string, T>, name: string): T {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new TensorFileError(say`tensor ${quote(name)} is missing`);
  return tensor;
}

import { writeNative } from './dialects/native/write';
import type { Reading } from './dialects/dialect';
import type { Network } from './network';
import { parametersOf } from './parameters';
import type { ByteSource } from '../files/folder';
import { isFloat, readHeader, writeSafetensors } from './tensors/safetensors';
import type { Weights } from './weights';

/** A model in the native format: its text and, unless the weights stay where they are, a safetensors file. */
export interface NativeModel {
  readonly text: string;
  readonly weights?: { readonly fileName: string; readonly bytes: Uint8Array };
}

/** `model.rnn.json` for `model.json`, `model.safetensors`, … */
export function nativeName(fileName: string): string {
  return `${stemOf(fileName)}.rnn.json`;
}

/**
 * A model that was read as `fileName`, in the native format and under the name `target`. `original` is its weights file
 * if that lies beside the target: one that holds every tensor under the native name is used as it is.
 */
export async function toNative(
  { network, weights, samples, weightsFile }: Reading & { network: Network; weights: Weights },
  target: string,
  original?: ByteSource,
): Promise<NativeModel> {
  if (weightsFile && original && (await hasNativeNames(network, original))) {
    return { text: writeNative(network, weightsFile, samples) };
  }
  const fileName = `${stemOf(target)}.rnn.safetensors`;
  return {
    text: writeNative(network, fileName, samples),
    weights: { fileName, bytes: writeSafetensors(weights) },
  };
}

async function hasNativeNames(network: Network, file: ByteSource): Promise<boolean> {
  try {
    const tensors = await readHeader(file);
    return parametersOf(network).every(({ name }) => isFloat(tensors.get(name)?.dtype ?? ''));
  } catch {
    return false;
  }
}

/** A model file's name without its ending. */
export function stemOf(fileName: string): string {
  return fileName.replace(/\.(rnn\.json|safetensors|json|nam|onnx|keras|h5|hdf5)$/i, '') || fileName;
}

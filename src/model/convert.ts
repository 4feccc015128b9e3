import { writeNative } from './dialects/native/write';
import { withoutEnding } from './dialects/all';
import type { Reading } from './dialects/dialect';
import { writeKeras } from './python/keras';
import { writePytorch } from './python/pytorch';
import type { Network } from './network';
import { parametersOf } from './parameters';
import type { ByteSource } from '../files/folder';
import { isFloat, readHeader, writeSafetensors } from './tensors/safetensors';
import type { Weights } from './weights';

/** A model in another form: its text and, unless the weights stay where they are, a safetensors file. */
export interface WrittenModel {
  readonly text: string;
  readonly weights?: { readonly fileName: string; readonly bytes: Uint8Array };
}

/** `model.rnn.json` for `model.json`, `model.safetensors`, … */
export function nativeName(fileName: string): string {
  return `${stemOf(fileName)}.rnn.json`;
}

/** A reading without errors in structure or weights. */
export type RunnableReading = Reading & { readonly network: Network; readonly weights: Weights };

/**
 * A model that was read as `fileName`, in the native format and under the name `target`. `original` is its weights file
 * if that lies beside the target: one that holds every tensor under the native name is used as it is.
 */
export async function toNative(
  reading: RunnableReading,
  target: string,
  original?: ByteSource,
): Promise<WrittenModel> {
  const { network, samples, trained } = reading;
  const { fileName, weights } = await weightsFor(reading, target, original);
  return { text: writeNative(network, { file: fileName, trained }, samples), weights };
}

export const LIBRARIES = ['pytorch', 'keras'] as const;
export type Library = (typeof LIBRARIES)[number];

/** As `toNative`, a Python file that builds the model. Throws `CannotExpress`, which names the layer and the option. */
export async function toPython(
  library: Library,
  reading: RunnableReading,
  target: string,
  original?: ByteSource,
): Promise<WrittenModel> {
  const { network, samples, trained } = reading;
  const { fileName, weights } = await weightsFor(reading, target, original);
  const write = library === 'pytorch' ? writePytorch : writeKeras;
  return { text: write(network, fileName, samples[0], trained), weights };
}

async function weightsFor(
  { network, weights, weightsFile }: RunnableReading,
  target: string,
  original: ByteSource | undefined,
): Promise<{ readonly fileName: string; readonly weights?: WrittenModel['weights'] }> {
  if (weightsFile && original && (await hasNativeNames(network, original))) return { fileName: weightsFile };
  const fileName = `${stemOf(target)}.rnn.safetensors`;
  return { fileName, weights: { fileName, bytes: writeSafetensors(weights) } };
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
  const stem = /\.py$/i.test(fileName) ? fileName.slice(0, -'.py'.length) : withoutEnding(fileName);
  return stem || fileName;
}

import { writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from '../cli';
import { openNodeFile } from '../files/nodeFolder';
import { toNative } from '../model/convert';
import { EXIT, Failure, say } from './output';
import { demand, read } from './read';

/** A model of any dialect in the native format, with a safetensors file beside it. */
export const convert: Command = async (model, values) => {
  const { out } = values;
  if (typeof out !== 'string' || !/\.rnn\.json$/i.test(out)) {
    throw new Failure(EXIT.usage, 'convert writes a native model: say -o NAME.rnn.json');
  }
  const reading = await read(model, values);
  const network = demand(model, reading, ['structure', 'weights']);
  const folder = dirname(resolve(out));
  const beside = reading.weightsFile && !values.weights && folder === dirname(resolve(model));
  const original = beside ? await openNodeFile(join(folder, reading.weightsFile!)) : undefined;
  const native = await toNative({ ...reading, network, weights: reading.weights! }, basename(out), original);
  if (native.weights) await put(join(folder, native.weights.fileName), native.weights.bytes);
  await put(resolve(out), native.text);
  return EXIT.ok;
};

async function put(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(file, content).catch((error: Error) => {
    throw new Failure(EXIT.input, error.message);
  });
  say(`wrote ${file}`);
}

import { basename, dirname, join, resolve } from 'node:path';
import type { Command, Values } from './command';
import { openNodeFile } from '../platform/nodeFolder';
import { writeWhole } from '../platform/writeFile';
import { LIBRARIES, type WrittenModel, toNative, toPython } from '../model/convert';
import { EXIT, Failure, oneLine } from './output';
import { filesOf, refuseOwnFiles } from './ownFiles';
import { demand, read } from './read';
import type { Terminal } from './terminal';

const FORMS = ['native', ...LIBRARIES] as const;

/** A model of any dialect in the native format, or as a Python file, with a safetensors file beside it. */
export const convert: Command = async (terminal, model, values) => {
  const form = formOf(values);
  const out = outOf(values, form);
  const reading = await read(terminal, model, values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  const folder = dirname(resolve(out));
  const beside = reading.weightsFile && !values.weights && folder === dirname(resolve(model));
  const original = beside ? await openNodeFile(join(folder, reading.weightsFile!)) : undefined;
  const source = { ...reading, network, weights: reading.weights! };
  const write = form === 'native' ? toNative : toPython.bind(undefined, form);
  const written = await write(source, basename(out), original).catch((error: unknown) => {
    throw error instanceof RangeError ? new Failure(EXIT.input, oneLine(error.message)) : error;
  });
  await refuseOwnFiles(filesOf(model, reading, values), filesWritten(written, out));
  await putAll(terminal, written, out);
  return EXIT.ok;
};

function formOf({ to = 'native' }: Values): (typeof FORMS)[number] {
  const form = FORMS.find((one) => one === to);
  if (form) return form;
  throw new Failure(EXIT.usage, `--to takes ${FORMS.join(', ')}, found ${oneLine(String(to))}`);
}

function outOf({ out }: Values, form: (typeof FORMS)[number]): string {
  const ending = form === 'native' ? '.rnn.json' : '.py';
  if (typeof out === 'string' && out.toLowerCase().endsWith(ending)) return out;
  const what = form === 'native' ? 'a native model' : 'a Python file';
  throw new Failure(EXIT.usage, `convert --to ${form} writes ${what}: say -o NAME${ending}`);
}

function filesWritten({ weights }: WrittenModel, out: string): string[] {
  return weights ? [weightsPath(out, weights.fileName), out] : [out];
}

function weightsPath(out: string, fileName: string): string {
  return join(dirname(resolve(out)), fileName);
}

async function putAll(terminal: Terminal, { text, weights }: WrittenModel, out: string): Promise<void> {
  if (weights) await put(terminal, weightsPath(out, weights.fileName), weights.bytes);
  await put(terminal, resolve(out), text);
}

async function put(terminal: Terminal, file: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(file, [content]).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? `there is no folder ${dirname(file)}` : error.message;
    throw new Failure(EXIT.input, oneLine(`${file} cannot be written: ${why}`));
  });
  terminal.say(`wrote ${file}`);
}

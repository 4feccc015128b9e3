/** A model's folder in memory, a writer of safetensors files, and shorthands to read models with them. */
import { FileError, type Folder } from '../../../src/files/folder';
import { checkInside } from '../../../src/files/inside';
import { DEFAULT_LIMITS, type Reading, type Source } from '../../../src/model/dialects/dialect';
import { readModel } from '../../../src/model/read';

export class MemoryFolder implements Folder {
  /** Bytes handed out, file by file. */
  readonly reads: { readonly path: string; readonly start: number; readonly end: number }[] = [];
  private readonly files: ReadonlyMap<string, Uint8Array>;

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    const bytes = (content: string | Uint8Array) =>
      typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.files = new Map(Object.entries(files).map(([path, content]) => [path, bytes(content)]));
  }

  size(path: string): Promise<number> {
    return Promise.resolve().then(() => this.file(path).byteLength);
  }

  read(path: string, start = 0, end?: number): Promise<Uint8Array> {
    return Promise.resolve().then(() => {
      const bytes = this.file(path).subarray(start, end);
      this.reads.push({ path, start, end: start + bytes.byteLength });
      return bytes;
    });
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  private file(path: string): Uint8Array {
    checkInside(path);
    const bytes = this.files.get(path);
    if (!bytes) throw new FileError('missing', path, `${JSON.stringify(path)} does not exist`);
    return bytes;
  }
}

export interface TensorSpec {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A safetensors file as the official writer makes it. */
export function safetensors(tensors: Readonly<Record<string, TensorSpec>>): Uint8Array {
  let offset = 0;
  const header = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const span = [offset, (offset += bytes.byteLength)];
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: span })}`;
  });
  const text = `{${header.join(',')}}`;
  return rawSafetensors(
    text.padEnd(Math.ceil(text.length / 8) * 8),
    Object.values(tensors).flatMap(({ bytes }) => [...bytes]),
  );
}

/** Any header and data; `length` is what the file says about the header. */
export function rawSafetensors(header: string, data: readonly number[] = [], length?: bigint): Uint8Array {
  const bytes = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + bytes.byteLength + data.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(bytes.byteLength), true);
  file.set(bytes, 8);
  file.set(data, 8 + bytes.byteLength);
  return file;
}

export function f32(shape: readonly number[], values: readonly number[]): TensorSpec {
  return { dtype: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

export function read(
  text: string,
  files: Source['folder'] | Record<string, string | Uint8Array> = {},
  more: Partial<Source> = {},
): Promise<Reading> {
  const folder =
    'read' in files && typeof files.read === 'function'
      ? (files as Folder)
      : new MemoryFolder(files as Record<string, string>);
  return readModel({ text, fileName: 'model.rnn.json', folder, limits: DEFAULT_LIMITS, ...more });
}

/** A model as JSON text: a plain RNN of one unit on one feature, with the given keys instead of or beside its own. */
export function modelText(keys: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    format: 'rnn-model',
    version: 1,
    input: { kind: 'vector', size: 1 },
    layers: [{ name: 'rnn', type: 'rnn', hidden_size: 1 }],
    ...keys,
  });
}

export function readKeys(
  keys: Readonly<Record<string, unknown>>,
  files?: Folder | Record<string, string | Uint8Array>,
  more?: Partial<Source>,
): Promise<Reading> {
  return read(modelText(keys), files, more);
}

/** `error unknown-key`, …: what a reading found, for comparisons. */
export function codes({ problems }: Pick<Reading, 'problems'>): string[] {
  return problems.map(({ severity, code }) => `${severity} ${code}`);
}

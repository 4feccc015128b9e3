/**
 * PyTorch's files before 1.6, and with `_use_new_zipfile_serialization=False`: pickles one after the other (a number to know
 * them by, the protocol, the machine's sizes, the object, the keys of its storages), then the storages: each a count and so
 * many numbers, always little-endian (torch/serialization.py, `_legacy_load`; torch/csrc/serialization.cpp).
 */
import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { partOf, TensorFileError } from '../bytes';
import { unpickle, type Unpickled, type UnpickleOptions } from './machine';
import { outside, type Records } from './records';
import { List, Storage, type Value } from './values';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const COUNT_BYTES = 8;

export interface LegacyFile {
  readonly value: Value;
  /** Of all of its pickles. */
  readonly refused: ReadonlySet<string>;
  readonly records: Records;
}

/** Whether the first of a file's pickles says that it is one. */
export function isLegacy({ value }: Unpickled): boolean {
  return value === MAGIC;
}

/** What stands behind the first pickle. Throws `TensorFileError`. */
export async function openLegacy(
  file: ByteSource,
  first: Unpickled,
  options: UnpickleOptions,
): Promise<LegacyFile> {
  const protocol = await unpickle(file, first.end, options);
  if (protocol.value !== PROTOCOL) {
    throw new TensorFileError(say`expected the protocol version ${PROTOCOL} at offset ${first.end}`);
  }
  const system = await unpickle(file, protocol.end, options);
  const storages = new Map<string, Storage>();
  const persistent = (id: Value) => {
    const found = outside(id);
    if (found instanceof Storage && found.bytes.in === 'record' && !storages.has(found.bytes.key)) {
      storages.set(found.bytes.key, found);
    }
    return found;
  };
  const pickle = await unpickle(file, system.end, { ...options, persistent });
  const keys = await unpickle(file, pickle.end, options);
  const records = await placesOf(file, keys, storages);
  const pickles = [first, protocol, system, pickle, keys];
  return {
    value: pickle.value,
    refused: new Set(pickles.flatMap(({ refused }) => [...refused])),
    records: { bigEndian: false, open: async (key) => records.get(key) },
  };
}

/** A file that ends early has the storages before its end. */
async function placesOf(
  file: ByteSource,
  keys: Unpickled,
  storages: ReadonlyMap<string, Storage>,
): Promise<ReadonlyMap<string, ByteSource>> {
  if (!(keys.value instanceof List)) {
    throw new TensorFileError(say`expected a list of the keys of its storages behind the object`);
  }
  const places = new Map<string, ByteSource>();
  let at = keys.end;
  for (const key of keys.value.items) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (typeof key !== 'string' || !storage) {
      const named = typeof key === 'string' ? quote(key) : say`a key`;
      throw new TensorFileError(say`storage ${named}: nothing in the object refers to it`);
    }
    const head = await file.read(at, at + COUNT_BYTES);
    if (head.byteLength < COUNT_BYTES) break;
    const count = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
    const start = at + COUNT_BYTES;
    const size = Number(count) * storage.type.bytes;
    places.set(key, partOf(file, start, Math.min(size, file.size - start)));
    at = start + size;
    if (at > file.size) break;
  }
  return places;
}

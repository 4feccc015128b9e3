import type { ByteSource } from '../../../files/folder';
import { isCount } from '../../../untrusted';
import { Global, Storage, Tuple, type Value } from './values';
import { typeOfStorage } from './elementTypes';

/** Where the bytes of storages are, by their keys. */
export interface Records {
  readonly bigEndian: boolean;
  /** Undefined if there is none of this key. Throws `TensorFileError`. */
  open(key: string): Promise<ByteSource | undefined>;
}

/**
 * What PyTorch's numbering of things outside of the pickle means: a storage, `('storage', class, key, location, count)`, in
 * the legacy form with `None` or `(key, start, count)` of a view behind, or `('module', class, file, source)`, the class of
 * a module beside its source text (torch/serialization.py, `persistent_load`).
 */
export function outside(id: Value): Value | undefined {
  if (typeof id === 'string') return storageInText(id);
  if (!(id instanceof Tuple)) return undefined;
  const [kind, made, key, , count, view] = id.items;
  if (kind === 'module' && made instanceof Global) return made;
  const type = made instanceof Global ? typeOfStorage(made.name) : undefined;
  if (kind !== 'storage' || !type || typeof key !== 'string' || !isCount(count)) return undefined;
  const [, start = 0, viewed = count] = view instanceof Tuple ? view.items : [];
  if (!isCount(start) || !isCount(viewed)) return undefined;
  return new Storage(type, viewed, { in: 'record', key }, start);
}

/** As protocol 0 writes it, which has no other form than text: how Python prints the tuple. */
function storageInText(id: string): Storage | undefined {
  const [, name, key, count, start = 0, viewed = count] =
    /^\('storage', <class '([\w.]+)'>, '([^']*)', '[^']*', (\d+)(?:, None|, \('[^']*', (\d+), (\d+)\))?\)$/.exec(
      id,
    ) ?? [];
  const type = name === undefined ? undefined : typeOfStorage(name);
  const [from, size] = [Number(start), Number(viewed)];
  if (!type || !isCount(from) || !isCount(size)) return undefined;
  return new Storage(type, size, { in: 'record', key }, from);
}

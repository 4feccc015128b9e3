/** Files that Python's pickle and PyTorch's `torch.save` write, read as data. They know nothing of networks. */
import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { sourceOf, TensorFileError } from '../bytes';
import type { ZipOptions } from '../zip';
import { isArchive, openArchive } from './archive';
import { Budget } from './budget';
import { isLegacy, openLegacy } from './legacy';
import { unpickle, type UnpickleOptions } from './machine';
import { outside, type Records } from './records';
import { Storage, type Value } from './values';

export interface PickleFile {
  readonly value: Value;
  readonly records: Records;
  /** Whether it is a program of TorchScript's, with its parameters. */
  readonly script: boolean;
  /** Functions and classes that Python would have called and that are not known here. */
  readonly refused: ReadonlySet<string>;
}

const PROTO = 0x80;
/** Earlier ones do not say which they are. */
const FIRST_PROTOCOL = 2;
const LAST_PROTOCOL = 5;
/** How those begin: a dict or a list, one made by a function, or the number that `torch.save` begins with. */
const EARLIER =
  /^([}\]]q[\0\x01]|\([dl]p[01]\n|L119547037146038801333356L\n\.|c(collections\nOrderedDict|torch\.\S+\n\w+|numpy\.\S+\n\w+|(copy_reg|copyreg)\n_reconstructor)\n)/;

/** Of a file's beginning, where that is looked for. */
const EARLIER_BYTES = 100;

/** Pickles of other libraries, with no tensors in them; joblib's have other bytes between the opcodes. */
const OTHERS = /^(?!\x80.\x8a\x0a\x6c\xfc\x9c\x46).*(joblib\.numpy_pickle|NumpyArrayWrapper|\bc?sklearn\.)/s;

/** Whether a file that starts with `head` seems to be one. */
export function isPickle(head: Uint8Array): boolean {
  const plain = head[0] === PROTO && head[1] >= FIRST_PROTOCOL && head[1] <= LAST_PROTOCOL;
  if (plain || EARLIER.test(asText(head.subarray(0, EARLIER_BYTES)))) return !OTHERS.test(asText(head));
  return isArchive(head) || isTar(head);
}

/** A character a byte. */
function asText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** Throws `TensorFileError`. */
export async function openPickle(
  file: ByteSource,
  head: Uint8Array,
  options: ZipOptions,
): Promise<PickleFile> {
  const { limits, signal } = options;
  const budget = new Budget(limits);
  const load = (bytes: Uint8Array) => storageIn(bytes, { budget, signal }, options);
  return open(file, head, { budget, signal, load }, options);
}

async function open(
  file: ByteSource,
  head: Uint8Array,
  unpickling: UnpickleOptions,
  options: ZipOptions,
): Promise<PickleFile> {
  if (isTar(head)) {
    throw new TensorFileError(
      say`it is a tar archive, as PyTorch's first versions wrote; torch.load still reads it, and torch.save writes it anew`,
    );
  }
  if (isArchive(head)) {
    const { pickle, records, script } = await openArchive(file, options);
    const { value, refused } = await unpickle(pickle, 0, { ...unpickling, persistent: outside });
    return { value, refused, records, script };
  }
  const first = await unpickle(file, 0, unpickling);
  const { value, refused, records } = isLegacy(first)
    ? await openLegacy(file, first, unpickling)
    : { ...first, records: NO_RECORDS };
  return { value, refused, records, script: false };
}

/** A storage that was pickled by itself, as a file within the pickle; such files hold no others. */
async function storageIn(bytes: Uint8Array, unpickling: UnpickleOptions, options: ZipOptions) {
  unpickling.budget.take(bytes.byteLength);
  const { value, records, refused } = await open(
    sourceOf(bytes),
    bytes.subarray(0, HEAD_BYTES),
    unpickling,
    options,
  );
  if (!(value instanceof Storage) || value.bytes.in !== 'record') return { refused };
  const record = await records.open(value.bytes.key);
  if (!record) return { refused };
  unpickling.budget.take(record.size);
  const numbers = await record.read(0, record.size);
  const within = { in: 'pickle', bytes: numbers, bigEndian: records.bigEndian } as const;
  return { value: new Storage(value.type, value.count, within, value.start), refused };
}

/** What tells the kind of a file. */
const HEAD_BYTES = 512;

const NO_RECORDS: Records = { bigEndian: false, open: () => Promise.resolve(undefined) };

const TAR = 'ustar';
const TAR_AT = 257;
const NAME_BYTES = 100;
/** The members that PyTorch wrote. */
const TAR_MEMBERS = ['sys_info', 'pickle', 'tensors', 'storages'];

function isTar(head: Uint8Array): boolean {
  if (asText(head.subarray(TAR_AT, TAR_AT + TAR.length)) !== TAR) return false;
  return TAR_MEMBERS.includes(asText(head.subarray(0, NAME_BYTES)).replace(/\0.*$/s, ''));
}

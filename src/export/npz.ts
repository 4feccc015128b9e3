import { Zip, ZipPassThrough } from 'fflate';
import type { RunFormat } from './format';
import { arrayNames, npyHeader } from './npy';
import { RowReader, countOf } from './rows';
import { type ChosenSignal, chosenSignals } from './signals';
import { words } from './words';

/** What the ZIP that is written has room for: its sizes and offsets are numbers of 32 bits. */
const MOST_BYTES = 2 ** 32 - 1;
/** Headers of an entry and of its place in the directory, without its name. */
const ENTRY_BYTES = 30 + 16 + 46;
const END_BYTES = 22;

/** Never another date: the same run gives the same file. */
const NO_DATE = new Date(1980, 0, 1);

/** Arrays for `numpy.load`, float32 rows × units. */
export const npz: RunFormat = {
  name: 'npz',
  label: 'NumPy (.npz)',
  about: words.npz,
  endings: ['npz'],
  of: 'run',
  options: ['from', 'steps', 'signal'],
  async *write({ kept }, options, how) {
    const signals = await chosenSignals(kept, options);
    const files = new Map([...arrayNames(signals)].map(([one, name]) => [one, `${name}.npy`]));
    const bytes = zipBytes(files);
    if (bytes > MOST_BYTES) throw new RangeError(how.translate(words.tooLargeForZip, inGigabytes(bytes)));
    const reader = new RowReader(kept, signals, how);
    const pieces: Uint8Array[] = [];
    const archive = new Zip((error, piece) => {
      if (error) throw error;
      pieces.push(piece);
    });
    for (const [one, name] of files) {
      const file = new ZipPassThrough(name);
      file.mtime = NO_DATE;
      archive.add(file);
      file.push(npyHeader(one.to - one.from, one.units));
      for await (const values of reader.rows(one)) {
        file.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        yield* pieces.splice(0);
      }
      file.push(new Uint8Array(0), true);
    }
    archive.end();
    yield* pieces;
  },
};

/** How long the file becomes. */
function zipBytes(files: ReadonlyMap<ChosenSignal, string>): number {
  let bytes = END_BYTES;
  for (const [one, name] of files) {
    const values = Float32Array.BYTES_PER_ELEMENT * countOf(one);
    const header = npyHeader(one.to - one.from, one.units).length;
    bytes += ENTRY_BYTES + 2 * new TextEncoder().encode(name).length + header + values;
  }
  return bytes;
}

function inGigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

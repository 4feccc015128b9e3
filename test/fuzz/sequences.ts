/** Spoilt sequences: CSV, JSON, WAV and text, read for networks of each kind of input. */
import assert from 'node:assert/strict';
import { strToU8 } from 'fflate';
import type { Network } from '../../src/model/network';
import { readModel } from '../../src/model/read';
import { openSequence } from '../../src/model/sequences/file';
import { Files } from './files';
import type { Seed } from './seeds';
import { MEMORY, type Outcome, type Spoilt } from './trial';

const CSV = [
  'time,a,b\n2020-01-01,1,2\n2020-01-02,-3.5e2,4\n2020-01-03,,6\n',
  'a;b\r\n"1";2\r\n"3";"4"\r\n',
  '\ufeff"a, first",b\n1,2\n"quoted ""twice""",3\n',
  '0.5\n0.25\n-1\n',
];
const JSONS = ['[[1, 2], [3, 4], [5e-3, -6]]', '[[1], [2], [3]]', '["a", "b", "c"]', '[0, 1, 2, 1]'];
const TEXTS = ['a b c a\nb', 'abcabc 한글 😀'];

/** PCM of 16 bits or float32, one or two channels. */
function wav(format: 1 | 3, channels: number): Uint8Array {
  const bits = format === 1 ? 16 : 32;
  const data = (channels * 8 * bits) / 8;
  const view = new DataView(new ArrayBuffer(44 + data));
  const put = (at: number, text: string) => {
    for (let k = 0; k < text.length; k++) view.setUint8(at + k, text.charCodeAt(k));
  };
  put(0, 'RIFF');
  view.setUint32(4, 36 + data, true);
  put(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, format, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, 44_100, true);
  view.setUint32(28, (44_100 * channels * bits) / 8, true);
  view.setUint16(32, (channels * bits) / 8, true);
  view.setUint16(34, bits, true);
  put(36, 'data');
  view.setUint32(40, data, true);
  for (let k = 0; k < channels * 8; k++) {
    if (format === 1) view.setInt16(44 + 2 * k, 1000 * k, true);
    else view.setFloat32(44 + 4 * k, k / 10, true);
  }
  return new Uint8Array(view.buffer);
}

function seeds(ending: string, files: readonly Uint8Array[]): Seed[] {
  return files.map((bytes) => {
    const fileName = `sequence${ending}`;
    return { group: `sequence ${ending}`, fileName, load: () => new Map([[fileName, bytes.slice()]]) };
  });
}

export const SEQUENCE_SEEDS: readonly Seed[] = [
  ...seeds(
    '.csv',
    CSV.map((text) => strToU8(text)),
  ),
  ...seeds(
    '.json',
    JSONS.map((text) => strToU8(text)),
  ),
  ...seeds(
    '.txt',
    TEXTS.map((text) => strToU8(text)),
  ),
  ...seeds('.wav', [wav(1, 1), wav(1, 2), wav(3, 1)]),
];

const INPUTS = [
  { kind: 'vector', size: 1 },
  { kind: 'vector', size: 2, features: ['a', 'b'] },
  { kind: 'token', vocabulary: ['a', 'b', 'c', ' '], split: 'char' },
  { kind: 'token', vocabulary: ['a', 'b', 'c'], split: 'word' },
];

const networks = Promise.all(
  INPUTS.map(async (input): Promise<Network> => {
    const layers = [
      ...(input.kind === 'token' ? [{ name: 'e', type: 'embedding', embedding_dim: 2 }] : []),
      { name: 'rnn', type: 'rnn', hidden_size: 1 },
    ];
    const text = JSON.stringify({ format: 'rnn-model', version: 1, input, layers });
    const source = { text, fileName: 'm.rnn.json', folder: new Files({}), limits: { memory: MEMORY } };
    return (await readModel(source)).network!;
  }),
);

/** Throws if a reader of sequences does what it must not. */
export async function attemptSequence({ fileName, files }: Spoilt): Promise<Outcome> {
  let fine = false;
  for (const network of await networks) {
    const opened = await openSequence(network, fileName, new Files(files).source(fileName), {
      memory: MEMORY,
    });
    const read = await opened.file?.read().catch(refused);
    const problems = [...opened.problems, ...(read?.problems ?? [])];
    for (const { message, code } of problems) assert.ok(message.length > 0 && message.length < 5000, code);
    const sequence = read?.sequence;
    if (sequence) {
      assert.ok(sequence.steps > 0);
      fine = true;
    } else if (read !== REFUSED) assert.ok(problems.some(({ severity }) => severity === 'error'));
  }
  return fine ? 'fine' : 'problems';
}

const REFUSED = { sequence: undefined, problems: [] } as const;

/** Audio may turn out to be beyond the limit or not finite while it is read. */
function refused(error: unknown): typeof REFUSED {
  if (error instanceof Error && error.constructor === Error) return REFUSED;
  throw error;
}

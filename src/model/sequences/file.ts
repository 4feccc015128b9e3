/** Sequences in files, of which a part can be read where the whole is too long to run. */
import type { ByteSource } from '../../files/folder';
import { say } from '../../words/say';
import { checkMemory, inUnits, limitInWords, type Limits } from '../limits';
import type { Network, TokenInput } from '../network';
import type { Lengths } from '../partial';
import { START_OF_FILE, type Problem } from '../problem';
import { Report } from '../report';
import { sequenceFromJson, sequenceFromTable, sequenceFromText, type SequenceReading } from '.';
import { lengthOfText, lengthsOfJson, textIn } from './lengths';
import { openTable } from './tableFile';
import { openWav, type Wav } from './wav';
import { cutSequence, windowBounds, type StepRange } from './window';

/** Files that sequences are in. */
export const SEQUENCE_FILE = /\.(json|csv|txt|wave?)$/i;

/** Its lengths are those of all that is in the file, told before any of it is parsed. */
export interface OpenSequence extends Lengths {
  /**
   * The whole, or the part in `window`; of a table and of audio nothing else is read. Throws RangeError if that is not
   * within the sequence, and Error if audio is beyond the limit or not finite; of tables also if `signal` is aborted.
   */
  read(window?: StepRange, signal?: AbortSignal): Promise<SequenceReading>;
}

export interface FileReading {
  /** Absent if there are errors. */
  readonly file?: OpenSequence;
  /** Others come with what is read of it. */
  readonly problems: readonly Problem[];
}

/** Whether the file is read as audio, by its name. */
function isAudio(fileName: string): boolean {
  return /\.wave?$/i.test(fileName);
}

/**
 * A sequence in a file: JSON, WAV and CSV by its name, and text for networks that read tokens. `limits` bounds the bytes
 * taken. Throws what `bytes` throws.
 */
export async function openSequence(
  network: Network,
  fileName: string,
  bytes: ByteSource,
  limits: Limits,
): Promise<FileReading> {
  if (isAudio(fileName)) return openAudio(network, bytes, limits);
  const report = Report.of('', { schema: false, about: 'samples' });
  if (!checkMemory(bytes.size, limits, fileName, START_OF_FILE, report)) return { problems: report.problems };
  const file = await parsedFile(network, fileName, bytes);
  return file.steps > 0 ? { file, problems: [] } : opened(file, await file.read());
}

/** A file in which no steps were counted: what is wrong with it. */
function opened(file: OpenSequence, { sequence, problems }: SequenceReading): FileReading {
  return sequence ? { file, problems: [] } : { problems };
}

function parsedFile(network: Network, fileName: string, bytes: ByteSource): Promise<OpenSequence> {
  if (isTable(network, fileName)) return tableFile(network, bytes);
  if (isJson(fileName)) return jsonFile(network, bytes);
  return textFile(network, network.input as TokenInput, bytes);
}

async function jsonFile(network: Network, bytes: ByteSource): Promise<OpenSequence> {
  return {
    ...(await lengthsOfJson(network, bytes)),
    read: async (window) => partOf(network, sequenceFromJson(network, await textOf(bytes)), window),
  };
}

async function textFile(network: Network, input: TokenInput, bytes: ByteSource): Promise<OpenSequence> {
  return {
    steps: await lengthOfText(input, bytes),
    read: async (window) =>
      partOf(network, sequenceFromText(network, textIn(input, await textOf(bytes))), window),
  };
}

async function textOf(bytes: ByteSource): Promise<string> {
  return new TextDecoder().decode(await bytes.read(0, bytes.size));
}

function partOf(network: Network, reading: SequenceReading, window: StepRange | undefined): SequenceReading {
  const { sequence } = reading;
  return sequence && window ? { ...reading, sequence: cutSequence(network, sequence, window) } : reading;
}

function isJson(fileName: string): boolean {
  return /\.json$/i.test(fileName);
}

function isTable({ input }: Network, fileName: string): boolean {
  return /\.csv$/i.test(fileName) || (input.kind === 'vector' && !isJson(fileName));
}

async function tableFile(network: Network, bytes: ByteSource): Promise<OpenSequence> {
  const { rows, read } = await openTable(bytes);
  return {
    steps: rows,
    async read(window, signal) {
      const table = await read(window && windowBounds(window, rows), signal);
      return sequenceFromTable(network, table, {}, signal);
    },
  };
}

/** What audio is for. */
type Listener = Pick<Network, 'input' | 'sampleRate'>;

/** A WAV file, for an input of one number per step. */
export async function openAudio(listener: Listener, bytes: ByteSource, limits: Limits): Promise<FileReading> {
  const report = Report.of('', { schema: false, about: 'samples' });
  const file = await audioFile(listener, bytes, limits, report);
  return { file, problems: report.problems };
}

async function audioFile(
  { input, sampleRate }: Listener,
  bytes: ByteSource,
  limits: Limits,
  report: Report,
): Promise<OpenSequence | undefined> {
  if (input.kind === 'token' || input.size !== 1) {
    const expected =
      input.kind === 'token'
        ? say`tokens; expected text, or a JSON list of tokens or ids`
        : say`${input.size} numbers per step; expected a CSV table or JSON with all of them, such as the audio's and those of the controls`;
    report.error(START_OF_FILE, 'wrong-input', say`the model reads ${expected}, found a WAV file`);
    return undefined;
  }
  const wav = await openWav(bytes, report);
  if (!wav || report.failed) return undefined;
  if (wav.frames === 0) {
    report.error(
      START_OF_FILE,
      'empty-sequence',
      say`the WAV file holds no audio; expected at least one sample`,
    );
    return undefined;
  }
  warnOfFormat(wav, sampleRate, report);
  return {
    steps: wav.frames,
    async read(window = { from: 0 }) {
      const [start, end] = windowBounds(window, wav.frames);
      const needed = 2 * Float32Array.BYTES_PER_ELEMENT * (end - start);
      if (needed > limits.memory) {
        throw new Error(
          say`${end - start} samples would take ${inUnits(needed)}; the limit is ${limitInWords(limits)}`,
        );
      }
      const values = await wav.read(start, end);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw new Error(say`sample ${start + bad}: expected a number, found ${values[bad]}`);
      return { sequence: { kind: 'vector', steps: values.length, size: 1, values }, problems: [] };
    },
  };
}

function warnOfFormat({ channels, rate }: Wav, wanted: number | undefined, report: Report): void {
  if (channels > 1) {
    const message = say`the audio has ${channels} channels: the first is taken, the others are left out`;
    report.warning(START_OF_FILE, 'first-channel', message);
  }
  if (wanted !== undefined && wanted !== rate) {
    const message = say`the audio has ${rate} samples a second and is taken as it is; the model is for ${wanted}`;
    report.warning(START_OF_FILE, 'sample-rate', message);
  }
}

/**
 * Audio in WAV files: RIFF chunks, of which "fmt " says how the samples in "data" are written (Microsoft and IBM,
 * "Multimedia Programming Interface and Data Specifications 1.0", 1991; WAVEFORMATEXTENSIBLE). Only what is asked for is
 * read, and no chunk is taken at its word about its size.
 */
import type { ByteSource } from '../../files/folder';
import { say } from '../../words/say';
import { quote } from '../json/decode';
import { START_OF_FILE } from '../problem';
import type { Report } from '../report';

export interface Wav {
  /** Samples of one channel. */
  readonly frames: number;
  readonly channels: number;
  /** Samples of one channel a second. */
  readonly rate: number;
  /** The first channel's samples `start` to `end` − 1, full scale being −1 … 1. */
  read(start: number, end: number): Promise<Float32Array>;
}

interface Chunk {
  readonly id: string;
  /** Of its content, in bytes. */
  readonly start: number;
  readonly size: number;
}

interface Format {
  readonly channels: number;
  readonly rate: number;
  /** Bytes from one sample of a channel to its next. */
  readonly stride: number;
  readonly sample: (view: DataView, at: number) => number;
}

const CHUNK_HEADER = 8;
const FIRST_CHUNK = 12;
/** A file has a handful; one of nothing but empty chunks would take for ever. */
const MAX_CHUNKS = 1000;
const MAX_FORMAT_BYTES = 40;
const EXTENSIBLE = 0xfffe;
/** Where WAVEFORMATEXTENSIBLE has the format that is meant. */
const SUBFORMAT = 24;

/** By format tag (1 integers, 3 floats) and bits. */
const SAMPLES = new Map<string, Format['sample']>([
  ['1/16', (view, at) => view.getInt16(at, true) / 2 ** 15],
  ['1/24', (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 2 ** 23],
  ['1/32', (view, at) => view.getInt32(at, true) / 2 ** 31],
  ['3/32', (view, at) => view.getFloat32(at, true)],
]);

/** Undefined, with errors reported, if this is no WAV file, or none that can be read. */
export async function openWav(file: ByteSource, report: Report): Promise<Wav | undefined> {
  const head = await file.read(0, FIRST_CHUNK);
  if (head.length < FIRST_CHUNK || textAt(head, 0) !== 'RIFF' || textAt(head, 8) !== 'WAVE') {
    return fault(report, say`expected a WAV file ("RIFF" and "WAVE"), found ${quote(textAt(head, 0))}`);
  }
  const chunks = await chunksOf(file);
  const fmt = chunks.find(({ id }) => id === 'fmt ');
  const data = chunks.find(({ id }) => id === 'data');
  if (!fmt || !data) {
    const found = chunks.map(({ id }) => quote(id)).join(', ') || say`none`;
    return fault(report, say`expected the chunks "fmt " and "data", found ${found}`);
  }
  const format = formatOf(
    await file.read(fmt.start, fmt.start + Math.min(fmt.size, MAX_FORMAT_BYTES)),
    report,
  );
  if (!format) return undefined;
  const size = Math.min(data.size, file.size - data.start);
  // Programs that write a stream leave the size open.
  if (size < data.size && data.size < 0xffff_f000) {
    const message = say`the audio is cut off: expected ${data.size} bytes at offset ${data.start}, found ${size}`;
    report.warning(START_OF_FILE, 'truncated', message);
  }
  const { channels, rate, stride } = format;
  return { frames: Math.floor(size / stride), channels, rate, read: reader(file, data.start, format) };
}

async function chunksOf(file: ByteSource): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  let at = FIRST_CHUNK;
  while (at + CHUNK_HEADER <= file.size && chunks.length < MAX_CHUNKS) {
    const header = await file.read(at, at + CHUNK_HEADER);
    const size = viewOf(header).getUint32(4, true);
    chunks.push({ id: textAt(header, 0), start: at + CHUNK_HEADER, size });
    // Chunks begin at even offsets.
    at += CHUNK_HEADER + size + (size % 2);
  }
  return chunks;
}

function formatOf(bytes: Uint8Array, report: Report): Format | undefined {
  if (bytes.length < 16) {
    return fault(report, say`the chunk "fmt " has ${bytes.length} bytes; expected at least 16`);
  }
  const view = viewOf(bytes);
  const named = view.getUint16(0, true);
  const tag = named === EXTENSIBLE && bytes.length >= SUBFORMAT + 2 ? view.getUint16(SUBFORMAT, true) : named;
  const channels = view.getUint16(2, true);
  const rate = view.getUint32(4, true);
  const stride = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  const sample = SAMPLES.get(`${tag}/${bits}`);
  if (!sample) {
    const message = say`expected samples of 16, 24 or 32 bits or of float32, found format ${tag} with ${bits} bits`;
    return fault(report, message);
  }
  if (channels >= 1 && stride === (channels * bits) / 8) return { channels, rate, stride, sample };
  return fault(
    report,
    say`the chunk "fmt " says ${channels} channels of ${bits} bits, but ${stride} bytes for all of them`,
  );
}

function reader(file: ByteSource, offset: number, { stride, sample }: Format): Wav['read'] {
  return async (start, end) => {
    const view = viewOf(await file.read(offset + start * stride, offset + end * stride));
    const frames = Math.floor(view.byteLength / stride);
    return Float32Array.from({ length: frames }, (_, frame) => sample(view, frame * stride));
  };
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function fault(report: Report, message: string): undefined {
  report.error(START_OF_FILE, 'bad-wav', message);
  return undefined;
}

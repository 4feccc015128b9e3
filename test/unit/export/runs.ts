/** Runs to be exported, kept whole and as recordings, and what writes them. */
import { record } from '../../../src/engine/recording/record';
import { run } from '../../../src/engine/run';
import { type Trace, withInput } from '../../../src/engine/trace';
import type { ExportedRun } from '../../../src/export/exported';
import type { Chunks, ExportOptions, RunFormat, WriteOptions } from '../../../src/export/format';
import type { Network } from '../../../src/model/network';
import type { Sequence } from '../../../src/model/samples';
import { inEnglish } from '../../../src/words/translate';
import { randomWeights } from '../engine/networks';

interface BothWays {
  readonly trace: Trace;
  readonly whole: ExportedRun;
  readonly recorded: ExportedRun;
}

export async function bothWays(network: Network, sequence: Sequence): Promise<BothWays> {
  const weights = randomWeights(network, 9);
  const trace = withInput(await run(network, weights, sequence), sequence);
  const recording = await record(network, weights, sequence);
  const about = {
    ...{ network, fileName: 'net.rnn.json', ran: { network, weights, sequence, clamps: [] } },
    origin: { model: network.name, dialect: network.dialect, trained: true, sample: null },
  };
  return { trace, whole: { ...about, kept: { trace } }, recorded: { ...about, kept: { recording } } };
}

export async function bytesOf(chunks: Chunks): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks)
    parts.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk.slice());
  return Uint8Array.from(Buffer.concat(parts));
}

export async function written(
  format: RunFormat,
  exported: ExportedRun,
  options: ExportOptions = {},
  how: Partial<WriteOptions> = {},
): Promise<string> {
  return Buffer.from(
    await bytesOf(format.write(exported, options, { translate: inEnglish, ...how })),
  ).toString();
}

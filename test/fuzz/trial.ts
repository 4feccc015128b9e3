/** One spoilt model, read and, if it reads, run. */
import assert from 'node:assert/strict';
import { runCost, traceBytes } from '../../src/engine/plan';
import { run } from '../../src/engine/run';
import { FileError } from '../../src/files/folder';
import type { Reading } from '../../src/model/dialects/dialect';
import { openSource } from '../../src/model/open';
import { random } from '../../src/model/random';
import { runningPart } from '../../src/model/partial';
import { readModel } from '../../src/model/read';
import { Files } from './files';
import type { Seed } from './seeds';
import { WAYS, below } from './spoil';

/** What readers are told that they may take. */
export const MEMORY = 1 << 25;
/** Multiply-adds: enough for every seed, a moment's work. */
const MOST_WORK = 1e7;

export interface Spoilt {
  readonly fileName: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Trial `round` of one way to spoil a group's seeds; the same for the same `seed`. */
export function spoiltModel(seeds: readonly Seed[], way: string, round: number, seed: number): Spoilt {
  const source = random(seed * 1_000_003 + round);
  const chosen = seeds[below(source, seeds.length)];
  const files = chosen.load();
  const names = [...files.keys()];
  // The model itself as often as all that is beside it.
  const spoilt = source.uniform() < 0.5 ? names[0] : names[below(source, names.length)];
  files.set(spoilt, WAYS[way](files.get(spoilt)!, source));
  return { fileName: chosen.fileName, files };
}

/** `problems` has errors among them. */
export type Outcome = 'fine' | 'problems';

/** Throws if a reader does what it must not. */
export async function attempt({ fileName, files }: Spoilt): Promise<Outcome> {
  const reading = await readSpoilt(fileName, new Files(files));
  checkSound(reading);
  const { network, weights, samples, problems } = reading;
  const [sample] = samples;
  if (network && weights && sample && runningPart(network, sample.sequence).layers.length > 0) {
    const { sequence } = sample;
    if (traceBytes(network, sequence) < MEMORY && runCost(network, sequence) < MOST_WORK) {
      await run(network, weights, sequence).catch(refuseLength);
    }
  }
  return problems.some(({ severity }) => severity === 'error') ? 'problems' : 'fine';
}

/** A network may need more steps than a made-up sample has. */
function refuseLength(error: unknown): void {
  if (!(error instanceof RangeError && /found only \d+$/.test(error.message))) throw error;
}

async function readSpoilt(fileName: string, folder: Files): Promise<Reading> {
  const source = { fileName, folder, limits: { memory: MEMORY } };
  return readModel(await openSource(folder.source(fileName), source));
}

/** Problems have messages and places, and say why anything is missing. */
function checkSound({ network, weights, samples, problems }: Reading): void {
  for (const { message, place, code } of problems) {
    assert.ok(message.length > 0 && message.length < 5000 && code.length > 0, `${code}: ${message}`);
    assert.ok(place.line >= 1 && place.column >= 1 && place.offset >= 0, `${code} at ${place.offset}`);
  }
  const errors = (about: string) => problems.some((p) => p.severity === 'error' && p.about === about);
  assert.equal(
    network === undefined,
    errors('structure'),
    'a network is missing exactly where an error says so',
  );
  if (network) {
    assert.equal(
      weights === undefined,
      errors('weights'),
      'weights are missing exactly where an error says so',
    );
  }
  for (const { sequence } of samples) assert.ok(sequence.steps > 0);
}

/** Whether an error is one that opening a file may give. */
export function isRefusal(error: unknown): boolean {
  return FileError.is(error);
}

import { basename } from 'node:path';
import type { Values } from '../cli';
import { FileError } from '../files/folder';
import { openNodeFile } from '../files/nodeFolder';
import { DEFAULT_LIMITS, type Reading } from '../model/dialects/dialect';
import { withFurtherInputs } from '../model/furtherInputs';
import type { Network } from '../model/network';
import type { Problem } from '../model/problem';
import type { Sequence } from '../model/samples';
import { sequenceFromText, type SequenceReading } from '../model/sequences';
import { openSequence } from '../model/sequences/file';
import { cutSequence, type Window } from '../model/sequences/window';
import { EXIT, Failure, oneLine, problemLine, say } from './output';
import { report } from './read';

/** Said of runs that would take too much memory. */
export const RUN_A_PART = 'run a part: --from STEP --steps N';

interface Chosen {
  /** The sample's name; null for typed text and files. */
  readonly sample: string | null;
  readonly sequence: Sequence;
  /** Where only a part was asked for: the step of the whole sequence at which it begins. */
  readonly from?: number;
}

/** The sequence that the options name: a sample, typed text or a file, or a part of it; by default the first sample. */
export async function chosenSequence(
  model: string,
  network: Network,
  reading: Reading,
  values: Values,
): Promise<Chosen> {
  const window = windowOf(values);
  try {
    const chosen = await choose(model, network, reading, values, window);
    return window ? { ...chosen, from: window.from } : chosen;
  } catch (error) {
    throw error instanceof RangeError ? new Failure(EXIT.usage, error.message) : error;
  }
}

function windowOf({ from, steps }: Values): Window | undefined {
  const number = (name: string, value: Values[string]) => {
    if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
    throw new Failure(EXIT.usage, `--${name} takes a whole number, found ${oneLine(String(value))}`);
  };
  if (from === undefined && steps === undefined) return undefined;
  return {
    from: from === undefined ? 0 : number('from', from),
    ...(steps !== undefined && { steps: number('steps', steps) }),
  };
}

async function choose(
  model: string,
  network: Network,
  reading: Reading,
  { sample, text, input }: Values,
  window: Window | undefined,
): Promise<Chosen> {
  if ([sample, text, input].filter((value) => value !== undefined).length > 1) {
    throw new Failure(EXIT.usage, 'take one of --sample, --text and --input');
  }
  const given = (sequence: Sequence) => ({ sample: null, sequence: further(network, sequence, reading) });
  if (typeof input === 'string') return given(await sequenceFromFile(network, input, window));
  const part = (sequence: Sequence) => (window ? cutSequence(network, sequence, window) : sequence);
  if (typeof text === 'string') {
    if (network.input.kind === 'vector') {
      throw new Failure(EXIT.usage, `--text is for models that read tokens; ${listed(reading)}`);
    }
    return given(part(accept('--text', sequenceFromText(network, text))));
  }
  const named = sampleNamed(model, reading, typeof sample === 'string' ? sample : undefined);
  return { ...named, sequence: part(named.sequence) };
}

/** With what the model's first sample has for its further inputs. */
export function further(network: Network, sequence: Sequence, { samples }: Reading): Sequence {
  try {
    return withFurtherInputs(network, sequence, samples);
  } catch (error) {
    throw error instanceof RangeError ? new Failure(EXIT.input, error.message) : error;
  }
}

/** One of the model's samples; the first where no name is given. */
export function sampleNamed(model: string, reading: Reading, name: string | undefined): Chosen {
  const wanted = name ?? reading.declaredSamples[0];
  const found = reading.samples.find((sample) => sample.name === wanted);
  if (found) return { sample: found.name, sequence: found.sequence };
  if (wanted !== undefined && reading.declaredSamples.includes(wanted)) {
    report(
      model,
      reading.problems.filter(({ about, severity }) => about === 'samples' && severity === 'error'),
    );
    throw new Failure(EXIT.input, `the sample ${oneLine(wanted)} cannot be used: see above`);
  }
  throw new Failure(
    EXIT.usage,
    name === undefined
      ? 'the model has no samples: give --text or --input'
      : `unknown sample ${oneLine(name)}; ${listed(reading)}`,
  );
}

function listed({ declaredSamples }: Reading): string {
  if (declaredSamples.length === 0) return 'the model has no samples';
  return `the model's samples: ${declaredSamples.map(oneLine).join(', ')}`;
}

/** A sequence of a JSON, CSV or WAV file. */
export async function sequenceFromFile(
  network: Network,
  path: string,
  window: Window | undefined,
): Promise<Sequence> {
  if (!/\.(json|csv|wave?)$/i.test(path)) {
    throw new Failure(EXIT.usage, `--input takes a .json, .csv or .wav file, found ${oneLine(path)}`);
  }
  const { file, problems } = await fileOrFailure(() => open(network, path));
  return withoutErrors(path, file, problems).read(window);
}

/** A file that cannot be read is an error in the input. */
export async function fileOrFailure<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw FileError.is(error) ? new Failure(EXIT.input, error.message) : error;
  }
}

async function open(network: Network, path: string) {
  return openSequence(network, basename(path), await openNodeFile(path), DEFAULT_LIMITS.memory);
}

/** Says what is wrong with a sequence; fails if it cannot be used. */
export function accept(where: string, { sequence, problems }: SequenceReading): Sequence {
  return withoutErrors(where, sequence, problems);
}

/** Says what is wrong with a file; fails if it cannot be used. */
export function withoutErrors<T>(where: string, found: T | undefined, problems: readonly Problem[]): T {
  for (const problem of problems) say(problemLine(where, problem));
  if (!found) throw new Failure(EXIT.input, `${oneLine(where)} cannot be used: see above`);
  return found;
}

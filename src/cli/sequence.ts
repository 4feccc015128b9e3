import type { Values } from '../cli';
import type { Reading } from '../model/dialects/dialect';
import { withFurtherInputs } from '../model/furtherInputs';
import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import {
  sequenceFromCsv,
  sequenceFromJson,
  sequenceFromText,
  type SequenceReading,
} from '../model/sequences';
import { EXIT, Failure, oneLine, problemLine, say } from './output';
import { readText, report } from './read';

interface Chosen {
  /** The sample's name; null for typed text and files. */
  readonly sample: string | null;
  readonly sequence: Sequence;
}

/** The sequence that the options name: a sample, typed text or a file; by default the first sample. */
export async function chosenSequence(
  model: string,
  network: Network,
  reading: Reading,
  { sample, text, input }: Values,
): Promise<Chosen> {
  if ([sample, text, input].filter((value) => value !== undefined).length > 1) {
    throw new Failure(EXIT.usage, 'take one of --sample, --text and --input');
  }
  const whole = (sequence: Sequence) => ({ sample: null, sequence: further(network, sequence, reading) });
  if (typeof input === 'string') return whole(await fromFile(network, input));
  if (typeof text === 'string') {
    if (network.input.kind === 'vector') {
      throw new Failure(EXIT.usage, `--text is for models that read tokens; ${listed(reading)}`);
    }
    return whole(accept('--text', sequenceFromText(network, text)));
  }
  return sampleNamed(model, reading, typeof sample === 'string' ? sample : undefined);
}

function further(network: Network, sequence: Sequence, { samples }: Reading): Sequence {
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
      reading.problems.filter(({ about }) => about === 'samples'),
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

async function fromFile(network: Network, file: string): Promise<Sequence> {
  const reader = /\.json$/i.test(file)
    ? sequenceFromJson
    : /\.csv$/i.test(file)
      ? sequenceFromCsv
      : undefined;
  if (!reader) throw new Failure(EXIT.usage, `--input takes a .json or .csv file, found ${oneLine(file)}`);
  const text = await readText(file).catch((error: Error) => {
    throw new Failure(EXIT.input, error.message);
  });
  return accept(file, await reader(network, text));
}

/** Says what is wrong with a sequence; fails if it cannot be used. */
export function accept(where: string, { sequence, problems }: SequenceReading): Sequence {
  for (const problem of problems) say(problemLine(where, problem));
  if (!sequence) throw new Failure(EXIT.input, `${oneLine(where)} cannot be used: see above`);
  return sequence;
}

import type { Values } from './command';
import { FileError } from '../files/folder';
import type { Reading } from '../model/dialects/dialect';
import { asOnlyInput, leastLengths, missingInputs, withFurtherInputs } from '../model/furtherInputs';
import { quote } from '../model/json/decode';
import type { Limits } from '../model/limits';
import { didYouMean } from '../model/near';
import { INPUT, type InputLayer, type Network, isRecurrent } from '../model/network';
import { possibleInputs, type Lengths } from '../model/partial';
import type { Problem } from '../model/problem';
import type { Sequence } from '../model/samples';
import { sequenceFromText, type SequenceReading } from '../model/sequences';
import { SEQUENCE_FILE, openSequence } from '../model/sequences/file';
import { cutLengths, cutSequence, type StepRange } from '../model/sequences/window';
import { wholeNumber } from './values';
import { limitsOf } from './memory';
import { EXIT, Failure, oneLine, problemLine } from './output';
import { report } from './read';
import type { Terminal } from './terminal';

export interface Chosen {
  /** The sample's name; null for typed text and files. */
  readonly sample: string | null;
  /** The sample, text or files in words. */
  readonly called: string;
  readonly sequence: Sequence;
  /** Where only a part was asked for: the step of the whole sequence at which it begins. */
  readonly from?: number;
}

/** Fails if a sequence is too long. */
export type LengthCheck = (lengths: Lengths) => void;

/**
 * The sequence that the options name: a sample, typed text or a file, or a part of it; by default the first sample. `fits`
 * is asked before a file is read.
 */
export async function chosenSequence(
  terminal: Terminal,
  model: string,
  network: Network,
  reading: Reading,
  values: Values,
  fits: LengthCheck,
): Promise<Chosen> {
  const window = windowOf(values);
  try {
    const chosen = await choose({ terminal, model, network, reading, values, window, fits });
    fits(chosen.sequence);
    return window ? { ...chosen, from: window.from } : chosen;
  } catch (error) {
    throw error instanceof RangeError ? new Failure(EXIT.usage, error.message) : error;
  }
}

function windowOf(values: Values): StepRange | undefined {
  const from = wholeNumber(values, 'from');
  const steps = wholeNumber(values, 'steps');
  if (from === undefined && steps === undefined) return undefined;
  return { from: from ?? 0, ...(steps !== undefined && { steps }) };
}

interface Wanted {
  readonly terminal: Terminal;
  readonly model: string;
  readonly network: Network;
  readonly reading: Reading;
  readonly values: Values;
  /** The part of it that is taken; all where undefined. */
  readonly window: StepRange | undefined;
  readonly fits: LengthCheck;
}

async function choose(wanted: Wanted): Promise<Chosen> {
  const { terminal, network, reading, values, window, fits } = wanted;
  const files = filesNamed(network, values);
  const chosen = await chooseOwn({ ...wanted, values: { ...values, input: files.own } });
  if (files.more.size === 0 && chosen.sample !== null) return chosen;
  const more = new Map(chosen.sequence.more);
  for (const [layer, path] of files.more) {
    const part = layer.clock === 'shared' ? window : undefined;
    const fitsWith = (own: Lengths) =>
      fits(
        leastLengths(network, { steps: chosen.sequence.steps, more: new Map([...more, [layer.name, own]]) }),
      );
    more.set(
      layer.name,
      await sequenceFromFile(terminal, asOnlyInput(network, layer), path, limitsOf(values), part, fitsWith),
    );
  }
  if (chosen.sample !== null) terminal.say(`${INPUT} is that of the sample ${quote(chosen.sample)}`);
  const given = more.size > 0 ? { ...chosen.sequence, more } : chosen.sequence;
  const called = [chosen.called, ...files.more.values()].join(' and ');
  return { ...chosen, sample: null, sequence: further(terminal, network, given, reading), called };
}

/** The sequence of the network's own input, and what a sample or a file brings for the others with it. */
async function chooseOwn({
  terminal,
  model,
  network,
  reading,
  values,
  window,
  fits,
}: Wanted): Promise<Chosen> {
  const { sample, text, input } = values;
  if ([sample, text, input].filter((value) => value !== undefined).length > 1) {
    throw new Failure(EXIT.usage, 'take one of --sample, --text and --input');
  }
  if (typeof input === 'string') {
    const sequence = await sequenceFromFile(terminal, network, input, limitsOf(values), window, fits);
    return { sample: null, sequence, called: input };
  }
  const part = (sequence: Sequence) => (window ? cutSequence(network, sequence, window) : sequence);
  if (typeof text === 'string') {
    if (network.input.kind === 'vector') {
      throw new Failure(EXIT.usage, `--text is for models that read tokens; ${listed(reading)}`);
    }
    const whole = accept(terminal, '--text', sequenceFromText(network, text));
    return { sample: null, sequence: part(whole), called: quote(text) };
  }
  const named = sampleNamed(terminal, model, reading, typeof sample === 'string' ? sample : undefined);
  return { ...named, sequence: part(named.sequence) };
}

interface InputFiles {
  readonly own?: string;
  readonly more: ReadonlyMap<InputLayer, string>;
}

/** The files of `--input FILE` and `--input NAME=FILE`. */
function filesNamed(network: Network, values: Values): InputFiles {
  const inputs = possibleInputs(network);
  const more = new Map<InputLayer, string>();
  let own: string | undefined;
  for (const given of inputsOf(values)) {
    const layer = inputs.find(({ name }) => given.startsWith(`${name}=`));
    const file = given.slice((layer?.name ?? ownName(network, given, inputs)).length).replace(/^=/, '');
    if (layer ? more.has(layer) : own !== undefined) {
      throw new Failure(EXIT.usage, `--input gives ${quote(layer?.name ?? INPUT)} twice`);
    }
    if (layer) more.set(layer, file);
    else own = file;
  }
  return { own, more };
}

/** `input` where that is written before the file, else nothing. */
function ownName({ layers }: Network, given: string, inputs: readonly InputLayer[]): string {
  const name = /^([^/\\.=]+)=/.exec(given)?.[1];
  if (name === undefined || name === INPUT) return name ?? '';
  const known = [INPUT, ...inputs.map((layer) => layer.name)];
  const message = `--input ${given}: expected one of the inputs ${known.join(', ')} before =, found ${name}`;
  const recurrent = layers.find(isRecurrent);
  const state = recurrent ? `; initial states are given with --set '${recurrent.name}.h0=[…]'` : '';
  throw new Failure(EXIT.usage, oneLine(message + didYouMean(name, known) + state));
}

/** What `--input` was given. */
export function inputsOf({ input }: Values): readonly string[] {
  return Array.isArray(input) ? input : [];
}

/** With what the model's first sample has for the further inputs that are missing, which is said. */
export function further(
  terminal: Terminal,
  network: Network,
  sequence: Sequence,
  { samples }: Reading,
): Sequence {
  try {
    const whole = withFurtherInputs(network, sequence, samples);
    for (const { name } of missingInputs(network, sequence)) {
      const from = quote(samples[0].name);
      terminal.say(oneLine(`${name} is taken from the sample ${from}: give it with --input ${name}=FILE`));
    }
    return whole;
  } catch (error) {
    throw error instanceof RangeError ? new Failure(EXIT.input, error.message) : error;
  }
}

/** One of the model's samples; the first where no name is given. */
export function sampleNamed(
  terminal: Terminal,
  model: string,
  reading: Reading,
  name: string | undefined,
): Chosen {
  const wanted = name ?? reading.declaredSamples[0];
  const found = reading.samples.find((sample) => sample.name === wanted);
  if (found) {
    return { sample: found.name, sequence: found.sequence, called: `the sample ${quote(found.name)}` };
  }
  if (wanted !== undefined && reading.declaredSamples.includes(wanted)) {
    report(
      terminal,
      model,
      reading.problems.filter(({ about, severity }) => about === 'samples' && severity === 'error'),
    );
    throw new Failure(EXIT.input, `the sample ${oneLine(wanted)} cannot be used: see above`);
  }
  throw new Failure(
    EXIT.usage,
    name === undefined
      ? 'the model has no samples: give --text or --input'
      : `unknown sample ${oneLine(name)}; ${listed(reading)}${meant(name, reading)}`,
  );
}

/** The sample that is close to a name, or that alone has it in its own. */
function meant(name: string, { declaredSamples }: Reading): string {
  const near = didYouMean(name, declaredSamples);
  const having = declaredSamples.filter((one) => one.toLowerCase().includes(name.toLowerCase()));
  return oneLine(near === '' && having.length === 1 ? `; did you mean ${quote(having[0])}?` : near);
}

function listed({ declaredSamples }: Reading): string {
  if (declaredSamples.length === 0) return 'the model has no samples';
  return `the model's samples: ${declaredSamples.map(oneLine).join(', ')}`;
}

/** A sequence of a JSON, CSV, text or WAV file, which `option` names; `fits` is asked before it is read. */
export async function sequenceFromFile(
  terminal: Terminal,
  network: Network,
  path: string,
  limits: Limits,
  window?: StepRange,
  fits?: LengthCheck,
  option = '--input',
): Promise<Sequence> {
  if (!SEQUENCE_FILE.test(path)) {
    throw new Failure(EXIT.usage, `${option} takes a .json, .csv, .txt or .wav file, found ${oneLine(path)}`);
  }
  const { file, problems } = await fileOrFailure(async () =>
    openSequence(network, terminal.files.nameOf(path), await terminal.files.open(path), limits),
  );
  const { read, ...whole } = withoutErrors(terminal, path, file, problems);
  const lengths = leastLengths(network, whole);
  fits?.(window ? cutLengths(network, lengths, window) : lengths);
  return accept(terminal, path, await fileOrFailure(() => read(window)));
}

/** A file that cannot be read is an error in the input. */
export async function fileOrFailure<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw FileError.is(error) ? new Failure(EXIT.input, error.message) : error;
  }
}

/** Says what is wrong with a sequence; fails if it cannot be used. */
export function accept(terminal: Terminal, where: string, { sequence, problems }: SequenceReading): Sequence {
  return withoutErrors(terminal, where, sequence, problems);
}

/** Says what is wrong with a file; fails if it cannot be used. */
export function withoutErrors<T>(
  terminal: Terminal,
  where: string,
  found: T | undefined,
  problems: readonly Problem[],
): T {
  for (const problem of problems) terminal.say(problemLine(where, problem));
  if (!found) throw new Failure(EXIT.input, `${oneLine(where)} cannot be used: see above`);
  return found;
}

import type { Command, Values } from './command';
import { stemOf } from '../model/convert';
import type { Reading } from '../model/dialects/dialect';
import { quote } from '../model/json/decode';
import type { Limits } from '../model/limits';
import { type Network } from '../model/network';
import { idleLayers, runningPart, type Lengths } from '../model/partial';
import type { ExpectedOutput } from '../model/samples';
import { expectedOfFile } from '../model/sequences/expected';
import { type Check, computesInEightBits, doubtOf, expectedOutput, pairsFor, verify } from '../verify';
import { VerdictWords } from '../words/verdict';
import { demandSteps, limitsOf } from './memory';
import { toleranceOf } from './tolerance';
import { EXIT, Failure, oneLine } from './output';
import { notRunJson } from '../export/notRun';
import { demand, read } from './read';
import {
  chosenSequence,
  fileOrFailure,
  further,
  inputsOf,
  sampleNamed,
  sequenceFromFile,
  type LengthCheck,
  withoutErrors,
} from './sequence';
import type { Terminal } from './terminal';
import { verdictJson } from './verdictJson';

/** Whether a model gives what is known of it, where it begins to differ, and the likely cause. */
export const verifyCommand: Command = async (terminal, model, values) => {
  const tolerance = toleranceOf(values);
  const reading = await read(terminal, model, values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  const advice = 'check a part: files of fewer steps';
  const fits = (lengths: Lengths) => demandSteps(values, 'the run', network, lengths, { advice });
  const checks = await checksOf(terminal, model, network, reading, values, fits);
  for (const { sequence } of checks) fits(sequence);
  const verdict = await verify({ network, weights: reading.weights! }, checks, {
    tolerance,
    doubt: doubtOf(reading, checks),
    eightBits: computesInEightBits(reading),
    signal: terminal.running.signal,
  });
  const words = new VerdictWords();
  if (values.json) {
    const origin = { model: network.name, dialect: network.dialect, trained: reading.trained };
    const [{ sequence }] = checks.toSorted((one, other) => idleIn(network, other) - idleIn(network, one));
    const partial = notRunJson(network, runningPart(network, sequence));
    await terminal.write([
      `${JSON.stringify({ ...verdictJson(verdict, origin, words), ...partial }, null, 2)}\n`,
    ]);
  } else {
    const lines = verdict.checks.map((check) => words.check(check));
    const cause = verdict.matches ? undefined : words.cause(verdict);
    if (cause !== undefined) lines.push(cause);
    await terminal.write(lines.map((line) => `${oneLine(line)}\n`));
  }
  return verdict.matches ? EXIT.ok : EXIT.input;
};

/** How many layers are not run. */
function idleIn(network: Network, { sequence }: Check): number {
  return idleLayers(network, sequence.more).size;
}

/** What the options name; without any, what the model's samples bring and what stands beside it. */
async function checksOf(
  terminal: Terminal,
  model: string,
  network: Network,
  reading: Reading,
  values: Values,
  fits: LengthCheck,
): Promise<Check[]> {
  const { expect, sample, text } = values;
  const inputs = inputsOf(values);
  if (typeof expect === 'string') {
    const { sequence, sample: name } = await chosenSequence(terminal, model, network, reading, values, fits);
    if (name !== null && sample === undefined) {
      terminal.say(oneLine(`no --input is given: the sequence is that of the sample ${quote(name)}`));
    }
    const given = name ?? [...(text === undefined ? [] : ['--text']), ...inputs].join(' and ');
    return [
      {
        name: `${given} against ${expect}`,
        sequence,
        expected: await expectedFrom(terminal, network, sequence, expect, limitsOf(values)),
      },
    ];
  }
  if (inputs.length > 0 || text !== undefined) {
    throw new Failure(
      EXIT.usage,
      `--${inputs.length === 0 ? 'text' : 'input'} needs the output that is expected: say --expect FILE`,
    );
  }
  if (typeof sample === 'string') {
    const { sequence } = sampleNamed(terminal, model, reading, sample);
    const expected = reading.samples.find(({ name }) => name === sample)?.expected;
    if (expected) return [{ name: sample, sequence, expected }];
    throw new Failure(
      EXIT.usage,
      `the sample ${oneLine(sample)} brings no expected output: say --expect FILE`,
    );
  }
  const found = [
    ...checksOfSamples(reading),
    ...(await checksBeside(terminal, model, network, reading, limitsOf(values), fits)),
  ];
  if (found.length > 0) return found;
  const stem = stemOf(terminal.files.nameOf(model));
  throw new Failure(
    EXIT.usage,
    `nothing to check against: no sample has "expected", and there is no pair ${stem}_x*.csv, ${stem}_y*.csv beside the model; say --input FILE and --expect FILE`,
  );
}

function checksOfSamples({ samples }: Reading): Check[] {
  return samples.flatMap(({ name, sequence, expected }) => (expected ? [{ name, sequence, expected }] : []));
}

async function checksBeside(
  terminal: Terminal,
  model: string,
  network: Network,
  reading: Reading,
  limits: Limits,
  fits: LengthCheck,
): Promise<Check[]> {
  const { files } = terminal;
  const checks: Check[] = [];
  for (const { input, expected } of pairsFor(stemOf(files.nameOf(model)), await files.beside(model))) {
    const own = await sequenceFromFile(
      terminal,
      network,
      files.sibling(model, input),
      limits,
      undefined,
      fits,
    );
    const sequence = further(terminal, network, own, reading);
    checks.push({
      name: `${input} against ${expected}`,
      sequence,
      expected: await expectedFrom(terminal, network, sequence, files.sibling(model, expected), limits),
    });
  }
  return checks;
}

/** `lengths` are those of the sequence that gives the output. */
async function expectedFrom(
  terminal: Terminal,
  network: Network,
  lengths: Lengths,
  path: string,
  limits: Limits,
): Promise<ExpectedOutput> {
  const output = expectedOutput(network, lengths);
  const { expected, problems } = await fileOrFailure(async () =>
    expectedOfFile(output, terminal.files.nameOf(path), await terminal.files.open(path), limits),
  );
  return withoutErrors(terminal, path, expected, problems);
}

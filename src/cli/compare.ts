import type { Command, Values } from './command';
import { differencesOf, type Difference, type Differences, type Unpaired } from '../differences/differences';
import { sameInput } from '../differences/sameInput';
import type { Clamp } from '../engine/clamps';
import { run } from '../engine/run';
import type { Reading } from '../model/dialects/dialect';
import { counted } from '../model/json/decode';
import type { Network, SignalAddress } from '../model/network';
import type { Sequence } from '../model/samples';
import { SEQUENCE_FILE } from '../model/sequences/file';
import { joinTokens } from '../model/sequences/tokens';
import { firstJson, firstText } from './first';
import { demandSteps } from './memory';
import { EXIT, Failure, oneLine } from './output';
import { partThatRuns } from './partial';
import { demand, read } from './read';
import { type Chosen, type LengthCheck, chosenSequence, further, inputsOf } from './sequence';
import { short, tableLines } from './table';
import type { Terminal } from './terminal';
import { toleranceOf } from './tolerance';
import { addressText } from '../whatIf/text';
import { setsOf, whatIf } from './whatIf';

interface Model {
  readonly file: string;
  /** The last part of its path. */
  readonly fileName: string;
  readonly network: Network;
  readonly reading: Reading;
}

/** One of the two runs. */
interface Side extends Model, Pick<Chosen, 'from'> {
  readonly sample: string | null;
  readonly sequence: Sequence;
  readonly clamps: readonly Clamp[];
  readonly set: readonly string[];
}

/** Signals that are listed for people. */
const MAX_SIGNALS = 30;

/** Where the runs of two models differ, or those of one model on two inputs, or with something held. */
export const compareCommand: Command = async (terminal, model, values, second) => {
  const tolerance = toleranceOf(values);
  const [a, b] = await sidesOf(terminal, model, values, second);
  const options = { ...terminal.running };
  const runOf = ({ network, reading, sequence, clamps }: Side) =>
    run(network, reading.weights!, sequence, { ...options, clamps });
  const found = await differencesOf(await runOf(a), await runOf(b), tolerance);
  await terminal.write(
    values.json
      ? [`${JSON.stringify(inJson(a, b, tolerance, found), null, 2)}\n`]
      : inWords(a, b, tolerance, found),
  );
  return found.firstStep === null && found.output ? EXIT.ok : EXIT.input;
};

async function sidesOf(
  terminal: Terminal,
  model: string,
  values: Values,
  second: string | undefined,
): Promise<[Side, Side]> {
  const { against } = values;
  const set = setsOf(values);
  const sameModel = second === undefined && !('against-weights' in values) && !('against-as' in values);
  if (sameModel && against === undefined && set.length === 0) {
    const message = 'compare takes a second model, --against, or --set: expected two runs, found one';
    throw new Failure(EXIT.usage, message);
  }
  const one = await modelOf(terminal, model, values);
  const fits = fitsTwice(values, one.network);
  const chosen = await chosenSequence(terminal, model, one.network, one.reading, values, fits);
  const holdsOnlyB = sameModel && against === undefined;
  const a = sideOf(terminal, one, chosen, holdsOnlyB ? [] : set);
  if (holdsOnlyB) return [a, sideOf(terminal, one, chosen, set)];
  const ofSecond: Values = { ...values, weights: values['against-weights'], as: values['against-as'] };
  const other = sameModel ? one : await modelOf(terminal, second ?? model, ofSecond);
  if (typeof against === 'string') {
    const given = { ...ofSecond, ...asGiven(values, against) };
    return [
      a,
      sideOf(
        terminal,
        other,
        await chosenSequence(terminal, other.file, other.network, other.reading, given, fits),
        set,
      ),
    ];
  }
  const sequence = further(
    terminal,
    other.network,
    readByOther(terminal, one, chosen.sequence, other),
    other.reading,
  );
  fitsTwice(values, other.network)(sequence);
  return [a, sideOf(terminal, other, { ...chosen, sequence }, set)];
}

/** `--against` is of the kind that the first sequence is of; where none is named, a file or a sample. */
function asGiven(values: Values, against: string): Values {
  const own = { text: undefined, input: undefined, sample: undefined };
  if (values.text !== undefined) return { ...own, text: against };
  const isFile = inputsOf(values).length > 0 || SEQUENCE_FILE.test(against);
  return isFile ? { ...own, input: [against] } : { ...own, sample: against };
}

function readByOther(terminal: Terminal, one: Model, given: Sequence, other: Model): Sequence {
  const { sequence, problems } = sameInput(one.network, given, other.network);
  if (sequence) for (const { message } of problems) terminal.say(oneLine(`${other.file}: ${message}`));
  if (sequence) return sequence;
  const faults = problems.map(({ message }) => message).join('; ');
  throw new Failure(EXIT.input, oneLine(`${other.file} cannot read what ${one.file} reads: ${faults}`));
}

/** Both runs are held at once. */
function fitsTwice(values: Values, network: Network): LengthCheck {
  return (lengths) => demandSteps(values, 'each of two runs', network, lengths, { times: 2 });
}

async function modelOf(terminal: Terminal, file: string, values: Values): Promise<Model> {
  const reading = await read(terminal, file, values);
  return {
    file,
    fileName: terminal.files.nameOf(file),
    reading,
    network: demand(terminal, file, reading, ['structure', 'weights']),
  };
}

function sideOf(
  terminal: Terminal,
  model: Model,
  chosen: Pick<Side, 'sample' | 'sequence' | 'from'>,
  set: readonly string[],
): Side {
  const { sequence, clamps } = whatIf(model.network, chosen.sequence, set);
  partThatRuns(terminal, model.network, sequence);
  const { sample, from } = chosen;
  return { ...model, sample, sequence, clamps, set, ...(from !== undefined && { from }) };
}

function inJson(a: Side, b: Side, tolerance: number, found: Differences) {
  const { steps, firstStep, output, signals, unpaired } = found;
  return {
    ...{ a: sideJson(a), b: sideJson(b), tolerance, steps, firstStep, ...firstJson(a) },
    output: output ? figuresJson(output) : { max: null, rms: null, firstStep: null },
    signals: signals.map((one) => ({ ...one, ...figuresJson(one) })),
    unpaired,
  };
}

function sideJson({ fileName, network, reading, sample, sequence, set }: Side) {
  return {
    ...{ file: fileName, model: network.name, dialect: network.dialect, trained: reading.trained },
    ...{ sample, steps: sequence.steps },
    ...(set.length > 0 && { set }),
  };
}

/** What is no number is null. */
function figuresJson({ max, rms, firstStep }: Difference) {
  const number = (value: number) => (Number.isFinite(value) ? value : null);
  return { max: number(max), rms: number(rms), firstStep };
}

function* inWords(a: Side, b: Side, tolerance: number, found: Differences): Generator<string> {
  const { steps, firstStep, output, signals, unpaired } = found;
  const texts = [a, b].map(textOf);
  const shows = texts[0] !== texts[1];
  for (const [k, side] of [a, b].entries()) {
    yield `${'AB'[k]}  ${sideWords(side)}\n`;
    if (shows && texts[k] !== null) yield `   ${oneLine(texts[k])}\n`;
  }
  yield* firstText(a);
  if (a.sequence.steps !== b.sequence.steps) {
    yield `A has ${counted(a.sequence.steps, 'step')}, B ${b.sequence.steps}: the first ${steps} are compared\n`;
  }
  if (signals.length === 0) yield 'no signal of A has a counterpart in B: there is nothing to compare\n';
  else if (firstStep === null) yield `no signal differs by more than ${tolerance}\n`;
  else yield `first difference by more than ${tolerance}: step ${firstStep}\n`;
  if (!output) yield 'the outputs cannot be compared: they have different units or no step in common\n';
  const rows = [
    ...(output ? [rowOf('output', output)] : []),
    ...signals.slice(0, MAX_SIGNALS).map((one) => rowOf(pairOf(one, one.pairedWith), one)),
  ];
  if (rows.length > 0) {
    yield* tableLines(['largest', 'rms', 'from step', 'signal'], rows).map((line) => `${line}\n`);
  }
  if (signals.length > MAX_SIGNALS) yield `… ${signals.length - MAX_SIGNALS} more; --json has all\n`;
  for (const one of unpaired) yield `${oneLine(unpairedWords(one))}\n`;
}

/** Of what is printed of a text. */
const MAX_TEXT = 400;

/** What is read, where that is a text. */
function textOf({ network, sequence }: Side): string | null {
  if (network.input.kind !== 'token' || sequence.kind !== 'token') return null;
  const text = joinTokens(network.input, sequence.tokens.slice(0, MAX_TEXT));
  return sequence.steps > MAX_TEXT ? `${text}…` : text;
}

function sideWords({ fileName, network, sample, sequence, set }: Side): string {
  const given = sample === null ? '' : `, sample ${sample}`;
  const held = set.length === 0 ? '' : `, with ${set.join(' ')}`;
  return oneLine(`${network.name} (${fileName})${given}: ${counted(sequence.steps, 'step')}${held}`);
}

function rowOf(name: string, { max, rms, firstStep }: Difference): string[] {
  return [short(max), short(rms), firstStep === null ? '–' : String(firstStep), oneLine(name)];
}

function pairOf(address: SignalAddress, pairedWith: string | undefined): string {
  const name = addressText(address);
  return pairedWith === undefined ? name : `${name} and ${addressText({ ...address, layer: pairedWith })}`;
}

function unpairedWords({ in: side, signal, units, ...place }: Unpaired): string {
  const name = addressText({ ...place, signal });
  if (units) return `not compared: ${name} has ${units[0]} units in A, ${units[1]} in B`;
  return `only in ${side.toUpperCase()}: ${name}`;
}

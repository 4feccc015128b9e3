import type { Command, Values } from './command';
import { findMatches, type Match, type Pattern, Ranking } from '../engine/matches/find';
import { onUnits } from '../engine/matches/onUnits';
import { type PatternQuestion, unitsThrough } from '../engine/matches/pattern';
import { plan } from '../engine/plan';
import { plannedSignal } from '../engine/plannedSignal';
import { run } from '../engine/run';
import { atOnce } from '../engine/slices';
import { signalAt } from '../engine/statistics';
import { withInput, type SignalTrace, type Trace } from '../engine/trace';
import type { Reading } from '../model/dialects/dialect';
import { counted, quote } from '../model/json/decode';
import { INPUT, type Network, type SignalAddress } from '../model/network';
import type { Sequence, VectorSequence } from '../model/samples';
import { rowOfStep, stepOfRow } from '../model/time';
import { signalAddress } from './address';
import { firstJson, firstText } from './first';
import { wholeNumber } from './values';
import { demandSteps, limitsOf } from './memory';
import { EXIT, Failure, oneLine } from './output';
import { partThatRuns } from './partial';
import { demand, read } from './read';
import { type Chosen, type LengthCheck, chosenSequence, further, sequenceFromFile } from './sequence';
import type { Terminal } from './terminal';
import { short, tableLines } from './table';
import { setsOf, whatIf } from './whatIf';

/** Matches that are printed. */
const MOST = 1000;
/** Matches that are listed for people. */
const MAX_ROWS = 30;
/** Steps that are shown of a match, and on each side of it. */
const SHOWN_STEPS = 40;
const CONTEXT = 12;
const MAX_UNITS = 20;

/** A sequence that is searched; one that is no sample has the name of its file, or none. */
interface Searched {
  readonly sample: string | null;
  readonly sequence: Sequence;
}

interface Found extends Match {
  readonly where: Searched;
}

/** Where else the units are on that are on through a stretch of steps: in every sample, and in a file. */
export const matchCommand: Command = async (terminal, model, values) => {
  const threshold = thresholdOf(values);
  const offBefore = wholeNumber(values, 'off-before') ?? 0;
  const offAfter = wholeNumber(values, 'off-after') ?? 0;
  const range = rangeOf(values);
  const reading = await read(terminal, model, values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  const fits: LengthCheck = (lengths) => demandSteps(values, 'the run', network, lengths);
  const chosen = await chosenSequence(terminal, model, network, reading, values, fits);
  const address = signalAddress(network, '--signal', demanded(values, 'signal', 'lstm.c'));
  const { sequence, clamps } = whatIf(network, chosen.sequence, setsOf(values));
  partThatRuns(terminal, network, sequence);
  if (address.layer !== INPUT) demandSignal(network, sequence, address);
  const runOn = (given: Sequence) => run(network, reading.weights!, given, { clamps, ...terminal.running });

  const own: Searched = { sample: chosen.sample, sequence };
  const trace = await runOn(sequence);
  const signal = signalOf(trace, sequence, address);
  const question = { ...rowsOfRange(trace, signal, range), offBefore, offAfter };
  const on = atOnce(onUnits(signal, threshold));
  const units = unitsOf(unitsThrough(on, question), threshold, question);
  const pattern = { units, offBefore, offAfter, length: question.to - question.from + 1 };
  const ranking = new Ranking<Found>(pattern.length, MOST);
  const add = (found: readonly Found[]) => atOnce(ranking.addAll(found, (match) => match));
  add(inSteps(trace, signal, own, atOnce(findMatches(on, pattern, question))));
  for (const other of await othersOf(terminal, network, reading, values, own, fits)) {
    const searched = await runOn(other.sequence);
    const there = signalOf(searched, other.sequence, address);
    const onThere = atOnce(onUnits(there, threshold));
    add(inSteps(searched, there, other, atOnce(findMatches(onThere, pattern))));
  }
  const asked = { ...pattern, threshold };
  await terminal.write(
    values.json
      ? [`${JSON.stringify({ ...inJson(asked, ranking), ...firstJson(chosen) }, null, 2)}\n`]
      : inWords(values, asked, signal.units, ranking, chosen),
  );
  return EXIT.ok;
};

function demanded(values: Values, option: string, example: string): string {
  const value = values[option];
  if (typeof value === 'string') return value;
  throw new Failure(EXIT.usage, `match needs --${option}, such as --${option} ${example}`);
}

function thresholdOf({ threshold = '0.3' }: Values): number {
  const value = threshold === '' ? NaN : Number(threshold);
  if (Number.isFinite(value)) return value;
  throw new Failure(EXIT.usage, `--threshold takes a number, found ${oneLine(String(threshold))}`);
}

/** First and last step, both of them in the range. */
function rangeOf(values: Values): readonly [number, number] {
  const text = demanded(values, 'range', '10:15');
  const found = /^(\d+)(?::(\d+))?$/.exec(text);
  if (found) {
    const first = Number(found[1]);
    return [first, Number(found[2] ?? first)];
  }
  throw new Failure(
    EXIT.usage,
    `--range takes the first and the last step, such as 10:15, found ${oneLine(text)}`,
  );
}

/** Fails, naming the signals there are, if the run will not have this one. */
function demandSignal(network: Network, sequence: Sequence, address: SignalAddress): void {
  inOption(() => plannedSignal(network, sequence, plan(network, sequence), address, 'nothing to search'));
}

function signalOf(trace: Trace, sequence: Sequence, address: SignalAddress): SignalTrace {
  return inOption(() => signalAt(withInput(trace, sequence), address));
}

function inOption<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    throw error instanceof RangeError ? new Failure(EXIT.usage, oneLine(`--signal ${error.message}`)) : error;
  }
}

function rowsOfRange(trace: Trace, signal: SignalTrace, [first, last]: readonly [number, number]) {
  const [from, to] = [first, last].map((step) => rowOfStep(trace, signal, step));
  if (from >= 0 && to >= from) return { from, to };
  const held =
    signal.rows === 1 ? `only step ${stepOfRow(trace, signal, 0)}` : `steps 0 to ${trace.steps - 1}`;
  throw new Failure(
    EXIT.usage,
    `--range ${first}:${last}: expected steps that the signal has, the first before the last: it has ${held}`,
  );
}

/** Fails, with what helps, if no unit is on. */
function unitsOf(units: number[], threshold: number, question: PatternQuestion): number[] {
  if (units.length > 0) return units;
  const margins = question.offBefore + question.offAfter > 0 ? ' and off beside it' : '';
  const advice = 'take a shorter range or a lower --threshold';
  throw new Failure(EXIT.input, `no unit is above ${threshold} through the whole range${margins}: ${advice}`);
}

/** The model's other samples, and what `--in` names. A sample that is too long to be run is said to be left out. */
async function othersOf(
  terminal: Terminal,
  network: Network,
  reading: Reading,
  values: Values,
  own: Searched,
  fits: LengthCheck,
): Promise<Searched[]> {
  const others: Searched[] = [];
  for (const { name, sequence } of reading.samples) {
    if (name === own.sample) continue;
    try {
      fits(sequence);
      others.push({ sample: name, sequence });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      terminal.say(oneLine(`the sample ${quote(name)} is not searched: ${error.message}`));
    }
  }
  const file = values.in;
  if (typeof file !== 'string') return others;
  const read = await sequenceFromFile(terminal, network, file, limitsOf(values), undefined, fits, '--in');
  return [
    ...others,
    { sample: terminal.files.nameOf(file), sequence: further(terminal, network, read, reading) },
  ];
}

/** With rows as the steps that they belong to. */
function inSteps(trace: Trace, signal: SignalTrace, where: Searched, matches: readonly Match[]): Found[] {
  const step = (row: number) => stepOfRow(trace, signal, row);
  return matches.map(({ from, to, score }) => ({ where, from: step(from), to: step(to), score }));
}

/** A pattern, and above what its units are. */
interface Asked extends Pattern {
  readonly threshold: number;
}

function inJson(
  { units, threshold, offBefore, offAfter }: Asked,
  { found, matches: ranked }: Ranking<Found>,
) {
  const matches = ranked.map(({ where, from, to, score }) => {
    return { sample: where.sample, from, to, score };
  });
  return { units, threshold, offBefore, offAfter, found, matches };
}

function* inWords(
  values: Values,
  { units, threshold }: Asked,
  all: number,
  { found, matches }: Ranking<Found>,
  begun: Pick<Chosen, 'from'>,
): Generator<string> {
  const listed = units.length > MAX_UNITS ? [...units.slice(0, MAX_UNITS), '…'] : units;
  const where = oneLine(`${String(values.signal)} through steps ${String(values.range)}`);
  yield `${units.length} of ${counted(all, 'unit')} above ${threshold} in ${where}: ${listed.join(', ')}\n`;
  yield* firstText(begun);
  if (found === 0) {
    yield 'no other place has half of them on\n';
    return;
  }
  const bars = new Map<Sequence, readonly string[]>();
  const written = (sequence: Sequence): readonly string[] => {
    if (sequence.kind === 'token') return sequence.tokens;
    const known = bars.get(sequence) ?? barsOf(sequence);
    bars.set(sequence, known);
    return known;
  };
  const rows = matches
    .slice(0, MAX_ROWS)
    .map(({ where: { sample, sequence }, from, to, score }) => [
      ...[short(score), `${from}:${to}`, oneLine(sample ?? '–')],
      surroundings(written(sequence), from, to),
    ]);
  yield* tableLines(['score', 'steps', 'sample', 'there'], rows).map((line) => `${line}\n`);
  if (found > MAX_ROWS) yield `… ${found - MAX_ROWS} more; --json has up to ${MOST}\n`;
}

/** The tokens of a place between brackets, with some before and after; of numbers the first feature, as a line of bars. */
function surroundings(tokens: readonly string[], from: number, to: number): string {
  const gap = tokens.every((token) => Array.from(token).length === 1) ? '' : ' ';
  const part = (first: number, last: number) => tokens.slice(Math.max(0, first), last).join(gap);
  const place = to - from < SHOWN_STEPS ? part(from, to + 1) : `${part(from, from + SHOWN_STEPS)}…`;
  return oneLine(`${part(from - CONTEXT, from)}[${place}]${part(to + 1, to + 1 + CONTEXT)}`);
}

const BARS = '▁▂▃▄▅▆▇█';

/** A bar a step, as high as the first feature is between its least and its largest number; `·` where it is no number. */
function barsOf({ values, size }: VectorSequence): string[] {
  const first = values.filter((_, at) => at % size === 0);
  const finite = first.filter(Number.isFinite);
  const [least, most] = finite.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  const scale = (BARS.length - 1) / (most - least || 1);
  return Array.from(first, (value) =>
    Number.isFinite(value) ? BARS[Math.round((value - least) * scale)] : '·',
  );
}

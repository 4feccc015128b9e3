/** What the network predicts, over the run: as in the panel. */
import { forecastOf, forecastWithin, nextTokens, outputRow, type Ran } from '../../engine/outputOfRun';
import type { SliceOptions } from '../../engine/slices';
import { outputReading } from '../../model/outputs';
import { windowBounds } from '../../model/sequences/window';
import type { Theme } from '../../picture/colour/color';
import { inputsOf } from '../../picture/inputs';
import { outputNamer, pictureTitle } from '../../picture/names';
import { outputBars, rowTitle, type OutputBar } from '../../picture/output/bars';
import { classesPicture, showsClasses, usualUnit } from '../../picture/output/classes';
import { formatOf, inUnits } from '../../picture/output/forecast';
import { keysOf, linesPicture, notesOf, numbersOf, remarksOn, unitTitle } from '../../picture/output/lines';
import { meanInWords, sharesOf } from '../../picture/output/next';
import { barsSheet, seriesSheet, tokensSheet } from '../../picture/output/svg';
import type { TokenPicture } from '../../picture/output/tokens';
import { words as ofOutput } from '../../picture/output/words';
import type { Sheet } from '../../picture/svgText';
import type { Translate } from '../../words/translate';
import type { ExportedRun } from '../exported';
import { ChoiceError, byChoice, type ExportOptions } from '../format';
import { words } from '../words';
import { figuresOf } from './figures';

const SIZE = { width: 960, height: 260 };
const MOST_BARS = 12;

type Bounds = readonly [from: number, to: number];

/** Of texts how probable each token was, of classes the likeliest; else, or where it is chosen, a unit beside what it predicts. */
export async function outputOf(
  run: ExportedRun,
  { range, unit }: ExportOptions,
  theme: Theme,
  how: SliceOptions & { readonly translate: Translate },
): Promise<Sheet> {
  const { network, fileName, kept, origin } = run;
  const { sequence } = run.ran;
  const { steps } = sequence;
  const bounds: Bounds = range ? windowBounds(range, steps) : [0, steps];
  const { top } = await figuresOf(kept, network, how);
  const ran = ranOf(run);
  const titled = (what: string) => pictureTitle(fileName, origin.sample, what);
  if (unit === undefined) {
    const next = ran ? nextTokens(ran) : new Float32Array(0);
    if (sequence.kind === 'token' && next.length === steps) {
      const picture = part({ tokens: sequence.tokens, shares: sharesOf(next) }, bounds);
      const mean = meanInWords(
        picture.shares,
        network.input.kind === 'token' ? network.input.vocabulary.length : 0,
      );
      const around = { title: titled(ofOutput.nextTitle), notes: notesOf([mean]) };
      return tokensSheet(around, picture, SIZE, theme, bounds[0]);
    }
    const likeliest = { top, sequence: { steps, inputs: inputsOf(sequence).inputs } };
    if (showsClasses(network, likeliest)) {
      const picture = part(classesPicture(network, likeliest), bounds);
      return tokensSheet({ title: titled(ofOutput.classesTitle) }, picture, SIZE, theme, bounds[0]);
    }
  }
  if (!ran) throw new RangeError(how.translate(words.outputNotHeld));
  const whole = await byChoice(() => forecastOf(ran, unit ?? usualUnit(network, top), null));
  const forecast = forecastWithin(whole, ...bounds);
  const numbers = numbersOf(forecast);
  const table = sequence.kind === 'vector' ? sequence.table : undefined;
  const picture = linesPicture(network, forecast, numbers, { table });
  if (picture.at.length < 2) {
    const [step] = forecast.steps;
    if (step === undefined) throw new ChoiceError(how.translate(words.noRows));
    const all = outputBars(
      outputReading(network),
      outputRow(ran.trace, step).values,
      unit === undefined ? MOST_BARS : Infinity,
    );
    const chosen = all.bars.filter((bar) => unit === undefined || bar.unit === unit);
    const bars = all.share ? chosen : chosen.map((bar) => inOwnUnits(ran, bar, chosen.length === 1));
    const title = titled(rowTitle(whole.steps.length, { steps, ...(table && { table }) }, step));
    return barsSheet({ title }, { ...all, bars }, outputNamer(network), theme);
  }
  const { error, taken } = remarksOn(network, forecast);
  const around = { title: titled(unitTitle(network, forecast.unit)), notes: notesOf([error, taken]) };
  return seriesSheet(around, keysOf(forecast, numbers), picture, SIZE, theme);
}

/** What ran, and what it gave; undefined where that is not held. */
function ranOf({ network, kept, ran: { sequence }, origin, samples = [] }: ExportedRun): Ran | undefined {
  const expected = samples.find(({ name }) => name === origin.sample)?.expected;
  const about = { network, sequence, ...(expected && { expected }) };
  if ('trace' in kept) return { ...about, trace: kept.trace };
  const { steps, output } = kept.recording;
  return output && { ...about, trace: { steps, output } };
}

type Tokens = Omit<TokenPicture, 'scale'>;

function part({ tokens, shares, names }: Tokens, [from, to]: Bounds): Tokens {
  return {
    ...{ tokens: tokens.slice(from, to), shares: shares.subarray(from, to) },
    ...(names && { names: names.slice(from, to) }),
  };
}

/** With the number as the lines over time have it. @param alone whether no other bar is beside it. */
function inOwnUnits(ran: Ran, bar: OutputBar, alone: boolean): OutputBar {
  const forecast = forecastOf(ran, bar.unit, null);
  if (!forecast.column) return bar;
  const [value] = inUnits(forecast, Float32Array.of(bar.value));
  return { ...bar, number: formatOf(forecast)(value), ...(alone && { length: Math.sign(value) }) };
}

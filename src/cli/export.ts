/** A model or a run of it, taken along as a file. */
import { basename, dirname } from 'node:path';
import type { Ran } from '../engine/gradient';
import { WHOLE_TRACE_BYTES, isRecorded, keptBytes } from '../engine/recording/plan';
import { record } from '../engine/recording/record';
import { run } from '../engine/run';
import { withInput } from '../engine/trace';
import type { ExportedRun, KeptRun, SignalChoice } from '../export/exported';
import { type ExportOptions, type Format, OPTIONS, PICTURE_VIEWS, type WriteOptions } from '../export/format';
import { FORMATS, formatOfFile } from '../export/formats';
import { signalChoice } from '../export/choice';
import type { Reading } from '../model/dialects/dialect';
import { THEME_NAMES } from '../picture/colour/themes';
import { didYouMean } from '../model/near';
import type { Network } from '../model/network';
import { type StepRange, windowBounds } from '../model/sequences/window';
import { nodeThreads } from '../platform/nodeThreads';
import { builtFile } from '../platform/builtFiles';
import { writeWhole } from '../platform/writeFile';
import { inEnglish } from '../words/translate';
import { oneOf, wholeNumber } from './arguments';
import type { Command, Values } from './command';
import { demandSteps, limitsOf } from './memory';
import { EXIT, Failure, oneLine, say } from './output';
import { filesOf, refuseOwnFiles } from './ownFiles';
import { notRunJson } from '../export/notRun';
import { partThatRuns } from './partial';
import { demand, read } from './read';
import { chosenSequence, inputsOf } from './sequence';
import { setsOf, whatIf } from './whatIf';

export const exportCommand: Command = async (model, values) => {
  const out = outOf(values);
  const format = formatOf(values, out);
  refuseOthers(format, values);
  const reading = await read(model, values);
  await refuseOwnFiles([...filesOf(model, reading, values), ...inputFiles(values)], [out]);
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once('SIGINT', end);
  try {
    const parts = { rasterise: pixelsOf, own: builtFile };
    const how = { signal: stop.signal, translate: inEnglish, onProgress: told(), ...parts };
    await writeWhole(out, await pieces(format, model, values, reading, how));
  } catch (error) {
    throw failureOf(error, out);
  } finally {
    process.off('SIGINT', end);
  }
  say(`wrote ${oneLine(out)}`);
  return EXIT.ok;
};

/** Tells how far it is, in place, where somebody looks on. */
function told(): WriteOptions['onProgress'] {
  if (!process.stderr.isTTY) return undefined;
  let before = -1;
  return (done, total) => {
    const percent = Math.floor((100 * done) / total);
    if (percent > before) process.stderr.write(`\r${percent} %${percent === 100 ? '\n' : ''}`);
    before = percent;
  };
}

/** As they are given, and behind a name. */
function inputFiles(values: Values): string[] {
  return inputsOf(values).flatMap((given) => [given, given.replace(/^[^=]*=/, '')]);
}

async function pieces(format: Format, model: string, values: Values, reading: Reading, how: WriteOptions) {
  const given = {
    detail: oneOf(values, 'detail', ['gates', 'cells'] as const),
    theme: oneOf(values, 'theme', THEME_NAMES),
    scale: scaleOf(values),
    view: oneOf(values, 'view', PICTURE_VIEWS),
  };
  const range = rangeOf(values);
  const fileName = basename(model);
  if (format.of === 'model' || (format.of === 'picture' && values['no-values'] === true)) {
    const network = demand(model, reading, ['structure']);
    return format.write({ network, fileName }, { ...given, ...(range && { range }) }, how);
  }
  const network = demand(model, reading, ['structure', 'weights']);
  const signals = signalsOf(network, values);
  const ran = await runOf(model, network, values, reading, range, how);
  const options: ExportOptions = { ...given, ...(range && { range }), ...(signals && { signals }) };
  return format.write(ran, options, how);
}

function outOf({ out }: Values): string {
  if (typeof out === 'string' && out !== '') return out;
  throw new Failure(EXIT.usage, 'export needs a file to write: -o FILE');
}

function formatOf({ format }: Values, out: string): Format {
  const names = FORMATS.map(({ name }) => name);
  const found = format === undefined ? formatOfFile(out) : FORMATS.find(({ name }) => name === format);
  if (found) return found;
  if (format === undefined) {
    const message = `${out} does not say in which format: name it .${names.join(', .')}, or give --format`;
    throw new Failure(EXIT.usage, oneLine(message));
  }
  const hint = didYouMean(String(format), names);
  throw new Failure(
    EXIT.usage,
    oneLine(`--format takes ${names.join(', ')}, found ${String(format)}${hint}`),
  );
}

/** Fails if an option is for other formats. */
function refuseOthers(format: Format, values: Values): void {
  const strange = OPTIONS.find((name) => values[name] !== undefined && !format.options.includes(name));
  if (!strange) return;
  const takers = FORMATS.filter(({ options }) => options.includes(strange)).map(({ name }) => name);
  const others = takers.length > 0 ? `it is for ${takers.join(', ')}` : 'no format does';
  throw new Failure(EXIT.usage, `the format ${format.name} does not take --${strange}: ${others}`);
}

const MOST_SCALE = 4;

function scaleOf({ scale }: Values): number | undefined {
  if (scale === undefined) return undefined;
  const number = Number(scale);
  if (number >= 1 && number <= MOST_SCALE) return number;
  throw new Failure(
    EXIT.usage,
    oneLine(`--scale takes a number from 1 to ${MOST_SCALE}, found ${String(scale)}`),
  );
}

function rangeOf(values: Values): StepRange | undefined {
  const from = wholeNumber(values, 'from');
  const steps = wholeNumber(values, 'steps', 1);
  if (from === undefined && steps === undefined) return undefined;
  return { from: from ?? 0, ...(steps !== undefined && { steps }) };
}

function signalsOf(network: Network, { signal }: Values): SignalChoice[] | undefined {
  if (!Array.isArray(signal)) return undefined;
  return signal.map((text: string) => {
    const { choice, fault } = signalChoice(network, text);
    if (choice) return choice;
    throw new Failure(EXIT.usage, oneLine(`--signal ${text}: ${fault}`));
  });
}

async function runOf(
  model: string,
  network: Network,
  values: Values,
  reading: Reading,
  range: StepRange | undefined,
  { signal }: WriteOptions,
): Promise<ExportedRun> {
  const whole = { ...values, from: undefined, steps: undefined };
  const chosen = await chosenSequence(model, network, reading, whole, (lengths) => {
    if (range) inRun(() => windowBounds(range, lengths.steps));
    demandSteps(values, 'the run', network, lengths, { bytesOf: keptBytes });
  });
  const set = setsOf(values);
  const { sequence, clamps } = whatIf(network, chosen.sequence, set);
  const part = partThatRuns(network, sequence);
  const ran = { network, weights: reading.weights!, sequence, clamps };
  return {
    ...{ network, fileName: basename(model), ran },
    kept: await keptRun(ran, limitsOf(values).memory, signal),
    origin: {
      model: network.name,
      dialect: network.dialect,
      trained: reading.trained,
      sample: chosen.sample,
    },
    sets: set,
    beside: { ...(set.length > 0 && { set }), ...notRunJson(network, part) },
    unchanged: chosen.sequence,
    samples: reading.samples,
  };
}

/** A range that is not within the run is wrong usage. */
function inRun<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof RangeError ? new Failure(EXIT.usage, error.message) : error;
  }
}

async function keptRun(
  { network, weights, sequence, clamps }: Ran,
  memory: number,
  signal: AbortSignal | undefined,
): Promise<KeptRun> {
  const options = { clamps, helper: nodeThreads(), ...(signal && { signal }) };
  if (isRecorded(network, sequence, Math.min(WHOLE_TRACE_BYTES, memory))) {
    return { recording: await record(network, weights, sequence, options) };
  }
  return { trace: withInput(await run(network, weights, sequence, options), sequence) };
}

/** Says which characters are left out. */
async function pixelsOf(svg: string): Promise<Uint8Array> {
  const { rasterise } = await import('../platform/rasterise');
  const { png, without } = await rasterise(svg);
  if (without.length > 0) {
    const some = without.slice(0, 10).join(' ') + (without.length > 10 ? ' …' : '');
    say(
      oneLine(
        `no font of this computer has ${some}: boxes stand in their place; SVG leaves it to the reader's fonts`,
      ),
    );
  }
  return png;
}

function failureOf(error: unknown, out: string): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof RangeError) return new Failure(EXIT.input, oneLine(error.message));
  if (error instanceof Error && 'code' in error) {
    const why = error.code === 'ENOENT' ? `there is no folder ${dirname(out)}` : error.message;
    return new Failure(EXIT.input, oneLine(`${out} cannot be written: ${why}`));
  }
  return error;
}

/** A model or a run of it, taken along as a file. */
import { basename, dirname } from 'node:path';
import { BASELINES } from '../engine/attribution/baseline';
import { METHODS } from '../engine/attribution/methods';
import {
  ChoiceError,
  OPTIONS,
  PICTURE_VIEWS,
  VIEW_OPTIONS,
  type Format,
  type ModelFormat,
  type PictureFormat,
  type WriteOptions,
} from '../export/format';
import { FORMATS, formatOfFile } from '../export/formats';
import { didYouMean } from '../model/near';
import { THEME_NAMES } from '../picture/colour/themes';
import { builtFile } from '../platform/builtFiles';
import { writeWhole } from '../platform/writeFile';
import { inEnglish } from '../words/translate';
import type { Command, Values } from './command';
import { exportedRun, rangeOf, type ExportAsked } from './exportedRun';
import { EXIT, Failure, oneLine } from './output';
import { filesOf, refuseOwnFiles } from './ownFiles';
import { demand, read } from './read';
import { inputsOf } from './sequence';
import type { Terminal } from './terminal';
import { oneOf, wholeNumber } from './values';

export const exportCommand: Command = async (terminal, model, values) => {
  const out = outOf(values);
  const format = formatOf(values, out);
  refuseOthers(format, values);
  if (format.of === 'picture') refuseOfOtherViews(values);
  if (withoutRun(format, values)) refuseSequence(format, values);
  const reading = await read(terminal, model, values);
  await refuseOwnFiles([...filesOf(model, reading, values), ...inputFiles(values)], [out]);
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once('SIGINT', end);
  try {
    const parts = { rasterise: pixelsOf.bind(undefined, terminal), own: builtFile };
    const how = { signal: stop.signal, translate: inEnglish, onProgress: told(), ...parts };
    await writeWhole(out, await pieces({ terminal, format, model, values, reading }, how));
  } catch (error) {
    throw failureOf(error, out);
  } finally {
    process.off('SIGINT', end);
  }
  terminal.say(`wrote ${oneLine(out)}`);
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

interface Asked extends ExportAsked {
  readonly format: Format;
}

async function pieces({ format, ...asked }: Asked, how: WriteOptions) {
  const { terminal, model, values, reading } = asked;
  const given = {
    detail: oneOf(values, 'detail', ['gates', 'cells'] as const),
    theme: oneOf(values, 'theme', THEME_NAMES),
    scale: scaleOf(values),
    view: oneOf(values, 'view', PICTURE_VIEWS),
    ...taken(values),
  };
  const fileName = basename(model);
  if (withoutRun(format, values)) {
    const network = demand(terminal, model, reading, ['structure']);
    const range = rangeOf(values);
    return format.write({ network, fileName }, { ...given, ...(range && { range }) }, how);
  }
  const { ran, options } = await exportedRun(asked, how);
  return format.write(ran, { ...given, ...options }, how);
}

/** How What mattered is taken. */
function taken(values: Values) {
  return {
    step: wholeNumber(values, 'step'),
    points: wholeNumber(values, 'points', 1),
    method: oneOf(values, 'method', METHODS),
    baseline: oneOf(values, 'baseline', BASELINES),
    ...(values.logit === true && { logit: true }),
  };
}

function outOf({ out, json }: Values): string {
  if (json)
    throw new Failure(EXIT.usage, 'export takes no --json: say --format json, or name the file .json');
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

/** Fails if an option is for other views. */
function refuseOfOtherViews(values: Values): void {
  const view = oneOf(values, 'view', PICTURE_VIEWS) ?? 'diagram';
  const listed = Object.entries(VIEW_OPTIONS);
  const strange = listed
    .flatMap(([, options]) => options)
    .find((name) => values[name] !== undefined && !VIEW_OPTIONS[view].includes(name));
  if (!strange) return;
  const takers = listed.filter(([, options]) => options.includes(strange)).map(([name]) => name);
  throw new Failure(
    EXIT.usage,
    `--view ${view} does not take --${strange}: it is for --view ${takers.join(', ')}`,
  );
}

/** Whether the model alone is exported. */
function withoutRun(format: Format, values: Values): format is ModelFormat | PictureFormat {
  return format.of === 'model' || (format.of === 'picture' && values['no-values'] === true);
}

/** Fails if there is a sequence that nothing would be run on. */
function refuseSequence({ name, of }: Format, values: Values): void {
  const strange = ['sample', 'text', 'input', 'set'].find((option) => values[option] !== undefined);
  if (!strange) return;
  const what = of === 'model' ? `the format ${name}` : '--no-values';
  throw new Failure(EXIT.usage, `${what} runs nothing, so there is no place for --${strange}`);
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

/** Says which characters are left out. */
async function pixelsOf(terminal: Terminal, svg: string): Promise<Uint8Array> {
  const { rasterise } = await import('../platform/rasterise');
  const { png, without } = await rasterise(svg);
  if (without.length > 0) {
    const some = without.slice(0, 10).join(' ') + (without.length > 10 ? ' …' : '');
    terminal.say(
      oneLine(
        `no font of this computer has ${some}: � stands in their place; SVG leaves it to the reader's fonts`,
      ),
    );
  }
  return png;
}

function failureOf(error: unknown, out: string): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof ChoiceError) return new Failure(EXIT.usage, oneLine(error.message));
  if (error instanceof RangeError) return new Failure(EXIT.input, oneLine(error.message));
  if (error instanceof Error && 'code' in error) {
    return new Failure(EXIT.input, oneLine(`${out} cannot be written: ${whyNot(error, out)}`));
  }
  return error;
}

function whyNot({ code, message }: Error & { readonly code?: unknown }, out: string): string {
  if (code === 'ENOENT') return `there is no folder ${dirname(out)}`;
  if (code === 'ENOTDIR') return `${dirname(out)} is no folder`;
  if (['EACCES', 'EPERM', 'EROFS'].includes(String(code))) return 'it is read-only, or its folder is';
  return code === 'EISDIR' ? 'it is a folder' : message;
}

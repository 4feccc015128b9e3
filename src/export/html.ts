import { gzipSync, strToU8 } from 'fflate';
import type { SignalAddress } from '../model/network';
import type { Sequence } from '../model/samples';
import { OUTPUT, type ExportedRun } from './exported';
import { ChoiceError, type ExportOptions, type RunFormat } from './format';
import { packed, toBase64 } from './packed';
import { PAGE_FILE, PLACES, type PageScene } from './pageScene';
import { chosenSignals } from './signals';
import { dataBlock, spoken } from '../words/translated';
import { words } from './words';

/** Of weights and sequences: what a browser still opens at once. */
const MOST_BYTES = 8 << 20;
/** Of the samples that are not shown at first; where they are more, they are left out. */
const OTHER_SAMPLES_BYTES = 256 << 10;

/**
 * The panel as one page, with the engine and the model in it, which opens from a disk and asks no network for anything.
 * Nothing of the model becomes a part of the page's own text but its name: the rest is compressed, as Base64.
 */
export const html: RunFormat = {
  name: 'html',
  label: 'Web page',
  about: words.html,
  endings: ['html', 'htm'],
  of: 'run',
  options: ['from', 'signal', 'detail', 'theme'],
  async *write(run, options, { translate, own }) {
    if (!own) throw new RangeError(translate(words.noPage));
    if (options.theme === 'print') throw new ChoiceError(translate(words.noPrintedPage));
    const bytes = bytesOfWeights(run) + bytesOf(sequenceOf(run));
    if (bytes > MOST_BYTES) {
      const [found, most] = [bytes, MOST_BYTES].map((size) => (size / 2 ** 20).toFixed(1));
      throw new RangeError(translate(words.tooLargeForPage, most, found));
    }
    const scene = await sceneOf(run, options, translate(words.ownSequence));
    const page = new TextDecoder().decode(await own(PAGE_FILE));
    const { language, sentences } = spoken();
    const filled = {
      language: escaped(language),
      title: escaped(run.network.name || run.fileName),
      theme: options.theme ?? '',
      needs: escaped(translate(words.needs)),
      noScript: escaped(translate(words.noScript)),
      sentences: dataBlock(sentences),
      scene: toBase64(gzipSync(strToU8(packed(scene)))),
    };
    let rest = page;
    for (const place of PLACES) {
      const mark = `{{${place}}}`;
      const at = rest.indexOf(mark);
      yield rest.slice(0, at) + filled[place];
      rest = rest.slice(at + mark.length);
    }
    yield rest;
  },
};

async function sceneOf(run: ExportedRun, options: ExportOptions, ownTitle: string): Promise<PageScene> {
  const { network, fileName, ran, origin, title = ownTitle, samples = [], sets = [] } = run;
  const shown = samples.find(({ name }) => name === origin.sample);
  const others = samples.filter((sample) => sample !== shown);
  const all = others.reduce((sum, one) => sum + bytesOf(one.sequence), 0) <= OTHER_SAMPLES_BYTES;
  const signal = await signalOf(run, options);
  return {
    ...{ network, fileName, weights: ran.weights, trained: origin.trained },
    ...{ sequence: sequenceOf(run), sample: origin.sample, title: origin.sample ?? title },
    samples: all ? samples : shown ? [shown] : [],
    sets,
    step: options.range?.from ?? 0,
    detail: options.detail ?? 'gates',
    ...(signal && { signal }),
  };
}

/** The first signal that is chosen, its state where a whole layer is. */
async function signalOf(
  { kept }: ExportedRun,
  { signals }: ExportOptions,
): Promise<SignalAddress | undefined> {
  if (!signals) return undefined;
  const found = (await chosenSignals(kept, { signals })).filter(({ layer }) => layer !== OUTPUT);
  const { layer, level, direction, signal } = found.find((one) => one.signal === 'h') ?? found[0] ?? {};
  return layer === undefined ? undefined : { layer, level, direction, signal };
}

function sequenceOf({ ran, unchanged }: ExportedRun): Sequence {
  return unchanged ?? ran.sequence;
}

function bytesOfWeights({ ran }: ExportedRun): number {
  return [...ran.weights.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
}

function bytesOf(sequence: Sequence): number {
  const further = [...(sequence.more?.values() ?? [])].reduce((sum, one) => sum + bytesOf(one), 0);
  const own =
    sequence.kind === 'vector'
      ? sequence.values.byteLength
      : sequence.ids.byteLength + sequence.tokens.reduce((sum, { length }) => sum + length, 0);
  return own + further;
}

/** As text of a page. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

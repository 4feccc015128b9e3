/** Every unit of a signal over the run. */
import { rowsOf } from '../../engine/rows';
import type { SliceOptions } from '../../engine/slices';
import { isRecurrent, type Network, type SignalAddress } from '../../model/network';
import { addressKey } from '../../model/states';
import type { Theme } from '../../picture/colour/color';
import { roomySize } from '../../picture/heatmap/layout';
import { shadesOf } from '../../picture/heatmap/shades';
import { heatmapSheet } from '../../picture/heatmap/svg';
import { inputsOf } from '../../picture/inputs';
import { pictureTitle, signalInWords } from '../../picture/names';
import type { Sheet } from '../../picture/svgText';
import type { Translate } from '../../words/translate';
import { OUTPUT, type ExportedRun } from '../exported';
import { ChoiceError, type ExportOptions } from '../format';
import { chosenSignals } from '../signals';
import { words } from '../words';
import { figuresOf } from './figures';

/** Columns of a picture for a page: two in one of its pixels. */
const MOST_COLUMNS = 1920;

export async function heatmapOf(
  run: ExportedRun,
  { range, signals }: ExportOptions,
  theme: Theme,
  how: SliceOptions & { readonly translate: Translate },
): Promise<Sheet> {
  const { network, kept, ran, fileName, origin } = run;
  const chosen = await chosenSignals(kept, {
    ...(range && { range }),
    signals: signals ?? [usualSignal(network)],
  });
  const shown = chosen.filter(({ layer }) => layer !== OUTPUT);
  if (shown.length !== 1) throw new ChoiceError(how.translate(words.oneSignal));
  const [{ units, from, to, ...address }] = shown;
  if (from === to) throw new ChoiceError(how.translate(words.noRows));
  const { signals: summaries } = await figuresOf(kept, network, how);
  const summary = summaries.find((one) => addressKey(one) === addressKey(address))!;
  const columns = Math.min(to - from, MOST_COLUMNS);
  const question = { signal: address, from, to, columns };
  const rows = 'trace' in kept ? rowsOf(kept.trace, question) : await kept.recording.rows(question);
  const subject = {
    ...{ summary, from, to, shades: shadesOf(rows, summary.scale) },
    sequence: { steps: ran.sequence.steps, inputs: inputsOf(ran.sequence).inputs },
    order: { units: Int32Array.from({ length: units }, (_, unit) => unit) },
  };
  const title = pictureTitle(fileName, origin.sample, signalInWords(network, address));
  return heatmapSheet(title, subject, roomySize(units, to - from), theme);
}

/** The state that remembers, of the first recurrent layer; else what the last layer gives. */
export function usualSignal({ layers }: Network): SignalAddress {
  const layer = layers.find(isRecurrent);
  const place = { level: 0, direction: layer?.directions[0] ?? ('forward' as const) };
  if (!layer) return { ...place, layer: layers[layers.length - 1].name, signal: 'y' };
  return { ...place, layer: layer.name, signal: layer.type === 'lstm' ? 'c' : 'h' };
}

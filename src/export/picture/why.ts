/** Why a unit has its value at a step. */
import { explainingRecording, explainingTrace } from '../../engine/explain/ofRun';
import { largestApart } from '../../engine/explain/term';
import { runningPart } from '../../model/partial';
import type { Theme } from '../../picture/colour/color';
import { pictureTitle } from '../../picture/names';
import type { Sheet } from '../../picture/svgText';
import { whySheet } from '../../picture/why/svg';
import type { ExportedRun } from '../exported';
import { byChoice, type ExportOptions } from '../format';
import { withoutInput } from './figures';
import { usualSignal } from './heatmap';

/** Bars that a page has room for. */
const ROOM = 16;

/** Of the state that remembers, at the last step, of the unit that stands out there, where nothing is chosen. */
export async function whyOf(
  { network, kept, ran, fileName, origin }: ExportedRun,
  { at }: ExportOptions,
  theme: Theme,
): Promise<Sheet> {
  const explain =
    'trace' in kept
      ? explainingTrace({ ...ran, network: runningPart(network, ran.sequence) }, withoutInput(kept.trace))
      : explainingRecording(kept.recording);
  const { terms, ...found } = await byChoice(() => explain(at ?? usualSignal(network)));
  const head = pictureTitle(fileName, origin.sample);
  return whySheet(head, network, { ...found, ...largestApart(terms, Infinity) }, ROOM, theme);
}

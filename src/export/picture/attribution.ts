/** What each step of the input brings to the output. */
import { attribute } from '../../engine/attribution/attribute';
import { findingsOf } from '../../engine/attribution/findings';
import type { SliceOptions } from '../../engine/slices';
import { inputOf } from '../../model/network';
import { rowOfStep } from '../../model/time';
import { lookedAt } from '../../picture/attribution/found';
import { titleOf } from '../../picture/attribution/say';
import { attributionSheet } from '../../picture/attribution/svg';
import type { Theme } from '../../picture/colour/color';
import { inputsOf } from '../../picture/inputs';
import { pictureTitle } from '../../picture/names';
import type { Sheet } from '../../picture/svgText';
import { words as common } from '../../picture/words';
import { attributionInWords } from '../../words/attribution';
import type { Translate } from '../../words/translate';
import type { ExportedRun } from '../exported';
import { byChoice, type ExportOptions } from '../format';
import { figuresOf } from './figures';

const WIDTH = 960;

/** Of the largest number of the last output, where nothing else is chosen, as in the panel. */
export async function attributionOf(
  { network, kept, ran, fileName, origin }: ExportedRun,
  { step, unit, method, baseline, points, logit }: ExportOptions,
  theme: Theme,
  how: SliceOptions & { readonly translate: Translate },
): Promise<Sheet> {
  const { top } = await figuresOf(kept, network, how);
  const { sequence, weights, clamps } = ran;
  const last = top.unit.length - 1;
  const row = step === undefined ? last : rowOfStep(sequence, { rows: top.unit.length }, step);
  const largest = Math.max(0, top.unit[row] ?? 0);
  const options = { ...how, step, unit: unit ?? largest, method, baseline, points, logit, clamps };
  const found = await byChoice(() => attribute(network, weights, sequence, options));
  const { translate } = how;
  const text = attributionInWords(findingsOf(found), { translate, step: common.time });
  const [{ layer }] = found.inputs;
  const looked = lookedAt(network, inputsOf(sequence), { ...found, text }, layer);
  const title = pictureTitle(fileName, origin.sample, titleOf(network, found));
  return attributionSheet(title, looked, inputOf(network, layer), { width: WIDTH }, theme);
}

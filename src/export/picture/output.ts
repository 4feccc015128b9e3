/** What the network predicts, over the run. */
import { forecastOf, nextTokens } from '../../engine/outputOfRun';
import { outputNames, outputReading } from '../../model/outputs';
import type { Theme } from '../../picture/colour/color';
import { formatCount } from '../../picture/format';
import { seriesSheet, tokensSheet } from '../../picture/output/svg';
import type { Line } from '../../picture/output/series';
import type { Sheet } from '../../picture/svgText';
import { visible } from '../../unroll/mermaid';
import type { Translate } from '../../words/translate';
import type { ExportedRun } from '../exported';
import type { ExportOptions } from '../format';
import { words } from '../words';

const SIZE = { width: 960, height: 260 };

/** Of texts how probable each token was; else the first unit of the output beside what it predicts. */
export async function outputOf(
  { network, kept, ran: { sequence }, fileName }: ExportedRun,
  _: ExportOptions,
  theme: Theme,
  { translate }: { readonly translate: Translate },
): Promise<Sheet> {
  if (!('trace' in kept)) throw new RangeError(translate(words.outputNotHeld));
  const ran = { network, sequence, trace: kept.trace };
  const next = nextTokens(ran);
  if (sequence.kind === 'token' && next.length === sequence.steps) {
    const shares = Float32Array.from(next, (__, token) => (token === 0 ? NaN : next[token - 1]));
    const picture = { tokens: sequence.tokens, shares };
    return tokensSheet(`${fileName} · ${translate(words.nextTitle)}`, picture, SIZE, theme);
  }
  const { against, steps, prediction, truth, before } = forecastOf(ran, 0, null);
  if (prediction.length < 2) throw new RangeError(translate(words.nothingToDraw, translate(words.output)));
  const all = { before, truth, prediction };
  const lines = (['before', 'truth', 'prediction'] as const).flatMap((kind): Line[] => {
    const values = all[kind];
    return values ? [{ kind, values }] : [];
  });
  const keys = lines.map(({ kind }) => ({ kind, text: translate(words[kind]) })).reverse();
  const ahead = against.kind === 'input' ? against.ahead : 0;
  const picture = {
    at: steps.map((step) => step + ahead),
    lines,
    shares: outputReading(network) !== 'numbers',
    named: (step: number) => formatCount(step + 1),
  };
  const name = outputNames(network)?.[0];
  const title = [fileName, name === undefined ? 'y[0]' : visible(name)].join(' · ');
  return seriesSheet(title, keys, picture, SIZE, theme);
}

/** One unit of the output over time, in the data's own units and dates, beside what it is compared with. */
import type { Network } from '../../model/network';
import { outputReading } from '../../model/outputs';
import type { Forecast, SequenceSummary } from '../../protocol';
import { formatCount } from '../format';
import { outputNamer } from '../names';
import { aheadOf, errorInWords, inUnits, takenInWords } from './forecast';
import { isShare } from './rank';
import type { Line, LineKind, SeriesPicture } from './series';
import { words } from './words';

const KINDS: readonly LineKind[] = ['prediction', 'truth', 'before'];

export type Numbers = Readonly<Partial<Record<LineKind, Float32Array>>>;

/** In the data's own units; what it is compared with only where there is some. */
export function numbersOf(forecast: Forecast): Numbers {
  return Object.fromEntries(
    KINDS.flatMap((kind) => {
      const values = forecast[kind];
      return values?.some((value) => !Number.isNaN(value)) || kind === 'prediction'
        ? [[kind, inUnits(forecast, values!)]]
        : [];
    }),
  );
}

export function linesPicture(
  network: Network,
  forecast: Forecast,
  numbers: Numbers,
  { table }: Pick<SequenceSummary, 'table'>,
): SeriesPicture {
  const lines = KINDS.toReversed().flatMap((kind): Line[] => {
    const values = numbers[kind];
    return values ? [{ kind, values }] : [];
  });
  const ahead = aheadOf(forecast);
  const dates = table?.dates;
  return {
    at: ahead === 0 ? forecast.steps : forecast.steps.map((step) => step + ahead),
    lines,
    shares: isShare(outputReading(network)),
    dated: dates !== undefined,
    named: (step) => (dates ? (dates[step] ?? '') : formatCount(step + 1)),
  };
}

/** What the lines are called, as far as they are there. */
export function keysOf({ against }: Forecast, numbers: Numbers): { kind: LineKind; text: string }[] {
  const names: Readonly<Record<LineKind, string>> = {
    prediction: words.prediction,
    truth: against.kind === 'expected' ? words.known : words.truth,
    before: words.asBefore,
  };
  return KINDS.filter((kind) => numbers[kind]).map((kind) => ({ kind, text: names[kind] }));
}

/** The unit's name; that of an output that has a single one without a name is `y`. */
export function unitTitle(network: Network, unit: number): string {
  const single = network.layers.at(-1)?.outputSize === 1 && !network.outputLabels;
  return single ? 'y' : outputNamer(network)(unit);
}

/** How far off it is, and what it is compared with and why; as far as there is something to say. */
export function remarksOn(
  network: Network,
  forecast: Forecast,
): { readonly error: string | null; readonly taken: string | null } {
  const share = isShare(outputReading(network));
  return {
    error: errorInWords(forecast),
    taken: share && !forecast.error ? null : takenInWords(network, forecast),
  };
}

/** Those that say something. */
export function notesOf(remarks: readonly (string | null)[]): string[] {
  return remarks.filter((remark): remark is string => remark !== null && remark !== '');
}

/** A forecast in the data's own units and dates, and in words. No DOM. */
import type { Network } from '../../model/network';
import type { Forecast, SequenceSummary } from '../../protocol';
import { formatCount } from '../format';
import { quoted } from '../names';
import { fill } from '../words';
import { words } from './words';

/** From the model's numbers to those of the table. */
export function inUnits({ column }: Pick<Forecast, 'column'>, values: Float32Array): Float32Array {
  if (!column || (column.mean === 0 && column.deviation === 1)) return values;
  const { mean, deviation } = column;
  return values.map((value) => value * deviation + mean);
}

/** How many steps after its own a row is about. */
export function aheadOf({ against }: Pick<Forecast, 'against'>): number {
  return against.kind === 'input' ? against.ahead : 0;
}

/** The date of a step where the table has one; else its number. What lies behind the last has only a number. */
export function stepInWords({ table }: Pick<SequenceSummary, 'table'>, step: number): string {
  return table?.dates?.[step] ?? fill(words.step, formatCount(step + 1));
}

/** How far off the prediction is, beside saying that nothing changes; null where it cannot be told. */
export function errorInWords(forecast: Forecast): string | null {
  const { error, column } = forecast;
  if (!error) return null;
  const factor = column && column.deviation > 0 ? column.deviation : 1;
  const unit = column?.name === undefined ? '' : fill(words.ofUnit, column.name);
  const [own, same] = [error.model * factor, error.before * factor];
  const change = error.before > 0 ? error.model / error.before - 1 : NaN;
  return fill(
    words.error,
    significant(own),
    unit,
    significant(same),
    changeInWords(change),
    formatCount(error.rows),
  );
}

/** Beyond it an error is told in times the other. */
const MOST_PERCENT = 200;

function changeInWords(change: number): string {
  const size = Math.round(Math.abs(change) * 100);
  if (Number.isNaN(change)) return fill(words.more, '∞');
  if (size === 0) return words.same;
  if (change > MOST_PERCENT / 100) return fill(words.times, timesInWords(1 + change));
  return fill(change < 0 ? words.less : words.more, `${formatCount(size)}%`);
}

function timesInWords(times: number): string {
  return times < 10 ? times.toFixed(1) : formatCount(Math.round(times));
}

/** Numbers of a table as far as they differ: to a hundredth of their deviation or less. */
export function formatOf({ column }: Pick<Forecast, 'column'>): (value: number) => string {
  const deviation = column?.deviation ?? 0;
  if (!(deviation > 1e-6 && deviation < 1e6) || (column!.mean === 0 && deviation === 1)) return significant;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(deviation)));
  const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return (value) =>
    Number.isFinite(value) ? value.toLocaleString('en', shown).replace('-', '−') : significant(value);
}

/** Three digits that count. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : `${value < 0 ? '−' : ''}∞`;
  const size = Math.abs(value);
  const digits =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? size.toExponential(2).replace('e+', 'e').replace('e-', 'e−')
      : size >= 100
        ? Number(size.toFixed(1)).toLocaleString('en')
        : size.toPrecision(3);
  return value < 0 && Number(size.toPrecision(3)) !== 0 ? `−${digits}` : digits;
}

/** What a prediction is compared with, and why. */
export function takenInWords(network: Network, { against, byFile, unit, column }: Forecast): string {
  if (against.kind === 'nothing') return byFile ? words.noTruth : '';
  if (!byFile) return '';
  if (against.kind === 'expected') return words.byExpected;
  const name = column?.name ?? featureName(network, against.feature);
  return fill(words.byName, name, quoted(network.outputLabels?.[unit] ?? ''));
}

export function featureName({ input }: Network, feature: number): string {
  const name = input.kind === 'vector' ? input.features?.[feature] : undefined;
  return name ?? (input.kind === 'vector' && input.size === 1 ? 'x' : fill(words.feature, feature));
}

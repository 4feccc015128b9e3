/** Numbers as people read them. */
import type { PanelSettings } from '../panelSettings';

let inFull = false;

/** Of `formatPrecise`, from now on: as it is described there, or each number with all its digits. */
export function setNumberFormat(format: PanelSettings['numberFormat']): void {
  inFull = format === 'full';
}

/** Two digits after the point, fewer for large numbers, with a true minus sign: short enough for a node. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size >= 1e4) return short(value);
  const digits = size.toFixed(size < 100 ? 2 : 1);
  return value < 0 && Number(digits) !== 0 ? `−${digits}` : digits;
}

/** Of numbers up to a size, all with as many digits after the point: three of the largest say something. */
export function formatUpTo(reach: number): (value: number) => string {
  if (!(reach > 0 && reach < 1)) return formatValue;
  if (reach < 1e-4) return short;
  const digits = 2 - Math.floor(Math.log10(reach));
  return (value) => {
    if (!Number.isFinite(value)) return short(value);
    const size = Math.abs(value).toFixed(digits);
    return value < 0 && Number(size) !== 0 ? `−${size}` : size;
  };
}

/** With its sign, also where that is a plus. */
export function formatSigned(value: number): string {
  return value > 0 ? `+${formatValue(value)}` : formatValue(value);
}

/** As `formatValue`, but a small number keeps two digits that say something; where the user wants them, all digits. */
export function formatPrecise(value: number): string {
  return inFull && Number.isFinite(value) ? full(value) : short(value);
}

/** The fewest digits that read back to the same float32. */
function full(value: number): string {
  const single = Math.fround(value);
  const digits = [6, 7, 8, 9].find((count) => Math.fround(Number(single.toPrecision(count))) === single) ?? 9;
  return String(Number(single.toPrecision(digits))).replaceAll('-', '−');
}

function short(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size >= 1e4 || (size < 1e-4 && size > 0)) return sign + exponential(size);
  if (size < 0.1 && size > 0) return sign + size.toFixed(1 - Math.floor(Math.log10(size)));
  return formatValue(value);
}

function exponential(size: number): string {
  const [digits, exponent] = size.toExponential(1).split('e');
  return `${digits}e${exponent.replace('+', '').replace('-', '−')}`;
}

/** A scale's end: two significant digits. */
export function formatScale(value: number): string {
  if (value >= 1e6 || value < 1e-4) return exponential(value);
  return value >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(2)));
}

const counts = new Intl.NumberFormat('en');

/** A whole number with thousands separators. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** A duration: tenths of a millisecond below ten, whole milliseconds below a second, seconds beyond. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10) return `${Math.max(milliseconds, 0.1).toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A share: `79%`, `4.2%`, `<0.1%`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'NaN';
  const hundredths = share * 100;
  if (hundredths > 0 && hundredths < 0.1) return '<0.1%';
  if (hundredths >= 99.95 || hundredths === 0) return `${Math.round(hundredths)}%`;
  return `${hundredths.toFixed(hundredths >= 99 || hundredths < 10 ? 1 : 0)}%`;
}

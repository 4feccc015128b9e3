/** Numbers as people read them. */

/** Two digits after the point with a true minus sign; more where that would hide a small value. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size === 0) return '0.00';
  if (size >= 1e5 || size < 5e-4) return sign + exponential(size);
  if (size < 5e-3) return sign + size.toFixed(4);
  return sign + size.toFixed(size < 100 ? 2 : 1);
}

function exponential(size: number): string {
  const [digits, exponent] = size.toExponential(1).split('e');
  return `${digits}e${exponent.replace('+', '').replace('-', '−')}`;
}

/** A scale's end: two significant digits. */
export function formatScale(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)));
}

/** A whole number with thousands separators. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** A duration: tenths of a millisecond below ten, whole milliseconds below ten seconds, seconds beyond. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10) return `${Math.max(milliseconds, 0.1).toFixed(1)} ms`;
  if (milliseconds < 10_000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

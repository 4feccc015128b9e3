/** Little-endian floating-point numbers to float32. */

export type FloatType = 'F32' | 'F64' | 'F16' | 'BF16';

export const FLOAT_BYTES: Record<FloatType, number> = { F32: 4, F64: 8, F16: 2, BF16: 2 };

/** Writes the values of type `type` that `bytes` holds, a whole number of them, into `values` from `at` on. */
export function convert(type: FloatType, bytes: Uint8Array, values: Float32Array, at: number): void {
  const count = bytes.byteLength / FLOAT_BYTES[type];
  switch (type) {
    case 'F32':
      new Uint8Array(values.buffer, values.byteOffset + 4 * at, bytes.byteLength).set(bytes);
      break;
    case 'F64': {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let k = 0; k < count; k++) values[at + k] = view.getFloat64(8 * k, true);
      break;
    }
    case 'F16':
      halves ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => half(bits));
      for (let k = 0; k < count; k++) values[at + k] = halves[bytes[2 * k] | (bytes[2 * k + 1] << 8)];
      break;
    case 'BF16': {
      const bits = new Uint32Array(values.buffer, values.byteOffset + 4 * at, count);
      for (let k = 0; k < count; k++) bits[k] = (bytes[2 * k] << 16) | (bytes[2 * k + 1] << 24);
    }
  }
}

/** The values of all halves, made when the first one is met: there may be millions to look up. */
let halves: Float32Array | undefined;

/** IEEE 754 binary16: sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The number with the fewest digits that is the same float32. */
export function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}

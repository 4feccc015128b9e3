/** Little-endian floating-point numbers to float32. */

export type FloatType = 'F32' | 'F64' | 'F16' | 'BF16';

export const FLOAT_BYTES: Record<FloatType, number> = { F32: 4, F64: 8, F16: 2, BF16: 2 };

/** `bytes` holds a whole number of values of type `type`. The result owns its memory unless it fills `bytes`'s. */
export function toFloat32(type: FloatType, bytes: Uint8Array): Float32Array {
  const count = bytes.byteLength / FLOAT_BYTES[type];
  if (type === 'F32') {
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    return new Float32Array(own.buffer as ArrayBuffer);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(count);
  if (type === 'F64') {
    for (let k = 0; k < count; k++) values[k] = view.getFloat64(8 * k, true);
  } else if (type === 'F16') {
    for (let k = 0; k < count; k++) values[k] = half(view.getUint16(2 * k, true));
  } else {
    const bits = new Uint32Array(values.buffer);
    for (let k = 0; k < count; k++) bits[k] = view.getUint16(2 * k, true) << 16;
  }
  return values;
}

/** IEEE 754 binary16: sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

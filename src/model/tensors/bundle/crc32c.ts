/** CRC-32C (RFC 3720, B.4), as TensorFlow and LevelDB keep it beside their data: turned and shifted (crc32c.h, `Mask`). */

const POLYNOMIAL = 0x82f63b78;
const TURNED_BY = 15;
const SHIFT = 0xa282ead8;

let table: Uint32Array | undefined;

export function maskedCrc32c(...pieces: readonly Uint8Array[]): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  let crc = 0xffffffff;
  for (const bytes of pieces) {
    for (let k = 0; k < bytes.length; k++) crc = table[(crc ^ bytes[k]) & 0xff] ^ (crc >>> 8);
  }
  crc = ~crc;
  return (((crc >>> TURNED_BY) | (crc << (32 - TURNED_BY))) + SHIFT) >>> 0;
}

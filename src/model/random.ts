/** Seeded pseudo-random numbers, the same on every machine. Not for cryptography. */
export interface Random {
  /** Uniform in [0, 1), with 32 bits. */
  uniform(): number;
  /** Normal with mean 0 and deviation 1. */
  normal(): number;
}

/**
 * xoshiro128** (Blackman & Vigna 2018, "Scrambled linear pseudorandom number generators"), its state filled from the
 * seed by SplitMix32. `seed` is a whole number from 0 to 2⁵³ − 1.
 */
export function random(seed: number): Random {
  const state = seededState(seed);
  const uniform = () => nextUint32(state) / 2 ** 32;
  return { uniform, normal: () => boxMuller(1 - uniform(), uniform()) };
}

/** Advances the four words of a xoshiro128** state and gives the next 32 bits. */
export function nextUint32(state: Uint32Array): number {
  const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
  const shifted = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotateLeft(state[3], 11);
  return result;
}

function seededState(seed: number): Uint32Array {
  let x = (seed % 2 ** 32) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b);
  return Uint32Array.from({ length: 4 }, () => {
    x = (x + 0x9e3779b9) | 0;
    let z = x ^ (x >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  });
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** Box & Muller 1958; `u` in (0, 1], `v` in [0, 1). */
function boxMuller(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** Whether a difference is one of rounding alone. */
import { random } from '../model/random';
import type { Weights } from '../model/weights';

/** IEEE 754: bits of the significand, the implicit one included, and the least exponent of a normal number. */
const PRECISIONS = {
  float16: { bits: 11, least: -14 },
  bfloat16: { bits: 8, least: -126 },
} as const;

/** Of a signed number. */
const LARGEST_OF_EIGHT_BITS = 127;

export type Precision = keyof typeof PRECISIONS;

export const PRECISION_NAMES = Object.keys(PRECISIONS) as Precision[];

/** Every weight as the nearest number of a lower precision, the even one of two. */
export function roundedWeights(weights: Weights, precision: Precision): Weights {
  return mapped(weights, (value) => roundedTo(value, precision));
}

/** Whether all weights are numbers of a lower precision already. */
export function isRounded(weights: Weights, precision: Precision): boolean {
  return [...weights.values()].every(({ data }) =>
    data.every((value) => Object.is(roundedTo(value, precision), value)),
  );
}

/** Weights that round to those given, in a lower precision: each moved by up to half a unit in the last place. */
export function unroundedWeights(weights: Weights, precision: Precision): Weights {
  const { uniform } = random(0);
  return mapped(weights, (value) => value + (uniform() - 0.5) * unitOf(value, precision));
}

/** Weights that are the same in 8 bits with a scale for each row: each moved by up to half a step of its row's scale. */
export function movedWithinEightBits(weights: Weights): Weights {
  const { uniform } = random(0);
  return new Map(
    [...weights].map(([name, { shape, data }]) => {
      const width = shape.at(-1) ?? 1;
      const steps = Float32Array.from({ length: data.length / width }, (_, row) => {
        const largest = data
          .subarray(row * width, (row + 1) * width)
          .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        return largest / LARGEST_OF_EIGHT_BITS;
      });
      const moved = data.map((value, k) => value + (uniform() - 0.5) * steps[Math.floor(k / width)]);
      return [name, { shape, data: moved }];
    }),
  );
}

function mapped(weights: Weights, change: (value: number) => number): Weights {
  return new Map(
    [...weights].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => change(value)) },
    ]),
  );
}

function roundedTo(value: number, precision: Precision): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const unit = unitOf(value, precision);
  const units = value / unit;
  const nearest = Math.round(units);
  const even = Math.abs(units - nearest) === 0.5 && nearest % 2 !== 0;
  return (even ? nearest - 1 : nearest) * unit;
}

/** The distance between numbers of a precision, around `value`. */
function unitOf(value: number, precision: Precision): number {
  const { bits, least } = PRECISIONS[precision];
  const exponent = Math.max(least, Math.floor(Math.log2(Math.abs(value) || Number.MIN_VALUE)));
  return 2 ** (exponent - bits + 1);
}

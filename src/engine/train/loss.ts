/** What training makes small: a number per row of the output, and its slope. */
import type { SignalTrace } from '../trace';

/** The unit that should be 1, per row of the output; −1 where nothing is asked. The output is a softmax's. */
export interface ClassTarget {
  readonly kind: 'classes';
  readonly classes: Int32Array;
}

/** What the output should be: rows × units. */
export interface ValueTarget {
  readonly kind: 'values';
  readonly values: Float32Array;
}

export type Target = ClassTarget | ValueTarget;

export interface Loss {
  /** Summed over what is asked. */
  readonly sum: number;
  /** Rows (classes) or numbers (values) that are asked. */
  readonly count: number;
  /** ∂sum/∂output: rows × units. */
  readonly slope: Float64Array;
}

/** Cross-entropy −ln p(class), in nats, or the squared error. */
export function lossOf(output: SignalTrace, target: Target): Loss {
  return target.kind === 'classes' ? crossEntropy(output, target) : squaredError(output, target);
}

/** Below it a float32 probability counts as this, so that its logarithm stays a number. */
const LEAST_PROBABILITY = 1e-37;

function crossEntropy({ rows, units, values }: SignalTrace, { classes }: ClassTarget): Loss {
  const slope = new Float64Array(values.length);
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (classes[row] < 0) continue;
    const at = row * units + classes[row];
    const probability = values[at] < LEAST_PROBABILITY ? LEAST_PROBABILITY : values[at];
    sum -= Math.log(probability);
    slope[at] = -1 / probability;
    count++;
  }
  return { sum, count, slope };
}

function squaredError({ values }: SignalTrace, target: ValueTarget): Loss {
  const slope = new Float64Array(values.length);
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    const error = values[k] - target.values[k];
    sum += error * error;
    slope[k] = 2 * error;
  }
  return { sum, count: values.length, slope };
}

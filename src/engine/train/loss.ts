/** What training makes small: a number per row of the output, and its slope. */
import type { SignalTrace } from '../trace';

/** The unit of a softmax that should be 1, per row of the output; −1 where nothing is asked. */
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

/**
 * Cross-entropy −ln softmax(output)[class], in nats, of an output that is the sums inside the softmax; or the squared
 * error.
 */
export function lossOf(output: SignalTrace, target: Target): Loss {
  return target.kind === 'classes' ? crossEntropy(output, target) : squaredError(output, target);
}

/** From the sums, so that no probability can become 0: −ln p = ln Σ exp(s − largest) − (s[class] − largest). */
function crossEntropy({ rows, units, values }: SignalTrace, { classes }: ClassTarget): Loss {
  const slope = new Float64Array(values.length);
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (classes[row] < 0) continue;
    const first = row * units;
    let largest = -Infinity;
    for (let k = first; k < first + units; k++) largest = Math.max(largest, values[k]);
    let total = 0;
    for (let k = first; k < first + units; k++) total += slope[k] = Math.exp(values[k] - largest);
    for (let k = first; k < first + units; k++) slope[k] /= total;
    const asked = first + classes[row];
    slope[asked] -= 1;
    sum += Math.log(total) - (values[asked] - largest);
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

/** How high what stands in the strip is, and which line lies over which. No DOM. */
import { SHOWN_FEATURES, type Forecast, type Inputs } from '../../../src/protocol';

import type { Outputs } from './outputs';

export const HEIGHTS = { signal: 8, gap: 4, tokens: 22, lines: 34, outputs: 34, axis: 15 } as const;
/** Of a name beside the lines. */
const NAME_HEIGHT = 13;

/** How many features have a line. */
export function lineCount({ shown }: Extract<Inputs, { kind: 'vector' }>): number {
  return Math.min(shown, SHOWN_FEATURES);
}

/** Of the sequence itself: as high as the names of its lines. */
export function inputHeight(inputs: Inputs | null): number {
  if (inputs?.kind !== 'vector') return HEIGHTS.tokens;
  return Math.max(HEIGHTS.lines, NAME_HEIGHT * lineCount(inputs));
}

/** Of what the outputs of two runs take: below the sequence, or with it where they are of the same series. */
function outputsHeight(outputs: Outputs | null): number {
  return outputs ? HEIGHTS.gap + HEIGHTS.outputs : 0;
}

/** Of the lines of a sequence. */
export function linesHeight(inputs: Inputs | null, outputs: Outputs | null): number {
  return inputHeight(inputs) + (outputs?.form === 'over' ? outputsHeight(outputs) : 0);
}

export function heightOf(inputs: Inputs | null, outputs: Outputs | null = null): number {
  const { signal, gap, axis } = HEIGHTS;
  return signal + gap + inputHeight(inputs) + outputsHeight(outputs) + axis;
}

/** How far a line goes up and down on its own scale: about how much it covers. */
export function wayOf(values: Float32Array): number {
  let [low, high, way, before] = [Infinity, -Infinity, 0, NaN];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (!Number.isNaN(before)) way += Math.abs(value - before);
    before = value;
  }
  return high > low ? way / (high - low) : 0;
}

/**
 * What is predicted of the one feature of an input, at the steps that it is about, NaN elsewhere; null where the file does
 * not say that the output predicts it.
 */
export function predictedOf(
  { against, steps: at, prediction }: Pick<Forecast, 'against' | 'steps' | 'prediction'>,
  steps: number,
): Float32Array | null {
  if (against.kind !== 'input' || against.feature !== 0) return null;
  const values = new Float32Array(steps).fill(NaN);
  prediction.forEach((value, row) => {
    const about = at[row] + against.ahead;
    if (about < steps) values[about] = value;
  });
  return values;
}

/** A sample sequence written into a Python file. */
import { furtherInputs, type Network, inputWidth } from '../network';
import type { Sample, Sequence } from '../samples';
import { shortest } from '../tensors/floats';
import { number } from './text';

/** Longer sequences are cut. */
const MAX_NUMBERS = 4000;
const STEPS = 8;

/** `SAMPLE`, a tuple of what each of the network's inputs reads: rows of features, or ids. */
export function sampleLines(network: Network, sample: Sample | undefined): string[] {
  const further = furtherInputs(network);
  const sequences = sample
    ? [sample.sequence, ...further.map(({ name }) => sample.sequence.more?.get(name))]
    : [undefined, ...further.map(() => undefined)];
  const inputs = [network.input, ...further.map(({ input }) => input)];
  return [
    '# A sequence to try it on.',
    'SAMPLE = (',
    ...sequences.flatMap((sequence, k) =>
      sequence
        ? sequenceLines(sequence)
        : zeros(inputs[k].kind === 'token' ? undefined : inputWidth(inputs[k])),
    ),
    ')',
  ];
}

function sequenceLines(sequence: Sequence): string[] {
  if (sequence.kind === 'token')
    return [`    [${Array.from(sequence.ids.subarray(0, MAX_NUMBERS)).join(', ')}],`];
  const { size, values } = sequence;
  const steps = Math.min(sequence.steps, Math.max(1, Math.floor(MAX_NUMBERS / size)));
  return rowsOf(Array.from({ length: steps }, (_, step) => values.subarray(step * size, (step + 1) * size)));
}

function zeros(width: number | undefined): string[] {
  if (width === undefined) return [`    [${Array(STEPS).fill(0).join(', ')}],`];
  return rowsOf(Array.from({ length: STEPS }, () => new Float32Array(width)));
}

function rowsOf(rows: readonly Float32Array[]): string[] {
  return [
    '    [',
    ...rows.map((row) => `        [${Array.from(row, (value) => number(shortest(value))).join(', ')}],`),
    '    ],',
  ];
}

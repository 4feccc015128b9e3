/** What is known against a model before it is checked: why its output may differ although nothing was mistaken. */
import type { Reading } from '../model/dialects/dialect';
import type { Check, Doubt } from './verdict';

/** Warnings that change numbers, the likeliest reason first. */
const CODES: readonly string[] = [
  ...[
    'non-finite-weights',
    'eight-bits',
    'not-in-chain',
    'zero-state',
    'assumed',
    'reset-after',
    'masked-initial-state',
  ],
  ...['layers-in-order', 'several-outputs', 'several-weights', 'size-mismatch', 'unused-tensor', 'ignored'],
];

type Doubtful = Pick<Reading, 'trained' | 'problems' | 'samples'>;

/** The likeliest reason; undefined if there is none. */
export function doubtOf(reading: Doubtful, checks: readonly Check[]): Doubt | undefined {
  if (!reading.trained) return { code: 'seeded' };
  const [input] = checks.flatMap((check) => takenInputs(reading, check));
  if (input !== undefined) return { code: 'input-of-sample', input, sample: reading.samples[0].name };
  const warnings = reading.problems.filter(({ severity }) => severity === 'warning');
  const first = CODES.map((code) => warnings.find((problem) => problem.code === code)).find(Boolean);
  return first && { code: 'warning', message: first.message };
}

/** Whether the model's own program rounds to 8 bits what it computes with. */
export function computesInEightBits({ problems }: Doubtful): boolean {
  return problems.some(({ code }) => code === 'eight-bits');
}

/** Further inputs that a sequence of the user's has from the model's first sample. */
function takenInputs({ samples }: Doubtful, { sequence }: Check): string[] {
  const own = samples[0]?.sequence.more;
  if (!own || samples.some((sample) => sample.sequence === sequence)) return [];
  return [...(sequence.more ?? [])].filter(([name, one]) => own.get(name) === one).map(([name]) => name);
}

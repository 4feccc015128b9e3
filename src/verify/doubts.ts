/** What is known against a model before it is checked: why its output may differ although nothing was mistaken. */
import type { Reading } from '../model/dialects/dialect';
import { furtherInputs } from '../model/network';
import type { Check } from './verify';

/** Warnings that change numbers, the likeliest reason first. */
const CODES = [
  ...(['non-finite-weights', 'not-in-chain', 'zero-state', 'assumed', 'reset-after'] as const),
  ...([
    'masked-initial-state',
    'layers-in-order',
    'module-order',
    'several-outputs',
    'several-weights',
  ] as const),
  ...(['size-mismatch', 'unused-tensor', 'ignored'] as const),
];

type Doubtful = Pick<Reading, 'network' | 'trained' | 'problems' | 'samples'>;

/** The likeliest reason, as a clause; undefined if there is none. */
export function doubtOf({ network, trained, problems, samples }: Doubtful, checks: readonly Check[]) {
  if (!trained) return 'the weights are seeded, not trained';
  const [sample] = samples;
  const taken = checks.some(({ sequence }) => sequence.more && sequence.more === sample?.sequence.more);
  if (network && taken && !sample.expected) {
    const names = furtherInputs(network).map(({ name }) => JSON.stringify(name));
    return `what ${names.join(' and ')} read${names.length > 1 ? '' : 's'} was not given, and is that of the sample ${JSON.stringify(sample.name)}`;
  }
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return CODES.map((code) => warnings.find((problem) => problem.code === code)).find(Boolean)?.message;
}

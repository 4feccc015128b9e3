import type { Sequence } from '../../model/samples';
import type { Ran } from '../gradient';

/** What the numbers of a run depend on, to be copied to a thread: no tokens, no dates. */
export function toCopy({ network, weights, sequence, clamps }: Ran): Ran {
  return { network, weights, sequence: numbersAlone(sequence), clamps };
}

function numbersAlone(sequence: Sequence): Sequence {
  const { more } = sequence;
  const further = more && new Map([...more].map(([name, one]) => [name, numbersAlone(one)]));
  const bare = sequence.kind === 'token' ? { ...sequence, tokens: [] } : { ...sequence, table: undefined };
  return { ...bare, ...(further && { more: further }) };
}

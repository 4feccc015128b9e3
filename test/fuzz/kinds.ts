/** All that is spoilt: models of every dialect, sequences, and what the page says. */
import { attemptMessage, MESSAGE_SEEDS } from './messages';
import { findSeeds, type Seed } from './seeds';
import { attemptSequence, SEQUENCE_SEEDS } from './sequences';
import { attempt, type Outcome, type Spoilt } from './trial';

export interface Kind {
  readonly group: string;
  readonly seeds: readonly Seed[];
  /** Throws if something does what it must not. */
  readonly attempt: (spoilt: Spoilt) => Promise<Outcome>;
}

/** In an order that is the same everywhere. */
export async function findKinds(): Promise<Kind[]> {
  return [
    ...kindsOf(await findSeeds(), attempt),
    ...kindsOf(SEQUENCE_SEEDS, attemptSequence),
    ...kindsOf(MESSAGE_SEEDS, attemptMessage),
  ];
}

function kindsOf(seeds: readonly Seed[], tried: Kind['attempt']): Kind[] {
  const groups = [...new Set(seeds.map(({ group }) => group))];
  return groups.map((group) => ({
    ...{ group, attempt: tried },
    seeds: seeds.filter((seed) => seed.group === group),
  }));
}

/** Linear parts that stand beside each other behind one part, each giving an output of its own. */
import { say } from '../../words/say';
import { byName, chainsOf, inOrder, type Link, type Roles } from './chain';

export interface Heads<L extends Link> {
  /** What all heads read. */
  readonly behind: L;
  readonly heads: readonly (readonly L[])[];
  /** One that ends in each head. */
  readonly chains: readonly (readonly L[])[];
}

/**
 * Where the parts that are not linear make one chain, and what is linear fits behind it, each by itself, or all others behind
 * the first: those. A list of parts (`head.0`, `head.2`) is one head. Undefined where parts are left over.
 */
export function headsOf<L extends Link>(parts: readonly Roles<L>[]): Heads<L> | undefined {
  const trunks = chainsOf(parts.filter((roles) => !isLinear(roles)));
  const [trunk] = trunks.chains;
  if (!trunks.whole || trunks.chains.length !== 1) return undefined;
  const lists = listsOf(parts.filter(isLinear));
  if (!lists || lists.length < 2) return undefined;
  const fits = (list: readonly L[], last: L) =>
    inOrder([[last], ...list.map((link) => [link])]) !== undefined;
  const direct = lists.filter((list) => fits(list, trunk.at(-1)!));
  const base = direct.length === 1 ? [...trunk, ...direct[0]] : trunk;
  const behind = base.at(-1)!;
  const heads = direct.length === 1 ? lists.filter((list) => list !== direct[0]) : lists;
  if (heads.length < 2 || !heads.every((head) => fits(head, behind))) return undefined;
  return { behind, heads, chains: heads.map((head) => [...base, ...head]) };
}

function isLinear(roles: Roles<Link>): boolean {
  return roles.some(({ role }) => role === 'linear');
}

/** Parts by the lists that they are in, each list an order; undefined if the parts of one fit in none. */
function listsOf<L extends Link>(parts: readonly Roles<L>[]): (readonly L[])[] | undefined {
  const lists = new Map<string, L[]>();
  for (const roles of parts) {
    const link = roles.find(({ role }) => role === 'linear')!;
    const list = /^(.*[./])\d+$/s.exec(link.name)?.[1] ?? link.name;
    lists.set(list, [...(lists.get(list) ?? []), link]);
  }
  const ordered = [...lists.values()].map((list) =>
    inOrder(byName(list, ({ name }) => name).map((link) => [link])),
  );
  return ordered.every((list) => list !== undefined) ? ordered : undefined;
}

/** Why an order ends in one of several heads, as a clause. */
export function besideInWords(heads: readonly string[], behind: string): string {
  const listed = say`${heads.slice(0, -1).join(', ')} and ${heads[heads.length - 1]}`;
  return say`${listed} are taken for heads beside each other behind ${behind}, whose width they read, and one of them is run`;
}

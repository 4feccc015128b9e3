/** The orders in which parts of a model can feed one another, told by their widths. */
import { byLikelihood } from './likelihood';

/** A part of a model in a role that it may have. */
export interface Link {
  readonly role: 'embedding' | 'convolution' | 'recurrent' | 'linear' | 'norm';
  /** The same for all roles of a part. */
  readonly part: object;
  /** The part's own. */
  readonly name: string;
  /** Width of what it reads; an embedding reads ids. */
  readonly from?: number;
  /** Width of what it gives. */
  readonly to: number;
  /** Width of what it gives if its two directions are added, not put side by side. */
  readonly added?: number;
  /** Rows of an embedding. */
  readonly words?: number;
}

/** The roles that a part may have, the likeliest first; none if it has no place in a chain. */
export type Roles<L extends Link> = readonly L[];

/** Orders looked at; beyond, a file of many equal parts would take for ever. */
const MAX_VISITS = 20_000;
/** Chains that are compared; the likeliest of them are given. */
const MAX_COMPARED = 200;
const MAX_CHAINS = 10;

/** Whether the parts, one after the other in this order, fit; the roles that they then have. */
export function inOrder<L extends Link>(parts: readonly Roles<L>[]): readonly L[] | undefined {
  const chain: L[] = [];
  for (const roles of parts) {
    const next = roles.find((link) => fits(chain, link));
    if (!next) return undefined;
    chain.push(next);
  }
  return chain;
}

export interface Chains<L extends Link> {
  readonly chains: readonly (readonly L[])[];
  /** Whether they hold every part. */
  readonly whole: boolean;
  /** Whether there are others, less likely by their names. */
  readonly cut: boolean;
}

/**
 * The chains that hold every part, the likeliest first: those in which an embedding, then recurrent layers, then
 * linear ones follow each other, if there are any. Where no chain holds all, those that no other part can be added to.
 * `parts` stand in the order of their names.
 */
export function chainsOf<L extends Link>(parts: readonly Roles<L>[]): Chains<L> {
  const { found, ended } = search(parts);
  const all = found.filter((chain) => chain.length === parts.length);
  const names = parts.flatMap(([link]) => (link ? [link.name] : []));
  if (all.length > 0) {
    const usual = all.filter(isUsual);
    return { ...likeliest(usual.length > 0 ? usual : all, names, ended), whole: true };
  }
  const longest = found.toSorted((a, b) => b.length - a.length).slice(0, MAX_COMPARED);
  const maximal = longest.filter((chain) => isMaximal(chain, longest));
  return { ...likeliest(maximal, names, ended || found.length > MAX_COMPARED), whole: false };
}

function likeliest<L extends Link>(found: readonly (readonly L[])[], names: readonly string[], cut: boolean) {
  const chains = byLikelihood(found, names);
  return { chains: chains.slice(0, MAX_CHAINS), cut: cut || chains.length > MAX_CHAINS };
}

/** The only one of several chains in which names that differ by a number (`fc1`, `fc2`) stand in its order. */
export function byNumber<L extends Link>(chains: readonly (readonly L[])[]): readonly L[] | undefined {
  const ordered = chains.filter(isNumbered);
  const same = ordered.length === 1 && chains.every((chain) => comparable(chain, ordered[0]));
  return same ? ordered[0] : undefined;
}

const natural = new Intl.Collator('en', { numeric: true });

/** In the order of their names, numbers by their size. */
export function byName<T>(parts: readonly T[], nameOf: (part: T) => string): T[] {
  return parts.toSorted((a, b) => natural.compare(nameOf(a), nameOf(b)));
}

function search<L extends Link>(parts: readonly Roles<L>[]) {
  const found: (readonly L[])[] = [];
  let visits = 0;
  let complete = 0;
  let ended = false;
  const extend = (chain: readonly L[], used: ReadonlySet<number>): void => {
    let extended = false;
    for (const [index, candidates] of parts.entries()) {
      if (used.has(index)) continue;
      for (const link of candidates) {
        if (!fits(chain, link)) continue;
        ended ||= ++visits > MAX_VISITS || complete > 4 * MAX_CHAINS;
        if (ended) return;
        extended = true;
        extend([...chain, link], new Set([...used, index]));
      }
    }
    if (extended || !chain.some(({ role }) => role === 'recurrent')) return;
    if (chain.length === parts.length) complete++;
    found.push(chain);
  };
  extend([], new Set());
  return { found, ended };
}

function fits(chain: readonly Link[], next: Link): boolean {
  const last = chain.at(-1);
  if (!last) return true;
  return next.role !== 'embedding' && (next.from === last.to || next.from === last.added);
}

const PLACES = { embedding: 0, convolution: 1, recurrent: 2, linear: 3 };

/** A normalisation may stand anywhere. */
function isUsual(chain: readonly Link[]): boolean {
  const places = chain.flatMap(({ role }) => (role === 'norm' ? [] : [PLACES[role]]));
  return places.every((place, k) => k === 0 || places[k - 1] <= place);
}

/** Whether no other chain holds the same parts and more. */
function isMaximal(chain: readonly Link[], all: readonly (readonly Link[])[]): boolean {
  return !all.some(
    (other) =>
      other.length > chain.length && chain.every(({ part }) => other.some((link) => link.part === part)),
  );
}

/** Whether names that differ by a number stand in its order. */
export function isNumbered(chain: readonly Link[]): boolean {
  const names = chain.map(({ name }) => name);
  return names.every((name, k) =>
    names.slice(k + 1).every((later) => stem(name) !== stem(later) || natural.compare(name, later) < 0),
  );
}

/** Whether two chains differ only in the order of parts whose names differ by a number. */
function comparable(chain: readonly Link[], other: readonly Link[]): boolean {
  return (
    chain.length === other.length &&
    chain.every(({ role, name }, k) => role === other[k].role && stem(name) === stem(other[k].name))
  );
}

function stem(name: string): string {
  return name.replace(/\d+/g, '#');
}

/** The orders in which modules can feed one another, told by their widths. */
import type { MatrixModule, Module, RecurrentModule } from './modules';

/** A module in its role: a matrix without a bias may be an embedding or a linear layer. */
export type Link =
  | { readonly role: 'embedding' | 'linear'; readonly module: MatrixModule }
  | { readonly role: 'recurrent'; readonly module: RecurrentModule };

export type Chain = readonly Link[];

/** Orders looked at; beyond, a state dict of many equal modules would take for ever. */
const MAX_VISITS = 20_000;
const MAX_CHAINS = 10;

export function widths(link: Link): { readonly from?: number; readonly to: number } {
  if (link.role === 'recurrent') {
    const { inputSize, hiddenSize, projSize, bidirectional } = link.module;
    return { from: inputSize, to: (projSize || hiddenSize) * (bidirectional ? 2 : 1) };
  }
  const { rows, columns } = link.module;
  return link.role === 'embedding' ? { to: columns } : { from: columns, to: rows };
}

/** Whether the modules, one after the other in this order, fit; the roles that they then have. */
export function inOrder(modules: readonly Module[]): Chain | undefined {
  const chain: Link[] = [];
  for (const module of modules) {
    const next = linksOf(module).find((link) => fits(chain, link));
    if (!next) return undefined;
    chain.push(next);
  }
  return chain;
}

/**
 * The chains that hold every module, the likeliest first: those in which an embedding, then recurrent layers, then
 * linear ones follow each other, if there are any. Where no chain holds all, the longest that there are.
 */
export function chainsOf(modules: readonly Module[]): {
  readonly chains: readonly Chain[];
  readonly whole: boolean;
} {
  const sorted = modules.toSorted((a, b) => natural.compare(a.prefix, b.prefix));
  const found = search(sorted.filter(({ kind }) => kind !== 'other'));
  const all = found.filter((chain) => chain.length === sorted.length);
  if (all.length === 0) return { chains: found.filter(isMaximal).slice(0, MAX_CHAINS), whole: false };
  const usual = all.filter(isUsual);
  return { chains: (usual.length > 0 ? usual : all).slice(0, MAX_CHAINS), whole: true };
}

/** The only one of several chains in which names that differ by a number (`fc1`, `fc2`) stand in its order. */
export function byNumber(chains: readonly Chain[]): Chain | undefined {
  const ordered = chains.filter(isNumbered);
  const same = ordered.length === 1 && chains.every((chain) => comparable(chain, ordered[0]));
  return same ? ordered[0] : undefined;
}

const natural = new Intl.Collator('en', { numeric: true });

function search(modules: readonly Module[]): Chain[] {
  const found: Chain[] = [];
  const links = modules.map(linksOf);
  let visits = 0;
  let complete = 0;
  const extend = (chain: readonly Link[], used: ReadonlySet<number>): void => {
    let extended = false;
    for (const [index, candidates] of links.entries()) {
      if (used.has(index)) continue;
      for (const link of candidates) {
        if (!fits(chain, link)) continue;
        if (++visits > MAX_VISITS || complete > 4 * MAX_CHAINS) return;
        extended = true;
        extend([...chain, link], new Set([...used, index]));
      }
    }
    if (extended || !chain.some(({ role }) => role === 'recurrent')) return;
    if (chain.length === modules.length) complete++;
    found.push(chain);
  };
  extend([], new Set());
  return found;
}

function linksOf(module: Module): Link[] {
  if (module.kind === 'other') return [];
  if (module.kind === 'recurrent') return [{ role: 'recurrent', module }];
  if (module.bias) return [{ role: 'linear', module }];
  if (/emb/i.test(module.prefix)) return [{ role: 'embedding', module }];
  return [
    { role: 'embedding', module },
    { role: 'linear', module },
  ];
}

function fits(chain: Chain, next: Link): boolean {
  const last = chain.at(-1);
  if (!last) return true;
  return next.role !== 'embedding' && widths(last).to === widths(next).from;
}

const PLACES = { embedding: 0, recurrent: 1, linear: 2 };

function isUsual(chain: Chain): boolean {
  return chain.every((link, k) => k === 0 || PLACES[chain[k - 1].role] <= PLACES[link.role]);
}

/** Whether no other chain holds the same modules and more. */
function isMaximal(chain: Chain, _index: number, all: readonly Chain[]): boolean {
  return !all.some((other) => {
    const modules = new Set<Module>(other.map(({ module }) => module));
    return other.length > chain.length && chain.every(({ module }) => modules.has(module));
  });
}

function isNumbered(chain: Chain): boolean {
  const names = chain.map(({ module }) => module.prefix);
  return names.every((name, k) =>
    names.slice(k + 1).every((later) => stem(name) !== stem(later) || natural.compare(name, later) < 0),
  );
}

/** Whether two chains differ only in the order of modules whose names differ by a number. */
function comparable(chain: Chain, other: Chain): boolean {
  return (
    chain.length === other.length &&
    chain.every(
      ({ role, module }, k) => role === other[k].role && stem(module.prefix) === stem(other[k].module.prefix),
    )
  );
}

function stem(name: string): string {
  return name.replace(/\d+/g, '#');
}

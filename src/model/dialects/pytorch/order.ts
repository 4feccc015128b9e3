/** The order in which the modules of a state dict run: the file's own, one that their widths tell, or one that was chosen. */
import { say } from '../../../words/say';
import type { Report } from '../../report';
import { byName, byNumber, chainsOf, inOrder, isNumbered, type Chains } from '../chain';
import { chooseOne, type Choice, type Source } from '../dialect';
import { besideInWords, headsOf, type Heads } from '../heads';
import { longTitleOf, titleOf, type Module } from './modules';
import { rolesOf, type ModuleLink } from './roles';
import type { TensorStore } from './tensors';

type Chain = readonly ModuleLink[];

export interface Order {
  /** Absent where it has to be chosen. */
  readonly chain?: Chain;
  /** There where others are possible too. */
  readonly choices?: readonly Choice[];
  /** That the file does not say it, in words, where nobody chose it. */
  readonly assumed?: string;
}

/** Of the modules that may have a place; `core` are those without normalisations. Modules that are left out are reported. */
export function orderOf(
  core: readonly Module[],
  all: readonly Module[],
  store: TensorStore,
  source: Source,
  report: Report,
): Order {
  const own = store.ordered ? (inOrder(all.map(rolesOf)) ?? inOrder(core.map(rolesOf))) : undefined;
  if (own) return asWritten(own, store, source, report);
  const found = foundOrders(all);
  const normed = core.length < all.length;
  const chosen = found.whole || !normed ? chosenOf(found.chains, source) : undefined;
  if (normed && !chosen && !(found.whole && oneOf(found))) {
    // Where a normalisation may stand in several places, or in none, it is left out of the chain.
    const without = foundOrders(core);
    return oneOf(without)
      ? {
          ...taken(without, core, source, store, report),
          ...choicesOf((found.whole ? found : without).chains),
        }
      : severalOrders(without, core, store, report);
  }
  return oneOf(found) || chosen
    ? { ...taken(found, all, source, store, report), ...choicesOf(found.chains) }
    : severalOrders(found, all, store, report);
}

/** The file's own order, unless another was chosen. */
function asWritten(own: Chain, store: TensorStore, source: Source, report: Report): Order {
  const modules = own.map(({ module }) => module);
  const models = modelsIn(modules)
    .map((model) => inOrder(model.map(rolesOf)))
    .filter((chain) => chain !== undefined);
  const { chains: found, whole } = chainsOf(sortedRoles(modules));
  const others = [
    ...models,
    ...(whole ? found.filter((chain) => isNumbered(chain) && !isSame(chain, own)) : []),
  ];
  const chains = [own, ...others];
  const chosen = chosenOf(chains, source);
  if (chosen) {
    warnOfLeftOut(chosen, modules, chains, store, report);
    return { chain: chosen, ...choicesOf(chains) };
  }
  const why = say`they lie in it in this order, and their shapes fit`;
  return { chain: own, ...choicesOf(chains), ...assumedOf(own, why + otherwise(models.length, chains)) };
}

/** How another order than the first is chosen; as many as there are `models` of their own follow it. */
function otherwise(models: number, chains: readonly Chain[]): string {
  if (chains.length === 1) return '';
  if (models < 2) return say`; choose otherwise as "2": ${inWords(chains[1])}`;
  const numbers = Array.from({ length: models }, (_, k) => `"${k + 2}"`).join(say` or `);
  return say`; they may be ${models} models, one of which hands the other its state: choose one alone as ${numbers}`;
}

function assumedOf(chain: Chain, why: string): Pick<Order, 'assumed'> {
  if (chain.length === 1) return {};
  return { assumed: say`the modules run in the order ${inWords(chain)}: the file does not say, ${why}` };
}

interface Found extends Chains<ModuleLink> {
  /** Where they end in modules that stand beside each other. */
  readonly heads?: Heads<ModuleLink>;
}

function foundOrders(modules: readonly Module[]): Found {
  const found = chainsOf(sortedRoles(modules));
  if (found.whole) return found;
  const chains = modelsIn(modules).map((model) => oneOf(chainsOf(sortedRoles(model))));
  if (chains.length > 0 && chains.every((chain) => chain !== undefined)) return { ...found, chains };
  const heads = headsOf(modules.map(rolesOf));
  if (!heads) return found;
  const others = found.chains.filter((chain) => !heads.chains.some((one) => isSame(one, chain)));
  return { ...found, heads, chains: [...heads.chains, ...others] };
}

/**
 * The models that a file has below names of their own (`agent_0`, `mixer`), of those that have a recurrent module; none where
 * a module stands beside them.
 */
function modelsIn(modules: readonly Module[]): (readonly Module[])[] {
  const models = new Map<string | undefined, Module[]>();
  for (const module of modules) {
    const top = topOf(module, modules);
    models.set(top, [...(models.get(top) ?? []), module]);
  }
  if (models.size < 2 || models.has(undefined)) return [];
  return [...models.values()].filter((own) => own.some(({ kind }) => kind === 'recurrent'));
}

/** The first part of a name that stands above others' too. */
function topOf({ prefix }: Module, modules: readonly Module[]): string | undefined {
  const [top, ...below] = prefix.split(/[./]/);
  return below.length > 0 ||
    modules.some((other) => /^[./]/.test(other.prefix.slice(top.length)) && other.prefix.startsWith(top))
    ? top
    : undefined;
}

function sortedRoles(modules: readonly Module[]) {
  return byName(modules, ({ prefix }) => prefix).map(rolesOf);
}

function ordersToChoose(chains: readonly Chain[]): Choice[] {
  return chains.map((chain, k) => ({ kind: 'order', value: String(k + 1), label: inWords(chain) }));
}

function choicesOf(chains: readonly Chain[]): Pick<Order, 'choices'> {
  return chains.length > 1 ? { choices: ordersToChoose(chains) } : {};
}

function chosenOf(chains: readonly Chain[], source: Source): Chain | undefined {
  return chains.find((_, k) => source.choices?.includes(String(k + 1)));
}

/** The one to take where none was chosen. */
function oneOf({ chains, heads }: Pick<Found, 'chains' | 'heads'>): Chain | undefined {
  return chains.length === 1 || heads ? chains[0] : byNumber(chains);
}

function severalOrders(
  { chains, whole, cut }: Found,
  modules: readonly Module[],
  store: TensorStore,
  report: Report,
): Order {
  const choices = ordersToChoose(chains);
  const parts = whole ? say`the modules` : say`parts of the modules, never all,`;
  const listed = cut ? say`, of which the ${chains.length} likeliest by their names are listed` : '';
  const message = chooseOne(say`by their shapes ${parts} fit together in several orders${listed}`, choices);
  report.error(store.at(modules[0].tensors[0]), 'several-readings', message);
  return { choices };
}

/** The order that was chosen, or the one to take; modules that are not in it are reported. */
function taken(
  found: Found,
  modules: readonly Module[],
  source: Source,
  store: TensorStore,
  report: Report,
): Order {
  const { chains, heads } = found;
  const chosen = chosenOf(chains, source);
  const chain = chosen ?? oneOf(found)!;
  const beside = !chosen && heads ? modulesOf(heads) : [];
  warnOfLeftOut(
    chain,
    modules.filter((module) => !beside.includes(module)),
    chains,
    store,
    report,
  );
  if (chosen) return { chain };
  const why = chains.length > 1 ? say`and other orders fit too${otherwise(0, chains)}` : say`their shapes do`;
  return { chain, ...assumedOf(chain, heads ? headsInWords(heads) + otherwise(0, chains) : why) };
}

function modulesOf({ heads }: Heads<ModuleLink>): Module[] {
  return heads.flatMap((head) => head.map(({ module }) => module));
}

function headsInWords({ behind, heads }: Heads<ModuleLink>): string {
  const names = heads.map((head) => head.map(({ module }) => titleOf(module)).join(' → '));
  return besideInWords(names, titleOf(behind.module));
}

function warnOfLeftOut(
  chain: Chain,
  modules: readonly Module[],
  chains: readonly Chain[],
  store: TensorStore,
  report: Report,
): void {
  for (const module of modules.filter((candidate) => !includes(chain, candidate))) {
    const message = chains.some((other) => includes(other, module))
      ? say`${longTitleOf(module)} has its place in other orders, and is left out of this one`
      : say`${longTitleOf(module)} does not fit before, between or after the others, and is left out`;
    report.warning(store.at(module.tensors[0]), 'not-in-chain', message);
  }
}

function isSame(chain: Chain, other: Chain): boolean {
  return chain.length === other.length && chain.every(({ module }, k) => module === other[k].module);
}

export function includes(chain: Chain, module: Module): boolean {
  return chain.some((link) => link.module === module);
}

function inWords(chain: Chain): string {
  return chain
    .map(
      ({ role, module }) =>
        `${titleOf(module)} (${role === 'recurrent' || role === 'norm' ? module.type : role})`,
    )
    .join(' → ');
}

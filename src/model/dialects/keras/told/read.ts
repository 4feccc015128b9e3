/** Reads Keras's weights alone: what the layers are is told by names and shapes, and the rest is assumed, and said. */
import { say } from '../../../../words/say';
import { quote } from '../../../json/decode';
import { parseJson } from '../../../json/parse';
import { START_OF_FILE } from '../../../problem';
import { Report } from '../../../report';
import { byName, byNumber, chainsOf } from '../../chain';
import { besideInWords, headsOf, type Heads } from '../../heads';
import { chooseOne, unreadable, type Choice, type Reading, type Source } from '../../dialect';
import type { KerasArrays } from '../arrays';
import type { StoredLayer, StoredLayers } from '../files/layerArrays';
import { readKeras } from '../read';
import { conventionsOf, type Form } from '../version';
import { arranged, type Place } from './arrange';
import { configOf, isLeftOut } from './config';
import { kindOf, rolesOf, type LayerLink } from './roles';

/** A file of weights without a config. */
export interface WeightsAlone extends StoredLayers {
  readonly version?: string;
  readonly backend?: string;
  /** What the file's form tells of the version. */
  readonly form: Form;
  /** The file that has the arrays, and those beside the model that were read. */
  readonly file: string;
  readonly files?: readonly string[];
}

const MOST_LAYERS = 1000;
const MOST_LISTED = 6;

/** Rejects only if `source.signal` is aborted. */
export async function readWeightsAlone(
  stored: WeightsAlone,
  source: Source,
  report: Report,
): Promise<Reading> {
  const layers = distinct(stored.layers.flatMap(partsOf));
  if (!checkLayers(layers, report)) return unreadable(report.problems);
  const { places, choices } = orderOf(layers, stored, source, report);
  if (!places) return { ...unreadable(report.problems), ...(choices && { choices }) };
  const { version, backend, form, file, files = [] } = stored;
  const conventions = conventionsOf(version, form, backend);
  const told = configOf(places, conventions, source.choices ?? []);
  const { text, assumptions } = told;
  for (const assumption of assumptions) report.warning(START_OF_FILE, 'assumed', assumption);
  warnOfLeftOut(places, report);
  const root = parseJson(text, Report.within({ about: 'structure' }), 'json');
  if (!root) return unreadable(report.problems);
  const arrays = new Map(places.map(({ layer }) => [layer.name, layer.arrays]));
  const given: KerasArrays = {
    ...{ file, files, layers: places.flatMap(({ layer }) => (layer.arrays.length > 0 ? [layer.name] : [])) },
    of: async (name) => arrays.get(name),
  };
  const reading = await readKeras({ root, version, backend, form, arrays: given }, source, report);
  const ways = [...(choices ?? []), ...told.choices];
  return { ...reading, ...(ways.length > 0 && { choices: ways }) };
}

/** A nested model's arrays are in one list, each named after its layer: they are that many layers. */
function partsOf(layer: StoredLayer): StoredLayer[] {
  const { name, arrays } = layer;
  const parts = new Map<string, StoredLayer['arrays'][number][]>();
  for (const array of arrays) {
    const [group, ...rest] = array.name.split('/').filter((segment) => segment !== name);
    if (rest.length === 0 || OF_ONE_LAYER.test(group)) return [layer];
    parts.set(group, [...(parts.get(group) ?? []), array]);
  }
  const layers = [...parts].map(([group, own]) => ({ name: group, group, arrays: own }));
  const isModel = layers.length > 1 && (layers.some(isRecurrent) || NESTED_MODEL.test(kindOf(layer)));
  return isModel && layers.every((part) => rolesOf(part).length > 0) ? layers : [layer];
}

const OF_ONE_LAYER = /^(forward|backward)_|cell/;
const NESTED_MODEL = /^(sequential|model|functional)/;

function isRecurrent(layer: StoredLayer): boolean {
  return rolesOf(layer).some(({ role }) => role === 'recurrent');
}

/** Under names of which none is given twice. */
function distinct(layers: readonly StoredLayer[]): StoredLayer[] {
  const taken = new Set<string>();
  return layers.map((layer) => {
    let name = layer.name || 'layer';
    for (let count = 2; taken.has(name); count++) name = `${layer.name}_${count}`;
    taken.add(name);
    return name === layer.name ? layer : { ...layer, name };
  });
}

function checkLayers(layers: readonly StoredLayer[], report: Report): boolean {
  if (layers.length > MOST_LAYERS) {
    const message = say`expected at most ${MOST_LAYERS} layers, found ${layers.length}`;
    report.error(START_OF_FILE, 'too-many-modules', message);
    return false;
  }
  if (layers.some(isRecurrent)) return true;
  const found = layers.filter(({ arrays }) => arrays.length > 0).map(shapesInWords);
  const listed = found.slice(0, MOST_LISTED).join(', ') + (found.length > MOST_LISTED ? ', …' : '');
  const message = say`expected the weights of a recurrent layer: a kernel [in, gates × units] and a recurrent kernel [units, gates × units], found ${listed || say`none`}`;
  report.error(START_OF_FILE, 'no-recurrent-layer', message);
  return false;
}

function shapesInWords({ name, arrays }: StoredLayer): string {
  const shapes = arrays.slice(0, MOST_LISTED).map(({ shape }) => `[${shape.join(', ')}]`);
  return `${quote(name)} ${shapes.join(' ')}`;
}

interface Ordered {
  readonly places?: readonly Place[];
  /** Where other orders are possible too. */
  readonly choices?: readonly Choice[];
}

/** The order that the file has, if the layers fit in it; else one that their widths tell. */
function orderOf(
  layers: readonly StoredLayer[],
  { order }: StoredLayers,
  source: Source,
  report: Report,
): Ordered {
  const own = order === 'none' ? undefined : arranged(layers);
  if (own && order === 'said') return { places: own };
  const known = layers.filter((layer) => rolesOf(layer).length > 0);
  const parts = byName(known, ({ group }) => group).map(rolesOf);
  const { chains: all, whole, cut } = chainsOf(parts);
  const place = new Map(known.map((layer, k) => [layer, k]));
  const asSaid = order === 'said' ? all.filter((chain) => isRising(chain, place)) : [];
  const chains = asSaid.length > 0 ? asSaid : all;
  const heads = own || whole ? undefined : headsOf(known.map(rolesOf));
  const others = own
    ? chains.filter((chain) => whole && !isSame(chain, own))
    : [
        ...(heads?.chains ?? []),
        ...chains.filter((chain) => !heads?.chains.some((one) => isSame(one, placesOf(chain)))),
      ];
  const numbered = others.filter((chain) => isNumbered(chain));
  const orders = own
    ? [own, ...numbered.map((chain) => placesOf(chain))]
    : others.map((chain) => placesOf(chain));
  const choices = orders.map((places, k): Choice => ({
    kind: 'order',
    value: String(k + 1),
    label: orderInWords(places),
  }));
  const chosen = orders.find((_, k) => source.choices?.includes(String(k + 1)));
  const told = heads ? heads.chains[0] : byNumber(others);
  const places = chosen ?? own ?? (orders.length === 1 ? orders[0] : told && placesOf(told));
  if (!places) {
    const fit = whole ? say`the layers` : say`parts of the layers, never all,`;
    const listed = cut ? say`, of which the ${choices.length} likeliest by their names are listed` : '';
    const message = chooseOne(say`by their shapes ${fit} fit together in several orders${listed}`, choices);
    report.error(START_OF_FILE, 'several-readings', message);
    return { choices };
  }
  if (!chosen && places.length > 1) {
    const why = own
      ? say`they lie in it in this order, and their shapes fit`
      : heads
        ? headsInWords(heads)
        : fitInWords(orders);
    const message = say`the layers run in the order ${orderInWords(places)}: the file does not say, ${why}${otherwise(choices)}`;
    report.warning(START_OF_FILE, 'assumed', message);
  }
  const beside = !chosen && heads ? heads.heads.flatMap((head) => head.map(({ layer }) => layer)) : [];
  warnOfLayersLeft(
    places,
    layers.filter((layer) => !beside.includes(layer)),
    orders,
    report,
  );
  return { places, ...(orders.length > 1 && { choices }) };
}

function placesOf(chain: readonly LayerLink[]): readonly Place[] {
  return chain.map((link) => ({ layer: link.layer, link }));
}

function isSame(chain: readonly LayerLink[], places: readonly Place[]): boolean {
  const links = places.flatMap(({ link }) => link ?? []);
  return links.length === chain.length && links.every(({ layer }, k) => layer === chain[k].layer);
}

/** Whether the layers stand in a chain as they do in the file. */
function isRising(chain: readonly LayerLink[], place: ReadonlyMap<StoredLayer, number>): boolean {
  return chain.every(({ layer }, k) => k === 0 || place.get(chain[k - 1].layer)! < place.get(layer)!);
}

/** Keras numbers the layers of each class in the model's order. */
function isNumbered(chain: readonly LayerLink[]): boolean {
  const last = new Map<string, number>();
  return chain.every(({ name }) => {
    const [, stem, number] = /^(.*?)(?:_(\d+))?$/s.exec(name) ?? ['', name];
    const before = last.get(stem) ?? -1;
    last.set(stem, Number(number ?? 0));
    return before < Number(number ?? 0);
  });
}

function orderInWords(places: readonly Place[]): string {
  return places.flatMap(({ layer, link }) => (link ? `${quote(layer.name)} (${link.role})` : [])).join(' → ');
}

function fitInWords(orders: readonly (readonly Place[])[]): string {
  return orders.length > 1 ? say`and other orders fit too` : say`their shapes do`;
}

function otherwise(choices: readonly Choice[]): string {
  return choices.length > 1 ? say`; choose otherwise as "2": ${choices[1].label}` : '';
}

function headsInWords({ behind, heads }: Heads<LayerLink>): string {
  const names = heads.map((head) => head.map(({ layer }) => quote(layer.name)).join(' → '));
  return besideInWords(names, quote(behind.layer.name));
}

/** The layers of a file that are not in an order, each with the reason. */
function warnOfLayersLeft(
  places: readonly Place[],
  layers: readonly StoredLayer[],
  orders: readonly (readonly Place[])[],
  report: Report,
): void {
  const isIn = (order: readonly Place[], wanted: StoredLayer) => order.some(({ layer }) => layer === wanted);
  const left = layers.filter((layer) => !isIn(places, layer));
  for (const layer of left.filter(({ arrays }) => arrays.length > 0)) {
    const message = orders.some((order) => isIn(order, layer))
      ? say`the layer ${shapesInWords(layer)} has its place in other orders, and is left out of this one`
      : say`the layer ${shapesInWords(layer)} does not fit before, between or after the others, and is left out`;
    report.warning(START_OF_FILE, 'not-in-chain', message);
  }
  warnOfLeftOut(
    left.map((layer) => ({ layer })),
    report,
  );
}

function warnOfLeftOut(places: readonly Place[], report: Report): void {
  const names = places.filter(isLeftOut).map(({ layer }) => quote(layer.name));
  if (names.length === 0) return;
  const listed = names.slice(0, MOST_LISTED).join(', ') + (names.length > MOST_LISTED ? ', …' : '');
  const message =
    names.length === 1
      ? say`${listed} has no weights, and the file does not say what it computes: left out`
      : say`${listed} have no weights, and the file does not say what they compute: left out`;
  report.warning(START_OF_FILE, 'not-in-chain', message);
}

/** Reads PyTorch state dicts: a safetensors file, or JSON with a nested list per tensor. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { keysAt, type Outline } from '../../json/outline';
import type { JsonNode } from '../../json/node';
import { withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import type { Layer, Network } from '../../network';
import { parametersOf, type Parameter } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import { Report } from '../../report';
import { isSafetensors } from '../../tensors/safetensors';
import { openSafetensors } from '../../tensors/tensorFile';
import { unreadable, type BinaryDialect, type Reading, type Source, type TextDialect } from '../dialect';
import { attempt, soleFile, warnOfNotRun } from '../loading';
import { nameOfFile } from '../modelName';
import { activationChoices, gapLeftOpen, isOpen, placesOf, withActivations, type Place } from './activations';
import { nameCells } from './cells';
import { asTold, NO_CLASSES, withTold } from './classes';
import { chooseStateDict, isUsualKey } from './chooseDict';
import { directionsTogether } from './directions';
import { handChoices, takenInWords } from './handWritten';
import { inWords as hyperparametersInWords } from './hyperparameters';
import { isRecurrentName, modulesOf, longTitleOf, titleOf, type Module, type OtherModule } from './modules';
import { assemble, type Assembled } from './network';
import {
  besideInWords,
  inputBehind,
  isOfConvolution,
  outsideOf,
  withOutside,
  type Outside,
  type OutsideModule,
} from './outside';
import { isOpenRnn, nonlinearityChoices, otherNonlinearity, withNonlinearity } from './nonlinearity';
import { includes, orderOf, type Order } from './order';
import type { ModuleLink } from './roles';
import { withoutLosses } from './training';
import { fileTensors, jsonTensors, namesOf, readTensors, type TensorStore } from './tensors';

/** Says more of the model than a state dict does; a dialect of its own. */
const OF_GUITARML = 'model_data';
const MAX_MODULES = 200;

export const pytorchStateDict: TextDialect = {
  id: 'pytorch',
  label: say`PyTorch state dict`,
  endings: ['json'],

  matches(outline) {
    return pathsInOutline(outline).length > 0 && !outline.keys.has(OF_GUITARML);
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: false, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    if (!root) return unreadable(report.problems);
    return chooseStateDict(stateDictsIn(root), source, report, ({ node }) =>
      readStateDict(jsonTensors(node, report), source, report),
    );
  },
};

export const pytorchSafetensors: BinaryDialect = {
  id: 'pytorch',
  label: say`PyTorch state dict as safetensors`,
  endings: ['safetensors'],

  matches: (head, { bytes }) => isSafetensors(head, bytes.size),

  async read(source) {
    const report = Report.of('', { schema: false, about: 'structure' });
    const { bytes, fileName } = source;
    const file = await attempt(fileName, START_OF_FILE, report, () => openSafetensors(bytes));
    if (!file) return unreadable(report.problems);
    return readStateDict(fileTensors(file, fileName, { ordered: false }), source, report);
  },
};

/** The state dicts nearest to the top: at the top, or under keys. */
function pathsInOutline(outline: Outline): (readonly string[])[] {
  if (isStateDict([...outline.keys.keys()])) return [[]];
  const holds = (key: string) => isStateDictAt(key, [...keysAt(outline, key).keys()]);
  return [...outline.keys.keys()].filter(holds).map((key) => [key]);
}

function stateDictsIn(root: JsonNode): { readonly path: readonly string[]; readonly node: JsonNode }[] {
  const properties = (node: JsonNode) => (node.type === 'object' ? (node.children ?? []) : []);
  const keysOf = (node: JsonNode) => properties(node).map(({ children }) => String(children?.[0].value));
  if (isStateDict(keysOf(root))) return [{ path: [], node: root }];
  return properties(root).flatMap(({ children }) => {
    const [key, node] = children ?? [];
    return node && isStateDictAt(key.value, keysOf(node)) ? [{ path: [String(key.value)], node }] : [];
  });
}

/** Below a key that may stand for anything in JSON, the names have to be plain. */
function isStateDictAt(key: string, names: readonly string[]): boolean {
  return isUsualKey(key) ? isStateDict(names) : names.some(isRecurrentName);
}

/** Whether tensors of such names are those of a recurrent network. */
export function isStateDict(names: readonly string[]): boolean {
  return names.some(isRecurrentName) || nameCells(names);
}

export async function readStateDict(store: TensorStore, source: Source, report: Report): Promise<Reading> {
  const { classes = NO_CLASSES, hyperparameters } = store;
  const told = directionsTogether(modulesOf(store.shapes)).map((module) =>
    asTold(module, classes, hyperparameters),
  );
  const modules = withoutLosses(told, store, report).map((module) =>
    withNonlinearity(module, source.choices ?? []),
  );
  const { chain, choices, assumed } = chooseChain(modules, store, source, report);
  if (!chain) return { ...unreadable(report.problems), ...(choices && { choices }) };
  const taken = modules.map(({ prefix }) => prefix);
  const assembled = assemble(chain, source.choices ?? []);
  const places = placesOf(assembled.layers, taken).map((place): PlaceOf => ({
    ...place,
    module: chain[assembled.layers.findIndex(({ name }) => name === place.after)].module,
  }));
  const chosen = withTold(source.choices ?? [], places, classes, taken);
  const outsides = outsideOf(
    modules.filter((module) => isOutside(module, chain)),
    modules,
    chain.map(({ module }) => module),
    store.ordered,
  );
  const layerOf = (wanted: Module) =>
    assembled.layers[chain.findIndex(({ module }) => module === wanted)].name;
  const layers = withOutside(withActivations(assembled.layers, places, chosen), outsides, layerOf);
  const input = inputBehind(assembled.input, outsides);
  const conventions = [
    ...formsOf(chain),
    ...conventionsOf(
      layers,
      chain.some(({ module }) => isOpenRnn(module)),
    ),
  ];
  const network = {
    ...networkOf({ ...assembled, input, layers }, conventions, source),
    ...(hyperparameters && { description: hyperparametersInWords(hyperparameters) }),
  };
  reportOutside(network, outsides, store, report);
  reportGaps(places, store, chosen, report);
  const reportOrder = () =>
    assumed !== undefined && report.warning(store.at(chain[0].module.tensors[0]), 'assumed', assumed);
  // The likeliest reason of a wrong output is said first.
  if (choices) reportOrder();
  reportAssumptions(chain, places, chosen, store, report);
  if (!choices) reportOrder();
  const { origins } = assembled;
  const about = report.about('weights');
  warnOfUnused(chain, new Set([...origins.values()].flatMap(namesOf)), store, about);
  const originOf = ({ name }: Pick<Parameter, 'name'>) => origins.get(name)!;
  const weights = await readTensors(parametersOf(network), originOf, store, source, about);
  const ways = [
    ...(choices ?? []),
    ...nonlinearityChoices(told),
    ...handChoices(modules),
    ...activationChoices(places),
  ];
  return { ...soleFile(network, weights, source, report), ...(ways.length > 0 && { choices: ways }) };
}

/** The modules in the order in which they run; `choices` are there where others are possible too. */
function chooseChain(modules: readonly Module[], store: TensorStore, source: Source, report: Report): Order {
  const core = modules.filter(({ kind }) => kind === 'recurrent' || kind === 'matrix');
  const norms = modules.filter((module) => module.kind === 'norm' && !isOfConvolution(module, modules));
  const all = modules.filter((module) => core.includes(module) || norms.includes(module));
  if (!isUsable(all, modules, store, report) || report.failed) return {};
  return orderOf(core, all, store, source, report);
}

/** Whether there is something to show; if not, or if a recurrent module is broken, it is reported. */
function isUsable(
  parts: readonly Module[],
  modules: readonly Module[],
  store: TensorStore,
  report: Report,
): boolean {
  const others = modules.filter((module) => module.kind === 'other');
  if (parts.length > MAX_MODULES) {
    const message = say`expected at most ${MAX_MODULES} modules, found ${parts.length}`;
    report.error(store.at(parts[0].tensors[0]), 'too-many-modules', message);
    return false;
  }
  if (!parts.some(({ kind }) => kind === 'recurrent')) {
    reportNothingRecurrent(others, store, report);
    return false;
  }
  reportBroken(others, store, report);
  return true;
}

/** One message for the model: what it is, if that can be told. */
function reportNothingRecurrent(others: readonly OtherModule[], store: TensorStore, report: Report): void {
  if (reportBroken(others, store, report)) return;
  const names = [...store.shapes.keys()];
  const [module] = [...others.filter(({ model }) => model), ...others.filter(({ byHand }) => byHand)];
  if (module) {
    report.error(store.at(module.tensors[0]), 'no-recurrent-layer', otherInWords(module, others));
    return;
  }
  const listed = names.slice(0, 5).map(quote).join(', ');
  const found = names.length === 0 ? say`none` : `${listed}${names.length > 5 ? ' …' : ''}`;
  report.error(
    names.length > 0 ? store.at(names[0]) : START_OF_FILE,
    'no-recurrent-layer',
    say`expected the tensors of a recurrent layer, such as "lstm.weight_ih_l0" and "lstm.weight_hh_l0", found ${found}`,
  );
}

/** A module that is none of those that run, and, if it is of a known kind, all others of that kind. */
function otherInWords(module: OtherModule, others: readonly OtherModule[]): string {
  const { model, tensors, reason } = module;
  if (!model) return say`${longTitleOf(module)} is none that can be run here (${reason})`;
  const same = others.filter((other) => other.model === model);
  const count = same.length > 1 ? say`, in ${same.length} modules` : '';
  return say`this is a model of the kind ${model.name} (told by ${quote(tensors[0])}${count}), which is not run here: ${model.advice}`;
}

/** Whether there are recurrent modules whose tensors do not fit together: each is an error. */
function reportBroken(others: readonly OtherModule[], store: TensorStore, report: Report): boolean {
  const broken = others.filter(isBroken);
  for (const module of broken) {
    const message = say`the recurrent module ${titleOf(module)}: ${module.reason}`;
    report.error(store.at(module.tensors[0]), 'wrong-shape', message);
  }
  return broken.length > 0;
}

function isBroken({ tensors }: OtherModule): boolean {
  return tensors.some(isRecurrentName);
}

function isOutside(module: Module, chain: readonly ModuleLink[]): module is OutsideModule {
  if (module.kind === 'norm') return !includes(chain, module);
  return module.kind === 'other' && !isBroken(module);
}

/** Of what cannot be placed: that it is not run, and from where the rest runs. */
function reportOutside(
  network: Network,
  outsides: readonly Outside[],
  store: TensorStore,
  report: Report,
): void {
  const atOf = (name: string) => {
    const own = outsides.find((one) => one.name === name) ?? outsides[0];
    return store.at(own.modules[0].tensors[0]);
  };
  warnOfNotRun(network, atOf, report);
  const said = network.input.kind === 'vector' ? network.input.standsFor?.name : undefined;
  for (const outside of outsides) {
    if (!outside.before || outside.name === said) continue;
    report.warning(atOf(outside.name), 'not-run', besideInWords(outside, said));
  }
}

interface PlaceOf extends Place {
  readonly module: Module;
}

function reportGaps(
  places: readonly PlaceOf[],
  store: TensorStore,
  chosen: readonly string[],
  report: Report,
): void {
  for (const place of places) {
    const message = gapLeftOpen(place, chosen);
    if (message !== undefined) report.warning(store.at(place.module.tensors[0]), 'assumed', message);
  }
}

const NAMES = { rnn: say`an RNN`, lstm: say`an LSTM`, gru: say`a GRU` };

/** What the file does not say, and is taken to be as it is in most models. */
function reportAssumptions(
  chain: readonly ModuleLink[],
  places: readonly PlaceOf[],
  chosen: readonly string[],
  store: TensorStore,
  report: Report,
): void {
  for (const { role, module } of chain) {
    const assume = (message: string) => report.warning(store.at(module.tensors[0]), 'assumed', message);
    if (role === 'recurrent') {
      const open = takenInWords(module, chosen);
      if (open.length > 0) {
        assume(
          say`${titleOf(module)} is taken for ${NAMES[module.type]} written by hand, told by the names of its matrices: ${open.join('; ')}; the file does not say`,
        );
      } else if (isOpenRnn(module)) {
        assume(
          say`${titleOf(module)} is taken to use tanh: the file does not say whether it is tanh or relu; ${otherNonlinearity(module)}`,
        );
      }
    }
    if (role === 'norm') {
      assume(say`${titleOf(module)} is taken to have the epsilon ${module.epsilon}: the file does not say`);
    }
    if (role === 'linear') {
      const open = places.find((place) => place.module === module && isOpen(place, chosen));
      const plain = open ? say` to have no activation after it, and` : '';
      const other = open ? say`; choose otherwise as ${quote(`${open.after}=${open.ways[1][0]}`)}` : '';
      assume(say`${titleOf(module)} is taken${plain} to run at every step: the file does not say${other}`);
    }
  }
}

/** Whose names and layouts they are. */
function formsOf(chain: readonly ModuleLink[]): string[] {
  const written = chain.flatMap(({ role, module }) =>
    role === 'recurrent' ? (module.cells?.map((cell) => cell.written) ?? ['pytorch' as const]) : [],
  );
  return [...new Set(written.map((form) => FORMS[form]))];
}

const FORMS = {
  pytorch: say`PyTorch state dict`,
  flax: say`Flax parameters`,
  equinox: say`Equinox parameters`,
  haiku: say`Haiku parameters`,
  hand: say`cells written by hand`,
};

function networkOf({ input, layers }: Assembled, conventions: readonly string[], source: Source): Network {
  return {
    name: nameOfFile(source, /\.(safetensors|json|pt|pth|ckpt|bin|pkl)$/i),
    dialect: 'pytorch',
    conventions,
    input,
    layers,
  };
}

function conventionsOf(layers: readonly Layer[], openRnn: boolean): string[] {
  const ofLayers = layers.flatMap((layer) => {
    if (layer.type === 'lstm') return ['i, f, g, o'];
    if (layer.type === 'gru')
      return [layer.resetAfter ? say`r, z, n · reset after` : say`r, z, n · reset before`];
    if (layer.type === 'rnn') return [`${String(layer.nonlinearity)}${openRnn ? ' (assumed)' : ''}`];
    const plain = layer.type === 'linear' && layer.activation === 'none';
    return plain ? [say`no activation after linear (assumed)`] : [];
  });
  return [...new Set(ofLayers)];
}

function warnOfUnused(
  chain: readonly ModuleLink[],
  used: ReadonlySet<string>,
  store: TensorStore,
  report: Report,
): void {
  for (const name of chain.flatMap(({ module }) => module.tensors)) {
    if (!used.has(name))
      report.warning(store.at(name), 'unused-tensor', say`tensor ${quote(name)} is not used`);
  }
}

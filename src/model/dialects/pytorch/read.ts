/** Reads PyTorch state dicts: a safetensors file, or JSON with a nested list per tensor. */
import { quote } from '../../json/decode';
import { keysAt, type Outline } from '../../json/outline';
import { withoutByteOrderMark, type JsonNode } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import type { Layer, Network } from '../../network';
import { parametersOf, type Parameter } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import { Report } from '../../report';
import { isFloat, readHeader, readTensor, type StoredTensor } from '../../tensors/safetensors';
import {
  chooseOne,
  unreadable,
  type BinaryDialect,
  type Choice,
  type Reading,
  type Source,
  type TextDialect,
} from '../dialect';
import { byName, byNumber, chainsOf, inOrder } from '../chain';
import { attempt, soleFile, type Shapes } from '../loading';
import { nameCells } from './cells';
import { directionsTogether } from './directions';
import { handChoices, takenInWords } from './handWritten';
import { isRecurrentName, modulesOf, titleOf, type Module, type OtherModule } from './modules';
import { assemble, type Assembled } from './network';
import { rolesOf, type ModuleLink } from './roles';
import { jsonTensors, namesOf, readTensors, type TensorStore } from './tensors';

/** Where a state dict stands in a JSON file: at the top, or under one of these keys. */
const NESTED = ['state_dict', 'model_state_dict'];
/** Says more of the model than a state dict does; a dialect of its own. */
const OF_GUITARML = 'model_data';
const HEADER_LENGTH_BYTES = 8;
const MAX_MODULES = 200;

export const pytorchStateDict: TextDialect = {
  id: 'pytorch',
  label: 'PyTorch state dict',

  matches(outline) {
    return stateDictPath(outline) !== undefined && !outline.keys.has(OF_GUITARML);
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: false, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    const dict = root && stateDictIn(root);
    return dict ? readStateDict(jsonTensors(dict, report), source, report) : unreadable(report.problems);
  },
};

export const pytorchSafetensors: BinaryDialect = {
  id: 'pytorch',
  label: 'PyTorch state dict as safetensors',

  matches(head, { bytes }) {
    if (head.byteLength <= HEADER_LENGTH_BYTES || head[HEADER_LENGTH_BYTES] !== 0x7b) return false;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    return view.getBigUint64(0, true) < 2n ** 40n || bytes.size < HEADER_LENGTH_BYTES;
  },

  async read(source) {
    const report = Report.of('', { schema: false, about: 'structure' });
    const { bytes, fileName } = source;
    const tensors = await attempt(fileName, START_OF_FILE, report, () => readHeader(bytes));
    if (!tensors) return unreadable(report.problems);
    const store: TensorStore = {
      shapes: parameterShapes(tensors),
      ordered: false,
      at: () => START_OF_FILE,
      conversion: (names) => largestConversion(names, tensors),
      read: (name, about) =>
        attempt(fileName, START_OF_FILE, about, () => readTensor(bytes, tensors.get(name) as StoredTensor)),
    };
    return readStateDict(store, source, report);
  },
};

/** Without the counters and masks that state dicts hold beside parameters. */
function parameterShapes(tensors: ReadonlyMap<string, StoredTensor>): Shapes {
  const parameters = [...tensors.values()].filter(
    ({ name, dtype }) => isFloat(dtype) || isRecurrentName(name),
  );
  return new Map(parameters.map(({ name, shape }) => [name, shape]));
}

function stateDictPath(outline: Outline): readonly string[] | undefined {
  const paths = [[], ...NESTED.map((key) => [key])];
  return paths.find((path) => isStateDict([...keysAt(outline, ...path).keys()]));
}

function stateDictIn(root: JsonNode): JsonNode | undefined {
  const properties = (node: JsonNode) => (node.type === 'object' ? (node.children ?? []) : []);
  const values = (node: JsonNode) =>
    properties(node).flatMap(({ children }) =>
      NESTED.includes(children?.[0].value) && children?.[1] ? [children[1]] : [],
    );
  return [root, ...values(root)].find((node) =>
    isStateDict(properties(node).map(({ children }) => String(children?.[0].value))),
  );
}

function isStateDict(names: readonly string[]): boolean {
  return names.some(isRecurrentName) || nameCells(names);
}

function largestConversion(names: Iterable<string>, tensors: ReadonlyMap<string, StoredTensor>): number {
  let most = 0;
  for (const name of names) {
    const tensor = tensors.get(name);
    if (tensor && tensor.dtype !== 'F32' && isFloat(tensor.dtype))
      most = Math.max(most, tensor.end - tensor.start);
  }
  return most;
}

async function readStateDict(store: TensorStore, source: Source, report: Report): Promise<Reading> {
  const modules = directionsTogether(modulesOf(store.shapes));
  const { chain, choices, order } = chooseChain(modules, store, source, report);
  if (!chain) return { ...unreadable(report.problems), ...(choices && { choices }) };
  const assembled = assemble(chain, source.choices ?? []);
  const network = networkOf(assembled, formsOf(chain), source);
  reportAssumptions(chain, store, source, report);
  if (order !== undefined) report.warning(store.at(chain[0].module.tensors[0]), 'assumed', order);
  const { origins } = assembled;
  const about = report.about('weights');
  warnOfUnused(chain, new Set([...origins.values()].flatMap(namesOf)), store, about);
  const originOf = ({ name }: Pick<Parameter, 'name'>) => origins.get(name)!;
  const weights = await readTensors(parametersOf(network), originOf, store, source, about);
  const ways = [...(choices ?? []), ...handChoices(modules)];
  return { ...soleFile(network, weights, source, report), ...(ways.length > 0 && { choices: ways }) };
}

/** The modules in the order in which they run, said in `order` where it is a guess; `choices` are there where others are possible too. */
function chooseChain(
  modules: readonly Module[],
  store: TensorStore,
  source: Source,
  report: Report,
): { readonly chain?: readonly ModuleLink[]; readonly choices?: readonly Choice[]; readonly order?: string } {
  const usable = usableModules(modules, store, report);
  if (!usable || report.failed) return {};
  const inFileOrder = store.ordered ? inOrder(usable.map(rolesOf)) : undefined;
  if (inFileOrder) return { chain: inFileOrder };
  const { chains, whole } = chainsOf(byName(usable, ({ prefix }) => prefix).map(rolesOf));
  const choices = chains.map((chain, k): Choice => ({
    kind: 'order',
    value: String(k + 1),
    label: inWords(chain),
  }));
  const chosen = chains.find((_, k) => source.choices?.includes(String(k + 1)));
  const chain = chosen ?? (chains.length === 1 ? chains[0] : byNumber(chains));
  const parts = whole ? 'the modules' : 'parts of the modules, never all,';
  if (!chain) {
    const at = store.at(usable[0].tensors[0]);
    report.error(
      at,
      'several-readings',
      chooseOne(`by their shapes ${parts} fit together in several orders`, choices),
    );
    return { choices };
  }
  for (const module of usable.filter((candidate) => !includes(chain, candidate))) {
    const message = `${longTitleOf(module)} does not fit before, between or after the others, and is left out`;
    report.warning(store.at(module.tensors[0]), 'not-in-chain', message);
  }
  const why = chains.length > 1 ? 'and other orders fit too' : 'their shapes do';
  const order = `the modules run in the order ${inWords(chain)}: the file does not say, ${why}`;
  return { chain, ...(chain.length > 1 && { order }), ...(chains.length > 1 && { choices }) };
}

/** The modules that can be shown; undefined, with errors, if there are none. Others are reported. */
function usableModules(modules: readonly Module[], store: TensorStore, report: Report): Module[] | undefined {
  const others = modules.filter((module) => module.kind === 'other');
  const usable = modules.filter(({ kind }) => kind !== 'other');
  if (usable.length > MAX_MODULES) {
    const message = `expected at most ${MAX_MODULES} modules, found ${usable.length}`;
    report.error(store.at(usable[0].tensors[0]), 'too-many-modules', message);
    return undefined;
  }
  if (!usable.some(({ kind }) => kind === 'recurrent')) {
    reportNothingRecurrent(others, store, report);
    return undefined;
  }
  reportOthers(others, store, report);
  return usable;
}

/** One message for the model: what it is, if that can be told. */
function reportNothingRecurrent(others: readonly OtherModule[], store: TensorStore, report: Report): void {
  const broken = others.filter(({ tensors }) => tensors.some(isRecurrentName));
  if (broken.length > 0) {
    reportOthers(broken, store, report);
    return;
  }
  const names = [...store.shapes.keys()];
  const [module] = [...others.filter(({ model }) => model), ...others.filter(({ byHand }) => byHand)];
  if (module) {
    report.error(store.at(module.tensors[0]), 'no-recurrent-layer', otherInWords(module, others));
    return;
  }
  const listed = names.slice(0, 5).map(quote).join(', ');
  const found = names.length === 0 ? 'none' : `${listed}${names.length > 5 ? ' …' : ''}`;
  report.error(
    names.length > 0 ? store.at(names[0]) : START_OF_FILE,
    'no-recurrent-layer',
    `expected the tensors of a recurrent layer, such as "lstm.weight_ih_l0" and "lstm.weight_hh_l0", found ${found}`,
  );
}

function longTitleOf(module: Module): string {
  return module.prefix === '' ? titleOf(module) : `the module ${titleOf(module)}`;
}

/** A module that is none of those that run, and, if it is of a known kind, all others of that kind. */
function otherInWords(module: OtherModule, others: readonly OtherModule[]): string {
  const { model, tensors, reason } = module;
  if (!model) return `${longTitleOf(module)} is none that can be run here (${reason})`;
  const same = others.filter((other) => other.model === model);
  const count = same.length > 1 ? `, in ${same.length} modules` : '';
  return `this is a model of the kind ${model.name} (told by ${quote(tensors[0])}${count}), which is not run here: ${model.advice}`;
}

function reportOthers(others: readonly OtherModule[], store: TensorStore, report: Report): void {
  const kinds = new Set<unknown>();
  for (const module of others) {
    const at = store.at(module.tensors[0]);
    if (module.tensors.some(isRecurrentName)) {
      report.error(at, 'wrong-shape', `the recurrent module ${titleOf(module)}: ${module.reason}`);
      continue;
    }
    if (module.model && kinds.has(module.model)) continue;
    kinds.add(module.model);
    const message = module.layer
      ? `${longTitleOf(module)} is left out (${module.reason}): a state dict does not say where it stands; export the model to ONNX, or write a .rnn.json with a layer of type "${module.layer}" in its place`
      : otherInWords(module, others);
    report
      .about('weights')
      .error(at, 'unsupported-module', `${message}; the model is shown without it, and does not run`);
  }
}

function includes(chain: readonly ModuleLink[], module: Module): boolean {
  return chain.some((link) => link.module === module);
}

function inWords(chain: readonly ModuleLink[]): string {
  return chain
    .map(({ role, module }) => `${titleOf(module)} (${role === 'recurrent' ? module.type : role})`)
    .join(' → ');
}

const NAMES = { rnn: 'an RNN', lstm: 'an LSTM', gru: 'a GRU' };

/** What the file does not say, and is taken to be as it is in most models. */
function reportAssumptions(
  chain: readonly ModuleLink[],
  store: TensorStore,
  { choices = [] }: Source,
  report: Report,
): void {
  for (const { role, module } of chain) {
    const assume = (message: string) => report.warning(store.at(module.tensors[0]), 'assumed', message);
    if (role === 'recurrent') {
      const open = module.cells?.flatMap((cell) => takenInWords(cell, choices)) ?? [];
      if (open.length > 0) {
        assume(
          `${titleOf(module)} is taken for ${NAMES[module.type]} written by hand, told by the names of its matrices: ${[...new Set(open)].join('; ')}; the file does not say`,
        );
      } else if (module.type === 'rnn' && !module.cells) {
        assume(`${titleOf(module)} is taken to use tanh: the file does not say whether it is tanh or relu`);
      }
    }
    if (role === 'linear') {
      assume(
        `${titleOf(module)} is taken to have no activation after it, and to run at every step: the file does not say`,
      );
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
  pytorch: 'PyTorch state dict',
  flax: 'Flax parameters',
  equinox: 'Equinox parameters',
  haiku: 'Haiku parameters',
  hand: 'cells written by hand',
};

function networkOf({ input, layers }: Assembled, forms: readonly string[], { fileName }: Source): Network {
  return {
    name: fileName.replace(/\.(safetensors|json)$/i, '') || fileName,
    dialect: 'pytorch',
    conventions: [...forms, ...conventionsOf(layers)],
    input,
    layers,
  };
}

function conventionsOf(layers: readonly Layer[]): string[] {
  const ofLayers = layers.flatMap((layer) => {
    if (layer.type === 'lstm') return ['i, f, g, o'];
    if (layer.type === 'gru') return [`r, z, n · reset ${layer.resetAfter ? 'after' : 'before'}`];
    if (layer.type === 'rnn') return ['tanh (assumed)'];
    return layer.type === 'linear' ? ['no activation after linear (assumed)'] : [];
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
    if (!used.has(name)) report.warning(store.at(name), 'unused-tensor', `tensor ${quote(name)} is not used`);
  }
}

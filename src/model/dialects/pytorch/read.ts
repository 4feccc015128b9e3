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
import { isRecurrentName, modulesOf, titleOf, type Module } from './modules';
import { assemble, type Assembled } from './network';
import { rolesOf, type ModuleLink } from './roles';
import { jsonTensors, readTensors, type TensorStore } from './tensors';

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
  return paths.find((path) => [...keysAt(outline, ...path).keys()].some(isRecurrentName));
}

function stateDictIn(root: JsonNode): JsonNode | undefined {
  const properties = (node: JsonNode) => (node.type === 'object' ? (node.children ?? []) : []);
  const values = (node: JsonNode) =>
    properties(node).flatMap(({ children }) =>
      NESTED.includes(children?.[0].value) && children?.[1] ? [children[1]] : [],
    );
  return [root, ...values(root)].find((node) =>
    properties(node).some(({ children }) => isRecurrentName(String(children?.[0].value))),
  );
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
  const modules = modulesOf(store.shapes);
  const { chain, choices, order } = chooseChain(modules, store, source, report);
  if (!chain) return { ...unreadable(report.problems), ...(choices && { choices }) };
  const assembled = assemble(chain);
  const network = networkOf(assembled, source);
  reportAssumptions(chain, store, report);
  if (order !== undefined) report.warning(store.at(chain[0].module.tensors[0]), 'assumed', order);
  const { tensors } = assembled;
  warnOfUnused(chain, new Set(tensors.values()), store, report.about('weights'));
  const nameOf = ({ name }: Pick<Parameter, 'name'>) => tensors.get(name) ?? name;
  const weights = await readTensors(parametersOf(network), nameOf, store, source, report.about('weights'));
  return { ...soleFile(network, weights, source, report), ...(choices && { choices }) };
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
    const message = `the module ${titleOf(module)} does not fit before, between or after the others, and is left out`;
    report.warning(store.at(module.tensors[0]), 'not-in-chain', message);
  }
  const why = chains.length > 1 ? 'and other orders fit too' : 'their shapes do';
  const order = `the modules run in the order ${inWords(chain)}: the file does not say, ${why}`;
  return { chain, ...(chain.length > 1 && { order }), ...(chains.length > 1 && { choices }) };
}

/** The modules that can be shown; undefined, with errors, if there are none. Others are reported. */
function usableModules(modules: readonly Module[], store: TensorStore, report: Report): Module[] | undefined {
  const names = [...store.shapes.keys()];
  const usable = modules.filter(({ kind }) => kind !== 'other');
  for (const module of modules) {
    if (module.kind !== 'other') continue;
    const at = store.at(module.tensors[0]);
    if (module.tensors.some(isRecurrentName)) {
      report.error(at, 'wrong-shape', `the recurrent module ${titleOf(module)}: ${module.reason}`);
    } else {
      const message = module.layer
        ? `the module ${titleOf(module)} is left out (${module.reason}): a state dict does not say where it stands; export the model to ONNX, or write a .rnn.json with a layer of type "${module.layer}" in its place`
        : `the module ${titleOf(module)} is none that can be run here (${module.reason})`;
      report
        .about('weights')
        .error(at, 'unsupported-module', `${message}; the model is shown without it, and does not run`);
    }
  }
  if (usable.length > MAX_MODULES) {
    const message = `expected at most ${MAX_MODULES} modules, found ${usable.length}`;
    report.error(store.at(names[0]), 'too-many-modules', message);
    return undefined;
  }
  if (usable.some(({ kind }) => kind === 'recurrent')) return usable;
  if (report.failed) return undefined;
  const listed = names.slice(0, 5).map(quote).join(', ');
  const found = names.length === 0 ? 'none' : `${listed}${names.length > 5 ? ' …' : ''}`;
  report.error(
    names.length > 0 ? store.at(names[0]) : START_OF_FILE,
    'no-recurrent-layer',
    `expected the tensors of a recurrent layer, such as "lstm.weight_ih_l0" and "lstm.weight_hh_l0", found ${found}`,
  );
  return undefined;
}

function includes(chain: readonly ModuleLink[], module: Module): boolean {
  return chain.some((link) => link.module === module);
}

function inWords(chain: readonly ModuleLink[]): string {
  return chain
    .map(({ role, module }) => `${titleOf(module)} (${role === 'recurrent' ? module.type : role})`)
    .join(' → ');
}

/** What the file does not say, and is taken to be as it is in most models. */
function reportAssumptions(chain: readonly ModuleLink[], store: TensorStore, report: Report): void {
  for (const { role, module } of chain) {
    const assume = (message: string) => report.warning(store.at(module.tensors[0]), 'assumed', message);
    if (role === 'recurrent' && module.type === 'rnn') {
      assume(`${titleOf(module)} is taken to use tanh: the file does not say whether it is tanh or relu`);
    }
    if (role === 'linear') {
      assume(
        `${titleOf(module)} is taken to have no activation after it, and to run at every step: the file does not say`,
      );
    }
  }
}

function networkOf({ input, layers }: Assembled, { fileName }: Source): Network {
  return {
    name: fileName.replace(/\.(safetensors|json)$/i, '') || fileName,
    dialect: 'pytorch',
    conventions: conventionsOf(layers),
    input,
    layers,
  };
}

function conventionsOf(layers: readonly Layer[]): string[] {
  const ofLayers = layers.flatMap((layer) => {
    if (layer.type === 'lstm') return ['i, f, g, o'];
    if (layer.type === 'gru') return ['r, z, n · reset after'];
    if (layer.type === 'rnn') return ['tanh (assumed)'];
    return layer.type === 'linear' ? ['no activation after linear (assumed)'] : [];
  });
  return ['PyTorch state dict', ...new Set(ofLayers)];
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

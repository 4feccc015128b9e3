import { say } from '../../../words/say';
import {
  boolean,
  entries,
  Fields,
  integer,
  listOf,
  nonEmptyString,
  oneOf,
  pathOf,
  quote,
  string,
  valueAt,
  type Decoder,
} from '../../json/decode';
import { removedElement, removedKey, renamedKey, setting, type Change, type Fix } from '../../fix';
import type { JsonNode } from '../../json/node';
import { initialise, INITIALISERS, type Initialiser } from '../../initialise';
import { isRecurrent, stateSize } from '../../network';
import { nearest } from '../../near';
import type { Weights } from '../../weights';
import { GATES, type Parameter } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import type { At, Report } from '../../report';
import { nestedShape, nestedValues } from '../../tensors/nested';
import { bytesOf } from '../../tensors/bytes';
import { mostBytesToRead, openTensorFile } from '../../tensors/tensorFile';
import type { Source } from '../dialect';
import { attempt, collect, fitsMemory, sameShape, type Shapes } from '../loading';
import { otherFiles } from './otherFiles';
import { prefixesIn, TensorNames } from './tensorNames';

/** Where a layer stands in the text, by its name. */
export type NodeOfLayer = (layer: string) => JsonNode | undefined;

/** Where a model's weights are, known by their shapes, not read yet. */
export interface WeightStore {
  readonly shapes: Shapes;
  readonly seeded: boolean;
  /** The values of `parameters`; undefined, with errors reported, if they are not all there. */
  load(parameters: readonly Parameter[], nodeOf: NodeOfLayer): Promise<Weights | undefined>;
}

/** Undefined, with errors reported, if there are no weights to be read. */
export async function openWeights(
  node: JsonNode | undefined,
  source: Source,
  report: Report,
): Promise<WeightStore | undefined> {
  if (source.weights) {
    const { path, folder } = source.weights;
    const told = node?.type === 'object' ? Fields.of(node, report, KEYS) : undefined;
    return fileStore({ path, trained: true, ...toldOf(told) }, node, { ...source, folder }, report);
  }
  if (!node) return seededStore('pytorch', 0, START_OF_FILE, source, report);
  const fields = Fields.of(node, report, KEYS);
  fields?.onlyWith('file', ['trained', 'names', 'unused']);
  fields?.onlyWith('init', ['seed']);
  switch (fields?.exactlyOne(['file', 'values', 'init'], { init: 'pytorch' })) {
    case 'file': {
      const path = fields.required('file', nonEmptyString);
      const trained = fields.optional('trained', boolean) ?? true;
      const told = toldOf(fields);
      return path === undefined ? undefined : fileStore({ path, trained, ...told }, node, source, report);
    }
    case 'values':
      return inlineStore(fields.at('values'), source, report);
    case 'init': {
      const init = fields.required('init', oneOf(...INITIALISERS));
      const seed = fields.has('seed') ? fields.required('seed', integer(0)) : 0;
      return init && seed !== undefined
        ? seededStore(init, seed, fields.at('init'), source, report)
        : undefined;
    }
    default:
      return undefined;
  }
}

const KEYS = ['file', 'trained', 'names', 'unused', 'values', 'init', 'seed'];

/** What is said of the tensors of a file. */
interface Told {
  readonly names?: ReadonlyMap<string, string>;
  readonly unused?: JsonNode;
}

function toldOf(fields: Fields | undefined): Told {
  const names = fields?.optional('names', layerNames);
  const unused = fields?.optional('unused', listOf(string)) && fields.at('unused');
  return { ...(names && { names }), ...(unused && { unused }) };
}

/** The file's name of a layer, by the layer's own. */
const layerNames: Decoder<ReadonlyMap<string, string>> = (node, report) => {
  const found = entries(node, report);
  if (!found) return undefined;
  const names = [...found].map(([layer, value]) => [layer, nonEmptyString(value, report)] as const);
  return new Map(names.filter((one): one is readonly [string, string] => one[1] !== undefined));
};

function seededStore(init: Initialiser, seed: number, at: At, source: Source, report: Report): WeightStore {
  return {
    shapes: new Map(),
    seeded: true,
    async load(parameters) {
      return fitsMemory(parameters, 0, at, source, report)
        ? initialise(parameters, init, seed, source.signal)
        : undefined;
    },
  };
}

function inlineStore(node: JsonNode, source: Source, report: Report): WeightStore | undefined {
  const nodes = entries(node, report);
  if (!nodes) return undefined;
  const shapes = new Map<string, readonly number[]>();
  for (const [name, value] of nodes) {
    const shape = nestedShape(value, report);
    if (shape) shapes.set(name, shape);
  }
  return {
    shapes,
    seeded: false,
    async load(parameters, nodeOf) {
      const at = (name: string) => nodes.get(name) ?? node;
      const needed = new Set(parameters.map(({ name }) => name));
      const spare = [...nodes.keys()].filter((name) => !needed.has(name));
      const where = { words: pathOf(node), at, inFile: ({ name }: Parameter) => name };
      const fits = checkShapes(parameters, shapes, where, report, (parameter, found) =>
        found ? sizeAsIn(parameter, found, nodeOf) : renamedTensor(parameter.name, spare, nodes),
      );
      for (const name of spare) {
        const tensor = at(name);
        const fixes = 'type' in tensor ? [removedKey(tensor, name)] : [];
        report.warning(tensor, 'unused-tensor', notUsed(pathOf(node), name), fixes);
      }
      if (!fits || report.failed || !fitsMemory(parameters, 0, node, source, report)) return undefined;
      return collect(parameters, at, source, report, async ({ name, shape }) =>
        nestedValues(at(name), shape, report),
      );
    },
  };
}

/** A tensor without a reader whose name is close to that of one that is missing. */
function renamedTensor(name: string, spare: readonly string[], nodes: ReadonlyMap<string, JsonNode>): Fix[] {
  const near = nearest(name, spare);
  const key = near === undefined ? undefined : nodes.get(near)?.parent?.children?.[0];
  return key ? [renamedKey(key, name)] : [];
}

/** `node` is the value of the key `weights`. */
async function fileStore(
  { path: file, trained, names: given, unused }: Told & { readonly path: string; readonly trained: boolean },
  node: JsonNode | undefined,
  source: Source,
  report: Report,
): Promise<WeightStore | undefined> {
  const own = source.weights ? undefined : valueAt(node, 'file');
  const at = own ?? node ?? START_OF_FILE;
  const open = async () => openTensorFile(await bytesOf(source.folder, file, source.limits), source);
  const opened = await attempt(file, at, report, open, await filesInstead(file, own, source));
  if (!opened) return undefined;
  const { tensors } = opened;
  const inFile = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
  const names = new TensorNames(given ?? new Map());
  const shapes = names.shapes(inFile);
  const fileName = ({ name, layer }: Parameter) => names.inFile(name, layer.name);
  return {
    shapes,
    seeded: !trained,
    async load(parameters, nodeOf) {
      const where = { words: file, at: () => at, inFile: fileName };
      const renamed = layersInFile(parameters, inFile, given ?? new Map(), own && node);
      const fits = checkShapes(parameters, shapes, where, report, (parameter, found) =>
        found ? sizeAsIn(parameter, found, nodeOf) : (renamed.get(parameter.layer.name) ?? []),
      );
      checkNames(own && node, parameters, nodeOf, report);
      const needed = new Set(parameters.map(fileName));
      checkUnused({ file, at, node: own && node, unused }, [...inFile.keys()], needed, report);
      const buffer = mostBytesToRead(tensors, needed);
      if (!fits || report.failed || !fitsMemory(parameters, buffer, at, source, report)) return undefined;
      return collect(
        parameters,
        () => at,
        source,
        report,
        (parameter) => attempt(file, at, report, () => opened.read(fileName(parameter))),
      );
    },
  };
}

/** Files of weights in place of one that is not there. */
async function filesInstead(file: string, node: JsonNode | undefined, source: Source): Promise<Fix[]> {
  if (!node) return [];
  const there = await source.folder.size(file).then(
    () => true,
    () => false,
  );
  return there ? [] : otherFiles(source.folder, /\.(safetensors|pt|pth|ckpt|bin)$/i, node);
}

/** Reports names of layers that the model has not. */
function checkNames(
  weights: JsonNode | undefined,
  parameters: readonly Parameter[],
  nodeOf: NodeOfLayer,
  report: Report,
): void {
  const known = [...new Set(parameters.map(({ layer }) => layer.name))];
  for (const property of valueAt(weights, 'names')?.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!value || nodeOf(String(key.value))) continue;
    const near = nearest(String(key.value), known);
    const meant = near === undefined ? [] : [renamedKey(key, near)];
    const message = say`${pathOf(value)}: expected the name of a layer (${known.map(quote).join(', ')}), found ${quote(String(key.value))}`;
    report.error(key, 'unknown-layer', message, [...meant, removedKey(value, String(key.value))]);
  }
}

interface UnusedIn {
  readonly file: string;
  readonly at: At;
  /** The value of the key `weights`, where it names the file. */
  readonly node: JsonNode | undefined;
  /** The list of tensors that are said not to be used. */
  readonly unused: JsonNode | undefined;
}

/** Warns of tensors that nothing reads and of which that is not said, and reports what is said of others. */
function checkUnused(
  { file, at, node, unused }: UnusedIn,
  names: readonly string[],
  needed: ReadonlySet<string>,
  report: Report,
): void {
  const said = new Set(unused?.children?.map(({ value }) => String(value)));
  for (const child of unused?.children ?? []) {
    if (!needed.has(String(child.value))) continue;
    const message = say`${pathOf(child)}: expected a tensor that no layer uses, found ${quote(String(child.value))}`;
    report.error(child, 'wrong-value', message, [removedElement(child)]);
  }
  const others = names.filter((name) => !needed.has(name) && !said.has(name));
  for (const name of others) {
    const fixes = node ? declaredUnused(name, others, node, unused) : [];
    report.warning(at, 'unused-tensor', notUsed(file, name), fixes);
  }
}

function declaredUnused(
  name: string,
  others: readonly string[],
  node: JsonNode,
  unused: JsonNode | undefined,
): Fix[] {
  const change = (names: readonly string[]): Change[] =>
    unused
      ? names.map((value) => ({ kind: 'add', offset: unused.offset, value }))
      : [{ kind: 'add', offset: node.offset, key: 'unused', value: names }];
  const one: Fix = { code: 'declare-unused', values: [JSON.stringify(name)], changes: change([name]) };
  if (others.length === 1) return [one];
  return [one, { code: 'declare-all-unused', values: [others.length], changes: change(others) }];
}

function notUsed(where: string, name: string): string {
  return say`${where}: tensor ${quote(name)} is not used`;
}

/** For layers of which the file has no tensor: a name under which it has all of them, in their shapes. */
function layersInFile(
  parameters: readonly Parameter[],
  file: Shapes,
  names: ReadonlyMap<string, string>,
  weights: JsonNode | undefined,
): ReadonlyMap<string, Fix[]> {
  const found = new Map<string, Fix[]>();
  if (!weights) return found;
  const layers = [...new Set(parameters.map(({ layer }) => layer))];
  const taken = new Set(layers.map(({ name }) => names.get(name) ?? name));
  const free = prefixesIn(file.keys()).filter((prefix) => !taken.has(prefix));
  for (const { name } of layers) {
    const own = parameters.filter(({ layer }) => layer.name === name);
    const fitting = free.filter((prefix) =>
      own.every((one) => sameShape(file.get(prefix + one.name.slice(name.length)), one.shape)),
    );
    const map = valueAt(weights, 'names');
    const fixes = fitting.map((prefix): Fix => {
      const values = [JSON.stringify(name), JSON.stringify(prefix)];
      const change = map ? setting(map, name, prefix) : setting(weights, 'names', { [name]: prefix });
      return { code: 'read-tensors', values, changes: [change] };
    });
    if (fixes.length > 0) found.set(name, fixes.slice(0, MOST_PREFIXES));
  }
  return found;
}

/** More are no help. */
const MOST_PREFIXES = 4;

/** Where tensors are, for messages. */
interface Where {
  readonly words: string;
  readonly at: (name: string) => At;
  readonly inFile: (parameter: Parameter) => string;
}

/** Whether every parameter is there in its shape; `fixes` has what helps where a shape differs, or there is none. */
function checkShapes(
  parameters: readonly Parameter[],
  shapes: Shapes,
  { words, at, inFile }: Where,
  report: Report,
  fixes: (parameter: Parameter, found: readonly number[] | undefined) => readonly Fix[],
): boolean {
  let fits = true;
  for (const parameter of parameters) {
    const { name, shape } = parameter;
    const found = shapes.get(name);
    if (sameShape(found, shape)) continue;
    fits = false;
    const expected = say`expected [${shape.join(', ')}]`;
    const tensor = say`${words}: tensor ${quote(inFile(parameter))}`;
    const help = fixes(parameter, found);
    if (found) {
      report.error(at(name), 'wrong-shape', say`${tensor}: ${expected}, found [${found.join(', ')}]`, help);
    } else {
      report.error(at(name), 'missing-tensor', say`${tensor} is missing; ${expected}`, help);
    }
  }
  return fits;
}

/** The layer's own size as its tensor has it. */
function sizeAsIn({ kind, layer, shape }: Parameter, found: readonly number[], nodeOf: NodeOfLayer): Fix[] {
  const node = nodeOf(layer.name);
  if (!node || found.length !== shape.length) return [];
  const to = (key: string, size: number, now: number): Fix[] =>
    size === now || !Number.isInteger(size) || size < 1
      ? []
      : [{ code: 'set', values: [JSON.stringify(key), size], changes: [setting(node, key, size)] }];
  if (isRecurrent(layer)) {
    const units = kind === 'weight_hr' ? found[1] : found[0] / GATES[layer.type];
    const stacked = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr'].includes(kind);
    const projected = stateSize(layer) !== layer.hiddenSize;
    const sized = stacked ? to('hidden_size', units, layer.hiddenSize) : [];
    return sized.length === 0 && projected && kind === 'weight_hr'
      ? to('proj_size', found[0], stateSize(layer))
      : sized;
  }
  switch (layer.type) {
    case 'linear':
      return to('out_features', found[0], layer.outputSize);
    case 'conv1d':
      return [
        ...to('out_channels', found[0], layer.outputSize),
        ...(kind === 'weight' ? to('kernel_size', found[2], layer.kernelSize) : []),
      ];
    case 'conv2d':
      return to('out_channels', found[0], layer.outChannels);
    case 'embedding':
      return to('embedding_dim', found[1], layer.outputSize);
    default:
      return [];
  }
}

/** What may stand at a place, as far as the schema cannot know it: names of layers, tensors, columns and files. */
import { getLocation, type JSONPath } from 'jsonc-parser';
import { FileError, type Folder } from '../../files/folder';
import { quote, stringAt, valueAt } from '../../model/json/decode';
import type { JsonNode } from '../../model/json/node';
import type { Limits } from '../../model/limits';
import { INPUT, isRecurrentType, type Network } from '../../model/network';
import { layerParameters, parametersOf } from '../../model/parameters';
import { prefixesIn } from '../../model/dialects/native/tensorNames';
import { parseTable } from '../../model/sequences/csv';
import { bytesOf, TensorFileError } from '../../model/tensors/bytes';
import { openTensorFile } from '../../model/tensors/tensorFile';
import type { ModelText } from './modelText';

export interface Completion {
  /** A string of JSON that is put, quotes and all. */
  readonly text: string;
  readonly name: string;
  /** A shape, a kind, a size. */
  readonly detail: string;
  readonly kind: 'layer' | 'tensor' | 'column' | 'file';
  /** What gives way to it. */
  readonly offset: number;
  readonly length: number;
}

export interface Known {
  /** The last one that could be read. */
  readonly network: Network | undefined;
  readonly folder: Folder;
  readonly limits: Limits;
}

type Item = Pick<Completion, 'name' | 'detail' | 'kind'>;

/** More are no help. */
const MOST = 500;
const WEIGHTS = /\.(safetensors|pt|pth|ckpt|bin)$/i;
const TABLES = /\.csv$/i;
/** Enough for any header. */
const HEADER_BYTES = 1 << 16;

export async function completionsAt(model: ModelText, at: number, known: Known): Promise<Completion[]> {
  const { path, previousNode, isAtPropertyKey } = getLocation(model.text, at);
  const around = previousNode && within(previousNode, at) ? previousNode : undefined;
  if (around && around.type !== 'string' && !isAtPropertyKey) return [];
  const items = await itemsFor(model, path, isAtPropertyKey, known);
  const place = around ? { offset: around.offset, length: around.length } : { offset: at, length: 0 };
  const isBare = isAtPropertyKey && !/^\s*:/.test(model.text.slice(place.offset + place.length));
  const value = isBare ? ': ' : '';
  return items.slice(0, MOST).map((item) => ({ ...item, ...place, text: JSON.stringify(item.name) + value }));
}

/** Between the quotes, or at one of their ends. */
function within({ offset, length }: JsonNode, at: number): boolean {
  return offset < at && at <= offset + length;
}

async function itemsFor(model: ModelText, path: JSONPath, isKey: boolean, known: Known): Promise<Item[]> {
  const [section, second, third] = path;
  const last = path.at(-1);
  if (section === 'layers' && typeof second === 'number' && !isKey) {
    if (third === 'input') return inputs(model, second, known.network);
    if (third === 'initial_state' && last === 'layer')
      return layers(model, second, known.network, isRecurrentType);
    return [];
  }
  if (section === 'weights') return ofWeights(model, path, isKey, known);
  if (section === 'samples' && typeof second === 'number') return ofSample(model, path, isKey, known);
  return [];
}

function inputs(model: ModelText, reader: number, network: Network | undefined): Item[] {
  const own: Item = { name: INPUT, detail: 'input', kind: 'layer' };
  return [own, ...layers(model, reader, network)];
}

/** All but the reading one. */
function layers(
  model: ModelText,
  reader: number,
  network: Network | undefined,
  fits: (type: string) => boolean = () => true,
): Item[] {
  return model.layers
    .filter(({ type }, k) => k !== reader && fits(type))
    .map(({ name, type }) => ({ name, detail: layerDetail(name, type, network), kind: 'layer' }));
}

function layerDetail(name: string, type: string, network: Network | undefined): string {
  const layer = network?.layers.find((one) => one.name === name);
  return layer ? `${type} (${layer.outputSize})` : type;
}

async function ofWeights(model: ModelText, path: JSONPath, isKey: boolean, known: Known): Promise<Item[]> {
  const weights = valueAt(model.root, 'weights');
  const [, key, within] = path;
  const { network } = known;
  const parameters = network ? parametersOf(network) : [];
  switch (key) {
    case 'file':
      return files(known.folder, WEIGHTS);
    case 'values': {
      if (!isKey || path.length > 3) return [];
      const given = keysOf(valueAt(weights, 'values'));
      return parameters.flatMap(({ name, shape }) => (given.has(name) ? [] : [tensor(name, shape)]));
    }
    case 'names': {
      if (isKey) {
        const withTensors = network?.layers.filter((layer) => layerParameters(layer).length > 0) ?? [];
        return withTensors.map(({ name, type }) => ({
          name,
          detail: layerDetail(name, type, network),
          kind: 'layer',
        }));
      }
      if (within === undefined) return [];
      const shapes = await shapesIn(weights, known);
      return prefixesIn(shapes.keys()).map((name) => ({
        name,
        detail: tensorsBelow(name, shapes),
        kind: 'tensor',
      }));
    }
    case 'unused': {
      if (within === undefined) return [];
      const said = new Set(valueAt(weights, 'unused')?.children?.map(({ value }) => String(value)));
      const needed = new Set(parameters.map(({ name }) => name));
      const shapes = await shapesIn(weights, known);
      return [...shapes].flatMap(([name, shape]) =>
        said.has(name) || needed.has(name) ? [] : [tensor(name, shape)],
      );
    }
    default:
      return [];
  }
}

function tensor(name: string, shape: readonly number[]): Item {
  return { name, detail: `[${shape.join(', ')}]`, kind: 'tensor' };
}

/** The first of the tensors under a name, with their shapes. */
function tensorsBelow(prefix: string, shapes: ReadonlyMap<string, readonly number[]>): string {
  const below = [...shapes].filter(([name]) => name.startsWith(`${prefix}.`));
  const first = below
    .slice(0, 2)
    .map(([name, shape]) => `${name.slice(prefix.length + 1)} [${shape.join(', ')}]`);
  return [...first, ...(below.length > first.length ? ['…'] : [])].join(', ');
}

function keysOf(node: JsonNode | undefined): ReadonlySet<string> {
  return new Set(node?.children?.map(({ children }) => String(children?.[0].value)));
}

async function shapesIn(
  weights: JsonNode | undefined,
  { folder, limits }: Known,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const file = stringAt(weights, 'file');
  if (file === undefined) return new Map();
  return unlessUnreadable(new Map(), async () => {
    const { tensors } = await openTensorFile(await bytesOf(folder, file, limits), { limits });
    return new Map([...tensors].map(([name, { shape }]) => [name, shape]));
  });
}

async function files(folder: Folder, ending: RegExp): Promise<Item[]> {
  const names = await folder.list();
  return names
    .filter((name) => ending.test(name))
    .sort()
    .map((name) => ({ name, detail: '', kind: 'file' }));
}

async function ofSample(model: ModelText, path: JSONPath, isKey: boolean, known: Known): Promise<Item[]> {
  const [, k, key, within] = path;
  const sample = valueAt(model.root, 'samples')?.children?.[k as number];
  if (key === 'inputs' && path.length === 4 && isKey) {
    const given = keysOf(valueAt(sample, 'inputs'));
    return model.layers
      .filter(({ name, type }) => type === 'input' && !given.has(name))
      .map(({ name, type }) => ({ name, detail: type, kind: 'layer' }));
  }
  // Of a sequence for a further input, the same keys.
  const [owner, name, rest] =
    key === 'inputs'
      ? [valueAt(valueAt(sample, 'inputs'), String(within)), path[4], path[5]]
      : [sample, key, within];
  if (isKey) return name === 'where' && rest !== undefined ? columns(owner, known) : [];
  if (name === 'file' || (name === 'expected' && rest === 'file')) return files(known.folder, TABLES);
  return name === 'columns' && rest !== undefined ? columns(owner, known) : [];
}

/** Those of a table's header. */
async function columns(sequence: JsonNode | undefined, { folder }: Known): Promise<Item[]> {
  const file = stringAt(sequence, 'file');
  if (file === undefined) return [];
  const named = await unlessUnreadable<readonly string[]>([], async () => {
    const start = new TextDecoder().decode(await folder.read(file, 0, HEADER_BYTES));
    const table = await parseTable(start.slice(0, endOfLines(start)));
    return 'rows' in table ? (table.header ?? []) : [];
  });
  return named.map((name) => ({ name, detail: quote(file), kind: 'column' }));
}

/** The end of the last whole line; of a text of one line, its own. */
function endOfLines(text: string): number {
  const end = text.lastIndexOf('\n');
  return end < 0 ? text.length : end;
}

/** A fault of a file is said by its problem; here there is just nothing to offer. */
async function unlessUnreadable<T>(none: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (FileError.is(error) || error instanceof TensorFileError || error instanceof RangeError) return none;
    throw error;
  }
}

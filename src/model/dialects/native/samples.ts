import { FileError } from '../../../files/folder';
import { say } from '../../../words/say';
import {
  counted,
  describe,
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
import { addedKey, removedKey, renamedKey, replaced, type Fix, type Json } from '../../fix';
import type { JsonNode } from '../../json/node';
import { inUnits, limitInWords } from '../../limits';
import {
  furtherInputs,
  type InputLayer,
  type Network,
  type NetworkInput,
  type VectorInput,
} from '../../network';
import { nearest } from '../../near';
import { outputLayer, possibleInputs } from '../../partial';
import type { Place } from '../../problem';
import type { Report } from '../../report';
import type { ExpectedOutput, Sample, Sequence } from '../../samples';
import { nonEmpty, NORMALIZATIONS, sequenceOfIdList, sequenceOfTokenList } from '../../sequences';
import { expectedOfNode, expectedOfTable } from '../../sequences/expected';
import {
  CSV_MEMORY_FACTOR,
  parseTable,
  sequenceOfTable,
  type CsvOptions,
  type CsvPlaces,
  type Table,
  type TableFault,
} from '../../sequences/csv';
import { openTable } from '../../sequences/tableFile';
import { sequenceOfTokens, splitText } from '../../sequences/tokens';
import { sequenceOfVectors } from '../../sequences/vectors';
import { otherFiles } from './otherFiles';
import type { Source } from '../dialect';

const FILE_OPTIONS = ['columns', 'where', 'rows', 'normalize'];
const FORMS = ['text', 'tokens', 'ids', 'values', 'file'] as const;
const SEQUENCE_KEYS = [...FORMS, ...FILE_OPTIONS];

/** What samples are for: `network` is absent where its structure has errors. */
interface Target {
  readonly input: NetworkInput;
  readonly network?: Network;
}

/** The samples that can be read, in the file's order. */
export async function readSamples(
  nodes: readonly JsonNode[],
  { input, network }: Target,
  source: Source,
  report: Report,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const tables = new Tables(source);
  const names = new Set<string>();
  for (const [k, node] of nodes.entries()) {
    source.signal?.throwIfAborted();
    const fields = Fields.of(node, report, ['name', ...SEQUENCE_KEYS, 'inputs', 'expected']);
    const name = fields?.required('name', string, `sample ${k + 1}`);
    if (!fields) continue;
    if (name !== undefined && names.has(name)) {
      const at = fields.at('name');
      const message = say`the name ${quote(name)} is given to two samples`;
      report.error(at, 'duplicate-name', message, [replaced(at, `${name} (${k + 1})`)]);
    }
    const sequence = await readSequence(fields, input, tables, report);
    const more = await readFurther(fields, network, sequence?.steps, tables, report);
    const given = { steps: sequence?.steps ?? 1, more };
    const units = network && outputLayer(network, given).outputSize;
    const expected = await readExpected(fields, units, tables, report);
    if (name === undefined || !sequence || (network && !more) || names.has(name)) continue;
    names.add(name);
    samples.push({
      name,
      sequence: more?.size ? { ...sequence, more } : sequence,
      ...(expected && { expected }),
    });
  }
  return samples;
}

/** A sequence for each further input of the network; undefined, and reported, if one is missing or does not fit. */
async function readFurther(
  fields: Fields,
  network: Network | undefined,
  steps: number | undefined,
  tables: Tables,
  report: Report,
): Promise<ReadonlyMap<string, Sequence> | undefined> {
  const given = fields.optional('inputs', entries) ?? new Map<string, JsonNode>();
  const inputs = new Map(network && possibleInputs(network).map((layer) => [layer.name, layer]));
  const more = new Map<string, Sequence>();
  for (const [name, node] of given) {
    const own = Fields.of(node, report, SEQUENCE_KEYS);
    const layer = inputs.get(name);
    if (network && !layer) reportUnknownInput(name, node, inputs, report);
    if (!own || !layer) {
      if (own) formOf(own);
      continue;
    }
    const sequence = await readSequence(own, layer.input, tables, report);
    if (sequence && hasLength(layer, sequence.steps, steps, node, report)) more.set(name, sequence);
  }
  const required = network ? furtherInputs(network).map(({ name }) => name) : [];
  for (const name of required) {
    if (given.has(name)) continue;
    const at = fields.at('inputs');
    report.error(at, 'missing-input', say`${pathOf(at)}: expected a sequence for the input ${quote(name)}`);
  }
  return network && required.every((name) => more.has(name)) ? more : undefined;
}

function reportUnknownInput(
  name: string,
  node: JsonNode,
  inputs: ReadonlyMap<string, InputLayer>,
  report: Report,
): void {
  const known = [...inputs.keys()].map(quote).join(', ') || say`none`;
  const message = say`${pathOf(node)}: expected the name of a layer of type "input" (${known}), found ${quote(name)}`;
  const key = node.parent?.children?.[0];
  const free = [...inputs.keys()].filter((one) => !valueAt(node.parent?.parent, one));
  const meant = nearest(name, free) ?? (free.length === 1 ? free[0] : undefined);
  const fixes = key && meant !== undefined ? [renamedKey(key, meant)] : [];
  report.error(node, 'unknown-input', message, [...fixes, removedKey(node, name)]);
}

/** `steps` is the length of the sample's own sequence. */
function hasLength(
  { clock }: InputLayer,
  found: number,
  steps: number | undefined,
  node: JsonNode,
  report: Report,
): boolean {
  const expected = { own: found, shared: steps, row: 1 }[clock];
  if (expected === undefined || expected === found) return true;
  report.error(
    node,
    'wrong-length',
    say`${pathOf(node)}: expected ${counted(expected, 'step')}, found ${found}`,
  );
  return false;
}

async function readSequence(
  fields: Fields,
  input: NetworkInput,
  tables: Tables,
  report: Report,
): Promise<Sequence | undefined> {
  const form = formOf(fields, usualForm(input));
  if (!form) return undefined;
  const node = fields.at(form);
  const sequence = await sequenceOf(form, fields, input, tables, report);
  return nonEmpty(sequence, node, report);
}

function formOf(
  fields: Fields,
  usual?: Partial<Record<(typeof FORMS)[number], Json>>,
): (typeof FORMS)[number] | undefined {
  fields.onlyWith('file', FILE_OPTIONS);
  return fields.exactlyOne(FORMS, usual);
}

/** More numbers would be in the way. */
const MOST_ZEROS = 64;

/** A step that the input can be. */
function usualForm(input: NetworkInput): Partial<Record<(typeof FORMS)[number], Json>> {
  if (input.kind === 'token') return { ids: [0] };
  return input.size <= MOST_ZEROS ? { values: [Array<number>(input.size).fill(0)] } : {};
}

async function sequenceOf(
  form: (typeof FORMS)[number],
  fields: Fields,
  input: NetworkInput,
  tables: Tables,
  report: Report,
): Promise<Sequence | undefined> {
  const node = fields.at(form);
  if (input.kind === 'vector') {
    if (form === 'values') return sequenceOfVectors(input, node, report);
    if (form === 'file') return readTable(fields, input, tables, report);
    return wrongForm(node, form, say`reads vectors; expected "values" or "file"`, report);
  }
  switch (form) {
    case 'text': {
      const text = fields.required('text', string);
      return text === undefined
        ? undefined
        : sequenceOfTokens(input, splitText(input, text), report, () => node);
    }
    case 'tokens':
      return sequenceOfTokenList(input, node, report);
    case 'ids':
      return sequenceOfIdList(input, node, report);
    default:
      return wrongForm(node, form, say`reads tokens; expected "text", "tokens" or "ids"`, report);
  }
}

function wrongForm(node: JsonNode, form: string, expectation: string, report: Report): undefined {
  report.error(node, 'wrong-input', say`${pathOf(node)}: the model ${expectation}, found "${form}"`);
}

async function readTable(
  fields: Fields,
  input: VectorInput,
  tables: Tables,
  report: Report,
): Promise<Sequence | undefined> {
  const file = fields.required('file', nonEmptyString);
  const options: CsvOptions = {
    columns: fields.optional('columns', listOf(string)),
    where: fields.optional('where', conditions),
    rows: fields.optional('rows', range),
    normalize: fields.optional('normalize', oneOf(...NORMALIZATIONS)),
    fileName: file,
  };
  const unsound = FILE_OPTIONS.some(
    (key) => fields.has(key) && options[key as keyof CsvOptions] === undefined,
  );
  if (file === undefined || unsound) return undefined;
  const node = fields.at('file');
  const part = options.where ? undefined : options.rows;
  const read = await tables.read(file, node, report, part);
  if (!read) return undefined;
  const place = placeOf(node, report);
  const rows = read.isPart ? undefined : options.rows;
  const places: CsvPlaces = {
    line: () => place,
    option: (name) => placeOf(fields.has(name) ? fields.at(name) : node, report),
    missing: (option, name, columns) => otherColumn(fields, option, name, columns),
    unused: (used) => [addedKey(fields.node, 'columns', used)],
  };
  return sequenceOfTable(input, read.table, { ...options, rows }, { report, places });
}

/** A column that is close to the one that is not there. */
function otherColumn(fields: Fields, option: string, name: string, columns: readonly string[]): Fix[] {
  const near = nearest(name, columns);
  if (near === undefined || !fields.has(option)) return [];
  const named = fields.at(option).children ?? [];
  const nodes = named.map((child) => (child.type === 'property' ? child.children![0] : child));
  const node = nodes.find(({ value }) => value === name);
  return node ? [option === 'where' ? renamedKey(node, near) : replaced(node, near)] : [];
}

/** A list of rows, or a table that has them. */
async function readExpected(
  fields: Fields,
  units: number | undefined,
  tables: Tables,
  report: Report,
): Promise<ExpectedOutput | undefined> {
  const node = fields.optional('expected', (found) => found);
  if (node?.type !== 'object') return node && expectedOfNode(units, node, report);
  const named = Fields.of(node, report, ['file']);
  const file = named?.required('file', nonEmptyString);
  if (!named || file === undefined || units === undefined) return undefined;
  const read = await tables.read(file, named.at('file'), report);
  const place = placeOf(named.at('file'), report);
  const places = { line: () => place, option: () => place };
  return read && expectedOfTable({ units }, read.table, report, places, file);
}

function placeOf(node: JsonNode, report: Report): Place {
  return report.placeOf(node.offset, node.length);
}

interface ReadTable {
  readonly table: Table | TableFault;
  /** Whether it is only of the rows that were asked for. */
  readonly isPart: boolean;
}

/** The tables that samples name, each parsed once. */
class Tables {
  private readonly parsed = new Map<string, Table | TableFault>();

  constructor(private readonly source: Source) {}

  /**
   * The whole, or, where that is beyond the limit, the rows of `part`. Undefined, with an error reported at `node`, if the
   * file cannot be read.
   */
  async read(
    file: string,
    node: JsonNode,
    report: Report,
    part?: readonly [start: number, end: number],
  ): Promise<ReadTable | undefined> {
    const known = this.parsed.get(file);
    if (known) return { table: known, isPart: false };
    const { folder, limits, signal } = this.source;
    try {
      const size = await folder.size(file);
      if (size * CSV_MEMORY_FACTOR > limits.memory)
        return await this.readPart(file, size, node, report, part);
      const table = await parseTable(new TextDecoder().decode(await folder.read(file)), signal);
      this.parsed.set(file, table);
      return { table, isPart: false };
    } catch (error) {
      if (!FileError.is(error)) throw error;
      const others = error.reason === 'missing' ? await otherFiles(folder, /\.csv$/i, node) : [];
      report.error(node, `sample-${error.reason}`, say`sample file: ${error.message}`, others);
      return undefined;
    }
  }

  /** Of a table that is too large to be read whole; `size` is that of its file, in bytes. */
  private async readPart(
    file: string,
    size: number,
    node: JsonNode,
    report: Report,
    part: readonly [start: number, end: number] | undefined,
  ): Promise<ReadTable | undefined> {
    const { folder, limits } = this.source;
    const bytes = { size, read: (start: number, end: number) => folder.read(file, start, end) };
    const { rows, read } = await openTable(bytes, limits);
    if (part && part[1] <= rows) return { table: await read(part), isPart: true };
    const needed = size * CSV_MEMORY_FACTOR;
    const fit = Math.floor((limits.memory / needed) * rows);
    const hint = fit > 0 ? say`: take a part of them, such as "rows": [0, ${fit}]` : '';
    const message = say`${file} would take ${inUnits(needed)} of memory for ${counted(rows, 'row')}, of which about ${fit} fit; the limit is ${limitInWords(limits)}${hint}`;
    report.error(node, 'memory-limit', message);
    return undefined;
  }
}

const conditions: Decoder<ReadonlyMap<string, string | number>> = (node, report) => {
  const found = entries(node, report);
  if (!found) return undefined;
  const values = new Map<string, string | number>();
  for (const [column, value] of found) {
    if (value.type === 'string' || value.type === 'number') {
      values.set(column, value.value);
    } else {
      const message = say`${pathOf(value)}: expected a string or a number, found ${describe(value)}`;
      report.schemaError(value, 'wrong-value', message);
    }
  }
  return values.size === found.size ? values : undefined;
};

const range: Decoder<readonly [number, number]> = (node, report) => {
  const numbers = listOf(integer(0))(node, report);
  if (!numbers) return undefined;
  const [start, end] = numbers;
  if (numbers.length === 2 && start <= end) return [start, end];
  const message = say`${pathOf(node)}: expected [start, end] with start ≤ end, found [${numbers.join(', ')}]`;
  report.error(node, 'wrong-value', message);
  return undefined;
};

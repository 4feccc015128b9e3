import { say } from '../../../words/say';
import {
  boolean,
  elements,
  Fields,
  integer,
  listOf,
  numberWithin,
  oneOf,
  pathOf,
  positiveInteger,
  quote,
  string,
  valueAt,
  type Decoder,
} from '../../json/decode';
import { removedKey, replaced, type Fix } from '../../fix';
import type { JsonNode } from '../../json/node';
import { CELLS } from '../../../cells';
import {
  INPUT,
  isRecurrentType,
  type Activation,
  type CellType,
  type Direction,
  type FinalStateLayer,
  type InputLayer,
  type InitialState,
  type LayerType,
  type Merge,
  type OperationLayer,
} from '../../network';
import { activation as activationOf, MAX_FACTOR } from './activations';
import { decodeOperation, OPERATION_KEYS, severalInputs, type OperationOptions } from './operations';
import { PARAMETER_KINDS, type ParameterKind } from '../../parameterKinds';
import type { Report } from '../../report';
import type { Shapes } from '../loading';
import { LEAST_CLIP } from './cellOptions';
import { initialState, MAX_LEVELS, statePlace } from './initialState';
import { decodeInput, type DeclaredInput } from './input';
import { USUAL_UNITS, usualType, usualValue } from './usual';

interface DeclaredBase {
  readonly fields: Fields;
  readonly name: string;
  /** The layers that feed this one, or `input`; one but where a layer puts several together. */
  readonly sources: readonly string[];
  readonly fixed?: readonly ParameterKind[];
}

export interface DeclaredFurtherInput extends DeclaredBase {
  readonly type: 'input';
  readonly sequence: DeclaredInput;
  readonly clock: InputLayer['clock'];
}

export interface DeclaredEmbedding extends DeclaredBase {
  readonly type: 'embedding';
  readonly numEmbeddings?: number;
  readonly embeddingDim?: number;
  readonly maskZero: boolean;
}

export type DeclaredOperation = DeclaredBase & OperationOptions;

export interface DeclaredLinear extends DeclaredBase {
  readonly type: 'linear';
  readonly outFeatures: number;
  readonly bias: boolean;
  readonly activation: Activation;
}

export interface DeclaredDropout extends DeclaredBase {
  readonly type: 'dropout';
  readonly p: number;
}

export interface DeclaredFinalState extends DeclaredBase {
  readonly type: 'final_state';
  readonly signal: FinalStateLayer['signal'];
  readonly level: number;
  readonly direction: Direction;
}

export interface DeclaredNotRun extends DeclaredBase {
  readonly type: 'not_run';
  readonly outFeatures: number;
  readonly kind: string;
  readonly reason: string;
}

export interface DeclaredRecurrent extends DeclaredBase {
  readonly type: CellType;
  readonly inputSize?: number;
  readonly hiddenSize: number;
  readonly levels: number;
  readonly directions: readonly Direction[];
  readonly merge: Merge;
  readonly bias: boolean;
  readonly returnSequences: boolean;
  readonly reverseOutput: boolean;
  readonly masked: 'hold' | 'zeros';
  readonly sequenceLength?: number;
  readonly clip?: number;
  readonly initialState?: InitialState;
  /** What its type of cell alone has, under the names of the network's layers. */
  readonly own: object;
}

/** A layer as the file declares it, its own defaults filled in; sizes that other fields tell may be absent. */
export type DeclaredLayer =
  | DeclaredFurtherInput
  | DeclaredEmbedding
  | DeclaredLinear
  | DeclaredDropout
  | DeclaredFinalState
  | DeclaredNotRun
  | DeclaredOperation
  | DeclaredRecurrent;

const COMMON_KEYS = ['name', 'type', 'input'];
const RECURRENT_KEYS = [
  ...['input_size', 'hidden_size', 'num_layers', 'bidirectional', 'merge', 'bias', 'return_sequences'],
  ...['go_backwards', 'reverse_output', 'clip', 'initial_state', 'masked', 'sequence_length', 'layer_norm'],
  'fixed',
];
/** What may be said of a layer, by its type; media/rnn-model.schema.json has the same. */
export const LAYER_KEYS: Record<LayerType, readonly string[]> = {
  input: ['name', 'type', 'sequence', 'clock'],
  embedding: [...COMMON_KEYS, 'num_embeddings', 'embedding_dim', 'mask_zero', 'fixed'],
  linear: [...COMMON_KEYS, 'out_features', 'bias', 'activation', 'fixed'],
  dropout: [...COMMON_KEYS, 'p'],
  final_state: [...COMMON_KEYS, 'signal', 'level', 'direction'],
  not_run: [...COMMON_KEYS, 'kind', 'reason', 'out_features'],
  ...cellKeys(),
  ...operationKeys(),
};

function cellKeys(): Record<CellType, readonly string[]> {
  const keys = Object.entries(CELLS).map(([type, { native }]) => [
    type,
    [...COMMON_KEYS, ...RECURRENT_KEYS, ...native.keys],
  ]);
  return Object.fromEntries(keys) as Record<CellType, readonly string[]>;
}

function operationKeys(): Record<OperationLayer['type'], readonly string[]> {
  const entries = Object.entries(OPERATION_KEYS).map(([type, keys]) => [type, [...COMMON_KEYS, ...keys]]);
  return Object.fromEntries(entries) as Record<OperationLayer['type'], readonly string[]>;
}

const layerType = oneOf(...(Object.keys(LAYER_KEYS) as LayerType[]));

/** More than anybody can look at; each costs some kilobytes, on the way to the panel too. */
const MOST_LAYERS = 10_000;

/** The layers in the file's order; undefined, with errors reported, unless there are some and all decode. */
export function decodeLayers(shapes: Shapes): Decoder<DeclaredLayer[]> {
  return (list, report) => layersIn(list, shapes, report);
}

function layersIn(list: JsonNode, shapes: Shapes, report: Report): DeclaredLayer[] | undefined {
  const nodes = elements(list, report);
  if (nodes?.length === 0) {
    const usual: Fix = {
      ...{ code: 'add-element', values: ['"lstm"'] },
      changes: [{ kind: 'add', offset: list.offset, value: { type: 'lstm', hidden_size: USUAL_UNITS } }],
    };
    const message = say`${pathOf(list)}: expected at least one layer, found none`;
    report.schemaError(list, 'wrong-value', message, [usual]);
  }
  if (!nodes || nodes.length === 0) return undefined;
  if (nodes.length > MOST_LAYERS) {
    const [most, found] = [MOST_LAYERS, nodes.length].map((count) => count.toLocaleString('en'));
    report.schemaError(
      list,
      'too-many-layers',
      say`${pathOf(list)}: expected at most ${most} layers, found ${found}`,
    );
    return undefined;
  }
  const headers = nodes.map((node) => decodeHeader(node, report));
  const names = nameLayers(headers, report);
  const layers = headers.flatMap((header, index) => {
    if (!header) return [];
    const before = index === 0 ? INPUT : names[index - 1];
    const sources = decodeSources(header, before);
    const base = { ...baseOf(header), name: names[index], sources: sources ?? [] };
    const layer = sources && decodeBody(usually(header, names[index], shapes), base, report);
    return layer ? [layer] : [];
  });
  return layers.length === nodes.length ? layers : undefined;
}

function baseOf({ fields, type }: Header): Pick<DeclaredBase, 'fields' | 'fixed'> {
  const has = LAYER_KEYS[type].includes('fixed');
  const fixed = has ? fields.optional('fixed', listOf(oneOf(...PARAMETER_KINDS), 1)) : undefined;
  return { fields, ...(fixed && { fixed }) };
}

/** By default the layer before, but for a layer that puts several together, which names them, and a further input. */
function decodeSources({ fields, type }: Header, before: string): readonly string[] | undefined {
  if (type === 'input') return [];
  if (type === 'merge' || type === 'attention') return fields.required('input', severalInputs[type]);
  if (type === 'not_run') return fields.optional('input', oneOrSeveral) ?? [before];
  return [fields.optional('input', string) ?? before];
}

/** A name, or a list of them, which may be empty. */
const oneOrSeveral: Decoder<readonly string[]> = (node, report) => {
  if (node.type === 'array') return listOf(string)(node, report);
  const name = string(node, report);
  return name === undefined ? undefined : [name];
};

interface Header {
  readonly fields: Fields;
  readonly type: LayerType;
  readonly name?: string;
}

function decodeHeader(node: JsonNode, report: Report): Header | undefined {
  const type = typeOf(node, report);
  const fields = type && Fields.of(node, report, LAYER_KEYS[type]);
  return fields && { fields, type, name: fields.optional('name', layerName) };
}

/** Read ahead of the other keys, since it decides which they are. */
function typeOf(node: JsonNode, report: Report): LayerType | undefined {
  const type = valueAt(node, 'type');
  if (type) return layerType(type, report);
  const everyKey = [...new Set(Object.values(LAYER_KEYS).flat())];
  const given = node.children?.map(({ children }) => String(children?.[0].value)) ?? [];
  Fields.of(node, report, everyKey)?.required('type', layerType, usualType(given));
  return undefined;
}

function layerName(node: JsonNode, report: Report): string | undefined {
  if (typeof node.value === 'string' && node.value !== '' && node.value !== INPUT) return node.value;
  const found = typeof node.value === 'string' ? quote(node.value) : node.type;
  const message = say`${pathOf(node)}: expected a name other than "" and "${INPUT}", which is the network's input, found ${found}`;
  report.schemaError(node, 'wrong-value', message, [removedKey(node, 'name')]);
  return undefined;
}

/** Given names, checked to be unique; where there is none, the type plus a running number that is still free. */
function nameLayers(headers: readonly (Header | undefined)[], report: Report): string[] {
  const given = new Set(headers.flatMap((header) => header?.name ?? []));
  const taken = new Set<string>();
  for (const header of headers) {
    if (header?.name === undefined) continue;
    if (taken.has(header.name)) {
      const at = header.fields.at('name');
      const free = freeName(header.name, (name) => given.has(name));
      report.error(at, 'duplicate-name', say`the name ${quote(header.name)} is given to two layers`, [
        replaced(at, free),
      ]);
    }
    taken.add(header.name);
  }
  const numbers = new Map<string, number>();
  return headers.map((header) => {
    if (header?.name !== undefined) return header.name;
    const type = String(header?.type);
    let number = numbers.get(type) ?? 1;
    while (taken.has(`${type}_${number}`)) number++;
    numbers.set(type, number + 1);
    return `${type}_${number}`;
  });
}

/** The name with a number behind it that nobody has. */
function freeName(name: string, taken: (name: string) => boolean): string {
  const stem = name.replace(/_\d+$/, '');
  let number = 2;
  while (taken(`${stem}_${number}`)) number++;
  return `${stem}_${number}`;
}

/** With what is usual where a key is missing. */
function usually({ fields, type, name }: Header, called: string, shapes: Shapes): Header {
  return { type, name, fields: fields.usually((key) => usualValue(type, called, key, shapes)) };
}

function decodeBody({ fields, type }: Header, base: DeclaredBase, report: Report): DeclaredLayer | undefined {
  switch (type) {
    case 'input': {
      const sequence = fields.required('sequence', decodeInput);
      const clock = fields.optional('clock', oneOf<InputLayer['clock']>('shared', 'own', 'row')) ?? 'shared';
      return sequence && { ...base, type, sequence, clock };
    }
    case 'embedding':
      return {
        ...base,
        type,
        numEmbeddings: fields.optional('num_embeddings', positiveInteger),
        embeddingDim: fields.optional('embedding_dim', positiveInteger),
        maskZero: fields.optional('mask_zero', boolean) ?? false,
      };
    case 'linear': {
      const outFeatures = fields.required('out_features', positiveInteger);
      const bias = fields.optional('bias', boolean) ?? true;
      const activation = fields.optional('activation', activationOf) ?? 'none';
      return outFeatures === undefined ? undefined : { ...base, type, outFeatures, bias, activation };
    }
    case 'dropout':
      return { ...base, type, p: fields.optional('p', numberWithin(0, 1)) ?? 0 };
    case 'final_state':
      return {
        ...{ ...base, type, ...statePlace(fields) },
        signal: fields.optional('signal', oneOf<FinalStateLayer['signal']>('h', 'c')) ?? 'h',
      };
    case 'not_run': {
      const kind = fields.required('kind', string);
      const reason = fields.required('reason', string);
      const outFeatures = fields.required('out_features', positiveInteger);
      if (kind === undefined || reason === undefined || outFeatures === undefined) return undefined;
      return { ...base, type, kind, reason, outFeatures };
    }
    default: {
      if (isRecurrentType(type)) return decodeRecurrent(fields, type, base, report);
      const options = decodeOperation(fields, type);
      return options && { ...base, ...options };
    }
  }
}

function decodeRecurrent(
  fields: Fields,
  type: CellType,
  base: DeclaredBase,
  report: Report,
): DeclaredRecurrent | undefined {
  const hiddenSize = fields.required('hidden_size', positiveInteger);
  const levels = fields.optional('num_layers', integer(1, MAX_LEVELS)) ?? 1;
  const directions = directionsOf(fields, report);
  const common = {
    ...{ ...base, levels, directions },
    inputSize: fields.optional('input_size', positiveInteger),
    merge: fields.optional('merge', oneOf<Merge>('concat', 'sum', 'mul', 'ave')) ?? 'concat',
    bias: fields.optional('bias', boolean) ?? true,
    returnSequences: fields.optional('return_sequences', boolean) ?? true,
    reverseOutput: fields.optional('reverse_output', boolean) ?? false,
    masked: fields.optional('masked', oneOf('hold', 'zeros')) ?? 'hold',
    sequenceLength: fields.optional('sequence_length', positiveInteger),
    clip: fields.optional('clip', numberWithin(LEAST_CLIP, MAX_FACTOR)),
    initialState: fields.optional('initial_state', initialState({ type, levels, directions })),
  };
  const own = CELLS[type].native.read(fields, report, hiddenSize);
  return hiddenSize === undefined ? undefined : { ...common, type, hiddenSize, own };
}

function directionsOf(fields: Fields, report: Report): readonly Direction[] {
  const both = fields.optional('bidirectional', boolean) ?? false;
  const goBackwards = fields.optional('go_backwards', boolean) ?? false;
  if (both && goBackwards) {
    const at = fields.at('go_backwards');
    const message = say`${pathOf(at)}: a bidirectional layer reads both ways, expected "go_backwards" to be false`;
    report.error(at, 'conflicting-keys', message);
  }
  return both ? ['forward', 'backward'] : [goBackwards ? 'backward' : 'forward'];
}

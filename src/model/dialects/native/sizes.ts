/** The widths of what flows between layers, told by fields, by other layers, or by the weights' shapes. */
import { say } from '../../../words/say';
import { addedKey, removedElement, replacement, type Fix } from '../../fix';
import { groupFault } from '../../groups';
import { heightAfter, imageFault } from '../../time';
import { counted, pathOf, quote } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import {
  INPUT,
  isRecurrent,
  isRecurrentType,
  type Conv2dLayer,
  type GroupNormLayer,
  type Layer,
  type NetworkInput,
  type OperationLayer,
  type Pool2dLayer,
  type RecurrentLayer,
  type TokenInput,
} from '../../network';
import type { ParameterKind } from '../../parameterKinds';
import { layerParameters } from '../../parameters';
import type { Report } from '../../report';
import type { Shapes } from '../loading';
import { checkFinalState, checkInitialState } from './initialState';
import { networkInput, type DeclaredInput } from './input';
import { USUAL_UNITS } from './usual';
import type { Encodings } from './wiring';
import type {
  DeclaredEmbedding,
  DeclaredFinalState,
  DeclaredLayer,
  DeclaredOperation,
  DeclaredRecurrent,
} from './layers';

/**
 * The input and the layers with every size known; `shapes` is empty for seeded weights. Undefined, with errors, if a
 * size is not known or two disagree.
 */
export function resolveSizes(
  input: DeclaredInput,
  encodings: Encodings,
  layers: readonly DeclaredLayer[],
  shapes: Shapes,
  report: Report,
): { readonly input: NetworkInput; readonly layers: Layer[] } | undefined {
  const inputWidth = widthOfInput(input);
  const widths = new Map([[INPUT, inputWidth]]);
  const inputs = new Map([[INPUT, input]]);
  const rows = new Map<DeclaredEmbedding, Width>();
  const declared = new Map(layers.map((layer) => [layer.name, layer]));
  for (const layer of layers) {
    const sources = layer.sources.map((name) => widths.get(name) ?? inputWidth);
    if (layer.type === 'input') inputs.set(layer.name, layer.sequence);
    else if (layer.type !== 'not_run') addSourceClaims(sources[0], layer, shapes);
    if (layer.type === 'embedding') {
      rows.set(layer, rowsOfEmbedding(layer, inputs.get(layer.sources[0]), shapes));
    }
    widths.set(layer.name, widthOfOutput(layer, sources, shapes, declared));
  }

  const distinct = new Set([...widths.values(), ...rows.values()]);
  for (const name of inputs.keys()) if (encodings.get(name) === 'index') distinct.delete(widths.get(name)!);
  const sizes = new Map([...distinct].map((width) => [width, width.resolve(report)]));
  if ([...sizes.values()].includes(undefined)) return undefined;
  const sizeOf = (width: Width | undefined) => (width && sizes.get(width)) ?? 1;
  const sized = layers.map((layer) =>
    networkLayer(
      layer,
      sizeOf(widths.get(layer.sources[0])),
      sizeOf(widths.get(layer.name)),
      layer.type === 'embedding' ? sizeOf(rows.get(layer)) : 0,
      encodings.get(layer.name),
    ),
  );
  const byName = new Map(sized.map((layer) => [layer.name, layer]));
  sized.forEach((layer, k) => {
    const { fields } = layers[k];
    if (isRecurrent(layer)) checkInitialState(layer, fields.at('initial_state'), byName, report);
    if (layer.fixed) checkFixed(layer, layer.fixed, fields.at('fixed'), report);
    if (layer.type === 'group_norm') checkGroups(layer, fields.at('groups'), report);
    if (layer.type === 'conv2d' || layer.type === 'pool2d') checkImage(layer, fields.at('channels'), report);
    if (layer.type === 'final_state') checkFinalState(layer, fields.at('input'), byName, report);
  });
  checkQueries(layers, (name) => sizeOf(widths.get(name)), report);
  return { input: networkInput(input, encodings.get(INPUT), sizeOf(inputWidth)), layers: sized };
}

/** Tensors that count as no parameters must be some of the layer's. */
function checkFixed(layer: Layer, fixed: readonly ParameterKind[], node: JsonNode, report: Report): void {
  const own = new Set(layerParameters(layer).map(({ kind }) => kind));
  for (const [k, kind] of fixed.entries()) {
    if (own.has(kind)) continue;
    const at = node.children?.[k] ?? node;
    const known = [...own].join(', ') || say`none, since it has no tensors`;
    report.error(
      at,
      'wrong-value',
      say`${pathOf(at)}: expected one of the layer's tensors ${known}, found ${kind}`,
      [removedElement(at)],
    );
  }
}

function checkGroups(layer: GroupNormLayer, node: JsonNode, report: Report): void {
  const fault = groupFault(layer);
  if (fault) report.error(node, 'size-mismatch', say`layer ${quote(layer.name)}: ${fault}`);
}

function checkImage(layer: Conv2dLayer | Pool2dLayer, node: JsonNode, report: Report): void {
  const fault = imageFault(layer);
  if (fault) report.error(node, 'size-mismatch', say`layer ${quote(layer.name)}: ${fault}`);
}

/** Attention compares queries with keys, unit by unit; each head has as many of them. */
function checkQueries(
  layers: readonly DeclaredLayer[],
  sizeOf: (name: string) => number,
  report: Report,
): void {
  for (const layer of layers) {
    if (layer.type !== 'attention') continue;
    const { sources, fields, name, heads = 1 } = layer;
    const widths = sources.map((source) => [source, sizeOf(source)] as const);
    const [query, key] = [widths[0], widths[2] ?? widths[1]];
    for (const [source, width] of new Map(widths)) {
      if (width % heads === 0) continue;
      const message = say`layer ${quote(name)}: expected units that ${heads} heads can share, found ${quote(source)} with ${width}`;
      report.error(fields.at('heads'), 'size-mismatch', message);
    }
    if (query[1] === key[1]) continue;
    const message = say`layer ${quote(name)}: expected query and key of the same width, found ${quote(query[0])} with ${query[1]} and ${quote(key[0])} with ${key[1]}`;
    report.error(fields.at('input'), 'size-mismatch', message);
  }
}

interface Claim {
  readonly size: number;
  readonly at: JsonNode;
  /** `layers[1].input_size says 8` */
  readonly words: string;
  /** The number that would be another one if the size were. */
  readonly number?: JsonNode;
}

/** One width, and everything in the file that says something about it. */
class Width {
  private readonly claims: Claim[] = [];
  private readonly tensors: { readonly name: string; readonly size: number }[] = [];
  private readonly derived: {
    readonly from: readonly Width[];
    readonly claim: (sizes: number[]) => Claim;
  }[] = [];
  private resolved?: { readonly size: number | undefined };

  /** `at` and `key` are where the width is missed if nothing tells it. */
  constructor(
    private readonly at: JsonNode,
    private readonly key: string,
  ) {}

  says(size: number | undefined, at: JsonNode, words = say`${pathOf(at)} says ${size}`): void {
    const number = at.type === 'number' && at.value === size && { number: at };
    if (size !== undefined) this.claims.push({ size, at, words, ...number });
  }

  /** What other widths, known by then, say about this one. */
  follows(from: readonly Width[], claim: (sizes: number[]) => Claim): void {
    this.derived.push({ from, claim });
  }

  /** A tensor's size along one axis. It counts where no field says anything. */
  tensorSays(name: string, size: number | undefined): void {
    if (size !== undefined && size > 0) this.tensors.push({ name, size });
  }

  /** The size; undefined, with errors the first time, if nothing tells it or two disagree. */
  resolve(report: Report): number | undefined {
    this.resolved ??= { size: this.find(report) };
    return this.resolved.size;
  }

  private find(report: Report): number | undefined {
    for (const { from, claim } of this.derived) {
      const sizes = from.map((width) => width.resolve(report));
      if (sizes.includes(undefined)) return undefined;
      this.claims.push(claim(sizes as number[]));
    }
    const [first, ...others] = this.claims;
    if (!first) return this.tensors[0]?.size ?? this.reportUnknown(report);
    const different = others.filter(({ size }) => size !== first.size);
    if (different.length > 0) {
      this.reportDisagreement(first, different, report);
      return undefined;
    }
    this.compareTensors(first.size, report.about('weights'));
    return first.size;
  }

  private reportUnknown(report: Report): undefined {
    const message = say`${pathOf(this.at)}: ${quote(this.key)} is not given, and no other field and no tensor tells it`;
    report.error(this.at, 'unknown-size', message, [addedKey(this.at, this.key, USUAL[this.key] ?? 1)]);
  }

  private reportDisagreement(first: Claim, others: readonly Claim[], report: Report): void {
    const told = this.tensors[0]?.size;
    const agree = (size: number) => agreement([first, ...others], size);
    const sizes = [told, others[0].size, first.size];
    const fixes = [...new Set(sizes)].flatMap((size) => (size === undefined ? [] : agree(size)));
    report.error(first.at, 'size-mismatch', say`${first.words}, but ${others[0].words}`, fixes);
    for (const other of others)
      report.error(other.at, 'size-mismatch', say`${other.words}, but ${first.words}`, fixes);
  }

  /** The tensor's own fault is reported with the weights; this marks the fields that it contradicts. */
  private compareTensors(size: number, report: Report): void {
    const tensor = this.tensors.find((candidate) => candidate.size !== size);
    if (!tensor) return;
    const fixes = agreement(this.claims, tensor.size);
    for (const { at, words } of this.claims) {
      report.error(
        at,
        'size-mismatch',
        say`${words}, but tensor ${quote(tensor.name)} has ${tensor.size}`,
        fixes,
      );
    }
  }
}

const USUAL: Readonly<Record<string, number>> = { embedding_dim: USUAL_UNITS };

/** All that is said of a width made the same, where numbers say whatever differs. */
function agreement(claims: readonly Claim[], size: number): Fix[] {
  const differing = claims.filter((claim) => claim.size !== size);
  const numbers = differing.flatMap(({ number }) => (number ? [number] : []));
  if (numbers.length === 0 || numbers.length < differing.length) return [];
  const keys = [...new Set(numbers.map((node) => JSON.stringify(node.parent?.children?.[0].value)))];
  const changes = [...new Set(numbers)].map((node) => replacement(node, size));
  return [{ code: 'set', values: [keys.join(', '), String(size)], changes }];
}

function widthOfInput(input: DeclaredInput): Width {
  const { fields } = input;
  const width = new Width(fields.node, 'size');
  if (input.kind === 'token') {
    const { length } = input.vocabulary;
    width.says(length, fields.at('vocabulary'), say`the vocabulary has ${counted(length, 'entry')}`);
  } else {
    width.says(input.size, fields.at('size'));
    const count = input.features?.length;
    width.says(count, fields.at('features'), say`features names ${count}`);
  }
  return width;
}

function addSourceClaims(source: Width, layer: DeclaredLayer, shapes: Shapes): void {
  const { name, fields } = layer;
  if (layer.type === 'linear') source.tensorSays(`${name}.weight`, columns(shapes, `${name}.weight`));
  if (layer.type === 'conv1d') source.tensorSays(`${name}.weight`, shapes.get(`${name}.weight`)?.[1]);
  if ('epsilon' in layer) {
    source.tensorSays(`${name}.weight`, shapes.get(`${name}.weight`)?.[0]);
  }
  if (!('hiddenSize' in layer)) return;
  source.says(layer.inputSize, fields.at('input_size'));
  source.tensorSays(`${name}.weight_ih_l0`, columns(shapes, `${name}.weight_ih_l0`));
}

function rowsOfEmbedding(layer: DeclaredEmbedding, input: DeclaredInput | undefined, shapes: Shapes): Width {
  const { fields, name } = layer;
  const width = new Width(fields.node, 'num_embeddings');
  width.says(layer.numEmbeddings, fields.at('num_embeddings'));
  if (input?.kind === 'token') {
    const { length } = input.vocabulary;
    width.says(length, input.fields.at('vocabulary'), say`the vocabulary has ${counted(length, 'entry')}`);
  }
  width.tensorSays(`${name}.weight`, shapes.get(`${name}.weight`)?.[0]);
  return width;
}

function widthOfOutput(
  layer: DeclaredLayer,
  sources: readonly Width[],
  shapes: Shapes,
  declared: ReadonlyMap<string, DeclaredLayer>,
): Width {
  const { fields, name } = layer;
  if (layer.type === 'input') return widthOfInput(layer.sequence);
  if (layer.type === 'dropout') return sources[0];
  if (layer.type === 'final_state') {
    const source = declared.get(layer.sources[0]);
    return source && 'hiddenSize' in source ? widthOfState(layer, source) : sources[0];
  }
  if (layer.type === 'embedding') {
    const width = new Width(fields.node, 'embedding_dim');
    width.says(layer.embeddingDim, fields.at('embedding_dim'));
    width.tensorSays(`${name}.weight`, columns(shapes, `${name}.weight`));
    return width;
  }
  if (layer.type === 'linear' || layer.type === 'not_run') {
    const width = new Width(fields.node, 'out_features');
    width.says(layer.outFeatures, fields.at('out_features'));
    return width;
  }
  if (!('hiddenSize' in layer)) return widthOfOperation(layer, sources);
  const width = new Width(fields.node, 'hidden_size');
  const size = recurrentOutput(layer);
  width.says(size, fields.at('hidden_size'), say`layer ${quote(name)} gives ${size} ${outputWords(layer)}`);
  return width;
}

function widthOfState({ fields, name, signal }: DeclaredFinalState, source: DeclaredRecurrent): Width {
  const width = new Width(fields.node, 'input');
  const size = signal === 'h' ? stateUnits(source) : source.hiddenSize;
  width.says(size, fields.at('input'), say`layer ${quote(name)} gives ${size} of ${quote(source.name)}`);
  return width;
}

function widthOfOperation(layer: DeclaredOperation, sources: readonly Width[]): Width {
  const { fields, name, type } = layer;
  switch (type) {
    case 'merge': {
      const width = new Width(fields.node, 'input');
      const at = fields.at('input');
      if (layer.mode === 'concatenate') {
        width.follows(sources, (sizes) => {
          const size = sizes.reduce((a, b) => a + b);
          return { size, at, words: say`layer ${quote(name)} puts ${sizes.join(' + ')} side by side` };
        });
        return width;
      }
      sources.forEach((source, k) =>
        width.follows([source], ([size]) => ({
          size,
          at: at.children?.[k] ?? at,
          words: say`layer ${quote(name)} reads ${size} from ${quote(layer.sources[k])}`,
        })),
      );
      return width;
    }
    case 'flatten': {
      const steps = layer.steps!;
      const width = new Width(fields.node, 'steps');
      width.follows(sources, ([size]) => ({
        size: steps * size,
        at: fields.at('steps'),
        words: say`layer ${quote(name)} puts ${steps} steps of ${size} into a row`,
      }));
      return width;
    }
    case 'reshape':
    case 'conv1d': {
      const key = type === 'reshape' ? 'out_features' : 'out_channels';
      const width = new Width(fields.node, key);
      width.says(layer.outFeatures, fields.at(key));
      return width;
    }
    case 'conv2d':
    case 'pool2d': {
      const width = new Width(fields.node, 'channels');
      const at = fields.at('channels');
      width.follows(sources, ([size]) => {
        const outChannels = layer.type === 'conv2d' ? layer.outChannels : layer.channels;
        const after = outChannels * heightAfter(layer, Math.floor(size / layer.channels));
        return { size: Math.max(1, after), at, words: say`layer ${quote(name)} gives ${after} units a step` };
      });
      return width;
    }
    case 'attention':
      return sources[1];
    default:
      return sources[0];
  }
}

function columns(shapes: Shapes, name: string): number | undefined {
  const shape = shapes.get(name);
  return shape?.length === 2 ? shape[1] : undefined;
}

function recurrentOutput(layer: DeclaredRecurrent): number {
  const state = stateUnits(layer);
  return layer.directions.length === 2 && layer.merge === 'concat' ? 2 * state : state;
}

function stateUnits(layer: DeclaredRecurrent): number {
  return projectionOf(layer) || layer.hiddenSize;
}

/** Width of the projected hidden state; 0 without one. */
function projectionOf({ own }: DeclaredRecurrent): number {
  return 'projSize' in own ? Number(own.projSize) : 0;
}

function outputWords(layer: DeclaredRecurrent): string {
  const projection = projectionOf(layer);
  const state = projection > 0 ? `proj_size ${projection}` : `hidden_size ${layer.hiddenSize}`;
  return layer.directions.length === 2 && layer.merge === 'concat'
    ? say`(${state} × 2 directions)`
    : `(${state})`;
}

function networkLayer(
  declared: DeclaredLayer,
  inputSize: number,
  outputSize: number,
  numEmbeddings: number,
  encoding: TokenInput['encoding'] | undefined,
): Layer {
  const { name, sources: inputs, fixed } = declared;
  const base = { name, inputs, inputSize, outputSize, ...(fixed && { fixed }) };
  switch (declared.type) {
    case 'input': {
      const { type, clock, sequence } = declared;
      const input = networkInput(sequence, encoding, outputSize);
      return { ...base, inputSize: outputSize, type, input, clock };
    }
    case 'embedding':
      return { ...base, type: 'embedding', numEmbeddings, ...(declared.maskZero && { maskZero: true }) };
    case 'linear':
      return { ...base, type: 'linear', bias: declared.bias, activation: declared.activation };
    case 'dropout':
      return { ...base, type: 'dropout', p: declared.p };
    case 'final_state': {
      const { type, signal, level, direction } = declared;
      return { ...base, type, signal, level, direction };
    }
    case 'not_run': {
      const { type, kind, reason } = declared;
      return { ...base, type, kind, reason };
    }
    default: {
      if (isDeclaredRecurrent(declared)) {
        const { type, own } = declared;
        return { ...base, ...recurrentPart(declared), ...own, type } as RecurrentLayer;
      }
      const {
        fields: _fields,
        sources: _sources,
        outFeatures: _outFeatures,
        steps: _steps,
        ...own
      } = declared;
      return { ...base, ...own } as OperationLayer;
    }
  }
}

function isDeclaredRecurrent(layer: DeclaredLayer): layer is DeclaredRecurrent {
  return isRecurrentType(layer.type);
}

/** Options that are left at their defaults stay absent. */
function recurrentPart({
  hiddenSize,
  levels,
  directions,
  merge,
  bias,
  returnSequences,
  reverseOutput,
  clip,
  initialState,
  masked,
  sequenceLength,
}: DeclaredRecurrent) {
  return {
    ...{ hiddenSize, levels, directions, merge, bias, returnSequences },
    ...(reverseOutput && { reverseOutput }),
    ...(clip !== undefined && { clip }),
    ...(initialState && { initialState }),
    ...(masked === 'zeros' && { masked }),
    ...(sequenceLength !== undefined && { sequenceLength }),
  };
}

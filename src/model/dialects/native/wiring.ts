import { say } from '../../../words/say';
import { replaced, set, type Fix } from '../../fix';
import { quote, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { nearest } from '../../near';
import { INPUT, isRecurrentType, type TokenInput } from '../../network';
import type { Report } from '../../report';
import { signalsHandedTo } from '../../states';
import type { DeclaredInput } from './input';
import type { DeclaredLayer } from './layers';

/**
 * The layers in an order in which each stands after its source, close to the file's. The network's output is the last
 * layer of the file that no other reads, and stands last. Undefined, with errors, if a source is unknown or layers
 * feed each other in a circle.
 */
export function orderLayers(layers: readonly DeclaredLayer[], report: Report): DeclaredLayer[] | undefined {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  if (byName.size < layers.length) return undefined;
  const unknown = layers.flatMap((owner) =>
    owner.sources
      .map((source, k) => {
        const at = owner.fields.at('input');
        return { source, at: at.children?.[k] ?? at, owner };
      })
      .filter(({ source }) => source !== INPUT && !byName.has(source)),
  );
  for (const { source, at, owner } of unknown) {
    const known = [INPUT, ...byName.keys()].map(quote).join(', ');
    const message = say`expected "input" to name one of ${known}, found ${quote(source)}`;
    const before = namesBefore(owner, layers).filter((name) => !owner.sources.includes(name));
    report.error(at!, 'unknown-layer', message, meantBy(source, [...byName.keys()], before, at!));
  }
  const lost = layers.flatMap((layer) =>
    stateSources(layer)
      .filter((source) => !byName.has(source))
      .map((source) => ({ source, at: namedIn(layer.fields.at('initial_state'), source), owner: layer })),
  );
  for (const { source, at, owner } of lost) {
    const known = layers.filter(({ type }) => isRecurrentType(type)).map(({ name }) => name);
    const message = say`expected "initial_state" to name one of ${known.map(quote).join(', ')}, found ${quote(source)}`;
    const before = layers.slice(0, layers.indexOf(owner)).filter(({ type }) => type === owner.type);
    report.error(
      at,
      'unknown-layer',
      message,
      meantBy(
        source,
        known,
        before.map(({ name }) => name),
        at,
      ),
    );
  }
  if (unknown.length + lost.length > 0) return undefined;

  const ordered = new Set<DeclaredLayer>();
  for (const layer of layers) {
    const circle = addOrdered(layer, byName, ordered);
    if (circle) {
      reportCircle(circle, report);
      return undefined;
    }
  }
  const read = new Set(layers.flatMap(dependencies));
  const output = layers.findLast(({ name }) => !read.has(name));
  return output && [...ordered].filter((layer) => layer !== output).concat(output);
}

/** More are no help. */
const MOST_OFFERED = 4;

/** The name that is close, else each of those before, the nearest first. */
function meantBy(name: string, known: readonly string[], before: readonly string[], at: JsonNode): Fix[] {
  if (at.type !== 'string') return [];
  const near = nearest(name, known);
  const others = [...before].reverse().filter((other) => other !== near);
  return [...(near === undefined ? [] : [near]), ...others.slice(0, MOST_OFFERED)].map((one) =>
    replaced(at, one),
  );
}

/** What a layer may read without a circle, as the file stands. */
function namesBefore(layer: DeclaredLayer, layers: readonly DeclaredLayer[]): string[] {
  return [INPUT, ...layers.slice(0, layers.indexOf(layer)).map(({ name }) => name)];
}

/** The string below a value that names a layer; the value itself if there is none. */
function namedIn(node: JsonNode, name: string): JsonNode {
  const below = (at: JsonNode): JsonNode | undefined => {
    if (at.type === 'property' && at.children?.[0].value === 'layer' && at.children[1]?.value === name)
      return at.children[1];
    for (const child of at.children ?? []) {
      const found = below(child);
      if (found) return found;
    }
    return undefined;
  };
  return below(node) ?? node;
}

/** The layers whose results a layer needs. */
function dependencies(layer: DeclaredLayer): string[] {
  return [...layer.sources, ...stateSources(layer)];
}

function stateSources(layer: DeclaredLayer): string[] {
  return 'initialState' in layer ? [...new Set(signalsHandedTo(layer).map((signal) => signal.layer))] : [];
}

/**
 * Adds a layer to the order, after what it depends on; gives the layers of a circle if there is one. Keeps its own
 * stack: a chain may be longer than the engine's.
 */
function addOrdered(
  layer: DeclaredLayer,
  byName: ReadonlyMap<string, DeclaredLayer>,
  ordered: Set<DeclaredLayer>,
): DeclaredLayer[] | undefined {
  const path = [layer];
  while (path.length > 0) {
    const at = path[path.length - 1];
    const next = dependencies(at)
      .map((name) => byName.get(name))
      .find((found) => found && !ordered.has(found));
    if (!next) {
      ordered.add(at);
      path.pop();
    } else if (path.includes(next)) {
      return path.slice(path.indexOf(next));
    } else {
      path.push(next);
    }
  }
  return undefined;
}

function reportCircle(circle: readonly DeclaredLayer[], report: Report): void {
  const names = [...circle, circle[0]].map(({ name }) => quote(name)).join(' ← ');
  report.error(
    circle[0].fields.at('input'),
    'circular-input',
    say`layers feed each other in a circle: ${names}`,
  );
}

/** How tokens reach the layers, by the name of the input; none for inputs of vectors. */
export type Encodings = ReadonlyMap<string, TokenInput['encoding']>;

/** `index` where the first layer that reads an input is an embedding, unless the file says otherwise. */
export function encodingsOf(input: DeclaredInput, layers: readonly DeclaredLayer[]): Encodings {
  const further = layers.flatMap((layer) =>
    layer.type === 'input' ? [[layer.name, layer.sequence] as const] : [],
  );
  const encodings = new Map<string, TokenInput['encoding']>();
  for (const [name, declared] of [[INPUT, input] as const, ...further]) {
    if (declared.kind === 'vector') continue;
    const first = layers.find(({ sources }) => sources.includes(name));
    encodings.set(name, declared.encoding ?? (first?.type === 'embedding' ? 'index' : 'one_hot'));
  }
  return encodings;
}

/** What a layer gives, or the network's input: indices into a vocabulary, vectors in rows, or a single vector. */
type Flow = 'indices' | 'sequence' | 'row';

/** Reports layers whose source gives what they cannot read. `layers` are in order. */
export function checkFlow(
  input: DeclaredInput,
  encodings: Encodings,
  layers: readonly DeclaredLayer[],
  report: Report,
): void {
  const flowOf = (name: string) => (encodings.get(name) === 'index' ? 'indices' : 'sequence');
  const flows = new Map<string, Flow>([[INPUT, flowOf(INPUT)]]);
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  for (const layer of layers) {
    if (layer.type === 'input') {
      flows.set(layer.name, layer.clock === 'row' && !encodings.has(layer.name) ? 'row' : flowOf(layer.name));
      continue;
    }
    const { name, sources, fields } = layer;
    for (const source of sources) {
      const fault = flowFault(layer, source, flows.get(source) ?? 'sequence', input);
      if (fault && layer.type !== 'not_run')
        report.error(
          fields.at('type'),
          fault.code,
          say`layer ${quote(name)}: ${fault.message}`,
          fault.code === 'no-sequence'
            ? sequenceAgain(source, byName)
            : otherEncoding(layer, source, input, byName),
        );
    }
    flows.set(name, flowAfter(layer, flows.get(sources[0]) ?? 'sequence'));
  }
}

/** Where a recurrent layer hands on its last row alone: all of them. */
function sequenceAgain(source: string, byName: ReadonlyMap<string, DeclaredLayer>): Fix[] {
  for (let layer = byName.get(source), k = 0; layer && k < byName.size; k++) {
    const at = layer.fields.node;
    const node = valueAt(at, 'return_sequences');
    if (node?.value === false) return [set(at, 'return_sequences', true)];
    layer = byName.get(layer.sources[0]);
  }
  return [];
}

/** A token input that is read as ids where vectors are wanted, or the other way round. */
function otherEncoding(
  { type }: DeclaredLayer,
  source: string,
  input: DeclaredInput,
  byName: ReadonlyMap<string, DeclaredLayer>,
): Fix[] {
  const reader = byName.get(source);
  const declared = source === INPUT ? input : reader?.type === 'input' ? reader.sequence : undefined;
  if (declared?.kind !== 'token') return [];
  return [set(declared.fields.node, 'encoding', type === 'embedding' ? 'index' : 'one_hot')];
}

function flowAfter(layer: DeclaredLayer, before: Flow): Flow {
  if ('returnSequences' in layer && !layer.returnSequences) return 'row';
  const rows = ['flatten', 'global_pool', 'select', 'final_state'];
  if (rows.includes(layer.type)) return 'row';
  if (layer.type === 'reshape' || layer.type === 'repeat_vector') return 'sequence';
  return before === 'row' ? 'row' : 'sequence';
}

function flowFault(
  { type }: DeclaredLayer,
  source: string,
  flow: Flow,
  input: DeclaredInput,
): { readonly code: string; readonly message: string } | undefined {
  if (type === 'embedding') {
    if (flow === 'indices') return undefined;
    const found =
      source !== INPUT
        ? say`the output of ${quote(source)}`
        : input.kind === 'vector'
          ? say`vectors`
          : say`one-hot vectors`;
    return {
      code: 'wrong-input',
      message: say`an embedding reads the indices of a token input, found ${found}`,
    };
  }
  if (flow === 'indices') {
    return {
      code: 'wrong-input',
      message: say`a layer of type "${type}" reads vectors, found token indices; put an embedding before it, or set the input's "encoding" to "one_hot"`,
    };
  }
  if (
    flow === 'row' &&
    (isRecurrentType(type) ||
      type === 'conv1d' ||
      type === 'pool1d' ||
      type === 'conv2d' ||
      type === 'pool2d')
  ) {
    return {
      code: 'no-sequence',
      message: say`a layer of type "${type}" reads a sequence, but ${quote(source)} gives only one row, since "return_sequences" is false there or before`,
    };
  }
  if (flow === 'sequence' && type === 'repeat_vector') {
    return {
      code: 'wrong-input',
      message: say`a layer of type "repeat_vector" reads a single row, but ${quote(source)} gives a sequence`,
    };
  }
  return undefined;
}

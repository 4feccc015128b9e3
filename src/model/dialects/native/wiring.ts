import { quote } from '../../json/decode';
import { INPUT, isRecurrentType, type TokenInput } from '../../network';
import type { Report } from '../../report';
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
  const unknown = layers.filter(({ source }) => source !== INPUT && !byName.has(source));
  for (const { fields, source } of unknown) {
    const known = [INPUT, ...byName.keys()].map(quote).join(', ');
    report.error(
      fields.at('input'),
      'unknown-layer',
      `expected "input" to name one of ${known}, found ${quote(source)}`,
    );
  }
  if (unknown.length > 0) return undefined;

  const ordered = new Set<DeclaredLayer>();
  for (const layer of layers) {
    const path = pathToOrdered(layer, byName, ordered);
    const circle = byName.get(path[path.length - 1]?.source);
    if (circle && path.includes(circle)) {
      reportCircle(path.slice(path.indexOf(circle)), report);
      return undefined;
    }
    for (const next of path.reverse()) ordered.add(next);
  }
  const read = new Set(layers.map(({ source }) => source));
  const output = layers.findLast(({ name }) => !read.has(name));
  return output && [...ordered].filter((layer) => layer !== output).concat(output);
}

/** A layer, its source, its source's source, … as far as they are not in order yet, or up to a circle's end. */
function pathToOrdered(
  layer: DeclaredLayer,
  byName: ReadonlyMap<string, DeclaredLayer>,
  ordered: ReadonlySet<DeclaredLayer>,
): DeclaredLayer[] {
  const path = new Set<DeclaredLayer>();
  for (
    let at: DeclaredLayer | undefined = layer;
    at && !ordered.has(at) && !path.has(at);
    at = byName.get(at.source)
  ) {
    path.add(at);
  }
  return [...path];
}

function reportCircle(circle: readonly DeclaredLayer[], report: Report): void {
  const names = [...circle, circle[0]].map(({ name }) => quote(name)).join(' ← ');
  report.error(
    circle[0].fields.at('input'),
    'circular-input',
    `layers feed each other in a circle: ${names}`,
  );
}

/** `index` where the first layer that reads the input is an embedding, unless the file says otherwise. */
export function encodingOf(
  input: DeclaredInput,
  layers: readonly DeclaredLayer[],
): TokenInput['encoding'] | undefined {
  if (input.kind === 'vector') return undefined;
  const first = layers.find(({ source }) => source === INPUT);
  return input.encoding ?? (first?.type === 'embedding' ? 'index' : 'one_hot');
}

/** What a layer gives, or the network's input: indices into a vocabulary, a vector per step, or a single vector. */
type Flow = 'indices' | 'sequence' | 'row';

/** Reports layers whose source gives what they cannot read. `layers` are in order. */
export function checkFlow(
  input: DeclaredInput,
  encoding: TokenInput['encoding'] | undefined,
  layers: readonly DeclaredLayer[],
  report: Report,
): void {
  const flows = new Map<string, Flow>([[INPUT, encoding === 'index' ? 'indices' : 'sequence']]);
  for (const layer of layers) {
    const { name, source, fields } = layer;
    const flow = flows.get(source) ?? 'sequence';
    const fault = flowFault(layer, flow, input);
    if (fault) report.error(fields.at('type'), fault.code, `layer ${quote(name)}: ${fault.message}`);
    flows.set(name, flow === 'row' || isLastOnly(layer) ? 'row' : 'sequence');
  }
}

function isLastOnly(layer: DeclaredLayer): boolean {
  return 'returnSequences' in layer && !layer.returnSequences;
}

function flowFault(
  { type, source }: DeclaredLayer,
  flow: Flow,
  input: DeclaredInput,
): { readonly code: string; readonly message: string } | undefined {
  if (type === 'embedding') {
    if (flow === 'indices') return undefined;
    const found =
      source !== INPUT
        ? `the output of ${quote(source)}`
        : input.kind === 'vector'
          ? 'vectors'
          : 'one-hot vectors';
    return {
      code: 'wrong-input',
      message: `an embedding reads the indices of a token input, found ${found}`,
    };
  }
  if (flow === 'indices') {
    return {
      code: 'wrong-input',
      message: `a layer of type "${type}" reads vectors, found token indices; put an embedding before it, or set the input's "encoding" to "one_hot"`,
    };
  }
  if (flow === 'row' && isRecurrentType(type)) {
    return {
      code: 'no-sequence',
      message: `a layer of type "${type}" reads a sequence, but ${quote(source)} gives only one row, since "return_sequences" is false there or before`,
    };
  }
  return undefined;
}

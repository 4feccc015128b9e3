/** The layers that were built as a network: with inputs, one output, a name and conventions. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import {
  INPUT,
  type Activation,
  type InputLayer,
  type Layer,
  type Network,
  type NetworkInput,
  inputWidth,
  isRecurrent,
} from '../../network';
import type { ParameterKind } from '../../parameterKinds';
import { layerParameters } from '../../parameters';
import type { Report } from '../../report';
import { signalsHandedTo } from '../../states';
import type { Source } from '../dialect';
import { nameOfFile } from '../modelName';
import { hardSigmoidInWords } from './activations';
import type { KerasLayer, KerasModel } from './model';
import type { NetworkBuilder, RawInput, Value } from './site';
import type { Conventions } from './version';

export interface Assembled extends Pick<Network, 'input' | 'layers'> {
  /** Steps of inputs that take sequences of one length alone, by name. */
  readonly lengths: ReadonlyMap<string, number>;
}

/** Undefined, with errors reported, if there is no input or output, or one that a network here cannot have. */
export function assemble(
  { at }: KerasModel,
  built: NetworkBuilder,
  values: readonly Value[],
  report: Report,
): Assembled | undefined {
  const output = outputOf(values, built, at, report);
  const read = [...built.inputs.values()].filter(
    ({ source }) => built.ids.has(source) || built.vectors.has(source) || built.unread.has(source),
  );
  if (!output) return undefined;
  if (read.length === 0) {
    report.error(at, 'missing-input', say`expected an input that the layers read, found none`);
    return undefined;
  }
  const inputs = read.map((raw) => inputOf(raw, built, report));
  if (inputs.includes(undefined)) return undefined;
  const first = Math.max(
    0,
    read.findIndex((raw) => isSequence(raw, built)),
  );
  const main = read[first];
  const further = read.flatMap((raw, k) => (k === first ? [] : [furtherInput(raw, inputs[k]!, main, built)]));
  const renamed = (name: string) => (name === main.source ? INPUT : name);
  const lengths = read.flatMap((raw): [string, number][] => {
    const steps = isSequence(raw, built) ? raw.shape?.[0] : 1;
    return typeof steps === 'number' ? [[renamed(raw.source), steps]] : [];
  });
  const shared = sharing(built);
  const ordered = [...built.layers.filter((layer) => layer !== output), output];
  return {
    input: inputs[first]!,
    layers: [
      ...further,
      ...ordered.map((layer) => ({
        ...{ ...layer, inputs: layer.inputs.map(renamed) },
        ...(shared.has(layer.name) && { fixed: kindsOf(layer) }),
      })),
    ],
    lengths: new Map(lengths),
  };
}

/** Layers that have the arrays of one before them: the same layer of the file, called once more. */
function sharing({ bindings }: NetworkBuilder): ReadonlySet<string> {
  const arrays = new Map<string, string>();
  for (const { layer, path, form } of bindings) {
    arrays.set(layer.name, `${arrays.get(layer.name) ?? ''}${path} ${JSON.stringify(form)},`);
  }
  const known = new Set<string>();
  return new Set(
    [...arrays].flatMap(([name, own]) => {
      if (known.has(own)) return [name];
      known.add(own);
      return [];
    }),
  );
}

/** All of a layer's tensors. */
function kindsOf(layer: Layer): ParameterKind[] {
  return [...new Set(layerParameters(layer).map(({ kind }) => kind))];
}

/** Ids, or a row per step. */
function isSequence({ source, shape }: RawInput, { ids }: NetworkBuilder): boolean {
  return ids.has(source) || shape === undefined || shape.length > 1;
}

/** Ids by number, since the file has no words, or vectors. */
function inputOf(
  { source, name, at }: RawInput,
  { ids, vectors, unread }: NetworkBuilder,
  report: Report,
): NetworkInput | undefined {
  const words = ids.get(source);
  const size = vectors.get(source);
  if (words !== undefined && size !== undefined) {
    const message = say`the input ${quote(name)} is read as ids by one layer and as numbers by another`;
    report.error(at, 'conflicting-input', message);
    return undefined;
  }
  if (words === undefined) return { kind: 'vector', size: size ?? unread.get(source) ?? 1 };
  const vocabulary = Array.from({ length: words }, (_, id) => String(id));
  return { kind: 'token', vocabulary, split: 'word', lowercase: false, encoding: 'index' };
}

/** An input beside the main one: of the same steps where layers put the two together, else of its own. */
function furtherInput(raw: RawInput, input: NetworkInput, main: RawInput, built: NetworkBuilder): InputLayer {
  const meet = togetherWith(main.source, built.layers).has(raw.source);
  const width = inputWidth(input);
  return {
    ...{ name: raw.source, type: 'input', inputs: [], inputSize: width, outputSize: width, input },
    clock: !isSequence(raw, built) ? 'row' : meet ? 'shared' : 'own',
  };
}

/** Inputs and layers that have as many rows as an input, since layers put them together row by row. */
function togetherWith(source: string, layers: readonly Layer[]): ReadonlySet<string> {
  const together = new Set([source]);
  for (let before = 0; before < together.size;) {
    before = together.size;
    for (const layer of layers) {
      const linked = linksOf(layer);
      if (linked.some((name) => together.has(name))) for (const name of linked) together.add(name);
    }
  }
  return together;
}

/** What has as many rows as a layer's output, and is that output. */
function linksOf(layer: Layer): readonly string[] {
  const { name, inputs } = layer;
  if (isRecurrent(layer)) return layer.returnSequences ? [name, ...inputs] : [];
  switch (layer.type) {
    case 'flatten':
    case 'global_pool':
    case 'select':
    case 'final_state':
    case 'reshape':
    case 'repeat_vector':
      return [];
    case 'conv1d':
    case 'pool1d':
      return layer.stride === 1 && layer.padding !== 'valid' ? [name, ...inputs] : [];
    case 'attention':
      return [name, inputs[0]];
    default:
      return [name, ...inputs];
  }
}

/** The first of the model's outputs that no layer reads: a network here has one. */
function outputOf(
  values: readonly Value[],
  { layers }: NetworkBuilder,
  at: KerasModel['at'],
  report: Report,
): Layer | undefined {
  const outputs = values.flatMap((value) => {
    const name = sourceOf(value);
    return layers.find((layer) => layer.name === name) ?? [];
  });
  const read = new Set(layers.flatMap(sourcesOf));
  const distinct = [...new Set(outputs)];
  const output = distinct.find(({ name }) => !read.has(name));
  if (!output) {
    const message = say`expected a layer that gives the output and that no other reads, found none`;
    report.error(at, 'no-output', message);
    return undefined;
  }
  const others = distinct.filter((layer) => layer !== output).map(({ name }) => quote(name));
  if (others.length > 0) {
    const message = say`the model has ${distinct.length} outputs; shown as its output is ${quote(output.name)}, not ${others.join(', ')}`;
    report.warning(at, 'several-outputs', message);
  }
  return output;
}

function sourceOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'state':
      return value.layer;
    case 'joined':
      return value.row()?.source;
    case 'mask':
      return undefined;
    default:
      return value.source;
  }
}

function sourcesOf(layer: Layer): readonly string[] {
  return [...layer.inputs, ...signalsHandedTo(layer).map((signal) => signal.layer)];
}

const GENERATED_NAME = /^(sequential|model|functional)(_?\d+)?$/;

/** The model's name, or the file's where Keras made that up. */
export function nameOf({ name }: KerasModel, source: Source): string {
  return name && !GENERATED_NAME.test(name)
    ? name
    : nameOfFile(source, /\.(json|keras|weights\.h5|h5|hdf5|pb|index)$/i);
}

/** What the footer shows of the version and what it computes. */
export function conventionsIn(
  layers: readonly Layer[],
  { title }: Conventions,
  { layers: declared }: KerasModel,
): string[] {
  const ofLayers = layers.flatMap((layer) => {
    if (layer.type === 'lstm') return ['i, f, c, o'];
    return layer.type === 'gru' ? ['z, r, h', layer.resetAfter ? say`reset after` : say`reset before`] : [];
  });
  const activations = layers.flatMap((layer): (Activation | undefined)[] => [
    'activation' in layer ? layer.activation : undefined,
    'recurrentActivation' in layer ? layer.recurrentActivation : undefined,
    layer.type === 'rnn' ? layer.nonlinearity : undefined,
  ]);
  const hard = activations
    .filter((found) => typeof found === 'object' && found.kind === 'hard_sigmoid')
    .map((found) => say`hard_sigmoid ${hardSigmoidInWords(found!)}`);
  return [title, ...new Set([...ofLayers, ...hard, ...(isStateful(declared) ? ['stateful'] : [])])];
}

/** States go on from one batch to the next; a sequence that is run here begins anew. */
function isStateful(layers: readonly KerasLayer[]): boolean {
  return layers.some(({ config, model }) =>
    model ? isStateful(model.layers) : config.find('stateful')?.value === true,
  );
}

import type { Command } from './command';
import type { Reading } from '../model/dialects/dialect';
import { readsIdsAlone, type Layer, type Network, type NetworkInput } from '../model/network';
import { counted } from '../model/json/decode';
import { optionsInWords } from '../model/dialects/native/options';
import { countParameters } from '../model/parameters';
import { signalsHandedTo } from '../model/states';
import { shapeOf } from '../model/shapes';
import { EXIT, oneLine, problemLine } from './output';
import { networkOf, read } from './read';
import type { Terminal } from './terminal';

/** What a model is: layers, shapes, parameters, samples. */
export const info: Command = async (terminal, model, values) => {
  const reading = await read(terminal, model, values);
  const network = networkOf(terminal, model, reading, ['structure']);
  const described = infoOf(network, reading);
  await terminal.write(
    values.json ? [`${JSON.stringify(described, null, 2)}\n`] : inWords(terminal, model, network, described),
  );
  return EXIT.ok;
};

/** The layers whose final states, or rows, a layer begins with. */
function beginning(layer: Layer): string {
  const names = [...new Set(signalsHandedTo(layer).map((signal) => oneLine(signal.layer)))];
  return names.length === 0 ? '' : `  begins where ${names.join(', ')} end${names.length === 1 ? 's' : ''}`;
}

/** What is not the default, in the native format's words. */
function optionsOf({ layers }: Network, k: number): string {
  const words = optionsInWords(layers[k], layers);
  return words.length === 0 ? '' : `  ${oneLine(words.join(', '))}`;
}

type Info = ReturnType<typeof infoOf>;

/** As `info --json` prints it. */
export function infoOf(network: Network, reading: Reading) {
  return {
    name: network.name,
    ...(network.description !== undefined && { description: network.description }),
    dialect: network.dialect,
    conventions: network.conventions,
    trained: reading.trained,
    ...(reading.weightsFile === undefined ? {} : { weightsFile: reading.weightsFile }),
    parameters: countParameters(network),
    input: inputInBrief(network.input),
    layers: network.layers.map((layer) => ({
      name: layer.name,
      type: layer.type,
      inputShape: shapeOf(network, layer, 'in'),
      outputShape: shapeOf(network, layer, 'out'),
      parameters: countParameters({ layers: [layer] }),
      options: options(layer),
    })),
    samples: reading.samples.map(({ name, sequence }) => ({ name, steps: sequence.steps })),
    problems: reading.problems,
  };
}

function options(layer: Layer): Record<string, unknown> {
  const { name: _name, type: _type, inputs, inputSize: _in, outputSize: _out, ...rest } = layer;
  return { inputs, ...rest, ...(layer.type === 'input' && { input: inputInBrief(layer.input) }) };
}

/** Of ids that the file has no words for, the first three and the last tell all. */
const MOST_IDS = 8;

function inputInBrief(input: NetworkInput): NetworkInput & { readonly vocabularySize?: number } {
  if (input.kind === 'vector') return input;
  const { vocabulary } = input;
  const vocabularySize = vocabulary.length;
  if (vocabularySize <= MOST_IDS || !readsIdsAlone(input)) return { ...input, vocabularySize };
  return { ...input, vocabularySize, vocabulary: [...vocabulary.slice(0, 3), '…', vocabulary.at(-1)!] };
}

function* inWords(
  { files }: Terminal,
  model: string,
  network: Network,
  {
    name,
    description,
    dialect,
    conventions,
    trained,
    weightsFile,
    parameters,
    layers,
    samples,
    problems,
  }: Info,
) {
  const beside = weightsFile !== undefined && weightsFile !== files.nameOf(model);
  const from = beside ? `, weights from ${oneLine(weightsFile)}` : '';
  yield `${oneLine(name)}: ${[dialect, ...conventions].join(' · ')}\n`;
  yield `${parameters.toLocaleString('en')} parameters, ${trained ? 'trained' : 'untrained'}${from}\n`;
  if (description !== undefined) yield `  ${oneLine(description)}\n`;
  for (const [k, layer] of layers.entries()) {
    const [before, after] = [layer.inputShape, layer.outputShape].map((sizes) =>
      sizes.map((size) => size ?? 'steps').join('×'),
    );
    const { sequenceLength } = layer.options;
    const part =
      sequenceLength === undefined ? '' : `  reads the first ${counted(Number(sequenceLength), 'step')} only`;
    yield `  ${oneLine(layer.name)}  ${layer.type}  ${before} → ${after}  ${layer.parameters.toLocaleString('en')} parameters${part}${beginning(network.layers[k])}${optionsOf(network, k)}\n`;
  }
  for (const sample of samples) yield `  sample ${oneLine(sample.name)}: ${counted(sample.steps, 'step')}\n`;
  for (const problem of problems) yield `${problemLine(model, problem)}\n`;
}

/** Reads the native format, `*.rnn.json`; media/model-format.md describes it. */
import { cellFacts } from '../../../cells';
import { say } from '../../../words/say';
import { elements, Fields, integer, oneOf, string, stringAt, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import { isRecurrent, type Layer, type Network, type NetworkInput } from '../../network';
import { parametersOf } from '../../parameters';
import { Report } from '../../report';
import { unreadable, type Reading, type TextDialect, type TextSource } from '../dialect';
import { warnOfNotRun, type Shapes } from '../loading';
import { decodeInput, inputAlone, type DeclaredInput } from './input';
import { decodeLayers, type DeclaredLayer } from './layers';
import { USUAL_UNITS } from './usual';
import { lint, lintLoss, LOSSES, type Loss } from './lint';
import { decodeOutput } from './output';
import { readSamples } from './samples';
import { resolveSizes } from './sizes';
import { nameOfFile } from '../modelName';
import { beyondPytorch } from './options';
import { openWeights } from './weights';
import { checkFlow, encodingsOf, orderLayers } from './wiring';

const EXTENSION = '.rnn.json';
const ENDING = /(\.rnn)?\.json$/i;
const FORMAT = 'rnn-model';
const VERSION = 1;
const KEYS = [
  ...[
    '$schema',
    'format',
    'version',
    'name',
    'description',
    'input',
    'layers',
    'output',
    'weights',
    'samples',
    'loss',
  ],
];

export const native: TextDialect = {
  id: 'native',
  label: say`Gatescope’s own format`,
  endings: ['rnn.json'],
  takesWeights: true,

  matches({ keys }, { fileName }) {
    return fileName.toLowerCase().endsWith(EXTENSION) || keys.get('format')?.string === FORMAT;
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: true, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    const fields = root && Fields.of(root, report, KEYS);
    return fields ? readModel(fields, source, report) : unreadable(report.problems);
  },
};

async function readModel(fields: Fields, source: TextSource, report: Report): Promise<Reading> {
  checkFormat(fields);
  const weightsNode = fields.optional('weights', itself);
  const weightsReport = report.about('weights');
  const store = await openWeights(weightsNode, source, weightsReport);
  const { input, network, nodes } = readStructure(fields, source, store?.shapes ?? new Map(), report);
  const weights = network && (await store?.load(parametersOf(network), (name) => nodes?.get(name)));
  const sampleNodes = fields.optional('samples', (node) => elements(node, report.about('samples'))) ?? [];
  const samples = input
    ? await readSamples(sampleNodes, { input, network }, source, report.about('samples'))
    : [];
  const weightsFile = source.weights?.path ?? stringAt(weightsNode, 'file');
  return {
    network,
    weights: weightsReport.failed ? undefined : weights,
    trained: !(store?.seeded && weights?.size !== 0),
    samples,
    declaredSamples: sampleNodes.map((node) => stringAt(node, 'name')).filter(isGiven),
    problems: report.problems,
    files: [...new Set([weightsFile, ...sampleNodes.flatMap(filesOfSample)].filter(isGiven))],
    weightsFile,
  };
}

function filesOfSample(node: JsonNode): (string | undefined)[] {
  return [stringAt(node, 'file'), stringAt(valueAt(node, 'expected'), 'file')];
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined;
}

const itself = (node: JsonNode) => node;

function checkFormat(fields: Fields): void {
  fields.required('format', oneOf(FORMAT), FORMAT);
  fields.required('version', integer(VERSION, VERSION), VERSION);
  fields.optional('$schema', string);
}

interface Structure {
  /** Enough of the input to read samples by. */
  readonly input?: NetworkInput;
  /** Absent if the structure has errors. */
  readonly network?: Network;
  /** The layers as the text has them, by their names. */
  readonly nodes?: ReadonlyMap<string, JsonNode>;
}

function readStructure(fields: Fields, source: TextSource, shapes: Shapes, report: Report): Structure {
  const name = fields.optional('name', string) ?? nameOfFile(source, ENDING);
  const description = fields.optional('description', string);
  const declared = fields.required('input', decodeInput, { kind: 'vector', size: 1 });
  const layers = fields.required('layers', decodeLayers(shapes), [
    { type: 'lstm', hidden_size: USUAL_UNITS },
  ]);
  if (!declared) return {};
  const graph = layers && sizeLayers(declared, layers, shapes, report);
  if (!graph) return { input: inputAlone(declared) };
  const last = graph.layers[graph.layers.length - 1];
  const loss = fields.optional('loss', oneOf<Loss>(...LOSSES));
  const outputLabels = fields.optional('output', (node) => decodeOutput(node, graph.input, last, report));
  if (report.failed) return { input: graph.input };
  const network: Network = {
    name,
    ...(description !== undefined && { description }),
    dialect: 'native',
    conventions: conventionsOf(graph.layers),
    input: graph.input,
    layers: graph.layers,
    ...(outputLabels && { outputLabels }),
  };
  const fieldsOf = new Map(layers.map((layer) => [layer.name, layer.fields]));
  warnOfNotRun(network, (name) => fieldsOf.get(name)?.at('type') ?? declared.fields.node, report);
  lint(network, (name) => fieldsOf.get(name), report);
  if (loss) lintLoss(network, loss, fields, (name) => fieldsOf.get(name), report);
  const nodes = new Map([...fieldsOf].map(([name, one]) => [name, one.node]));
  return { input: graph.input, network, nodes };
}

function sizeLayers(input: DeclaredInput, layers: readonly DeclaredLayer[], shapes: Shapes, report: Report) {
  const ordered = orderLayers(layers, report);
  if (!ordered) return undefined;
  const encodings = encodingsOf(input, layers);
  checkFlow(input, encodings, ordered, report);
  return resolveSizes(input, encodings, ordered, shapes, report);
}

function conventionsOf(layers: readonly Layer[]): string[] {
  const ofLayers = layers.flatMap((layer) => {
    return isRecurrent(layer) ? cellFacts(layer).conventions(layer) : [];
  });
  const beyond = beyondPytorch(layers);
  const others = beyond.length > 0 ? [say`other than PyTorch: ${beyond.join(', ')}`] : [];
  return ['PyTorch', ...new Set(ofLayers), ...others];
}

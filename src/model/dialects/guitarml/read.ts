/**
 * Reads the JSON that GuitarML's Proteus and NeuralPi load: a state dict of the SimpleRNN of CoreAudioML's networks.py,
 * whose `rec` is nn.LSTM, nn.GRU or nn.RNN and whose `lin` is nn.Linear, and the arguments it was made with.
 */
import { say } from '../../../words/say';
import {
  boolean,
  integer,
  oneOf,
  optionalAt,
  positiveInteger,
  quote,
  requiredAt,
  valueAt,
} from '../../json/decode';
import { keysAt } from '../../json/outline';
import type { JsonNode } from '../../json/node';
import { withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import { INPUT, type Layer, type Network } from '../../network';
import { parametersOf } from '../../parameters';
import { Report } from '../../report';
import { unreadable, type TextDialect, type TextSource } from '../dialect';
import { soleFile } from '../loading';
import { nameOfFile } from '../modelName';
import { modulesOf, type MatrixModule, type RecurrentModule } from '../pytorch/modules';
import { jsonTensors, readTensors, type TensorStore } from '../pytorch/tensors';
import { PICK, pickedWeight, withSkip } from '../skip';

const RECURRENT = 'rec';
const HEAD = 'lin';
const UNIT_TYPES = { LSTM: 'lstm', GRU: 'gru', RNN: 'rnn' } as const;
const GATE_ORDER = { lstm: ['i, f, g, o'], gru: [say`r, z, n · reset after`], rnn: ['tanh'] };

export const guitarml: TextDialect = {
  id: 'guitarml',
  label: 'GuitarML',
  endings: ['json'],

  matches(outline) {
    return keysAt(outline, 'model_data').has('unit_type') && outline.keys.has('state_dict');
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: false, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    const [data, dict] = ['model_data', 'state_dict'].map((key) => valueAt(root, key));
    if (!data || !dict) return unreadable(report.problems);
    const store = jsonTensors(dict, report);
    const options = decodeOptions(data, report);
    const network = options && networkOf(options, data, store, source, report);
    const weights = network && (await readWeights(network, store, source, report.about('weights')));
    return soleFile(network, weights, source, report);
  },
};

/** The arguments of SimpleRNN; absent where its own default applies, or the tensors tell. */
interface Options {
  readonly type: 'lstm' | 'gru' | 'rnn';
  readonly inputSize?: number;
  readonly hiddenSize?: number;
  readonly levels?: number;
  readonly outputSize?: number;
  readonly bias?: boolean;
  readonly skip: number;
}

const MAX_SIZE = 65_536;

function decodeOptions(data: JsonNode, report: Report): Options | undefined {
  const unit = requiredAt(data, 'unit_type', oneOf('LSTM', 'GRU', 'RNN'), report);
  const model = valueAt(data, 'model');
  if (model && model.value !== 'SimpleRNN') {
    const message = say`model_data.model: expected "SimpleRNN", the only one of CoreAudioML's networks that is read, found ${quote(String(model.value))}`;
    report.error(model, 'unsupported-model', message);
  }
  if (!unit) return undefined;
  const size = (key: string) => optionalAt(data, key, positiveInteger, report);
  const skip = optionalAt(data, 'skip', integer(0, MAX_SIZE), report);
  if (!valueAt(data, 'skip')) {
    const message = say`the input is taken to be added to the output, as it is by CoreAudioML where "skip" is not given`;
    report.warning(data, 'assumed', message);
  }
  return {
    type: UNIT_TYPES[unit],
    inputSize: size('input_size'),
    hiddenSize: size('hidden_size'),
    levels: size('num_layers'),
    outputSize: size('output_size'),
    bias: optionalAt(data, 'bias_fl', boolean, report),
    skip: skip ?? 1,
  };
}

/** The sizes are the tensors'; what `model_data` says must agree. */
function networkOf(
  options: Options,
  data: JsonNode,
  { shapes, at }: TensorStore,
  source: TextSource,
  report: Report,
): Network | undefined {
  const modules = modulesOf(shapes);
  const rec = modules.find(({ prefix }) => prefix === RECURRENT);
  const lin = modules.find(({ prefix }) => prefix === HEAD);
  for (const [module, name, kind] of [
    [rec, RECURRENT, 'recurrent'],
    [lin, HEAD, 'matrix'],
  ] as const) {
    if (module?.kind === kind) continue;
    const found = module ? ('reason' in module ? module.reason : say`found others`) : say`found none`;
    const where = module ? at(module.tensors[0]) : data;
    report.error(
      where,
      module ? 'wrong-shape' : 'missing-tensor',
      say`state_dict: expected the tensors of "${name}": ${found}`,
    );
  }
  if (rec?.kind !== 'recurrent' || lin?.kind !== 'matrix') return undefined;
  checkSizes(options, data, rec, lin, report);
  const layers = layersOf(options, rec, lin);
  const { skip } = options;
  if (skip > 0 && (skip !== lin.rows || skip > rec.inputSize)) {
    const message = say`model_data.skip: expected 0, or ${lin.rows}, the width of the output, and at most the ${rec.inputSize} inputs, found ${skip}`;
    report.error(valueAt(data, 'skip') ?? data, 'unsupported-skip', message);
  }
  if (report.failed) return undefined;
  const words =
    skip === 0
      ? []
      : [rec.inputSize > skip ? say`skip: first input added to output` : say`skip: input added to output`];
  return {
    name: nameOfFile(source, /\.json$/i),
    dialect: 'guitarml',
    conventions: ['GuitarML', ...GATE_ORDER[options.type], ...words],
    input: { kind: 'vector', size: rec.inputSize },
    layers: skip > 0 ? withSkip(layers, rec.inputSize, skip) : layers,
  };
}

function checkSizes(
  options: Options,
  data: JsonNode,
  rec: RecurrentModule,
  lin: MatrixModule,
  report: Report,
): void {
  const said: readonly [string, unknown, unknown][] = [
    ['unit_type', options.type.toUpperCase(), rec.type.toUpperCase()],
    ['input_size', options.inputSize, rec.inputSize],
    ['hidden_size', options.hiddenSize, rec.hiddenSize],
    ['hidden_size', options.hiddenSize, lin.columns],
    ['num_layers', options.levels, rec.levels],
    ['output_size', options.outputSize, lin.rows],
    ['bias_fl', options.bias, lin.bias],
  ];
  for (const [key, value, found] of said) {
    if (value === undefined || value === found) continue;
    const message = say`model_data.${key} says ${String(value)}, but the tensors have ${String(found)}`;
    report.error(valueAt(data, key) ?? data, 'size-mismatch', message);
  }
  if (rec.hiddenSize !== lin.columns) {
    report.error(
      data,
      'size-mismatch',
      say`"${RECURRENT}" gives ${rec.hiddenSize} numbers, but "${HEAD}" reads ${lin.columns}`,
    );
  }
  if (rec.bidirectional || rec.projSize > 0) {
    report.error(
      data,
      'wrong-shape',
      say`state_dict: expected "${RECURRENT}" to read forward alone and without a projection`,
    );
  }
}

function layersOf({ type }: Options, rec: RecurrentModule, lin: MatrixModule): Layer[] {
  const recurrent = {
    ...{ name: RECURRENT, inputs: [INPUT], inputSize: rec.inputSize, outputSize: rec.hiddenSize },
    ...{ hiddenSize: rec.hiddenSize, levels: rec.levels, bias: rec.bias, returnSequences: true },
    ...({ directions: ['forward'], merge: 'concat' } as const),
  };
  const cell: Layer =
    type === 'lstm'
      ? { ...recurrent, type, projSize: 0 }
      : type === 'gru'
        ? { ...recurrent, type, resetAfter: true }
        : { ...recurrent, type, nonlinearity: 'tanh' };
  const sizes = { inputSize: lin.columns, outputSize: lin.rows, bias: lin.bias };
  return [cell, { name: HEAD, inputs: [RECURRENT], ...sizes, type: 'linear', activation: 'none' }];
}

async function readWeights(network: Network, store: TensorStore, source: TextSource, report: Report) {
  const parameters = parametersOf(network);
  const stored = parameters.filter(({ layer }) => layer.name !== PICK);
  const weights = await readTensors(stored, ({ name }) => name, store, source, report);
  if (!weights || stored.length === parameters.length) return weights;
  const { name, shape } = parameters.find(({ layer }) => layer.name === PICK)!;
  return new Map(weights).set(name, { shape, data: pickedWeight(shape[1], shape[0]) });
}

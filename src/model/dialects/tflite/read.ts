/** Reads TensorFlow Lite models: recurrent operators, and the operators around them, as layers. */
import { say } from '../../../words/say';
import { counted } from '../../json/decode';
import { checkMemory } from '../../limits';
import { isRecurrent, type Layer } from '../../network';
import { START_OF_FILE } from '../../problem';
import { Report } from '../../report';
import { TensorFileError } from '../../tensors/bytes';
import { unreadable, type BinaryDialect, type BinarySource } from '../dialect';
import { attempt } from '../loading';
import { nameOfFile } from '../modelName';
import type { InputView } from '../onnx/inputs';
import { mostOf, readGraph } from '../onnx/read';
import { parseTflite, type TfliteModel } from './file';
import { translated, type Translation } from './translate';

const IDENTIFIER = [0x54, 0x46, 0x4c, 0x33];
const IDENTIFIER_AT = 4;

export const tflite: BinaryDialect = {
  id: 'tflite',
  label: 'TensorFlow Lite',
  endings: ['tflite'],

  matches(head) {
    return IDENTIFIER.every((byte, k) => head[IDENTIFIER_AT + k] === byte);
  },

  async read(source) {
    const report = Report.of('', { schema: false, about: 'structure' });
    const { fileName } = source;
    if (!checkMemory(source.bytes.size, source.limits, say`the file`, START_OF_FILE, report))
      return unreadable(report.problems);
    const opened = await attempt(fileName, START_OF_FILE, report, () => open(source));
    if (!opened) return unreadable(report.problems);
    const { model, translation } = opened;
    const { graph, constants, quantised } = translation;
    if (quantised.size > 0) {
      const message = say`the model computes with whole numbers of ${counted(quantised.size, 'quantised tensor')}: here their scales are applied and all is computed with floats, so that numbers differ in the second digit`;
      report.warning(START_OF_FILE, 'eight-bits', message);
    }
    return readGraph(
      {
        ...{ graph, constants, opset: OPSET, dialect: 'tflite' },
        name: nameOfFile(source, /\.(tflite|lite)$/i),
        conventionsOf: (layers, view) => conventionsOf(translation, layers, view),
        nothingRecurrent: () => nothingRecurrent(model),
      },
      source,
      report,
    );
  },
};

/** Of the operators that files are translated to. */
const OPSET = 17;

async function open({ bytes }: BinarySource): Promise<{ model: TfliteModel; translation: Translation }> {
  const model = parseTflite(await bytes.read(0, bytes.size));
  if (model.subgraphs.length === 0) {
    throw new TensorFileError(
      say`it is a TensorFlow Lite model without a graph: it is damaged; open what it was made from: Keras saves it by model.save("model.keras"), PyTorch by torch.onnx.export(model, x, "model.onnx")`,
    );
  }
  return { model, translation: translated(model) };
}

function conventionsOf(
  { quantised }: Translation,
  layers: readonly Layer[],
  { streaming }: InputView,
): string[] {
  const ofLayers = layers.flatMap((layer): string[] => {
    if (!isRecurrent(layer) || layer.type !== 'lstm') return [];
    const { peepholes, coupled } = layer;
    return ['i, f, c, o', ...(peepholes ? ['peepholes'] : []), ...(coupled ? ['i = 1 − f'] : [])];
  });
  return [
    'TensorFlow Lite',
    ...new Set(ofLayers),
    ...(quantised.size > 0 ? ['quantised'] : []),
    ...(streaming ? [say`one step a call`] : []),
  ];
}

/** Keras's own layers of recent years are converted to loops, unless they are fused. */
function nothingRecurrent({ subgraphs: [main] }: TfliteModel): string {
  const types = main.operators.map(({ type }) => type);
  const loops = types.filter((type) => type === 'WHILE').length;
  if (loops > 0) {
    return say`the recurrent layers are written out as ${counted(loops, 'loop')} (WHILE), of which the layers are not told here; open the Keras model that it was made from, saved by model.save("model.keras"), or convert that to a file with fused layers: a batch size of 1 and unroll=False let the converter write UNIDIRECTIONAL_SEQUENCE_LSTM`;
  }
  return say`expected an operator such as UNIDIRECTIONAL_SEQUENCE_LSTM or UNIDIRECTIONAL_SEQUENCE_RNN, found ${mostOf(types) || say`no operators`}`;
}

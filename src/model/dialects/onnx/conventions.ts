import { say } from '../../../words/say';
import { isCommonLayer } from '../../commonCells';
import { isRecurrent, type Layer, type UnitActivation } from '../../network';
import type { InputView } from './inputs';
import type { ModelProto } from './schema/onnx_pb';

/** What a file says of itself and of its cells, in words: `ONNX opset 14`, `pytorch 1.13.1`, `i, o, f, c`, … */
export function conventionsOf(
  { producerName, producerVersion }: ModelProto,
  opset: number,
  layers: readonly Layer[],
  { streaming }: InputView,
): string[] {
  const producer = [producerName, producerVersion].filter(Boolean).join(' ');
  const ofLayers = layers.flatMap((layer): string[] => {
    if (!isRecurrent(layer) || !isCommonLayer(layer)) return [];
    const clip = layer.clip === undefined ? [] : [`clip ${layer.clip}`];
    if (layer.type === 'rnn') return clip;
    const { recurrentActivation } = layer;
    const sigmoid = recurrentActivation ? [say`gates: ${inWords(recurrentActivation)}`] : [];
    if (layer.type === 'gru')
      return ['z, r, h', layer.resetAfter ? say`reset after` : say`reset before`, ...sigmoid, ...clip];
    const coupled = layer.coupled ? ['f = 1 − i'] : [];
    return ['i, o, f, c', ...(layer.peepholes ? ['peepholes'] : []), ...coupled, ...sigmoid, ...clip];
  });
  return [
    `ONNX opset ${opset}`,
    ...(producer ? [producer] : []),
    ...new Set(ofLayers),
    ...(streaming ? [say`one step a call`] : []),
  ];
}

function inWords(activation: UnitActivation): string {
  if (typeof activation === 'string') return activation;
  if (activation.kind === 'hard_sigmoid') return say`hard_sigmoid ${activation.alpha}x + ${activation.beta}`;
  return `${activation.kind} ${activation.alpha}`;
}

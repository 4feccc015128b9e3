/** A network in a few words, for the toolbar and the footer. */
import { cellFacts } from '../cells';
import { isRecurrent, stateSize, type Layer, type Network, type RecurrentLayer } from '../model/network';
import { fill } from './translate';
import { translated } from './translated';

const words = translated({ finalState: 'Final state', notRun: '{0} (not run)' });

/** The names of types are those of the programs. */
const TYPE_NAMES: Record<Exclude<Layer, RecurrentLayer>['type'], string> = {
  input: 'Input',
  embedding: 'Embedding',
  linear: 'Linear',
  dropout: 'Dropout',
  masking: 'Masking',
  layer_norm: 'LayerNorm',
  rms_norm: 'RMSNorm',
  group_norm: 'GroupNorm',
  batch_norm: 'BatchNorm',
  activation: 'Activation',
  elementwise: 'Elementwise',
  power: 'Power',
  clip: 'Clip',
  merge: 'Merge',
  flatten: 'Flatten',
  reshape: 'Reshape',
  repeat_vector: 'Repeat',
  conv1d: 'Conv1D',
  pool1d: 'Pool1D',
  conv2d: 'Conv2D',
  pool2d: 'Pool2D',
  global_pool: 'GlobalPool',
  select: 'Select',
  slice: 'Slice',
  final_state: words.finalState,
  not_run: words.notRun,
  attention: 'Attention',
};

/** Its recurrent layers: `LSTM 32`, `BiGRU 16 × 2`, `LSTM 64 · GRU 32`. */
export function architecture(network: Network): string {
  return network.layers.filter(isRecurrent).map(recurrent).join(' · ');
}

/** All its layers: `Embedding 28→8 · LSTM 32 · Linear 28`. */
export function layers(network: Network): string {
  return network.layers.map(layerInWords).join(' · ');
}

function layerInWords(layer: Layer): string {
  if (isRecurrent(layer)) return recurrent(layer);
  const name = TYPE_NAMES[layer.type];
  switch (layer.type) {
    case 'embedding':
      return `${name} ${layer.numEmbeddings}→${layer.outputSize}`;
    case 'linear':
      return `${name} ${layer.outputSize}`;
    case 'dropout':
      return `${name} ${layer.p}`;
    case 'not_run':
      return fill(words.notRun, layer.kind);
    default:
      return `${name} ${layer.outputSize}`;
  }
}

function recurrent(layer: RecurrentLayer): string {
  const prefix = layer.directions.length > 1 ? 'Bi' : '';
  const projection = stateSize(layer) === layer.hiddenSize ? '' : `→${stateSize(layer)}`;
  const levels = layer.levels > 1 ? ` × ${layer.levels}` : '';
  return `${prefix}${cellFacts(layer).title} ${layer.hiddenSize}${projection}${levels}`;
}

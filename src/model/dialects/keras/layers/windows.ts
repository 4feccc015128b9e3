/** Convolution and pooling along the steps. */
import { say } from '../../../../words/say';
import { oneOf } from '../../../json/decode';
import { type Conv1dLayer, type Pool1dLayer } from '../../../network';
import { rowFault, rowsAfter } from '../../../time';
import { activationOf } from '../activations';
import { size, sizeOrList } from '../config';
import { isMasked } from '../masks';
import {
  addLayer,
  cannotRun,
  isFaulty,
  sequenceOf,
  type LayerReader,
  type Site,
  type Sized,
  type Tensor,
  type Unnamed,
} from '../site';
import type { Form } from '../weights';

const conv1d: LayerReader = (site) => {
  const { config } = site;
  const outputSize = config.required(['filters', 'nb_filter'], size);
  const kernelSize = config.required(['kernel_size', 'filter_length'], sizeOrList);
  const input = featuresLast(site);
  if (!outputSize || !kernelSize || !input) return undefined;
  const stride = config.optional(['strides', 'subsample_length'], sizeOrList) ?? 1;
  const dilation = config.optional(['dilation_rate', 'atrous_rate'], sizeOrList) ?? 1;
  const padding = config.optional(['padding', 'border_mode'], oneOf('valid', 'same', 'causal')) ?? 'valid';
  const groups = config.optional(['groups'], size) ?? 1;
  if (groups !== 1) {
    cannotRun(site, say`expected 1 group, found ${groups}`);
  }
  const layer: Unnamed<Conv1dLayer> = {
    ...{ type: 'conv1d', inputs: [input.source], inputSize: input.width, outputSize },
    ...{ kernelSize, stride, padding, bias: config.flag('use_bias', true, 'bias') },
    dilation,
    activation: activationOf(site, config, ['activation'], 'linear'),
  };
  return windows(site, input, layer, { kind: 'conv1d' });
};

function pool1d(mode: Pool1dLayer['mode']): LayerReader {
  return (site) => {
    const { config } = site;
    const input = featuresLast(site);
    if (!input) return undefined;
    const span = config.optional(['pool_size', 'pool_length'], sizeOrList) ?? 2;
    return windows(site, input, {
      ...{ type: 'pool1d', mode, inputs: [input.source], inputSize: input.width, outputSize: input.width },
      ...{ size: span, stride: config.optional(['strides', 'stride'], sizeOrList) ?? span },
      padding: config.optional(['padding', 'border_mode'], oneOf('valid', 'same')) ?? 'valid',
    });
  };
}

function globalPool(mode: Pool1dLayer['mode']): LayerReader {
  return (site) => {
    const input = featuresLast(site);
    if (!input) return undefined;
    if (site.config.flag('keepdims', false)) {
      cannotRun(site, say`"keepdims" makes a sequence of one step; a single row is passed on here`);
    }
    const sizes = { inputs: [input.source], inputSize: input.width, outputSize: input.width };
    const counted =
      site.conventions.tensorflowJs && mode === 'average' && isMasked(input.source, site.network);
    const row = addLayer(site, input, {
      ...{ type: 'global_pool', mode, ...sizes },
      ...(counted && { masked: 'counted' }),
    });
    return [{ ...row, sequence: false, steps: undefined }];
  };
}

/** A sequence with its features on the last axis. */
function featuresLast(site: Site): Sized | undefined {
  const { config } = site;
  if (config.find('data_format')?.value === 'channels_first') {
    cannotRun(site, say`expected "data_format" channels_last, found channels_first`);
  }
  return sequenceOf(site);
}

function windows(
  site: Site,
  input: Sized,
  layer: Unnamed<Conv1dLayer> | Unnamed<Pool1dLayer>,
  form?: Form,
): readonly Tensor[] | undefined {
  const { steps } = input;
  const named = { ...layer, name: site.name };
  const fault = steps === undefined ? undefined : rowFault(named, steps);
  if (fault && isFaulty(site, [input], site.at, 'too-few-steps', fault)) return undefined;
  const after = steps === undefined || fault ? undefined : rowsAfter(named, steps);
  return [{ ...addLayer(site, input, layer, form), steps: after }];
}

export const WINDOWS = new Map<string, LayerReader>([
  ...['Conv1D', 'Convolution1D', 'AtrousConvolution1D', 'AtrousConv1D'].map(
    (name) => [name, conv1d] as const,
  ),
  ['MaxPooling1D', pool1d('max')],
  ['AveragePooling1D', pool1d('average')],
  ['GlobalMaxPooling1D', globalPool('max')],
  ['GlobalAveragePooling1D', globalPool('average')],
  ...(['Max', 'Average'] as const).flatMap((word) => {
    const mode = word === 'Max' ? 'max' : 'average';
    return [
      [`${word}Pool1D`, pool1d(mode)] as const,
      [`Global${word}Pool1D`, globalPool(mode)] as const,
      [`${word === 'Average' ? 'Avg' : 'Max'}Pool1D`, pool1d(mode)] as const,
    ];
  }),
]);

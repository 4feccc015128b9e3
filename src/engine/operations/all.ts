/** Every layer without state that is no product: which operation computes it. */
import type { OperationLayer } from '../../model/network';
import type { Weights } from '../../model/weights';
import type { DenseEdge } from '../edge';
import { activation } from './activation';
import { attention } from './attention';
import { conv1d } from './conv1d';
import { elementwise } from './elementwise';
import { masking } from './masking';
import { merge } from './merge';
import { batchNorm, groupNorm, layerNorm, rmsNorm } from './norm';
import { globalPool, pool1d } from './pool';
import type { Operation } from './operation';
import { conv2d, pool2d } from './window2d';
import { identity, repeatVector, select, slice } from './shape';

export function operation(layer: OperationLayer, inputs: readonly DenseEdge[], weights: Weights): Operation {
  const tensor = (name: string) => weights.get(`${layer.name}.${name}`)?.data;
  const [input] = inputs;
  switch (layer.type) {
    case 'masking':
      return masking(layer, input);
    case 'flatten':
    case 'reshape':
      return identity(input, layer.outputSize);
    case 'repeat_vector':
      return repeatVector(input);
    case 'layer_norm':
      return layerNorm(layer, input, tensor);
    case 'rms_norm':
      return rmsNorm(layer, input, tensor);
    case 'group_norm':
      return groupNorm(layer, input, tensor);
    case 'batch_norm':
      return batchNorm(layer, input, tensor);
    case 'activation':
      return activation(layer, input);
    case 'elementwise':
    case 'power':
    case 'clip':
      return elementwise(layer, input);
    case 'merge':
      return merge(layer, inputs);
    case 'conv1d':
      return conv1d(layer, input, tensor);
    case 'pool1d':
      return pool1d(layer, input);
    case 'conv2d':
      return conv2d(layer, input, tensor);
    case 'pool2d':
      return pool2d(layer, input);
    case 'global_pool':
      return globalPool(layer, input);
    case 'select':
      return select(layer, input);
    case 'slice':
      return slice(layer, input);
    case 'attention':
      return attention(layer, inputs);
  }
}

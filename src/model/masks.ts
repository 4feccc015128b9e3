import { isRecurrent, type Layer } from './network';

/** Whether a layer masks steps of its own accord. */
export function startsMask(layer: Layer): boolean {
  return layer.type === 'masking' || (layer.type === 'embedding' && layer.maskZero === true);
}

/** Whether a layer masks only the steps that are masked in all of its inputs. */
export function masksWhereEvery(layer: Layer): boolean {
  return layer.type === 'merge' && layer.masked === 'every';
}

/** The inputs whose masks a layer hands on, all together, as Keras does: layers that work across steps end them. */
export function maskedInputs(layer: Layer): readonly string[] {
  if (isRecurrent(layer)) return layer.returnSequences ? layer.inputs : [];
  switch (layer.type) {
    case 'embedding':
    case 'flatten':
    case 'reshape':
    case 'repeat_vector':
    case 'conv1d':
    case 'pool1d':
    case 'conv2d':
    case 'pool2d':
    case 'global_pool':
    case 'select':
    case 'slice':
    case 'final_state':
      return [];
    case 'merge':
      return layer.masked === 'none' ? [] : layer.inputs;
    default:
      return layer.inputs.slice(0, 1);
  }
}

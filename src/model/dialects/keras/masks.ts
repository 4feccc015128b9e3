/** Where masks are, as the engine hands them on: see `factsAfter`. */
import { isRecurrent } from '../../network';
import type { NetworkBuilder } from './site';

/** Whether steps of what `source` gives may be masked. */
export function isMasked(source: string, network: NetworkBuilder): boolean {
  const seen = new Set([source]);
  for (const name of seen) {
    const layer = network.layer(name);
    if (!layer) continue;
    if (isRecurrent(layer)) {
      if (layer.returnSequences) seen.add(layer.inputs[0]);
      continue;
    }
    switch (layer.type) {
      case 'masking':
        return true;
      case 'embedding':
        if (layer.maskZero) return true;
        break;
      case 'merge':
        for (const input of layer.inputs) seen.add(input);
        break;
      case 'flatten':
      case 'reshape':
      case 'repeat_vector':
      case 'conv1d':
      case 'pool1d':
      case 'global_pool':
      case 'select':
        break;
      default:
        if (layer.inputs.length > 0) seen.add(layer.inputs[0]);
    }
  }
  return false;
}

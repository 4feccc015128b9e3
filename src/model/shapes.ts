import type { Layer, Network } from './network';
import { timesOf } from './time';

/** What a layer takes or gives: steps × width, `null` standing for any number of steps; a single row has only its width. */
export function shapeOf(network: Network, layer: Layer, end: 'in' | 'out'): (number | null)[] {
  const width = end === 'in' ? layer.inputSize : layer.outputSize;
  const time = timesOf(network).get(end === 'in' ? layer.inputs[0] : layer.name);
  return time === 'row' ? [width] : [null, width];
}

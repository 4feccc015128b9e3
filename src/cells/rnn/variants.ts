import type { Change } from '../../verify/cellChange';
import type { RnnLayer } from './layer';

export function rnnChanges(layer: RnnLayer): Change[] {
  return (['tanh', 'relu', 'sigmoid'] as const)
    .filter((nonlinearity) => nonlinearity !== layer.nonlinearity)
    .map((nonlinearity) => ({
      cause: 'activation',
      text: `with ${nonlinearity} as the RNN's nonlinearity`,
      layer: { nonlinearity },
    }));
}

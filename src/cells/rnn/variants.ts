import type { Change } from '../../verify/cellChange';
import type { RnnLayer } from './layer';

export function rnnChanges(layer: RnnLayer): Change[] {
  return (['tanh', 'relu', 'sigmoid', 'none'] as const)
    .filter((nonlinearity) => nonlinearity !== layer.nonlinearity)
    .map((nonlinearity) => ({
      cause: 'activation',
      text:
        nonlinearity === 'none'
          ? "without the RNN's nonlinearity"
          : `with ${nonlinearity} as the RNN's nonlinearity`,
      rare: nonlinearity === 'none',
      layer: { nonlinearity },
    }));
}

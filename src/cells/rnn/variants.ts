import type { Change } from '../../verify/cellChange';
import type { RnnLayer } from './layer';

export function rnnChanges(layer: RnnLayer): Change[] {
  return (['tanh', 'relu', 'sigmoid', 'none'] as const)
    .filter((nonlinearity) => nonlinearity !== layer.nonlinearity)
    .map((nonlinearity) => ({
      remedy: { cause: 'activation', of: 'rnn', activation: nonlinearity },
      rare: nonlinearity === 'none',
      layer: { nonlinearity },
    }));
}

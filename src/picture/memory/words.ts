import { translated } from '../../words/translated';

/** Every word of the pictures of memory. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  reach: 't = {1}: how far {0} reaches',
  outputUnit: 'y[{0}]',
  gradientNorm: '|∂y/∂{0}|',
  matrixOf: 'How the output at each step depends on the state before it',
  matrixOfBoth: 'How the output at each step depends on the state at each step',
  matrixPart: 'Here t = {0} to {1}: the sequence has {2} steps.',
  matrixInitial: 'start',
  matrixLegend: 'gradient',
  matrixRows: 'output at t',
  matrixColumns: 'state',
});

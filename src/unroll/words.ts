import { translated } from '../words/translated';

/** Every word of the unrolled network itself. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  input: 'input',
  embedding: 'embedding',
  output: 'output',
  level: 'level {0}',
  notRun: '{0} (not run)',
  standsFor: '{0} (for {1})',
  rows: 'y = [x_0, x_1, …] in rows of {0}',
  heads: '{0}, each of {1} heads',
});

import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  diagram: 'Unrolled network',
  compared: 'Unrolled network that is compared',
  leftOut: 'not drawn: {0}',
  tooLargeToDraw: 'it has {0} nodes, too many to draw',
});

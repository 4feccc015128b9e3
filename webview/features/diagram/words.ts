/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = {
  diagram: 'Unrolled network',
  compared: 'Unrolled network that is compared',
  pictureOf: '{0}: {1}',
  tooLargeToDraw: 'it has {0} nodes, too many to draw',
};

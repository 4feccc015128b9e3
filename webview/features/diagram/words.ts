/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = {
  diagram: 'Unrolled network',
  compared: 'Unrolled network that is compared',
  pictureOf: '{0}: {1}',
  signalAtStep: '{0}, step {1}',
  tooLargeToDraw: 'it has {0} nodes, too many to draw',
  earlier: '{0} earlier',
  later: '{0} later',
  initialState: 'initial state',
  finalState: 'final state',
  learnedState: 'learned state',
  oneFeature: 'feature {0}',
  features: 'features {0} to {1}',
  moreFeatures: '{0} and {1} more',
  alsoRead: 'Read too, but without a place here: {0}',
  unsent: 'Not shown of a sequence that is so long: {0}',
  stateOf: 'from {0}',
};

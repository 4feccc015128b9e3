/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = {
  diagram: 'Unrolled network',
  signalAtStep: '{0}, step {1}',
  tooLargeToDraw: 'it has {0} nodes, too many to draw',
  earlier: '{0} earlier',
  later: '{0} later',
  initialState: 'initial state',
  finalState: 'final state',
  learnedState: 'learned state',
  stateOf: 'from {0}',
};

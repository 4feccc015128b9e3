import { translated } from '../../words/translated';

/** Every word of the unrolled picture. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  window: '{0}, steps {1} to {2} of {3} (t = {4} to {5})',
  tooLarge: 'the picture would have {0} nodes; it may have {1}: take fewer steps',
  signalAtStep: '{0}, step {1}',
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
  gates: 'gates',
  stateOf: 'from {0}',
  saidAt: 'at step {0}',
});

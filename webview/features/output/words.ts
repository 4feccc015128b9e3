import { words as pictures } from '../../../src/picture/output/words';
import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  ...pictures,
  output: 'Output',
  outputTitle: 'What the network gives at the playhead, and over the whole sequence',
  after: 'the step after {0}',
  close: 'Close the output view',
  noWeights: 'Not run: the weights could not be read',
  loading: 'Reading the output…',
  choose: 'Show {0} over the whole sequence',
  overTime: '{0} over the whole sequence',
  nextTop: '{0} at step {2} came with {1}',
  first: '{0} came first',
  classesHint: 'Click one of the outputs to see it over all steps.',
  classAt: 'step {0}: {1} with {2}',
  nextLast: 'The text ends here: nothing came next.',
  against: 'Compare with',
  nothing: 'nothing',
  expected: 'the sample’s known output',
  nextOf: '{0}, a step later',
  sameOf: '{0}, the same step',
  predictsFor: 'predicts {0} for {1}',
  was: 'it was {0}, off by {1}',
});

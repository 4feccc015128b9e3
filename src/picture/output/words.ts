/** Words of the pictures of the output, which the panel and exports share. `{0}`, `{1}`, … stand for values: see `fill`. */
import { translated } from '../../words/translated';

export const words = translated({
  step: 'step {0}',
  notNumbers: 'The output is not a number at this step.',
  others: '{0} others',
  othersShare: '{0} others, {1} together',
  atEnd: 'Output for the whole sequence',
  at: 'Step {0}: output',
  atDate: 'Step {0} ({1}): output',
  nextTitle: 'Probability of what came next',
  classesTitle: 'The likeliest at each step',
  nextMean: 'On average {0} nats a token; {1} by guessing among {2}.',
  prediction: 'prediction',
  truth: 'what came',
  known: 'known output',
  asBefore: '“as before”',
  feature: 'feature {0}',
  error: 'Error (RMSE) {0}{1}; {2} for “as before”, the value of the step before: {3}. Over {4} steps.',
  less: '{0} less',
  more: '{0} more',
  times: '{0} times as much',
  same: 'no less, no more',
  ofUnit: ' ({0})',
  byName: 'Compared with {0} a step later, since the output is named {1}.',
  byExpected: 'Compared with the output that the sample brings.',
  noTruth: 'The file does not say what this output predicts: choose what to compare it with.',
});

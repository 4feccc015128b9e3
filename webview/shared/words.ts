/** Words that several features show. `{0}`, `{1}`, … stand for values: see `fill`. */
import { words } from '../../src/picture/words';
import { translated } from '../../src/words/translated';

export { fill } from '../../src/picture/words';

export const common = translated({
  ...words,
  /** People count steps from 1; t counts from 0. */
  stepAnnounced: 'step {0}',
  stepAndToken: 'step {0}, token {1}',
  space: 'space',
  notRunYet: 'Not run yet',
  notRunnable: 'Not run: the weights could not be read',
  copied: 'Copied',
  views: 'Views',
  saturatedGate: 'below 0.1 or above 0.9, where it hardly moves',
  saturatedValue: 'beyond ±0.9, where it hardly moves',
  saturatedRelu: 'exactly 0, where it does not move',
  untrained: 'untrained',
  untrainedTitle: 'Some or all weights are random, made from a seed',
  untrainedNote: 'Untrained: some or all weights are random, made from a seed',
  chooseReading: 'Choose How to Read…',
  place: 'Line {0}, column {1}',
  goToProblem: 'Go to line {0}, column {1}',
  moreProblems: 'and {0} more',
});

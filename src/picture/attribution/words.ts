import { translated } from '../../words/translated';

/** Every word of the picture of what mattered. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  title: 'Step {1}: what brought {0}, {2}',
  titleLogit: 'Step {1}: what brought the logit of {0}, {2}',
  complete: 'Together {0} of {1}, which the output gained over the baseline: error {2}',
  feature: 'feature {0}',
  profile: 'all together',
  lags: 'In brackets: how far before the output.',
  lagsBoth: 'In brackets: how far before the output, or after it.',
  notNumber: 'not a number',
});

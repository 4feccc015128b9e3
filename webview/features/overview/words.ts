import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  overview: 'The whole sequence',
  step: 'step',
  measures: { mean: 'mean of {0}', size: 'size of {0}', unit: '{0}, unit {1}', change: 'change of {0}' },
  tokens: 'tokens',
  feature: 'x {0}',
  prediction: 'prediction',
  outputOf: '{0} gives {1} at the playhead',
  predictedBy: '{0} predicted {1} of the step at the playhead',
  percent: '{0} %',
  more: '{0}; {1} more are not drawn',
  value: 'step {0} of {1}',
  hint: 'Click to go there, drag the frame to move the window, hold Shift and drag to choose steps, turn the wheel to zoom; + and − zoom, 0 shows all',
});

import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  reading: 'Reading “{0}”',
  running: 'Running “{0}”',
  runningSteps: '{0} of {1} steps',
  cancel: 'Cancel',
});

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = {
  reading: 'Reading “{0}”',
  running: 'Running “{0}”',
  runningSteps: '{0} of {1} steps',
  cancel: 'Cancel',
};

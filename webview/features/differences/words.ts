import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  differences: 'Differences',
  differencesTitle: 'Which signals differ between the two runs, by how much, and from which step on',
  close: 'Close the differences',
  ofWhatIf: 'What the what-if changes',
  ofCompared: 'This run and {0}',
  none: 'No signal differs by more than {0}.',
  first: 'The first difference is at step {0}.',
  firstIn: 'The first difference is at step {0}, in {1}.',
  shorter: 'The first {0} steps are compared: the other run has {1}.',
  noOutput: 'The outputs cannot be compared: they have other units, or no step in common.',
  output: 'output',
  onlyA: 'only in this run: {0}',
  onlyB: 'only in the other: {0}',
  units: '{0} has {1} units here and {2} there',
  goTo: '{0}: largest difference {1}, root mean square {2}, from step {3} on. Click to go there.',
  isSame: '{0} is the same',
  waiting: 'Comparing…',
  waitingForRun: 'The other run is under way…',
  nothing: 'Hold something with “What if”, or “Gatescope: Compare With…”',
});

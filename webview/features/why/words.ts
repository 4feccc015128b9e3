import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  why: 'Why',
  whyTitle: 'Show why a unit has its value at a step: the sum inside its activation, term by term',
  title: 'Why is {0} = {1} at step {2}?',
  input: 'input {0}',
  other: '{0} other',
  others: '{0} others',
  terms: '{0} terms',
  sum: 'sum',
  times: '{0} × {1}',
  timesNamed: '{0} × {1} {2}',
  /** Over the factors of a product. */
  factors: '{0} × weight',
  factorsOfCell: 'value × weight',
  closes: '← closes',
  opens: 'opens →',
  lowers: '← lowers',
  raises: 'raises →',
  barTitle: '{0}: {1}. Click to go to {2} at step {3}.',
  barAlone: '{0}: {1}',
  barProduct: '{0} = {1}',
  bars: 'Terms of the sum',
  copy: 'Copy the terms',
  close: 'Close Why',
  back: 'Back to {0}',
  given: 'The input is given: nothing adds up to it. Choose a gate or a state.',
  choose: 'Choose a gate or a state.',
  computing: 'Adding up…',
});

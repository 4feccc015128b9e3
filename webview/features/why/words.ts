import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  why: 'Why',
  whyTitle: 'Show why a unit has its value at a step: the sum inside its activation, term by term',
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

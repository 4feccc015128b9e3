import { translated } from '../../words/translated';

/** Every word of the picture of a sum. `{0}`, `{1}`, … stand for values. */
export const words = translated({
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
});

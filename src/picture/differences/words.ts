import { translated } from '../../words/translated';

/** Every word of the table of differences. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  signal: 'signal',
  largest: 'largest',
  rms: 'rms',
  from: 'from step',
  same: 'the same',
  and: '{0} and {1}',
});

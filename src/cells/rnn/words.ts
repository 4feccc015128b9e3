import type { SignalWords } from '../cell';
import { translated } from '../../words/translated';

export const words: Readonly<Record<string, SignalWords>> = translated({
  h: {
    called: 'hidden state',
    brief: 'holds {0}',
    does: 'holds and says {0}',
    is: 'All that the cell remembers, made anew at each step of the input and of the hidden state before. What is to last must come through the weights and the nonlinearity every time.',
    unlike: 'LSTMs and GRUs have gates that keep a state as it is; here is none.',
  },
});

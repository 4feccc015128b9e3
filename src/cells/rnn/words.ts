import type { SignalWords } from '../cell';

export const words: Readonly<Record<string, SignalWords>> = {
  h: {
    does: 'holds and says {0}',
    is: 'All that the cell remembers, made anew at each step of the input and of the hidden state before. No gate keeps anything: what is to last must come through the weights and the nonlinearity every time.',
  },
};

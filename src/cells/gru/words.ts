import type { SignalWords } from '../cell';

export const words: Readonly<Record<string, SignalWords>> = {
  r: {
    does: 'shows {0} of the past to the candidate',
    is: 'A number from 0 to 1 for each unit that says how much of the hidden state before the candidate may see. At 0 the candidate is made of the input alone; an LSTM has no such gate.',
  },
  z: {
    does: 'keeps {0} of the hidden state',
    is: 'A number from 0 to 1 for each unit: so much of the old hidden state stays, and the rest becomes the candidate. It is forget gate and input gate of an LSTM in one, which is what a GRU saves.',
  },
  n: {
    does: 'proposes {0}',
    is: 'What the hidden state would become, from −1 to 1, made of the input and of what the reset gate shows of the past. The update gate says how much of it comes in.',
  },
  h: {
    does: 'holds and says {0}',
    is: 'What the cell remembers and shows, both in one: a GRU has no cell state beside it. Where the update gate is 1 it stays as it is, and a gradient comes back through it whole.',
  },
};

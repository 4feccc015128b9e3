import type { SignalWords } from '../cell';
import { translated } from '../../words/translated';

export const words: Readonly<Record<string, SignalWords>> = translated({
  r: {
    called: 'reset',
    brief: 'shows {0} of h',
    does: 'shows {0} of the past to the candidate',
    is: 'A number from 0 to 1 for each unit that says how much of the hidden state before the candidate may see. At 0 the candidate is made of the input alone.',
    unlike: 'An LSTM has no such gate: its candidate always sees the state before.',
  },
  z: {
    called: 'update',
    brief: 'keeps {0}',
    does: 'keeps {0} of the hidden state',
    is: 'A number from 0 to 1 for each unit: so much of the old hidden state stays. The rest of it becomes the candidate.',
    unlike:
      'It is forget gate and input gate of an LSTM in one, which is what a GRU saves; an LSTM can keep the old and add the new.',
  },
  n: {
    called: 'candidate',
    brief: 'proposes {0}',
    does: 'proposes {0}',
    is: 'What the hidden state would become, from −1 to 1, made of the input and of what the reset gate shows of the past. The update gate says how much of it comes in.',
    unlike: 'An LSTM has an input gate for that, apart from the one that keeps.',
  },
  h: {
    called: 'hidden state',
    brief: 'holds {0}',
    does: 'holds and says {0}',
    is: 'What the cell remembers and shows, both in one. Where the update gate is 1 it stays as it is, and a gradient comes back through it whole.',
    unlike: 'An LSTM has a cell state beside it, in which it can keep what it does not show.',
  },
});

import type { SignalWords } from '../cell';

export const words: Readonly<Record<string, SignalWords>> = {
  f: {
    does: 'keeps {0} of what was in c',
    is: 'A number from 0 to 1 for each unit of the cell state, by which what it held is multiplied: 1 keeps all, 0 forgets all. A GRU has no gate for this alone: its update gate keeps the old and makes room for the new at once.',
  },
  i: {
    does: 'lets {0} of the candidate in',
    is: 'A number from 0 to 1 for each unit that says how much of the candidate is added to the cell state. It is apart from the forget gate, so that an LSTM can keep the old and add the new; a GRU has to choose.',
  },
  g: {
    does: 'proposes {0}',
    is: 'What the step would write into the cell state, from −1 to 1, made of the input and of the hidden state before. The input gate says how much of it is written.',
  },
  o: {
    does: 'shows {0} of what c holds',
    is: 'A number from 0 to 1 for each unit that says how much of the cell state is shown as the hidden state. A cell can so remember something without saying it; a GRU always shows what it holds.',
  },
  c: {
    does: 'holds {0}',
    is: 'What the cell remembers. From step to step it is only multiplied by the forget gate and added to, so that a gradient comes back through it without shrinking where the gate is open.',
  },
  h: {
    does: 'says {0}',
    is: 'What the cell shows of its memory to the next step and to the layer above, from −1 to 1. It is the cell state behind tanh, as far as the output gate opens.',
  },
};

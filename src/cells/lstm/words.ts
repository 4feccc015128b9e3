import type { SignalWords } from '../cell';
import { translated } from '../../words/translated';

export const words: Readonly<Record<string, SignalWords>> = translated({
  f: {
    called: 'forget',
    brief: 'keeps {0}',
    does: 'keeps {0} of what was in c',
    is: 'A number from 0 to 1 for each unit of the cell state, by which what it held is multiplied. At 1 all is kept, at 0 all is forgotten.',
    unlike:
      'A GRU has no gate for this alone: its update gate keeps the old and makes room for the new at once.',
  },
  i: {
    called: 'input',
    brief: 'lets {0} in',
    does: 'lets {0} of the candidate in',
    is: 'A number from 0 to 1 for each unit that says how much of the candidate is added to the cell state. At 0 nothing new comes in, whatever the candidate proposes.',
    unlike:
      'It is apart from the forget gate, so that an LSTM can keep the old and add the new; a GRU has to choose.',
  },
  g: {
    called: 'candidate',
    brief: 'proposes {0}',
    does: 'proposes {0}',
    is: 'What the step would write into the cell state, from −1 to 1, made of the input and of the hidden state before. The input gate says how much of it is written.',
    unlike:
      'The candidate of a GRU may be kept from seeing the past, by its reset gate; this one always sees it.',
  },
  o: {
    called: 'output',
    brief: 'shows {0}',
    does: 'shows {0} of what c holds',
    is: 'A number from 0 to 1 for each unit that says how much of the cell state is shown as the hidden state. So a cell can remember something without saying it.',
    unlike: 'A GRU has no such gate: it always shows what it holds.',
  },
  c: {
    called: 'cell state',
    brief: 'holds {0}',
    does: 'holds {0}',
    is: 'What the cell remembers. From step to step it is only multiplied by the forget gate and added to, so that a gradient comes back through it without shrinking where the gate is open.',
    unlike: 'A GRU has no cell state: what it remembers and what it shows are one.',
  },
  h: {
    called: 'hidden state',
    brief: 'says {0}',
    does: 'says {0}',
    is: 'What the cell shows of its memory to the next step and to the layer above, from −1 to 1. It is the cell state behind tanh, as far as the output gate opens.',
    unlike: 'A GRU has this state alone, and keeps in it what an LSTM keeps in c.',
  },
});

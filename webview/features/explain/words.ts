import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  explain: 'Explain',
  explainTitle: 'Say in the picture, in words, what each gate does at the playhead; and six short lessons',
  close: 'Close the explanations',
  now: 'In words, at step {0}',
  means: 'Figures are means over the units.',
  notRun: 'Run a sequence to see what each does.',
  lessons: 'Lessons',
  titles: {
    carried: 'A hidden state is carried',
    forgets: 'A forget gate forgets',
    recall: 'Why the vanilla RNN cannot recall',
    saves: 'What a GRU saves',
    bothEnds: 'Why to read from both ends',
    parameters: 'How many parameters, and why two biases',
  },
  saturated:
    'A gate is saturated below 0.1 or above 0.9, a value in −1 … 1 beyond ±0.9: there it hardly moves, and its gradient is small.',
  carried:
    'Every step makes a new hidden state h of two things: its input, and h of the step before. What happened earlier reaches a step only through h: that is all a recurrent network is.',
  carriedNow: 'At step {0} h was {1} on average; now it is {2}. Play, and watch it change with every input.',
  selectH: 'Select h',
  play: 'Play',
  noGate: 'This cell has no gate that keeps anything: its state is made anew at every step. An LSTM has one.',
  keepsNow: 'At this step {0} is {1} % on average.',
  tryGate:
    'Shut it, and nothing of the past stays; hold it open, and nothing is forgotten. The picture shows what changes, a strip below each what it was.',
  shut: 'Shut {0}',
  open: 'Hold {0} open',
  asItWas: 'As it was',
  openLstm: 'Open an LSTM',
  recall:
    'On its way back through a vanilla RNN the gradient is multiplied at every step by the same weights and by a slope that is below 1. After sixty steps next to nothing is left, so that training cannot tell the early steps what to do. An LSTM carries c past all that, through its forget gate alone.',
  recallShown:
    'Memory draws it: how much the output depends on each state before. Three networks had to remember a letter for 60 steps: the RNN gets 7 % right, the LSTM and the GRU all.',
  showMemory: 'Show Memory',
  compareCells: 'Compare RNN, LSTM and GRU',
  saves:
    'With {0} hidden units and {1} inputs an LSTM has four sums and {2} parameters, a GRU three and {3}: a quarter less.',
  savesStates:
    'It also carries one state instead of two: what an LSTM keeps in c, hidden from others, a GRU keeps in h. Its update gate z does what forget and input gate do, one the complement of the other.',
  openStocksLstm: 'Open stocks, LSTM',
  openStocksGru: 'Open stocks, GRU',
  oneEnd:
    'This network reads from the beginning on: at a step it knows nothing of what follows. The tagger reads from both ends: that “man” is a verb in “the old man the boats” is known only from the other side.',
  bothEnds:
    'One cell reads from the beginning, another from the end; what they know of a step is put side by side. Forward has seen what comes before it, backward what comes after.',
  openTagger: 'Open the tagger',
  selectForward: 'Select h, forward',
  selectBackward: 'Select h, backward',
  count:
    '{0} = {1} for the first level and direction{2}{3}: for each sum a weight per input, a weight per unit before, and its biases.',
  andMore: ', and {0} more for its options',
  inAll: '; {0} in all',
  biases:
    'PyTorch has two biases, one for the input and one for the state, since NVIDIA’s cuDNN has them; only their sum matters. Keras has one.',
  biasesOfGru:
    'PyTorch has two biases, one for the input and one for the state. For r and z only their sum matters; for n the second one stands inside what the reset gate multiplies.',
});

import { sumNorm, unless } from '../../model/dialects/native/cellOptions';
import { unitActivation } from '../../model/dialects/native/activations';
import type { Activation } from '../../model/layer';
import { activationFacts, UNBOUNDED } from '../../model/signalFacts';
import type { CellFacts } from '../cell';
import type { RnnLayer } from './layer';
import { translated } from '../../words/translated';
import { words } from './words';

export const rnn: CellFacts<RnnLayer> = {
  title: 'RNN',
  signals: translated({ h: 'hidden state' }),
  words,
  sums: ['h'],
  orders: [],
  states: ['h'],
  roles: {},
  norms: ['sum'],

  isStandard: ({ nonlinearity }) => nonlinearity === 'tanh' || nonlinearity === 'relu',
  signalFacts: ({ nonlinearity }, signal) => (signal === 'h' ? activationFacts(nonlinearity) : UNBOUNDED),
  conventions: () => [],

  native: {
    keys: ['nonlinearity'],
    read(fields) {
      const nonlinearity = fields.optional('nonlinearity', unitActivation) ?? 'tanh';
      const layerNorm = fields.optional('layer_norm', sumNorm);
      return { nonlinearity, ...(layerNorm && { layerNorm }) };
    },
    write: ({ nonlinearity }) => unless<Activation>('tanh', 'nonlinearity', nonlinearity),
  },

  picture: () => ({ gates: [], wires: [], before: {} }),

  equations({ nonlinearity, layerNorm }, { h, input, hidden, twin, sole, within, activated }) {
    const sum = layerNorm
      ? `LN(W_{ih} x_t + W_{hh} ${h})${twin('ih')}${twin('hh')}${sole('h')}`
      : `${input('h')} + ${hidden('h')}${sole('h')}`;
    return { h: `h_t = ${activated(nonlinearity, within(sum))}` };
  },
};

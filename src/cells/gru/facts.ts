import { GATE_KEYS, gateActivations, gateActivationsJson } from '../../model/dialects/native/cellOptions';
import { sumNorm, unless } from '../../model/dialects/native/cellOptions';
import { boolean, pathOf } from '../../model/json/decode';
import { cellActivations } from '../../model/layer';
import { activationFacts, gated, UNBOUNDED } from '../../model/signalFacts';
import { say } from '../../words/say';
import type { CellFacts } from '../cell';
import type { GruLayer } from './layer';
import { translated } from '../../words/translated';
import { words } from './words';

export const gru: CellFacts<GruLayer> = {
  title: 'GRU',
  signals: translated({ r: 'reset gate', z: 'update gate', n: 'candidate', h: 'hidden state' }),
  words,
  sums: ['r', 'z', 'n'],
  orders: [
    { order: 'rzn', programs: ['PyTorch'] },
    { order: 'zrn', letters: 'zrh', programs: ['Keras', 'ONNX'] },
  ],
  states: ['h'],
  keeps: 'z',
  roles: {
    r: { does: 'filters', to: 'n' },
    z: { does: 'keeps', to: 'h' },
    n: { does: 'proposes', to: 'h' },
  },
  norms: ['ih', 'hh'],

  isStandard(layer) {
    const { gates, candidate } = cellActivations(layer);
    return gates === 'sigmoid' && candidate === 'tanh';
  },

  fault({ layerNorm, resetAfter }) {
    if (!layerNorm || resetAfter) return undefined;
    return say`a GRU that normalises its sums resets after the product`;
  },

  signalFacts(layer, signal) {
    const { gates, candidate } = cellActivations(layer);
    if (signal === 'r' || signal === 'z') return activationFacts(gates);
    if (signal === 'n') return activationFacts(candidate);
    return signal === 'h' ? gated(activationFacts(gates), activationFacts(candidate)) : UNBOUNDED;
  },

  conventions: ({ resetAfter }) => [resetAfter ? say`r, z, n · reset after` : say`r, z, n · reset before`],

  native: {
    keys: [...GATE_KEYS, 'reset_after'],
    read(fields, report) {
      const resetAfter = fields.optional('reset_after', boolean) ?? true;
      const layerNorm = fields.optional('layer_norm', sumNorm);
      if (layerNorm && !resetAfter) {
        const at = fields.at('layer_norm');
        const message = say`${pathOf(at)}: a GRU that normalises its sums resets after the product, expected "reset_after" to be true`;
        report.error(at, 'conflicting-keys', message);
      }
      return { resetAfter, ...gateActivations(fields), ...(layerNorm && { layerNorm }) };
    },
    write: (layer) => ({ ...gateActivationsJson(layer), ...unless(true, 'reset_after', layer.resetAfter) }),
  },

  picture: () => ({
    gates: ['z', 'r', 'n'],
    wires: [
      ...(['z', 'r', 'n'] as const).map((gate) => ['bus', gate] as const),
      ...([
        ['r', 'n'],
        ['z', 'h'],
        ['n', 'h'],
      ] as const),
    ],
    before: { h: true },
  }),

  equations(layer, { h, input, hidden, sole, within, activated, gate }) {
    const { gates, candidate } = cellActivations(layer);
    const past = layer.resetAfter ? `r_t ⊙ (${hidden('n')})` : hidden('n', `(r_t ⊙ ${h})`);
    return {
      r: gate('r', gates),
      z: gate('z', gates),
      n: `n_t = ${activated(candidate, within(`${input('n')} + ${past}${sole('n')}`))}`,
      h: `h_t = (1 − z_t) ⊙ n_t + z_t ⊙ ${h}`,
    };
  },
};

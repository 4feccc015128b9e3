import { cellActivations } from '../../model/layer';
import { activationFacts, gated, UNBOUNDED } from '../../model/signalFacts';
import { say } from '../../words/say';
import type { CellFacts, CellPicture } from '../cell';
import type { LstmLayer } from './layer';
import { native } from './native';
import { translated } from '../../words/translated';
import { words } from './words';

const GATES = ['f', 'i', 'g', 'o'];

export const lstm: CellFacts<LstmLayer> = {
  title: 'LSTM',
  signals: translated({
    i: 'input gate',
    f: 'forget gate',
    g: 'cell candidate',
    o: 'output gate',
    c: 'cell state',
    h: 'hidden state',
  }),
  words,
  sums: ['i', 'f', 'g', 'o'],
  orders: [
    { order: 'ifgo', programs: ['PyTorch', 'Keras'] },
    { order: 'iofg', letters: 'iofc', programs: ['ONNX'] },
    { order: 'igfo', letters: 'ijfo', programs: ['TensorFlow 1'] },
  ],
  states: ['h', 'c'],
  keeps: 'f',
  roles: {
    i: { does: 'admits', to: 'c' },
    f: { does: 'keeps', to: 'c' },
    g: { does: 'proposes', to: 'c' },
    o: { does: 'shows', to: 'h' },
  },
  norms: ['ih', 'hh', 'c'],
  native,

  vectors: ({ peepholes }) => (peepholes ? ['peephole_i', 'peephole_f', 'peephole_o'] : []),
  stateSize: ({ projSize, hiddenSize }) => (projSize > 0 ? projSize : hiddenSize),

  isStandard(layer) {
    const { gates, candidate, output } = cellActivations(layer);
    if (gates !== 'sigmoid' || candidate !== 'tanh' || output !== 'tanh') return false;
    if (layer.cellClip !== undefined) return false;
    return !layer.peepholes && !layer.coupled && !layer.forgetBias && layer.keeps !== 'output';
  },

  fault({ keeps, projSize, forgetBias, cellClip }) {
    if (keeps === 'output' && projSize > 0) {
      return say`a forget gate that multiplies the output allows no projection`;
    }
    if (forgetBias !== undefined && !Number.isFinite(forgetBias)) {
      return say`expected a finite forget bias, found ${forgetBias}`;
    }
    return cellClip !== undefined && !(cellClip > 0)
      ? say`expected a cell clip above 0, found ${cellClip}`
      : undefined;
  },

  signalFacts(layer, signal) {
    const { gates, candidate, output } = cellActivations(layer);
    if (['i', 'f', 'o'].includes(signal)) return activationFacts(gates);
    if (signal === 'g') return activationFacts(candidate);
    return signal === 'h' && layer.projSize === 0
      ? gated(activationFacts(gates), activationFacts(output))
      : UNBOUNDED;
  },

  conventions: () => ['i, f, g, o'],

  picture({ coupled, peepholes, keeps }): CellPicture {
    // f = 1 − i is told by the card alone: a wire from i, which stands after f, would run through both.
    const derived = coupled === 'forget' ? 'i' : undefined;
    const forgetful = keeps === 'output';
    return {
      gates: GATES,
      wires: [
        ...GATES.filter((gate) => gate !== derived).map((gate) => ['bus', gate] as const),
        ...(['f', 'i', 'g'] as const).map((gate) => [gate, 'c'] as const),
        ...([
          ['o', 'h'],
          ['c', 'h'],
        ] as const),
        ...(peepholes ? [['c', 'o'] as const] : []),
        ...(derived ? [['f', derived] as const] : []),
        ...(forgetful ? [['bus', 'c'] as const] : []),
      ],
      before: { c: !forgetful, seen: peepholes },
    };
  },

  equations(layer, { h, c, normed, activated, gate, short }) {
    const { gates, candidate, output } = cellActivations(layer);
    const seen = (of: string, memory: string) => (layer.peepholes ? ` + p_${of} ⊙ ${memory}` : '');
    const extra = layer.forgetBias
      ? ` ${layer.forgetBias < 0 ? '−' : '+'} ${short(Math.abs(layer.forgetBias))}`
      : '';
    const sum = `f_t ⊙ ${layer.keeps === 'output' ? h : c} + i_t ⊙ g_t`;
    const memory = layer.cellClip === undefined ? sum : `clip_{±${short(layer.cellClip)}}(${sum})`;
    const shown = `o_t ⊙ ${activated(output, layer.layerNorm?.cell === 'output' ? normed('c_t') : 'c_t')}`;
    return {
      i: layer.coupled === 'forget' ? 'i_t = 1 − f_t' : gate('i', gates, seen('i', c)),
      f: layer.coupled === 'input' ? 'f_t = 1 − i_t' : gate('f', gates, seen('f', c) + extra),
      o: gate('o', gates, seen('o', 'c_t')),
      g: gate('g', candidate),
      c: `c_t = ${layer.layerNorm?.cell === 'state' ? normed(memory) : memory}`,
      h: layer.projSize > 0 ? `h_t = W_{hr} (${shown})` : `h_t = ${shown}`,
    };
  },
};

/** The lessons: what each says of the model at hand, and what it lets one do. No DOM. */
import { cellFacts } from '../../../src/cells';
import { isRecurrent, type RecurrentLayer, stateSize } from '../../../src/model/network';
import { layerParameters } from '../../../src/model/parameters';
import type { FromWebview } from '../../../src/protocol';
import { addressText } from '../../../src/whatIf/text';
import { fill } from '../../shared/words';
import type { Action, State } from '../../shared/state';
import { formatCount, formatValue } from '../../../src/picture/format';
import { type CellAt, meanAt } from './cell';
import type { Lesson } from './state';
import { words } from './words';

export interface Deed {
  readonly label: string;
  readonly actions?: readonly Action[];
  readonly message?: FromWebview;
}

export interface LessonContent {
  readonly paragraphs: readonly string[];
  readonly deeds: readonly Deed[];
}

export const LESSON_CONTENT: Readonly<Record<Lesson, (state: State, cell: CellAt) => LessonContent>> = {
  carried(state, { at }) {
    const h = { ...at, signal: 'h' };
    const [before, now] = [state.step - 1, state.step].map((step) => meanAt(state, h, step));
    const numbers =
      before !== undefined && now !== undefined
        ? [fill(words.carriedNow, formatCount(state.step), formatValue(before), formatValue(now))]
        : [];
    return {
      paragraphs: [words.carried, ...numbers],
      deeds: [
        { label: words.selectH, actions: [{ type: 'select', signal: h }] },
        { label: words.play, actions: [{ type: 'play', on: true }] },
      ],
    };
  },

  forgets(state, { layer, at }) {
    const { keeps, words: told } = cellFacts(layer);
    if (keeps === undefined) {
      return { paragraphs: [words.noGate], deeds: [open(words.openLstm, 'char-lstm')] };
    }
    const gate = { ...at, signal: keeps };
    const mean = meanAt(state, gate, state.step);
    const address = addressText(gate);
    const hold = (value: number): readonly Action[] => [
      { type: 'select', signal: gate },
      { type: 'change', sets: [`${address}=${value}`] },
    ];
    return {
      paragraphs: [
        told[keeps].is,
        ...(mean === undefined ? [] : [fill(words.keepsNow, keeps, Math.round(mean * 100))]),
        words.tryGate,
      ],
      deeds: [
        { label: fill(words.shut, keeps), actions: hold(0) },
        { label: fill(words.open, keeps), actions: hold(1) },
        { label: words.asItWas, actions: [{ type: 'restore', address }] },
      ],
    };
  },

  recall: () => ({
    paragraphs: [words.recall, words.recallShown],
    deeds: [
      { label: words.showMemory, actions: [{ type: 'showView', view: 'memory', on: true }] },
      { label: words.compareCells, message: { type: 'compareCells' } },
    ],
  }),

  saves(_, { layer }) {
    const { hiddenSize: H, inputSize: I } = layer;
    const each = H * I + H * H + 2 * H;
    const [lstm, gru] = [4 * each, 3 * each].map(formatCount);
    return {
      paragraphs: [fill(words.saves, formatCount(H), formatCount(I), lstm, gru), words.savesStates],
      deeds: [open(words.openStocksLstm, 'stocks-lstm'), open(words.openStocksGru, 'stocks-gru')],
    };
  },

  bothEnds({ scene }, { layer, at }) {
    const both = scene?.network.layers.filter(isRecurrent).find(({ directions }) => directions.length > 1);
    const one = layer.directions.length > 1 ? layer : both;
    if (!one) return { paragraphs: [words.oneEnd], deeds: [open(words.openTagger, 'tagger-bilstm')] };
    const select = (direction: 'forward' | 'backward'): readonly Action[] => [
      {
        type: 'select',
        signal: { layer: one.name, level: one === layer ? at.level : 0, direction, signal: 'h' },
      },
    ];
    return {
      paragraphs: [words.bothEnds],
      deeds: [
        { label: words.selectForward, actions: select('forward') },
        { label: words.selectBackward, actions: select('backward') },
      ],
    };
  },

  parameters: (_, { layer }) => ({
    paragraphs: [countInWords(layer), cellFacts(layer).sums.length === 3 ? words.biasesOfGru : words.biases],
    deeds: [],
  }),
};

function open(label: string, example: string): Deed {
  return { label, message: { type: 'openExample', file: `${example}.rnn.json` } };
}

/** The parameters of the first level and direction, one product after another. */
function countInWords(layer: RecurrentLayer): string {
  const { hiddenSize: H, inputSize: I } = layer;
  const G = cellFacts(layer).sums.length;
  const own = layerParameters(layer).filter(({ kind }) => !layer.fixed?.includes(kind));
  const first = own.filter(({ name }) => name.endsWith('_l0'));
  const biases = first.filter(({ kind }) => kind.startsWith('bias')).length;
  const count = (list: typeof own) =>
    list.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const usual = G * (H * I + H * stateSize(layer) + biases * H);
  const terms = [
    `${H} × ${I}`,
    `${H} × ${stateSize(layer)}`,
    ...Array.from({ length: biases }, () => String(H)),
  ];
  const sum = `${G > 1 ? `${G} × ` : ''}(${terms.join(' + ')})`;
  const rest = count(first) - usual;
  const more = rest > 0 ? fill(words.andMore, formatCount(rest)) : '';
  const all = count(own) === count(first) ? '' : fill(words.inAll, formatCount(count(own)));
  return fill(words.count, sum, formatCount(usual), more, all);
}

/** Cells of every kind, with options drawn at random. */
import fc from 'fast-check';
import {
  HARD_SIGMOID_02,
  HARD_SIGMOID_6TH,
  type RecurrentLayer,
  type UnitActivation,
} from '../../../src/model/network';
import { gru, lstm, rnn } from './networks';

export type MakeCell = (inputs: number, options: object) => RecurrentLayer;

const cells: Record<string, MakeCell> = {
  'tanh RNN': (inputs, options) => rnn(inputs, options),
  'relu RNN': (inputs, options) => rnn(inputs, { nonlinearity: 'relu', ...options }),
  LSTM: (inputs, options) => lstm(inputs, options),
  'projected LSTM': (inputs, options) => lstm(inputs, { projSize: 2, ...options }),
  'GRU, reset after': (inputs, options) => gru(inputs, options),
  'GRU, reset before': (inputs, options) => gru(inputs, { resetAfter: false, ...options }),
  'softsign RNN with clip': (inputs, options) =>
    rnn(inputs, { nonlinearity: 'softsign', clip: 1, ...options }),
  'LSTM with peepholes and hard gates': (inputs, options) =>
    lstm(inputs, { peepholes: true, recurrentActivation: HARD_SIGMOID_02, ...options }),
  'LSTM with cell clip': (inputs, options) => lstm(inputs, { cellClip: 0.2, peepholes: true, ...options }),
  'LSTM with coupled gates and clip': (inputs, options) =>
    lstm(inputs, { coupled: 'forget', clip: 2, forgetBias: 1, ...options }),
  "brain.js's LSTM": (inputs, options) => lstm(inputs, { keeps: 'output', ...options }),
  'GRU with hard gates': (inputs, options) =>
    gru(inputs, { recurrentActivation: HARD_SIGMOID_6TH, activation: 'selu', clip: 3, ...options }),
};

const activations = fc.constantFrom<UnitActivation>(
  ...(['none', 'tanh', 'relu', 'sigmoid', 'softsign', 'softplus', 'selu', 'hard_tanh'] as const),
  ...([HARD_SIGMOID_02, HARD_SIGMOID_6TH] as const),
  { kind: 'elu', alpha: 0.5 },
  { kind: 'leaky_relu', alpha: 0.1 },
);
const gates = fc.constantFrom<UnitActivation>('sigmoid', 'softsign', HARD_SIGMOID_02, HARD_SIGMOID_6TH);
const epsilon = fc.constantFrom(1e-3, 1e-2);
const common = {
  bias: fc.boolean(),
  clip: fc.constantFrom(0.5, 2),
  initialState: fc.constant({ kind: 'learned' }),
};

/** Every option on its own, there or not; what excludes one another is left out. */
const drawn: Record<string, fc.Arbitrary<MakeCell>> = {
  'RNN with drawn options': fc
    .record(
      { ...common, nonlinearity: activations, layerNorm: fc.record({ epsilon }) },
      { requiredKeys: ['nonlinearity'] },
    )
    .map(
      (own): MakeCell =>
        (inputs, options) =>
          rnn(inputs, { ...(own as object), ...options }),
    ),
  'LSTM with drawn options': fc
    .record(
      {
        ...common,
        ...{ activation: activations, recurrentActivation: gates, outputActivation: activations },
        ...{
          peepholes: fc.boolean(),
          coupled: fc.constantFrom('input', 'forget'),
          forgetBias: fc.constant(1),
        },
        layerNorm: fc.record({ epsilon, cell: fc.constantFrom('output', 'state') }),
        size: fc.constantFrom({ keeps: 'output' }, { projSize: 2 }, {}),
      },
      { requiredKeys: ['size'] },
    )
    .map(
      ({ size, ...own }): MakeCell =>
        (inputs, options) =>
          lstm(inputs, { ...size, ...(own as object), ...options }),
    ),
  'GRU with drawn options': fc
    .record(
      {
        ...common,
        ...{ activation: activations, recurrentActivation: gates },
        reset: fc.oneof(
          fc.constant({ resetAfter: false }),
          fc.record({ layerNorm: fc.record({ epsilon }) }, { requiredKeys: [] }),
        ),
      },
      { requiredKeys: ['reset'] },
    )
    .map(
      ({ reset, ...own }): MakeCell =>
        (inputs, options) =>
          gru(inputs, { ...reset, ...(own as object), ...options }),
    ),
};

export const drawnCells = [
  ...Object.entries(cells).map(([name, cell]) => [name, fc.constant(cell)] as const),
  ...Object.entries(drawn),
];

export const sizes = fc.record({
  seed: fc.nat(1e6),
  steps: fc.integer({ min: 2, max: 9 }),
  inputs: fc.integer({ min: 1, max: 6 }),
  hiddenSize: fc.integer({ min: 3, max: 6 }),
});

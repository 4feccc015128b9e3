import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  warning: '1 warning',
  warnings: '{0} warnings',
  parameters: '{0} parameters',
  trained: 'trained',
  weightsUnread: 'weights not read',
  ran: 'ran {0} steps in {1}',
  ranOne: 'ran 1 step in {0}',
  taken: '{0} taken from the sample “{1}”',
  compareCells: 'Compare RNN, LSTM and GRU',
  compareCellsTitle: 'Opens the three examples of this task beside one another, each with its memory',
  legend: 'Colour scales',
  runs: 'The runs that are compared',
  measures: { mean: 'mean:', size: 'size (RMS):', change: 'change of the mean:' },
  changeOfUnits: 'change of the unit that changes most:',
  unit: 'unit {0}:',
  unitOf: 'unit {0} in {1}, mean elsewhere:',
  saturated: 'saturated: < 0.1, > 0.9; of −1 … 1 beyond ±0.9',
  saturatedValues: 'saturated: beyond ±0.9',
  saturatedTitle:
    'A gate is saturated below 0.1 or above 0.9, a value in −1 … 1 beyond ±0.9: there it hardly moves, and its gradient is small.',
  changes: 'Where the colours end: the largest change of the signal',
  reaches: 'Where the colours end: the 99th percentile of the numbers of the signal in this run',
});

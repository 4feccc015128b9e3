import { type Recipe, fit } from '../recipe';
import { csvRows, errors, nextValue, windows } from '../series';

/** The 2010s are kept for judging. */
const LAST_DECADE = 617;

export const recipe: Recipe = {
  name: 'co2-rnn',
  async make(network, file, log) {
    const values = csvRows(file('co2.csv')).map((row) => Number(row.CO2));
    const examples = windows(values.slice(0, LAST_DECADE), 61, 7).map(nextValue);
    const validation = windows(values.slice(LAST_DECADE), 61, 20).map(nextValue);
    const options = { epochs: 120, learningRate: 0.005, batchSize: 4, seed: 1958, validation, decay: 0.98 };
    const { weights } = await fit(network, examples, options, log);
    const { own, same } = await errors(network, weights, validation);
    return { weights, figures: { loss: own, baseline: same } };
  },
};

import { type Recipe, fit } from '../recipe';
import { csvRows, errors, nextValue, windows } from '../series';

/** Google is kept for judging. */
const HELD_OUT = 'GOOG';

function recipe(name: string, seed: number): Recipe {
  return {
    name,
    async make(network, file, log) {
      const rows = csvRows(file('stocks.csv'));
      const symbols = [...new Set(rows.map(({ symbol }) => symbol))];
      const prices = (symbol: string) =>
        rows.filter((row) => row.symbol === symbol).map((row) => Number(row.price));
      const examples = symbols
        .filter((symbol) => symbol !== HELD_OUT)
        .flatMap((symbol) => windows(prices(symbol), 60, 3).map(nextValue));
      const validation = windows(prices(HELD_OUT), 60, 2).map(nextValue);
      const options = { epochs: 60, learningRate: 0.003, batchSize: 4, seed, validation, decay: 0.97 };
      const { weights } = await fit(network, examples, options, log);
      const { own, same } = await errors(network, weights, validation);
      return { weights, figures: { loss: own, baseline: same } };
    },
  };
}

export const recipes = [recipe('stocks-gru', 2008), recipe('stocks-lstm', 1997)];

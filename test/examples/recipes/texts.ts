import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Recipe, fit } from '../recipe';
import { nextToken, stretches } from '../text';

interface TextOptions {
  readonly name: string;
  readonly text: string;
  readonly stretch: number;
  readonly epochs: number;
  readonly seed: number;
}

function recipe({ name, text, stretch, epochs, seed }: TextOptions): Recipe {
  return {
    name,
    async make(network, _file, log) {
      const lines = readFileSync(join(__dirname, '../texts', text), 'utf8')
        .split(/\n+/)
        .filter(Boolean);
      const examples = lines
        .flatMap((line) => stretches(line, stretch))
        .map((part) => nextToken(network, part));
      const options = { epochs, learningRate: 0.008, batchSize: 4, seed, decay: 0.985 };
      const { weights, best } = await fit(network, examples, options, log);
      const chance = Math.log(network.layers[network.layers.length - 1].outputSize);
      return { weights, figures: { loss: best.validation.toFixed(2), baseline: chance.toFixed(2) } };
    },
  };
}

export const recipes = [
  recipe({ name: 'char-lstm', text: 'english.txt', stretch: 80, epochs: 60, seed: 1997 }),
  recipe({ name: 'korean-gru', text: 'korean.txt', stretch: 40, epochs: 300, seed: 2014 }),
];

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Recipe, fit } from '../recipe';
import { followed, nextToken, stretches } from '../text';

interface TextOptions {
  readonly name: string;
  readonly text: string;
  /** The lines as the texts that are learnt. */
  readonly parts: (lines: readonly string[]) => readonly string[];
  readonly epochs: number;
  readonly seed: number;
}

function recipe({ name, text, parts, epochs, seed }: TextOptions): Recipe {
  return {
    name,
    async make(network, _file, log) {
      const lines = readFileSync(join(__dirname, '../texts', text), 'utf8')
        .split(/\n+/)
        .filter(Boolean);
      const examples = parts(lines).map((part) => nextToken(network, part));
      const options = { epochs, learningRate: 0.008, batchSize: 4, seed, decay: 0.985 };
      const { weights, best } = await fit(network, examples, options, log);
      const chance = Math.log(network.layers[network.layers.length - 1].outputSize);
      return { weights, figures: { loss: best.validation.toFixed(2), baseline: chance.toFixed(2) } };
    },
  };
}

export const recipes = [
  recipe({
    ...{ name: 'char-lstm', text: 'english.txt', epochs: 110, seed: 1997 },
    parts: (lines) => lines.flatMap((line) => stretches(line, 80)),
  }),
  recipe({
    ...{ name: 'korean-gru', text: 'korean.txt', epochs: 60, seed: 2014 },
    parts: (lines) => followed(lines, [1, 7, 12]),
  }),
];

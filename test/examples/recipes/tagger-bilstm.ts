import { run } from '../../../src/engine/run';
import type { Example } from '../../../src/engine/train/train';
import type { Network } from '../../../src/model/network';
import { random } from '../../../src/model/random';
import { sequenceFromText } from '../../../src/model/sequences';
import type { Weights } from '../../../src/model/weights';
import { type Recipe, fit } from '../recipe';

type Tagged = readonly (readonly [word: string, tag: string])[];

/** Sentences whose words are mostly two parts of speech: what a word is, its neighbours on both sides tell. */
class Grammar {
  private readonly uniform: () => number;

  constructor(seed: number) {
    this.uniform = random(seed).uniform;
  }

  sentence(): Tagged {
    const verb = this.chance(0.35)
      ? ([['can', 'VERB'], this.word('VERB')] as const)
      : ([this.word('VERB')] as const);
    return [...this.subject(), ...verb, ...this.object()];
  }

  private subject(): Tagged {
    return this.chance(0.4) ? [this.word('PRON')] : this.nounPhrase();
  }

  private object(): Tagged {
    const kind = this.uniform();
    if (kind < 0.15) return [];
    if (kind < 0.4) return [this.word('PREP'), ...this.nounPhrase()];
    return this.nounPhrase();
  }

  private nounPhrase(): Tagged {
    const kind = this.uniform();
    if (kind < 0.3) return [['the', 'DET'], this.word('NOUN')];
    if (kind < 0.65) return [['the', 'DET'], this.word('ADJ'), this.word('NOUN')];
    if (kind < 0.9) return [['the', 'DET'], this.word('PEOPLE')];
    return [this.word('ADJ'), this.word('NOUN')];
  }

  private word(tag: keyof typeof WORDS): readonly [string, string] {
    const words = WORDS[tag];
    return [words[Math.floor(this.uniform() * words.length)], tag === 'PEOPLE' ? 'NOUN' : tag];
  }

  private chance(share: number): boolean {
    return this.uniform() < share;
  }
}

/** By part of speech; the old are people, so it is a noun there. */
const WORDS = {
  NOUN: ['boats', 'can', 'fish', 'man', 'play', 'swim', 'watch'],
  VERB: ['fish', 'man', 'open', 'play', 'swim', 'watch'],
  ADJ: ['big', 'old', 'open'],
  PEOPLE: ['big', 'old'],
  PRON: ['i', 'she', 'they', 'we'],
  PREP: ['for', 'in'],
};

function example(network: Network, sentence: Tagged): Example {
  const { sequence } = sequenceFromText(network, sentence.map(([word]) => word).join(' '));
  const classes = Int32Array.from(sentence, ([, tag]) => network.outputLabels!.indexOf(tag));
  return { sequence: sequence!, target: { kind: 'classes', classes } };
}

/** Share of words that get their tag; of some words only where `among` names them. */
async function accuracy(
  network: Network,
  weights: Weights,
  examples: readonly Example[],
  among?: readonly string[],
): Promise<string> {
  let right = 0;
  let count = 0;
  for (const { sequence, target } of examples) {
    if (target.kind !== 'classes' || sequence.kind !== 'token') continue;
    const { units, values } = (await run(network, weights, sequence)).output;
    target.classes.forEach((wanted, row) => {
      if (among && !among.includes(sequence.tokens[row])) return;
      const shares = values.subarray(row * units, (row + 1) * units);
      if (shares.indexOf(Math.max(...shares)) === wanted) right++;
      count++;
    });
  }
  return `${((100 * right) / count).toFixed(1)}%`;
}

/** The same network reading from the left only, with as many units in all. */
function oneDirection(network: Network): Network {
  return {
    ...network,
    layers: network.layers.map((layer) =>
      layer.type === 'lstm'
        ? { ...layer, directions: ['forward' as const], hiddenSize: layer.hiddenSize * 2 }
        : layer,
    ),
  };
}

export const recipe: Recipe = {
  name: 'tagger-bilstm',
  async make(network, _file, log) {
    const grammar = new Grammar(2005);
    const sentences = Array.from({ length: 900 }, () => grammar.sentence());
    const examples = sentences.map((sentence) => example(network, sentence));
    const [training, validation] = [examples.slice(0, 700), examples.slice(700)];
    const options = { epochs: 25, learningRate: 0.005, batchSize: 4, seed: 2005, validation };
    const both = await fit(network, training, options, log);
    const forward = oneDirection(network);
    const left = await fit(forward, training, options, log);
    return {
      weights: both.weights,
      figures: {
        loss: both.best.validation.toFixed(3),
        accuracy: await accuracy(network, both.weights, validation),
        forward: await accuracy(forward, left.weights, validation),
        open: await accuracy(network, both.weights, validation, WORDS.PEOPLE),
        openForward: await accuracy(forward, left.weights, validation, WORDS.PEOPLE),
      },
    };
  },
};

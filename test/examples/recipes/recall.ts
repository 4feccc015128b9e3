import { gradient } from '../../../src/engine/gradient';
import { memoryFigures } from '../../../src/engine/memory';
import { run } from '../../../src/engine/run';
import type { Example } from '../../../src/engine/train/train';
import { initialise } from '../../../src/model/initialise';
import { type Network, isRecurrent } from '../../../src/model/network';
import { parametersOf } from '../../../src/model/parameters';
import { random } from '../../../src/model/random';
import { sequenceFromText } from '../../../src/model/sequences';
import type { Weights } from '../../../src/model/weights';
import { type Recipe, fit } from '../recipe';

/** Steps between the letter and the question. */
const DISTANCE = 60;
const LETTERS = 'abcdefghijklmnop';
const NOISE = '.,;:!?';
const QUESTION = '=';
const SEED = 1994;

function examples(network: Network, count: number, seed: number): Example[] {
  const { uniform } = random(seed);
  const noise = () => NOISE[Math.floor(uniform() * NOISE.length)];
  return Array.from({ length: count }, (_, k) => {
    const letter = k % LETTERS.length;
    const middle = Array.from({ length: DISTANCE }, noise).join('');
    const { sequence } = sequenceFromText(network, LETTERS[letter] + middle + QUESTION);
    const classes = new Int32Array(sequence!.steps).fill(-1);
    classes[classes.length - 1] = letter;
    return { sequence: sequence!, target: { kind: 'classes', classes } };
  });
}

/**
 * PyTorch's own start, with the biases of the gates that keep the state spread over half-lives from 1 to DISTANCE
 * steps: C. Tallec and Y. Ollivier, "Can recurrent neural networks warp time?", ICLR 2018. A plain RNN has no such
 * gates.
 */
async function start(network: Network, seed: number): Promise<Weights> {
  const weights = await initialise(parametersOf(network), 'pytorch', seed);
  const { uniform } = random(6 + seed);
  for (const { name, type, hiddenSize } of network.layers.filter(isRecurrent)) {
    if (type === 'rnn') continue;
    const { data } = weights.get(`${name}.bias_ih_l0`)!;
    for (let unit = 0; unit < hiddenSize; unit++) {
      const span = Math.log(1 + uniform() * (DISTANCE - 1));
      // Rows are i, f, g, o or r, z, n: f and z keep the state, i lets new values in.
      data[hiddenSize + unit] += span;
      if (type === 'lstm') data[unit] -= span;
    }
  }
  return weights;
}

async function shareRight(network: Network, weights: Weights, judged: readonly Example[]): Promise<number> {
  let right = 0;
  for (const { sequence, target } of judged) {
    if (target.kind !== 'classes') continue;
    const { rows, units, values } = (await run(network, weights, sequence)).output;
    const answer = values.subarray((rows - 1) * units);
    if (answer.indexOf(Math.max(...answer)) === target.classes[rows - 1]) right++;
  }
  return right / judged.length;
}

/** How much of the answer's gradient arrives at the letter. */
async function reach(network: Network, weights: Weights, { sequence }: Example): Promise<string> {
  const [{ gradient: found }] = memoryFigures(network, await gradient(network, weights, sequence));
  return (found.far.norm / found.near.norm).toPrecision(2);
}

/** How often the plain RNN is trained, from one start after another, so that its failing is no matter of luck. */
const STARTS = 5;

function recipe(name: string): Recipe {
  return {
    name,
    async make(network, _file, log) {
      const training = examples(network, 1200, SEED);
      const judged = examples(network, 208, SEED + 1);
      const trained = async (seed: number) => {
        const options = { epochs: 10, learningRate: 0.005, batchSize: 4, seed, validation: judged };
        const { weights, best } = await fit(network, training, options, log, await start(network, seed));
        return { weights, loss: best.validation, right: await shareRight(network, weights, judged) };
      };
      const first = await trained(1);
      const shares = [first.right];
      if (name === 'recall-rnn') {
        for (let seed = 2; seed <= STARTS; seed++) shares.push((await trained(seed)).right);
      }
      return {
        weights: first.weights,
        figures: {
          loss: first.loss.toPrecision(2),
          baseline: Math.log(LETTERS.length).toFixed(2),
          accuracy: percent(first.right),
          chance: percent(1 / LETTERS.length),
          least: percent(Math.min(...shares)),
          most: percent(Math.max(...shares)),
          reach: await reach(network, first.weights, judged[0]),
        },
      };
    },
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

export const recipes = ['recall-rnn', 'recall-lstm', 'recall-gru'].map(recipe);

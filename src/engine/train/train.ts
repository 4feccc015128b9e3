/** Trains a network on examples: Adam over mini-batches, gradients by backpropagation through time. */
import type { LinearLayer, Network } from '../../model/network';
import { random } from '../../model/random';
import type { Sequence } from '../../model/samples';
import type { Tensor, Weights } from '../../model/weights';
import { backward } from '../backward';
import { checkRun } from '../check';
import { layerRuns } from '../edges';
import { forward } from '../forward';
import { plan } from '../plan';
import { type SliceOptions, type Work, inSlices } from '../slices';
import { Adam, clipNorm } from './adam';
import { type Target, lossOf } from './loss';

export interface Example {
  readonly sequence: Sequence;
  /** Against the output's rows: one per step, or one in all. */
  readonly target: Target;
}

export interface TrainOptions extends SliceOptions {
  readonly epochs: number;
  readonly learningRate: number;
  /** Examples per update; 1 by default. */
  readonly batchSize?: number;
  /** Most that the norm of an update's gradient may be; 1 by default. */
  readonly clip?: number;
  /** Of the order of examples; 0 by default. */
  readonly seed?: number;
  /** Examples to judge by; the training examples by default. */
  readonly validation?: readonly Example[];
  /** Epochs without a better loss after which training ends; never by default. */
  readonly patience?: number;
  /** The learning rate is multiplied by it after every epoch; 1 by default. */
  readonly decay?: number;
  readonly onEpoch?: (epoch: Epoch) => void;
}

export interface Epoch {
  readonly epoch: number;
  /** Mean loss of the training examples as they went by. */
  readonly loss: number;
  /** Mean loss of `validation` after the epoch; `loss` where there is none. */
  readonly validation: number;
}

export interface Trained {
  /** Those of the epoch with the least validation loss. */
  readonly weights: Weights;
  readonly best: Epoch;
  readonly epochs: readonly Epoch[];
}

/**
 * Starts from `initial`, which stays as it is. `onProgress` counts examples. The same seed gives the same weights.
 *
 * Throws RangeError or TypeError, up front, for options or examples that do not fit; rejects with an Error when the
 * loss is no longer a finite number, and with one named `AbortError` when cancelled.
 */
export async function train(
  network: Network,
  initial: Weights,
  examples: readonly Example[],
  options: TrainOptions,
): Promise<Trained> {
  checkOptions(options);
  checkExamples(network, initial, examples, 'example');
  if (options.validation) checkExamples(network, initial, options.validation, 'validation example');
  const total = options.epochs * examples.length;
  const state = new Training(softmaxOpened(network), initial, options);
  return inSlices(state.run(examples), options, () => [state.examplesDone, total]);
}

/** The network without its last softmax: the loss takes the sums inside it. */
function softmaxOpened(network: Network): Network {
  const last = softmaxOf(network);
  return last
    ? { ...network, layers: [...network.layers.slice(0, -1), { ...last, activation: 'none' }] }
    : network;
}

function softmaxOf({ layers }: Network): LinearLayer | undefined {
  const last = layers[layers.length - 1];
  return last?.type === 'linear' && last.activation === 'softmax' ? last : undefined;
}

class Training {
  examplesDone = 0;
  private readonly weights: Map<string, Tensor>;
  private readonly gradients: Map<string, Float64Array>;
  private readonly optimisers: Map<string, Adam>;
  private updates = 0;

  constructor(
    private readonly network: Network,
    initial: Weights,
    private readonly options: TrainOptions,
  ) {
    this.weights = copyOf(initial);
    const sizes = [...initial].map(([name, { data }]) => [name, data.length] as const);
    this.gradients = new Map(sizes.map(([name, size]) => [name, new Float64Array(size)]));
    this.optimisers = new Map(sizes.map(([name, size]) => [name, new Adam(size)]));
  }

  *run(examples: readonly Example[]): Work<Trained> {
    const { epochs, validation, patience = Infinity, seed = 0 } = this.options;
    const { uniform } = random(seed);
    const history: Epoch[] = [];
    let best: Epoch | undefined;
    let weights: Weights = this.weights;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const loss = yield* this.epoch(shuffled(examples, uniform), epoch);
      const judged = validation ? yield* this.meanLoss(validation) : loss;
      if (!Number.isFinite(loss + judged)) {
        throw new Error(`training diverged in epoch ${epoch}: the loss is ${loss + judged}`);
      }
      const now = { epoch, loss, validation: judged };
      history.push(now);
      this.options.onEpoch?.(now);
      if (!best || judged < best.validation) {
        best = now;
        weights = copyOf(this.weights);
      } else if (epoch - best.epoch >= patience) {
        break;
      }
    }
    return { weights, best: best!, epochs: history };
  }

  private *epoch(examples: readonly Example[], epoch: number): Work<number> {
    const { batchSize = 1, clip = 1, learningRate, decay = 1 } = this.options;
    let sum = 0;
    let count = 0;
    for (let from = 0; from < examples.length; from += batchSize) {
      let asked = 0;
      for (const gradient of this.gradients.values()) gradient.fill(0);
      for (const example of examples.slice(from, from + batchSize)) {
        const loss = yield* this.addGradient(example);
        sum += loss.sum;
        asked += loss.count;
        this.examplesDone++;
      }
      count += asked;
      if (asked === 0) continue;
      for (const g of this.gradients.values()) for (let k = 0; k < g.length; k++) g[k] /= asked;
      clipNorm(this.gradients.values(), clip);
      this.updates++;
      for (const [name, { data }] of this.weights) {
        const gradient = this.gradients.get(name)!;
        this.optimisers.get(name)!.step(data, gradient, learningRate * decay ** epoch, this.updates);
      }
    }
    return sum / count;
  }

  private *addGradient({ sequence, target }: Example): Work<{ sum: number; count: number }> {
    const { network, weights } = this;
    const trace = yield* forward(network, weights, sequence);
    const { sum, count, slope } = lossOf(trace.output, target);
    const runs = yield* layerRuns(network, sequence, trace);
    yield* backward(network, weights, runs, slope, { parameters: this.gradients });
    return { sum, count };
  }

  private *meanLoss(examples: readonly Example[]): Work<number> {
    let sum = 0;
    let count = 0;
    for (const { sequence, target } of examples) {
      const trace = yield* forward(this.network, this.weights, sequence);
      const loss = lossOf(trace.output, target);
      sum += loss.sum;
      count += loss.count;
    }
    return sum / count;
  }
}

function copyOf(weights: Weights): Map<string, Tensor> {
  return new Map([...weights].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
}

/** R. A. Fisher and F. Yates's shuffle. */
function shuffled<T>(items: readonly T[], uniform: () => number): T[] {
  const result = [...items];
  for (let k = result.length - 1; k > 0; k--) {
    const other = Math.floor(uniform() * (k + 1));
    [result[k], result[other]] = [result[other], result[k]];
  }
  return result;
}

function checkOptions({
  epochs,
  learningRate,
  batchSize = 1,
  clip = 1,
  seed = 0,
  patience = 1,
  decay = 1,
}: TrainOptions) {
  for (const [name, value] of Object.entries({ epochs, batchSize, patience })) {
    if (value !== Infinity && !(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(`${name}: expected a whole number from 1, found ${value}`);
    }
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`seed: expected a whole number from 0, found ${seed}`);
  }
  for (const [name, value] of Object.entries({ learningRate, clip, decay })) {
    if (!(value > 0) || (name !== 'clip' && !Number.isFinite(value))) {
      throw new RangeError(`${name}: expected a number above 0, found ${value}`);
    }
  }
}

/** `what` names one of them in messages. */
function checkExamples(network: Network, weights: Weights, examples: readonly Example[], what: string): void {
  if (examples.length === 0) throw new RangeError(`expected at least one ${what}, found none`);
  const last = network.layers[network.layers.length - 1];
  const softmax = softmaxOf(network);
  let asked = 0;
  for (const [k, { sequence, target }] of examples.entries()) {
    checkRun(network, weights, sequence);
    const planned = plan(network, sequence);
    const { rows } = planned[planned.length - 1];
    const oneRow = 'returnSequences' in last && !last.returnSequences;
    const expected = oneRow ? 1 : rows;
    if (target.kind === 'classes') {
      if (!softmax) throw new TypeError('classes can only be learnt by a network that ends in a softmax');
      checkCount(`${what} ${k}`, target.classes.length, expected);
      for (const unit of target.classes) {
        if (unit >= last.outputSize) {
          throw new RangeError(`${what} ${k}: expected a class below ${last.outputSize}, found ${unit}`);
        }
        if (unit >= 0) asked++;
      }
    } else {
      checkCount(`${what} ${k}`, target.values.length, expected * last.outputSize);
      const broken = target.values.findIndex((value) => !Number.isFinite(value));
      if (broken >= 0) {
        throw new RangeError(`${what} ${k}: number ${broken} of its target is ${target.values[broken]}`);
      }
      asked += target.values.length;
    }
  }
  if (asked === 0) throw new RangeError(`nothing is asked in any ${what}`);
}

function checkCount(where: string, found: number, expected: number): void {
  if (found !== expected) {
    throw new RangeError(`${where}: expected a target of ${expected} numbers, found ${found}`);
  }
}

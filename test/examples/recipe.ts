/** What a recipe is: how one example's weights are made from its model file and data. */
import type { Example, TrainOptions } from '../../src/engine/train/train';
import { train } from '../../src/engine/train/train';
import { initialise } from '../../src/model/initialise';
import type { Network } from '../../src/model/network';
import { parametersOf } from '../../src/model/parameters';
import type { Weights } from '../../src/model/weights';

export interface Outcome {
  readonly weights: Weights;
  /** What the model file's `{name}` placeholders become. */
  readonly figures: Readonly<Record<string, string>>;
}

export interface Recipe {
  /** The model file's name, without `.rnn.json`. */
  readonly name: string;
  /** `file` gives the text of a file in media/examples. */
  make(network: Network, file: (name: string) => string, log: (line: string) => void): Promise<Outcome>;
}

/** Fits a network from PyTorch's own initialisation, telling every tenth epoch. */
export async function fit(
  network: Network,
  examples: readonly Example[],
  options: TrainOptions,
  log: (line: string) => void,
  initial?: Weights,
) {
  const start = initial ?? (await initialise(parametersOf(network), 'pytorch', options.seed ?? 0));
  return train(network, start, examples, {
    ...options,
    onEpoch: ({ epoch, loss, validation }) => {
      if (epoch % 10 === 0)
        log(`epoch ${epoch}: loss ${loss.toFixed(4)}, validation ${validation.toFixed(4)}`);
    },
  });
}

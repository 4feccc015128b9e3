/** What the numbers of a network's output stand for, as far as its file says. */
import type { Activation, Layer, Network } from './network';
import { outputLayer } from './partial';

/**
 * `probabilities` add up to 1; `logits` do after a softmax, since they score the tokens that the network reads;
 * `likelihoods` run from 0 to 1 one by one; `numbers` may be anything.
 */
export type OutputReading = 'probabilities' | 'log_probabilities' | 'logits' | 'likelihoods' | 'numbers';

const OF_ACTIVATION: Partial<Record<Extract<Activation, string>, OutputReading>> = {
  softmax: 'probabilities',
  log_softmax: 'log_probabilities',
  sigmoid: 'likelihoods',
};

export function outputReading(network: Network): OutputReading {
  const last = headOf(network);
  const { activation } = last as { readonly activation?: Activation };
  const reading = typeof activation === 'string' ? OF_ACTIVATION[activation] : undefined;
  if (reading) return reading;
  return last.type === 'linear' && activation === 'none' && scoresOwnTokens(network, last)
    ? 'logits'
    : 'numbers';
}

/** The names of the network's outputs, if it has any: given by the file, or the vocabulary that it predicts. */
export function outputNames(network: Network): readonly string[] | null {
  if (network.outputLabels) return network.outputLabels;
  const last = network.layers[network.layers.length - 1];
  const { input } = network;
  return input.kind === 'token' && input.vocabulary.length === last.outputSize ? input.vocabulary : null;
}

/** The layer that gives the output, without the dropout behind it. */
function headOf(network: Network): Layer {
  const last = outputLayer(network);
  if (last.type !== 'dropout') return last;
  return network.layers.find(({ name }) => name === last.inputs[0]) ?? last;
}

function scoresOwnTokens({ input, outputLabels }: Network, { outputSize }: Layer): boolean {
  if (input.kind !== 'token' || input.vocabulary.length !== outputSize) return false;
  return !outputLabels || outputLabels.every((label, unit) => label === input.vocabulary[unit]);
}

/** One row as shares from 0 to 1 where it is read as such; else as it is. NaN where it cannot be told. */
export function readRow(reading: OutputReading, row: Float32Array): Float32Array {
  if (reading === 'log_probabilities') return row.map(Math.exp);
  if (reading !== 'logits') return row;
  const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
  const sizes = Float64Array.from(row, (value) => Math.exp(value - largest));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return Float32Array.from(sizes, (size) => size / total);
}

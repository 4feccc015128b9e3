/** How the last layer of a network ends, against what a loss expects. */
import { say } from '../words/say';
import { quote } from './json/decode';
import type { Layer, Network } from './network';

export interface Expectation {
  readonly what: string;
  /** Whether an activation gives it. */
  readonly fits: (activation: string) => boolean;
}

const SHARES = new Set(['softmax', 'log_softmax', 'sigmoid']);

export const LOGITS: Expectation = { what: say`logits`, fits: (one) => !SHARES.has(one) };
export const PROBABILITIES: Expectation = {
  what: say`probabilities`,
  fits: (one) => one === 'sigmoid' || one === 'softmax',
};

export interface LossFault {
  /** The layer whose activation does not fit. */
  readonly layer: string;
  readonly message: string;
}

/** Undefined where the last layer gives what the loss expects, or where that cannot be told. @param loss as it is called. */
export function lossFault(
  { layers }: Pick<Network, 'layers'>,
  loss: string,
  { what, fits }: Expectation,
): LossFault | undefined {
  const head = behindNothing(layers);
  const activation = head && activationOf(head);
  if (!activation || fits(activation)) return undefined;
  const found = activation === 'none' ? say`no activation` : activation;
  const message = say`${loss} expects ${what}, but the last layer, ${quote(head.name)}, ends in ${found}: a model that is trained so learns badly, and one that is not is shown otherwise than it was trained`;
  return { layer: head.name, message };
}

/** The last layer that does more than to pick or drop numbers. */
function behindNothing(layers: readonly Layer[]): Layer | undefined {
  let head = layers.at(-1);
  while (head && picks(head)) {
    const [source] = head.inputs;
    head = layers.find(({ name }) => name === source);
  }
  return head;
}

/** Whether a layer leaves the numbers as they are. */
export function picks({ type }: Layer): boolean {
  return type === 'dropout' || type === 'select' || type === 'slice';
}

/** Of the layers that end in one, by its name; undefined of the rest, and where it has parameters of its own. */
export function activationOf(layer: Layer): string | undefined {
  if (layer.type !== 'linear' && layer.type !== 'activation') return undefined;
  const { activation } = layer;
  return typeof activation === 'string' ? activation : undefined;
}

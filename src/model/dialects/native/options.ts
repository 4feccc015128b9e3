/** What a layer's options are beside PyTorch's, in the words of the native format. */
import { say } from '../../../words/say';
import { isRecurrent, type Layer } from '../../network';
import { optionsJson } from './write';

/** Sizes, which shapes tell, and what is said elsewhere. */
const LEFT_OUT = new Set([
  ...['num_embeddings', 'embedding_dim', 'out_features', 'out_channels', 'input_size', 'hidden_size'],
  ...['steps', 'sequence', 'sequence_length', 'kind', 'reason', 'return_sequences'],
]);
/** Defaults that the format writes all the same. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  ...{ stride: 1, dilation: 1, padding: 'valid', epsilon: 1e-5, mask_value: 0, p: 0 },
};
/** What PyTorch's own layers can be told. */
const OF_PYTORCH = new Set(['num_layers', 'bidirectional', 'bias', 'proj_size']);

/** Every option of a layer that is not the format's default, in words: `recurrent_activation relu`. */
export function optionsInWords(layer: Layer, layers: readonly Layer[]): string[] {
  return given(layer, layers).map(inWords);
}

/** What the cells compute otherwise than PyTorch's nn.RNN, nn.LSTM and nn.GRU. */
export function beyondPytorch(layers: readonly Layer[]): string[] {
  const cells = layers.filter(isRecurrent);
  const deviating = cells.flatMap((layer) =>
    given(layer, layers).filter(
      ([key, value]) =>
        !OF_PYTORCH.has(key) &&
        !(key === 'merge' && value === 'concat') &&
        !(key === 'nonlinearity' && value === 'relu') &&
        key !== 'reset_after',
    ),
  );
  return [...new Set(deviating.map(inWords))];
}

function given(layer: Layer, layers: readonly Layer[]): [string, unknown][] {
  return Object.entries(optionsJson(layer, layers)).filter(
    ([key, value]) => !LEFT_OUT.has(key) && DEFAULTS[key] !== value,
  );
}

function inWords([key, value]: [string, unknown]): string {
  if (value === true) return key;
  if (key === 'initial_state')
    return value === 'learned' ? say`initial_state learned` : say`initial_state handed on`;
  return `${key} ${valueInWords(value)}`;
}

/** `hard_sigmoid (alpha 0.2, beta 0.5)` of an object with a kind, `{cell state, epsilon 0.1}` of another. */
function valueInWords(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(valueInWords).join(', ');
  const { kind, ...rest } = value as Record<string, unknown>;
  const parts = Object.entries(rest).map(([key, one]) => `${key} ${valueInWords(one)}`);
  return [...(kind === undefined ? [] : [String(kind)]), `(${parts.join(', ')})`].join(' ');
}

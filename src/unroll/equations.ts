/**
 * What each signal is called, and the equation that gives it, in the terms of PyTorch's documentation of nn.RNN, nn.LSTM,
 * nn.GRU, nn.Linear and nn.Embedding.
 */
import {
  INPUT,
  type Activation,
  type Direction,
  type Layer,
  type Network,
  type SignalAddress,
} from '../model/network';

/** A piece of an equation. Symbols are set in italics. */
export interface Token {
  readonly text: string;
  readonly style: 'plain' | 'symbol' | 'subscript';
}

export type Equation = readonly Token[];

/** The signal's name in words: `forget gate`. */
export function signalName(network: Network, { layer: name, signal }: SignalAddress): string {
  if (name === INPUT) return 'input';
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (layer?.type === 'embedding') return 'embedding';
  return NAMES[signal] && layer && layer.type in NAMES[signal] ? NAMES[signal][layer.type]! : signal;
}

const NAMES: Record<string, Partial<Record<Layer['type'], string>>> = {
  i: { lstm: 'input gate' },
  f: { lstm: 'forget gate' },
  g: { lstm: 'cell candidate' },
  o: { lstm: 'output gate' },
  c: { lstm: 'cell state' },
  h: { rnn: 'hidden state', lstm: 'hidden state', gru: 'hidden state' },
  r: { gru: 'reset gate' },
  z: { gru: 'update gate' },
  n: { gru: 'candidate' },
  y: { linear: 'output', dropout: 'output', embedding: 'embedding' },
};

/**
 * The signal's equation, or null for the network's input, which has none. In the backward direction the state before
 * step t is the one of step t + 1; at a level above 0, x_t is the output of the level below.
 */
export function equationOf(
  network: Network,
  { layer: name, signal, direction }: SignalAddress,
): Equation | null {
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (!layer) return null;
  switch (layer.type) {
    case 'embedding':
      return parse('y_t = W[x_t]');
    case 'dropout':
      return parse('y_t = x_t');
    case 'linear':
      return parse(`y_t = ${activated(layer.activation, layer.bias ? 'W x_t + b' : 'W x_t')}`);
    default:
      return recurrent(layer, signal, direction);
  }
}

function recurrent(
  layer: Extract<Layer, { levels: number }>,
  signal: string,
  direction: Direction,
): Equation | null {
  const before = direction === 'forward' ? '{t−1}' : '{t+1}';
  const h = `h_${before}`;
  const c = `c_${before}`;
  const input = (gate: string) => `W_{i${gate}} x_t${layer.bias ? ` + b_{i${gate}}` : ''}`;
  const hidden = (gate: string, state = h) => `W_{h${gate}} ${state}${layer.bias ? ` + b_{h${gate}}` : ''}`;
  const gate = (of: string, activation: string) => `${of}_t = ${activation}(${input(of)} + ${hidden(of)})`;

  const equations: Record<string, string> = {};
  if (layer.type === 'rnn') {
    const activation = layer.nonlinearity === 'relu' ? 'ReLU' : 'tanh';
    equations.h = `h_t = ${activation}(${input('h')} + ${hidden('h')})`;
  } else if (layer.type === 'lstm') {
    for (const of of ['i', 'f', 'o']) equations[of] = gate(of, 'σ');
    equations.g = gate('g', 'tanh');
    equations.c = `c_t = f_t ⊙ ${c} + i_t ⊙ g_t`;
    equations.h = layer.projSize > 0 ? 'h_t = W_{hr} (o_t ⊙ tanh(c_t))' : 'h_t = o_t ⊙ tanh(c_t)';
  } else {
    for (const of of ['r', 'z']) equations[of] = gate(of, 'σ');
    equations.n = layer.resetAfter
      ? `n_t = tanh(${input('n')} + r_t ⊙ (${hidden('n')}))`
      : `n_t = tanh(${input('n')} + ${hidden('n', `(r_t ⊙ ${h})`)})`;
    equations.h = `h_t = (1 − z_t) ⊙ n_t + z_t ⊙ ${h}`;
  }
  return Object.hasOwn(equations, signal) ? parse(equations[signal]) : null;
}

function activated(activation: Activation, inner: string): string {
  const names = { tanh: 'tanh', relu: 'ReLU', sigmoid: 'σ', softmax: 'softmax' };
  return activation === 'none' ? inner : `${names[activation]}(${inner})`;
}

/** Single letters are symbols; `_t` and `_{…}` are subscripts; all else is plain. */
function parse(source: string): Equation {
  const tokens: Token[] = [];
  for (const [text, group, short] of source.matchAll(/_\{([^}]*)\}|_(\w)|[A-Za-z]+|[^A-Za-z_]+/g)) {
    if (group !== undefined || short !== undefined) tokens.push({ text: group ?? short, style: 'subscript' });
    else tokens.push({ text, style: /^[A-Za-z]$/.test(text) ? 'symbol' : 'plain' });
  }
  return tokens;
}

/** `f_t = σ(W_if x_t + b_if + W_hf h_{t−1} + b_hf)`: braces where a subscript holds more than letters. */
export function plainText(equation: Equation): string {
  return equation
    .map(({ text, style }) => (style !== 'subscript' ? text : /^\w+$/.test(text) ? `_${text}` : `_{${text}}`))
    .join('');
}

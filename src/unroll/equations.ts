/**
 * What each signal is called, and the equation that gives it, in the terms of PyTorch's documentation of nn.RNN, nn.LSTM,
 * nn.GRU, nn.Linear and nn.Embedding.
 */
import { cellFacts } from '../cells';
import type { SumFunction } from '../engine/operations/operation';
import {
  INPUT,
  isRecurrent,
  type Activation,
  type Conv2dLayer,
  type Direction,
  type ElementFunction,
  type Network,
  type OperationLayer,
  type Padding,
  type Pool2dLayer,
  type RecurrentLayer,
  type SignalAddress,
} from '../model/network';
import { fill } from '../words/translate';
import { words } from './words';

/** A piece of an equation. Symbols are set in italics. */
export interface Token {
  readonly text: string;
  readonly style: 'plain' | 'symbol' | 'subscript';
}

export type Equation = readonly Token[];

/** The signal's name in words: `forget gate`. */
export function signalName(network: Network, { layer: name, signal }: SignalAddress): string {
  if (name === INPUT) return words.input;
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (layer?.type === 'input') return words.input;
  if (layer?.type === 'embedding') return words.embedding;
  if (layer && signal === 'y') return words.output;
  if (!layer || !isRecurrent(layer)) return signal;
  const { signals } = cellFacts(layer);
  return Object.hasOwn(signals, signal) ? signals[signal] : signal;
}

/**
 * The signal's equation, or null for the network's inputs, which have none. In the backward direction the state before
 * step t is the one of step t + 1; at a level above 0, x_t is the output of the level below.
 */
export function equationOf(
  network: Network,
  { layer: name, signal, direction }: SignalAddress,
): Equation | null {
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (!layer) return null;
  switch (layer.type) {
    case 'input':
    case 'not_run':
      return null;
    case 'embedding':
      return parse('y_t = W[x_t]');
    case 'dropout':
      return parse('y_t = x_t');
    case 'final_state':
      return parse(`y = ${layer.signal}_${layer.direction === 'forward' ? '{T − 1}' : '0'}`);
    case 'linear':
      return parse(`y_t = ${activated(layer.activation, layer.bias ? 'W x_t + b' : 'W x_t')}`);
    default:
      return isRecurrent(layer) ? recurrent(layer, signal, direction) : parse(operation(layer));
  }
}

/** Rows are counted by t, those of several inputs by a number before it. */
function operation(layer: OperationLayer): string {
  switch (layer.type) {
    case 'masking':
      return 'y_t = m_t x_t';
    case 'layer_norm':
      return `y_t = γ ⊙ (x_t − μ_t) / √(σ²_t + ε)${layer.bias ? ' + β' : ''}`;
    case 'rms_norm':
      return 'y_t = γ ⊙ x_t / √(mean(x²_t) + ε)';
    case 'group_norm':
      return `y_t = γ ⊙ (x_t − μ_g) / √(σ²_g + ε)${layer.bias ? ' + β' : ''}`;
    case 'batch_norm':
      return 'y_t = γ ⊙ (x_t − μ) / √(σ² + ε) + β';
    case 'activation':
      return `y_t = ${activated(layer.activation, 'x_t')}`;
    case 'elementwise':
      return `y_t = ${ELEMENTWISE[layer.function]}`;
    case 'power':
      return `y_t = x_t^(${short(layer.exponent)})`;
    case 'clip': {
      const { min, max } = layer;
      const above = min === undefined ? 'x_t' : `max(${short(min)}, x_t)`;
      return `y_t = ${max === undefined ? above : `min(${short(max)}, ${above})`}`;
    }
    case 'merge': {
      const terms = layer.inputs.map((_, k) => `x_{${k + 1},t}`);
      if (layer.mode === 'concatenate') return `y_t = [${terms.join(', ')}]`;
      if (layer.mode === 'multiply') return `y_t = ${terms.join(' ⊙ ')}`;
      return layer.mode === 'add'
        ? `y_t = ${terms.join(' + ')}`
        : `y_t = (${terms.join(' + ')}) / ${terms.length}`;
    }
    case 'flatten':
      return 'y = [x_0, x_1, …]';
    case 'reshape':
      return fill(words.rows, layer.outputSize);
    case 'repeat_vector':
      return 'y_t = x';
    case 'conv1d': {
      const { stride, dilation, padding, kernelSize } = layer;
      const at = `${times(stride, 't')} + ${times(dilation, 'k')}${back(padding, (kernelSize - 1) * dilation)}`;
      return `y_t = ${activated(layer.activation, `Σ_k W_k x_{${at}}${layer.bias ? ' + b' : ''}`)}`;
    }
    case 'pool1d': {
      const at = `${times(layer.stride, 't')} + k${back(layer.padding, layer.size - 1)}`;
      return `y_t = ${layer.mode === 'max' ? 'max' : 'mean'}_k x_{${at}}`;
    }
    case 'conv2d':
      return `y_{h,t} = ${activated(layer.activation, `Σ_{k,s} W_{k,s} ${seenBy(layer)}${layer.bias ? ' + b' : ''}`)}`;
    case 'pool2d':
      return `y_{h,t} = ${layer.mode === 'max' ? 'max' : 'mean'}_{k,s} ${seenBy(layer)}`;
    case 'global_pool':
      return `y = ${{ max: 'max', average: 'mean', sum: 'Σ' }[layer.mode]}_t x_t`;
    case 'select':
      return `y = x_{${layer.step < 0 ? `T − ${-layer.step}` : layer.step}}`;
    case 'slice': {
      const first = layer.from < 0 ? `T − ${-layer.from}` : layer.from;
      const at = times(layer.stride, 't');
      return `y_t = x_{${first === 0 ? at : `${first} + ${at}`}}`;
    }
    case 'attention': {
      const scale = layer.scale === undefined ? '' : `${short(layer.scale)} `;
      const seen = layer.causal ? '_{j ≤ t}' : '_j';
      const attended = `y_t = Σ${seen} a_{tj} v_j, a_t = softmax${seen}(${scale}q_t · k_j)`;
      return layer.heads === undefined ? attended : fill(words.heads, attended, layer.heads);
    }
  }
}

const ELEMENTWISE: Readonly<Record<ElementFunction, string>> = {
  abs: '|x_t|',
  exp: 'exp(x_t)',
  log: 'log(x_t)',
  sqrt: '√(x_t)',
  reciprocal: '1 / x_t',
  sin: 'sin(x_t)',
  cos: 'cos(x_t)',
  erf: 'erf(x_t)',
  gelu: 'GELU(x_t)',
  gelu_tanh: 'GELU(x_t)',
  silu: 'x_t ⊙ σ(x_t)',
  mish: 'x_t ⊙ tanh(softplus(x_t))',
  hard_swish: 'x_t ⊙ min(6, max(0, x_t + 3)) / 6',
};

/** Where a window begins, of which the last row is `span` rows after the first. */
function back(padding: Padding, span: number): string {
  if (padding === 'valid') return '';
  if (padding === 'same') return ' − p';
  return less(padding === 'causal' ? span : padding.before);
}

const less = (count: number) => (count === 0 ? '' : ` − ${count}`);

/** What a window sees: heights and rows. */
function seenBy({ stride, dilation, padding }: Conv2dLayer | Pool2dLayer): string {
  const height = `${times(stride.height, 'h')} + ${times(dilation.height, 'k')}${less(padding.top)}`;
  return `x_{${height}, ${times(stride.steps, 't')} + ${times(dilation.steps, 's')}${less(padding.before)}}`;
}

function times(factor: number, of: string): string {
  return factor === 1 ? of : `${factor}${of}`;
}

function recurrent(layer: RecurrentLayer, signal: string, direction: Direction): Equation | null {
  const before = direction === 'forward' ? '{t−1}' : '{t+1}';
  const h = `h_${before}`;
  const c = `c_${before}`;
  const normed = (sum: string) => (layer.layerNorm ? `LN(${sum})` : sum);
  const { fixed = [] } = layer;
  const one = fixed.includes('bias_hh') && !fixed.includes('bias_ih');
  const bias = (name: string) => (layer.bias ? ` + b_{${name}}` : '');
  /** Of a form with one bias, whose place is after all products. */
  const sole = (gate: string) => (one ? bias(gate) : '');
  const twin = (name: string) => (one ? '' : bias(name));
  const input = (gate: string) => `${normed(`W_{i${gate}} x_t`)}${twin(`i${gate}`)}`;
  const hidden = (gate: string, state = h) => `${normed(`W_{h${gate}} ${state}`)}${twin(`h${gate}`)}`;
  const within = (sum: string) => (layer.clip === undefined ? sum : `clip_{±${short(layer.clip)}}(${sum})`);
  const gate = (of: string, activation: Activation, more = '') =>
    `${of}_t = ${activated(activation, within(`${input(of)} + ${hidden(of)}${sole(of)}${more}`))}`;

  const terms = { h, c, input, hidden, sole, twin, normed, within, activated, gate, short };
  const equations = cellFacts(layer).equations(layer, terms);
  return Object.hasOwn(equations, signal) ? parse(equations[signal]) : null;
}

/** `σ(−1.36)`: what is made of a sum that the text names. */
export function appliedTo(inner: string, of: SumFunction): string {
  if (typeof of === 'string') {
    return isElementwise(of) ? ELEMENTWISE[of].replaceAll('x_t', inner) : activated(of, inner);
  }
  return of.kind === 'power' ? `(${inner})^(${short(of.exponent)})` : activated(of, inner);
}

function isElementwise(of: string): of is ElementFunction {
  return Object.hasOwn(ELEMENTWISE, of);
}

function activated(activation: Activation, inner: string): string {
  if (activation === 'none') return inner;
  if (typeof activation === 'string') return `${ACTIVATION_NAMES[activation]}(${inner})`;
  const { kind, alpha } = activation;
  switch (kind) {
    case 'hard_sigmoid':
      return `min(1, max(0, ${short(alpha)} (${inner}) + ${short(activation.beta)}))`;
    case 'elu':
      return alpha === 1 ? `ELU(${inner})` : `ELU_{${short(alpha)}}(${inner})`;
    case 'leaky_relu':
      return `LeakyReLU_{${short(alpha)}}(${inner})`;
  }
}

const ACTIVATION_NAMES = {
  tanh: 'tanh',
  relu: 'ReLU',
  sigmoid: 'σ',
  softmax: 'softmax',
  log_softmax: 'log softmax',
  softsign: 'softsign',
  softplus: 'softplus',
  selu: 'SELU',
  hard_tanh: 'hardtanh',
};

function short(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/**
 * How a value comes about: `f_{12} = σ(b + W x + U h_{t−1}) = σ(−1.36)`, the products of a sum in short, or the signal's own
 * equation where it is none of those. `terms` are the kinds of terms that there are, `sum` the number in words.
 */
export function sumEquation(
  network: Network,
  { unit, ...address }: SignalAddress & { readonly unit: number },
  terms: ReadonlySet<string>,
  activation: SumFunction,
  sum: string,
): Equation {
  const inner = shortSum(network, address, terms);
  const own = equationOf(network, address);
  const whole =
    inner === undefined ? own && plainText(own).replace(/^.*? = /, '') : appliedTo(inner, activation);
  return parse(
    [
      `${address.signal}_{${unit}}`,
      ...(whole ? [whole] : []),
      ...(activation === 'none' ? [] : [appliedTo(sum, activation)]),
    ].join(' = '),
  );
}

/** Undefined where a sum is not of the products of weights with what is read and with the state before. */
function shortSum(
  { layers }: Network,
  { layer: name, signal, direction }: SignalAddress,
  terms: ReadonlySet<string>,
): string | undefined {
  const layer = layers.find((one) => one.name === name);
  const before = direction === 'forward' ? '{t−1}' : '{t+1}';
  const bias = terms.has('bias') ? ['b'] : [];
  if (layer?.type === 'linear') return [...bias, 'W x'].join(' + ');
  if (!layer || !isRecurrent(layer) || !terms.has('hidden')) return undefined;
  const filtered = Object.values(cellFacts(layer).roles).some(
    ({ does, to }) => does === 'filters' && to === signal,
  );
  const seen = terms.has('cell') ? ['p c'] : [];
  return filtered ? undefined : [...bias, 'W x', `U h_${before}`, ...seen].join(' + ');
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

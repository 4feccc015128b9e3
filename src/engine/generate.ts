/** Goes on from a prompt, token by token. */
import {
  type Activation,
  type Layer,
  type LinearLayer,
  type Network,
  type TokenInput,
  isRecurrent,
} from '../model/network';
import { notRun } from '../model/partial';
import { random } from '../model/random';
import type { TokenSequence } from '../model/samples';
import { markersOf } from '../model/sequences/tokens';
import type { Weights } from '../model/weights';
import { say } from '../words/say';
import type { Arithmetic } from './arithmetic';
import type { InitialStates } from './cells/cell';
import { checkRun } from './check';
import { forward } from './forward';
import { arithmeticFor } from './kernels/choose';
import { plan } from './plan';
import type { RunOptions } from './run';
import { type SamplingOptions, checkSampling, drawClass } from './sampling';
import { type Work, inSlices } from './slices';
import { finalStates } from './states';
import type { LayerTrace, SignalTrace, Trace } from './trace';

export interface GenerateOptions extends Omit<RunOptions, 'clamps'>, SamplingOptions {
  /** Tokens to add to the prompt, at most. */
  readonly length: number;
  /** A whole number from 0; 0 by default. The same seed gives the same tokens. */
  readonly seed?: number;
  /** Tokens that end the text: what follows them is left out. By default those of the input's prefix and suffix. */
  readonly stop?: ReadonlySet<string>;
}

export interface Generated {
  /** The prompt and what was added to it. */
  readonly sequence: TokenSequence;
  /** The first step that was added. */
  readonly from: number;
  /** Every signal of every step of `sequence`, the last token's included. */
  readonly trace: Trace;
}

/**
 * Draws each token from the output after the one before it. States are carried on, so that the work grows with the
 * length alone. `onProgress` counts steps.
 *
 * Throws TypeError for a network that cannot go on from a prompt, RangeError for options or a prompt that do not fit;
 * rejects with an Error where an output is not a number, and with one named `AbortError` when cancelled.
 */
export async function generate(
  network: Network,
  weights: Weights,
  prompt: TokenSequence,
  options: GenerateOptions,
): Promise<Generated> {
  const head = generatorHead(network);
  checkGenerateOptions(options);
  checkRun(network, weights, prompt, options.initialStates);
  const writer = new TraceWriter(network, prompt.steps + options.length);
  const arithmetic = arithmeticFor(weights, options.arithmetic);
  const work = generation({ network, weights, prompt, head, options, arithmetic, writer });
  return inSlices(work, options, () => [writer.written, writer.trace.steps]);
}

/**
 * The layer whose units stand for the tokens that may come next, in the vocabulary's order. Throws a TypeError that
 * says why there is none.
 */
export function generatorHead({ input, layers, outputLabels }: Network): LinearLayer {
  if (input.kind !== 'token') throw new TypeError(say`only a network that reads tokens can generate them`);
  const idle = layers.find((layer) => layer.type === 'not_run');
  if (idle) throw new TypeError(notRun(idle));
  const both = layers.find((layer) => isRecurrent(layer) && layer.directions.includes('backward'));
  if (both) {
    throw new TypeError(
      say`${both.name} reads backward too: it cannot read a text that is still being written`,
    );
  }
  const ending = layers.find((layer) => isRecurrent(layer) && layer.sequenceLength !== undefined);
  if (ending) {
    throw new TypeError(say`${ending.name} reads a fixed number of steps: it cannot go on with a text`);
  }
  const started = layers.find((layer) => isRecurrent(layer) && layer.initialState?.kind === 'handed');
  if (started) {
    throw new TypeError(
      say`${started.name} begins where another layer ends: it cannot begin before the text is written`,
    );
  }
  const further = layers.find(({ type }) => type === 'input');
  if (further) throw new TypeError(say`${further.name} is a further input: a text alone is not enough`);
  const across = layers.find((layer) => ACROSS_STEPS.includes(layer.type));
  if (across) {
    throw new TypeError(
      say`${across.name} works across steps: it cannot read a text that is still being written`,
    );
  }
  const head = layers.findLast((layer) => layer.type !== 'dropout');
  if (!head || !scoresTokens(head)) {
    const found = head ? say`, found ${inWords(head)}` : '';
    throw new TypeError(
      say`expected a last layer that is linear, with softmax, its logarithm or no activation${found}`,
    );
  }
  const size = input.vocabulary.length;
  if (head.outputSize !== size) {
    throw new TypeError(
      say`expected as many outputs as the vocabulary has tokens, ${size}, found ${head.outputSize}`,
    );
  }
  const unlike = outputLabels?.findIndex((label, unit) => label !== input.vocabulary[unit]) ?? -1;
  if (unlike >= 0) {
    const [token, label] = [input.vocabulary[unlike], outputLabels![unlike]].map((name) =>
      JSON.stringify(name),
    );
    throw new TypeError(
      say`unit ${unlike} of the output: expected the vocabulary's token ${token}, found ${label}`,
    );
  }
  return head;
}

const ACROSS_STEPS: readonly Layer['type'][] = [
  ...([
    'flatten',
    'reshape',
    'repeat_vector',
    'conv1d',
    'pool1d',
    'conv2d',
    'pool2d',
    'global_pool',
    'select',
    'slice',
  ] as const),
  ...(['attention', 'final_state', 'group_norm'] as const),
];

function scoresTokens(layer: Layer): layer is LinearLayer {
  const scores: readonly Activation[] = ['softmax', 'log_softmax', 'none'];
  return layer.type === 'linear' && scores.includes(layer.activation);
}

function inWords(layer: Layer): string {
  const { activation } = layer as { readonly activation?: Activation };
  const kind = typeof activation === 'object' ? activation.kind : activation;
  return `${layer.name}: ${layer.type}${kind === undefined ? '' : say` with ${kind}`}`;
}

/** Throws RangeError for a length, temperature, `topK` or seed out of its range. */
export function checkGenerateOptions({ length, seed = 0, ...sampling }: GenerateOptions): void {
  checkSampling(sampling);
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new RangeError(say`length: expected a whole number from 1, found ${length}`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(say`seed: expected a whole number from 0, found ${seed}`);
  }
}

interface Generation {
  readonly network: Network;
  readonly weights: Weights;
  readonly prompt: TokenSequence;
  /** Where the next token's scores are. */
  readonly head: LinearLayer;
  readonly options: GenerateOptions;
  readonly arithmetic: Arithmetic;
  readonly writer: TraceWriter;
}

function* generation({
  network,
  weights,
  prompt,
  head,
  options,
  arithmetic,
  writer,
}: Generation): Work<Generated> {
  const input = network.input as TokenInput;
  const { vocabulary } = input;
  const { stop = markersOf(input) } = options;
  const { uniform } = random(options.seed ?? 0);
  const from = prompt.steps;
  const { steps } = writer.trace;
  const ids = new Int32Array(steps);
  ids.set(prompt.ids);
  const tokens = [...prompt.tokens];
  let states: InitialStates | undefined = options.initialStates;
  let read = prompt;
  let ended = false;
  for (;;) {
    const part = yield* forward(network, weights, read, { initial: states, arithmetic });
    writer.append(part);
    if (ended || writer.written === steps) break;
    states = finalStates(network, part);
    const id = drawClass(tokenScores(head, part.output, writer.written - 1), options, uniform);
    ids[writer.written] = id;
    tokens.push(vocabulary[id]);
    ended = stop.has(vocabulary[id]);
    read = { kind: 'token', steps: 1, ids: Int32Array.of(id), tokens: [vocabulary[id]] };
  }
  const trace = writer.finished();
  const sequence = { kind: 'token', steps: trace.steps, ids: ids.subarray(0, trace.steps), tokens } as const;
  return { sequence, from, trace };
}

/** Of the last row: logits and log-probabilities as they are, probabilities by their logarithms. */
function tokenScores({ activation }: LinearLayer, { rows, units, values }: SignalTrace, step: number) {
  const last = values.subarray((rows - 1) * units, rows * units);
  const scores = Float64Array.from(last, (value) => (activation === 'softmax' ? Math.log(value) : value));
  if (!Number.isFinite(Math.max(...scores))) {
    throw new Error(say`step ${step}: the output is not finite, so no token can be drawn from it`);
  }
  return scores;
}

/** A trace that is written part after part. */
class TraceWriter {
  readonly trace: Trace;
  /** Steps so far. */
  written = 0;

  constructor(network: Network, steps: number) {
    const layers = plan(network, { steps }).map(
      ({ layer: { name, type }, level, direction, rows, signals }): LayerTrace => ({
        layer: name,
        type,
        level,
        direction,
        signals: signals.map((signal) => ({
          ...signal,
          rows,
          values: new Float32Array(rows * signal.units),
        })),
      }),
    );
    this.trace = { steps, layers, output: layers[layers.length - 1].signals[0] };
  }

  append(part: Trace): void {
    for (const [k, layer] of part.layers.entries()) {
      for (const [s, signal] of layer.signals.entries()) {
        this.copy(signal, this.trace.layers[k].signals[s]);
      }
    }
    this.written += part.steps;
  }

  /** The steps that were written, of those that there is room for. */
  finished(): Trace {
    const { written } = this;
    const { steps } = this.trace;
    if (written === steps) return this.trace;
    const layers = this.trace.layers.map((layer) => ({
      ...layer,
      signals: layer.signals.map((signal) =>
        signal.rows === steps
          ? { ...signal, rows: written, values: signal.values.slice(0, written * signal.units) }
          : signal,
      ),
    }));
    return { steps: written, layers, output: layers[layers.length - 1].signals[0] };
  }

  /** A signal of one row in all has that of the newest part. */
  private copy(from: SignalTrace, to: SignalTrace): void {
    if (to.rows === this.trace.steps) to.values.set(from.values, this.written * to.units);
    else to.values.set(from.values);
  }
}

/** The config of a model of which only the weights are there, as Keras would write it, and what in it is assumed. */
import { say } from '../../../../words/say';
import { HARD_SIGMOID_02, HARD_SIGMOID_6TH } from '../../../network';
import type { Choice } from '../../dialect';
import type { StoredLayer } from '../files/layerArrays';
import type { Conventions } from '../version';
import { Arguments } from './arguments';
import { stepsNeeded, stepsOfInput, type Place } from './arrange';
import type { ToldCell } from './cells';
import { kindOf, type LayerLink } from './roles';

/** A layer's config, the words for its class, and what is taken to be so though the file does not say it. */
interface ToldLayer {
  readonly className: string;
  readonly config: Record<string, unknown>;
  readonly assumed: readonly string[];
}

export interface ToldConfig {
  /** The JSON of a Sequential model. */
  readonly text: string;
  /** What can be chosen in place of what is assumed. */
  readonly choices: readonly Choice[];
  /** A sentence for each layer of which something is assumed. */
  readonly assumptions: readonly string[];
}

/** `chosen` are values of choices, of any kind. */
export function configOf(
  places: readonly Place[],
  conventions: Conventions,
  chosen: readonly string[],
): ToldConfig {
  const assumptions: string[] = [];
  const choices: Choice[] = [];
  const layers: unknown[] = [inputOf(places)];
  for (const [k, place] of places.entries()) {
    const { name } = place.layer;
    const args = new Arguments(name, chosen);
    const told = layerOf(place, places.slice(k + 1), conventions, args);
    choices.push(...args.choices);
    if (told) layers.push({ class_name: told.className, config: { name, ...told.config } });
    if (told && told.assumed.length > 0) {
      assumptions.push(
        say`${told.className} ${JSON.stringify(name)} is taken to ${inWords(told.assumed)}: the file does not say${exampleOf(args)}`,
      );
    }
  }
  return { text: JSON.stringify({ class_name: 'Sequential', config: { layers } }), choices, assumptions };
}

function inWords(clauses: readonly string[]): string {
  const last = clauses[clauses.length - 1];
  return clauses.length === 1 ? last : say`${clauses.slice(0, -1).join(', ')} and ${last}`;
}

function exampleOf({ example }: Arguments): string {
  return example === undefined ? '' : say`; choose otherwise as ${JSON.stringify(example)}`;
}

/** Ids, or rows as wide as the first layer reads them. */
function inputOf(places: readonly Place[]) {
  const first = places.find(({ link }) => link)?.link;
  const steps = stepsOfInput(places) ?? null;
  const shape = first?.role === 'embedding' ? [null, steps] : [null, steps, first?.from ?? null];
  return { class_name: 'InputLayer', config: { name: 'input', batch_input_shape: shape } };
}

function layerOf(
  { layer, link }: Place,
  behind: readonly Place[],
  conventions: Conventions,
  args: Arguments,
): ToldLayer | undefined {
  if (!link) return layer.arrays.length > 0 ? unknownLayer(layer) : withoutArrays(layer);
  switch (link.role) {
    case 'recurrent':
      return recurrentLayer(link, behind, conventions, args);
    case 'linear': {
      const isLast = !behind.some((place) => place.link);
      const activation = args.value('activation', 'linear', isLast ? LAST_ACTIVATIONS : HIDDEN_ACTIVATIONS);
      const config = { units: link.to, use_bias: link.bias, activation };
      const assumed = args.isLeft('activation') ? [say`have no activation after it`] : [];
      if (kindOf(layer) !== 'time_distributed') return { className: 'Dense', config, assumed };
      const inside = { class_name: 'Dense', config: { name: layer.name, ...config } };
      return { className: 'TimeDistributed', config: { layer: inside }, assumed };
    }
    case 'embedding':
      return {
        className: 'Embedding',
        config: {
          ...{ input_dim: link.words, output_dim: link.to, embeddings_initializer: 'uniform' },
          mask_zero: args.value('mask_zero', false, [true]),
        },
        assumed: args.isLeft('mask_zero') ? [say`mask no step`] : [],
      };
    case 'convolution':
      return convolution(link, args);
    case 'norm':
      return {
        className: link.batch ? 'BatchNormalization' : 'LayerNormalization',
        config: { scale: link.scale, center: link.center, epsilon: 1e-3 },
        assumed: [say`use 0.001 as its epsilon`],
      };
  }
}

/** Ways to merge two directions into as many units as one has. */
const SUMS = ['sum', 'ave', 'mul'];
/** By Keras's names. */
const HIDDEN_ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'elu', 'selu', 'softplus'];
const LAST_ACTIVATIONS = ['softmax', 'sigmoid', 'tanh', 'relu', 'softplus'];
const CELL_ACTIVATIONS = ['relu', 'sigmoid', 'linear'];
const GATE_ACTIVATIONS = ['sigmoid', 'hard_sigmoid'];

function convolution(link: Extract<LayerLink, { role: 'convolution' }>, args: Arguments): ToldLayer {
  const config = {
    ...{ filters: link.to, kernel_size: [link.kernelSize], use_bias: link.bias },
    strides: [args.value('strides', 1, [2])],
    padding: args.value('padding', 'valid', ['same', 'causal']),
    activation: args.value('activation', 'linear', HIDDEN_ACTIVATIONS),
  };
  const assumed = [
    ...(args.isLeft('strides') ? [say`move by one step`] : []),
    ...(args.isLeft('padding') ? [say`fill nothing up at the ends`] : []),
    ...(args.isLeft('activation') ? [say`have no activation after it`] : []),
  ];
  return { className: 'Conv1D', config, assumed };
}

const CLASSES = { rnn: 'SimpleRNN', lstm: 'LSTM', gru: 'GRU' } as const;

function recurrentLayer(
  { cells, bidirectional, layer, added }: Extract<LayerLink, { role: 'recurrent' }>,
  behind: readonly Place[],
  conventions: Conventions,
  args: Arguments,
): ToldLayer {
  const [cell] = cells;
  const needed = stepsNeeded(behind);
  const options = { return_sequences: needed ?? args.value('return_sequences', false, [true]) };
  const configs = cells.map((one) => cellConfig(one, conventions, args));
  const assumed = [...new Set(cells.flatMap((one) => assumedOf(one, conventions, args)))];
  if (needed !== undefined || args.isLeft('return_sequences'))
    assumed.push(needed ? say`pass on every step` : say`pass on its last output alone`);
  if (bidirectional) {
    const reader = behind.find(({ link }) => link)?.link;
    const isAdded = reader !== undefined && reader.from === added && reader.from !== 2 * cell.units;
    const likely = isAdded ? 'sum' : 'concat';
    const others = isAdded ? SUMS.filter((mode) => mode !== likely) : reader ? [] : SUMS;
    const mode = others.length > 0 ? args.value('merge_mode', likely, others) : likely;
    if (others.length === 0 || args.isLeft('merge_mode'))
      assumed.push(isAdded ? say`add its two directions` : say`put its two directions side by side`);
    const inside = { name: layer.name, ...configs[0], ...options };
    return {
      className: 'Bidirectional',
      config: { layer: { class_name: className(cell), config: inside }, merge_mode: mode },
      assumed,
    };
  }
  if (cells.length === 1)
    return { className: className(cell), config: { ...configs[0], ...options }, assumed };
  const stack = cells.map((one, k) => ({
    class_name: `${CLASSES[one.type]}Cell`,
    config: { name: `cell_${k + 1}`, ...configs[k] },
  }));
  const stacked = { class_name: 'StackedRNNCells', config: { cells: stack } };
  return { className: 'RNN', config: { cell: stacked, ...options }, assumed };
}

function className({ type, cudnn }: ToldCell): string {
  return cudnn ? `CuDNN${CLASSES[type]}` : CLASSES[type];
}

function cellConfig(
  { type, units, bias, resetAfter, cudnn }: ToldCell,
  conventions: Conventions,
  args: Arguments,
) {
  const fixed = { units, use_bias: bias };
  const told = type === 'gru' && resetAfter !== undefined && { reset_after: resetAfter };
  if (cudnn) return { ...fixed, activation: 'tanh', ...told };
  const activation = args.value('activation', 'tanh', CELL_ACTIVATIONS);
  if (type === 'rnn') return { ...fixed, activation };
  const { recurrentActivation: gates, resetAfter: after } = conventions;
  const others = GATE_ACTIVATIONS.filter((name) => name !== gates);
  return {
    ...fixed,
    activation,
    recurrent_activation: args.value('recurrent_activation', gates, others),
    ...(type === 'gru' && (told || { reset_after: args.value('reset_after', after, [!after]) })),
  };
}

function assumedOf({ type, cudnn }: ToldCell, conventions: Conventions, args: Arguments): string[] {
  if (cudnn) return [];
  const { recurrentActivation, hardSigmoid } = conventions;
  const gates = recurrentActivation === 'sigmoid' ? 'sigmoid' : HARD_SIGMOIDS.get(hardSigmoid);
  const used = [
    ...(args.isLeft('activation') ? ['tanh'] : []),
    ...(type !== 'rnn' && args.isLeft('recurrent_activation') ? [`${gates}`] : []),
  ];
  return [
    ...(used.length > 0 ? [say`use ${used.join(say` and `)}`] : []),
    ...(args.isLeft('reset_after')
      ? [conventions.resetAfter ? say`reset after the product` : say`reset before the product`]
      : []),
  ];
}

const HARD_SIGMOIDS = new Map([
  [HARD_SIGMOID_02, 'hard_sigmoid (0.2x + 0.5)'],
  [HARD_SIGMOID_6TH, 'hard_sigmoid (x/6 + 0.5)'],
]);

const ROWS_REPEATED = 10;

/** Of keras.layers, by their names in files; those that do nothing when running are not there. */
const WITHOUT_ARRAYS = new Map<string, ToldLayer>([
  ['flatten', { className: 'Flatten', config: {}, assumed: [] }],
  ['masking', { className: 'Masking', config: { mask_value: 0 }, assumed: [say`mask steps that are all 0`] }],
  [
    'repeat_vector',
    {
      className: 'RepeatVector',
      config: { n: ROWS_REPEATED },
      assumed: [say`repeat its row ${ROWS_REPEATED} times`],
    },
  ],
  ...(['Max', 'Average'] as const).flatMap((mode): [string, ToldLayer][] => {
    const [all, some] = [`Global${mode}Pooling1D`, `${mode}Pooling1D`];
    const word = mode.toLowerCase();
    return [
      [`global_${word}_pooling1d`, { className: all, config: {}, assumed: [] }],
      [
        `${word}_pooling1d`,
        { className: some, config: { pool_size: 2 }, assumed: [say`pool 2 steps at a time`] },
      ],
    ];
  }),
  ['re_lu', { className: 'ReLU', config: {}, assumed: [say`have no largest value`] }],
  ['leaky_re_lu', { className: 'LeakyReLU', config: { alpha: 0.3 }, assumed: [say`have a slope of 0.3`] }],
  ['elu', { className: 'ELU', config: { alpha: 1 }, assumed: [say`have an alpha of 1`] }],
  ['softmax', { className: 'Softmax', config: {}, assumed: [] }],
]);

/** Undefined if it is left out. */
function withoutArrays(layer: StoredLayer): ToldLayer | undefined {
  return (
    WITHOUT_ARRAYS.get(kindOf(layer)) ??
    (CANNOT_BE_LEFT_OUT.has(kindOf(layer)) ? unknownLayer(layer) : undefined)
  );
}

/** Layers whose place is known, and that compute what the file does not tell. */
const CANNOT_BE_LEFT_OUT = new Set(['lambda', 'reshape', 'permute', 'attention', 'up_sampling1d']);
const LEFT_OUT_FREELY =
  /^(spatial_dropout1d|(alpha_|gaussian_)?dropout|gaussian_noise|activity_regularization|input(_layer)?)$/;

/** Whether a layer without arrays is left out though it may change the numbers. */
export function isLeftOut({ layer, link }: Place): boolean {
  if (link || layer.arrays.length > 0 || LEFT_OUT_FREELY.test(kindOf(layer))) return false;
  return withoutArrays(layer) === undefined;
}

/** Under the class that its name tells; what it computes is not known here. */
function unknownLayer(layer: StoredLayer): ToldLayer {
  const className = kindOf(layer).replace(/(^|_)([a-z])/g, (_, _line, letter: string) =>
    letter.toUpperCase(),
  );
  return { className: className || 'Layer', config: {}, assumed: [] };
}

/** The config of a model of which only the weights are there, as Keras would write it, and what in it is assumed. */
import { HARD_SIGMOID_02, HARD_SIGMOID_6TH } from '../../../network';
import type { StoredLayer } from '../files/layerArrays';
import type { Conventions } from '../version';
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
  /** A sentence for each layer of which something is assumed. */
  readonly assumptions: readonly string[];
}

export function configOf(places: readonly Place[], conventions: Conventions): ToldConfig {
  const assumptions: string[] = [];
  const layers: unknown[] = [inputOf(places)];
  for (const [k, place] of places.entries()) {
    const told = layerOf(place, places.slice(k + 1), conventions);
    const { name } = place.layer;
    if (told) layers.push({ class_name: told.className, config: { name, ...told.config } });
    if (told && told.assumed.length > 0) {
      assumptions.push(
        `${told.className} ${JSON.stringify(name)} is taken to ${inWords(told.assumed)}: the file does not say`,
      );
    }
  }
  return { text: JSON.stringify({ class_name: 'Sequential', config: { layers } }), assumptions };
}

function inWords(clauses: readonly string[]): string {
  const last = clauses[clauses.length - 1];
  return clauses.length === 1 ? last : `${clauses.slice(0, -1).join(', ')} and ${last}`;
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
): ToldLayer | undefined {
  if (!link) return layer.arrays.length > 0 ? unknownLayer(layer) : withoutArrays(layer);
  switch (link.role) {
    case 'recurrent':
      return recurrentLayer(link, behind, conventions);
    case 'linear': {
      const config = { units: link.to, use_bias: link.bias, activation: 'linear' };
      const assumed = ['have no activation after it'];
      if (kindOf(layer) !== 'time_distributed') return { className: 'Dense', config, assumed };
      const inside = { class_name: 'Dense', config: { name: layer.name, ...config } };
      return { className: 'TimeDistributed', config: { layer: inside }, assumed };
    }
    case 'embedding':
      return {
        className: 'Embedding',
        config: { input_dim: link.words, output_dim: link.to, embeddings_initializer: 'uniform' },
        assumed: ['mask no step'],
      };
    case 'convolution':
      return {
        className: 'Conv1D',
        config: { filters: link.to, kernel_size: [link.kernelSize], use_bias: link.bias },
        assumed: ['move by one step', 'fill nothing up at the ends', 'have no activation after it'],
      };
    case 'norm':
      return {
        className: link.batch ? 'BatchNormalization' : 'LayerNormalization',
        config: { scale: link.scale, center: link.center, epsilon: 1e-3 },
        assumed: ['use 0.001 as its epsilon'],
      };
  }
}

const CLASSES = { rnn: 'SimpleRNN', lstm: 'LSTM', gru: 'GRU' } as const;

function recurrentLayer(
  { cells, bidirectional, layer, added }: Extract<LayerLink, { role: 'recurrent' }>,
  behind: readonly Place[],
  conventions: Conventions,
): ToldLayer {
  const [cell] = cells;
  const sequences = stepsNeeded(behind);
  const assumed = [...new Set(cells.flatMap((one) => assumedOf(one, conventions)))];
  assumed.push(sequences ? 'pass on every step' : 'pass on its last output alone');
  const options = { return_sequences: sequences };
  if (bidirectional) {
    const reader = behind.find(({ link }) => link)?.link;
    const isAdded = reader !== undefined && reader.from === added && reader.from !== 2 * cell.units;
    const inside = { name: layer.name, ...cellConfig(cell, conventions), ...options };
    return {
      className: 'Bidirectional',
      config: {
        layer: { class_name: className(cell), config: inside },
        merge_mode: isAdded ? 'sum' : 'concat',
      },
      assumed: [...assumed, isAdded ? 'add its two directions' : 'put its two directions side by side'],
    };
  }
  if (cells.length === 1) {
    return { className: className(cell), config: { ...cellConfig(cell, conventions), ...options }, assumed };
  }
  const stack = cells.map((one, k) => ({
    class_name: `${CLASSES[one.type]}Cell`,
    config: { name: `cell_${k + 1}`, ...cellConfig(one, conventions) },
  }));
  const stacked = { class_name: 'StackedRNNCells', config: { cells: stack } };
  return { className: 'RNN', config: { cell: stacked, ...options }, assumed };
}

function className({ type, cudnn }: ToldCell): string {
  return cudnn ? `CuDNN${CLASSES[type]}` : CLASSES[type];
}

function cellConfig({ type, units, bias, resetAfter, cudnn }: ToldCell, conventions: Conventions) {
  return {
    ...{ units, use_bias: bias, activation: 'tanh' },
    ...(type !== 'rnn' && !cudnn && { recurrent_activation: conventions.recurrentActivation }),
    ...(type === 'gru' && { reset_after: resetAfter ?? conventions.resetAfter }),
  };
}

function assumedOf({ type, cudnn, resetAfter }: ToldCell, conventions: Conventions): string[] {
  if (cudnn) return [];
  if (type === 'rnn') return ['use tanh'];
  const { recurrentActivation, hardSigmoid } = conventions;
  const gates = recurrentActivation === 'sigmoid' ? 'sigmoid' : HARD_SIGMOIDS.get(hardSigmoid);
  const activations = `use tanh and ${gates}`;
  if (type === 'lstm' || resetAfter !== undefined) return [activations];
  return [activations, `reset ${conventions.resetAfter ? 'after' : 'before'} the product`];
}

const HARD_SIGMOIDS = new Map([
  [HARD_SIGMOID_02, 'hard_sigmoid (0.2x + 0.5)'],
  [HARD_SIGMOID_6TH, 'hard_sigmoid (x/6 + 0.5)'],
]);

const ROWS_REPEATED = 10;

/** Of keras.layers, by their names in files; those that do nothing when running are not there. */
const WITHOUT_ARRAYS = new Map<string, ToldLayer>([
  ['flatten', { className: 'Flatten', config: {}, assumed: [] }],
  ['masking', { className: 'Masking', config: { mask_value: 0 }, assumed: ['mask steps that are all 0'] }],
  [
    'repeat_vector',
    {
      className: 'RepeatVector',
      config: { n: ROWS_REPEATED },
      assumed: [`repeat its row ${ROWS_REPEATED} times`],
    },
  ],
  ...(['Max', 'Average'] as const).flatMap((mode): [string, ToldLayer][] => {
    const [all, some] = [`Global${mode}Pooling1D`, `${mode}Pooling1D`];
    const word = mode.toLowerCase();
    return [
      [`global_${word}_pooling1d`, { className: all, config: {}, assumed: [] }],
      [
        `${word}_pooling1d`,
        { className: some, config: { pool_size: 2 }, assumed: ['pool 2 steps at a time'] },
      ],
    ];
  }),
  ['re_lu', { className: 'ReLU', config: {}, assumed: ['have no largest value'] }],
  ['leaky_re_lu', { className: 'LeakyReLU', config: { alpha: 0.3 }, assumed: ['have a slope of 0.3'] }],
  ['elu', { className: 'ELU', config: { alpha: 1 }, assumed: ['have an alpha of 1'] }],
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

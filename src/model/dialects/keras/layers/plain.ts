/** Layers that compute each step by itself: Dense, Embedding, normalisation, activation, and those that only pass on. */
import { say } from '../../../../words/say';
import { describe, integer, listOf, numberWithin, pathOf, quote } from '../../../json/decode';
import type { JsonNode } from '../../../json/node';
import { checkMemory } from '../../../limits';
import type { ParameterKind } from '../../../parameterKinds';
import { activationOf, layerActivation } from '../activations';
import { epsilon, size, sizeOrList } from '../config';
import {
  addLayer,
  cannotRun,
  sizedTensorOf,
  tensorOf,
  titleOf,
  type LayerReader,
  type Site,
  type Sized,
  type Tensor,
} from '../site';

const DEFAULT_EPSILON = 1e-3;
/** What a word of the vocabulary takes. */
const BYTES_PER_WORD = 64;
const MAX_WORDS = 1 << 24;

const dense: LayerReader = (site) => {
  const { config } = site;
  const units = config.required(['units', 'output_dim'], size);
  const input = sizedTensorOf(site);
  if (!units || !input) return undefined;
  return [
    addLayer(
      site,
      input,
      {
        ...{ type: 'linear', inputs: [input.source], inputSize: input.width, outputSize: units },
        ...{ bias: config.flag('use_bias', true, 'bias') },
        activation: activationOf(site, config, ['activation'], 'linear'),
      },
      { kind: 'dense' },
    ),
  ];
};

const embedding: LayerReader = (site) => {
  const { config, report } = site;
  const words = config.required(['input_dim'], integer(1, MAX_WORDS));
  const width = config.required(['output_dim'], size);
  if (!words || !width) return undefined;
  if (
    !checkMemory(
      BYTES_PER_WORD * words,
      site.limits,
      say`the ids of ${titleOf(site)}`,
      config.at('input_dim'),
      report,
    )
  ) {
    return undefined;
  }
  const [input] = site.inputs;
  if (input?.kind !== 'input') {
    return cannotRun(site, say`expected to read an input of the model, of ids, found the output of a layer`);
  }
  const { source, shape = [null] } = input;
  if (shape.length !== 1) {
    const message = say`${titleOf(site)}: expected ids of shape [batch, steps], found ${shape.length + 1} axes`;
    report.error(input.at, 'wrong-shape', message);
    return undefined;
  }
  const known = site.network.ids.get(source) ?? Infinity;
  site.network.ids.set(source, Math.min(known, words));
  const steps = shape[0] ?? config.optional(['input_length'], sizeOrList);
  const ids: Tensor = { kind: 'tensor', source, sequence: true, width: 1, steps };
  return [
    addLayer(
      site,
      ids,
      {
        ...{ type: 'embedding', inputs: [source], inputSize: 1, outputSize: width, numEmbeddings: words },
        ...(config.flag('mask_zero', false) && { maskZero: true }),
      },
      { kind: 'embedding' },
    ),
  ];
};

/** A layer as wide as what it reads. */
function sameWidth(
  read: (site: Site, input: Sized) => Parameters<typeof addLayer>[2],
  form?: (site: Site) => Parameters<typeof addLayer>[3],
): LayerReader {
  return (site) => {
    const input = sizedTensorOf(site);
    return input && [addLayer(site, input, read(site, input), form?.(site))];
  };
}

const sizes = ({ source, width }: Sized) => ({
  inputs: [source],
  inputSize: width,
  outputSize: width,
});

const number = numberWithin(-1e30, 1e30);

const masking = sameWidth(({ config }, input) => ({
  ...{ type: 'masking', ...sizes(input) },
  maskValue: config.optional(['mask_value'], number) ?? 0,
}));

const dropout = sameWidth(({ config }, input) => ({
  ...{ type: 'dropout', ...sizes(input) },
  p: config.optional(['rate', 'p'], numberWithin(0, 1)) ?? 0,
}));

const activation = sameWidth((site, input) => ({
  ...{ type: 'activation', ...sizes(input) },
  activation: activationOf(site, site.config, ['activation'], 'linear'),
}));

const activationLayer = sameWidth((site, input) => {
  if (site.className === 'Softmax') checkLastAxis(site, input);
  return {
    ...{ type: 'activation', ...sizes(input) },
    activation: layerActivation(site, site.className, site.config) ?? 'none',
  };
});

const batchNorm = sameWidth((site, input) => {
  checkLastAxis(site, input);
  const mode = site.config.find('mode');
  if (mode && mode.value !== 0) {
    cannotRun(site, say`expected "mode" 0, means and variances kept from training, found ${describe(mode)}`);
  }
  return { type: 'batch_norm', ...sizes(input), epsilon: epsilonOf(site), ...fixedNorm(site) };
}, normForm);

const layerNorm = sameWidth((site, input) => {
  checkLastAxis(site, input);
  const rms = site.config.find('rms_scaling');
  if (rms?.value === true) {
    cannotRun(site, say`"rms_scaling" leaves the mean in`);
  }
  const bias = site.config.flag('center', true);
  return { type: 'layer_norm', ...sizes(input), epsilon: epsilonOf(site), bias, ...fixedNorm(site) };
}, normForm);

function normForm({ config }: Site) {
  return { kind: 'norm', scale: config.flag('scale', true), center: config.flag('center', true) } as const;
}

/** What Keras keeps no array for. */
function fixedNorm(site: Site): { readonly fixed?: readonly ParameterKind[] } {
  const { scale, center } = normForm(site);
  const fixed = [...(scale ? [] : ['weight' as const]), ...(center ? [] : ['bias' as const])];
  return fixed.length > 0 ? { fixed } : {};
}

function epsilonOf({ config }: Site): number {
  return config.optional(['epsilon'], epsilon) ?? DEFAULT_EPSILON;
}

const axes = listOf(integer(-8, 8));

/** "axis" must be that of the features, the last one. */
function checkLastAxis(site: Site, { sequence }: Tensor): void {
  const node = site.config.find('axis');
  if (!node) return;
  const found = node.type === 'array' ? axes(node, site.report) : axes(listWith(node), site.report);
  const last = sequence ? 2 : 1;
  if (!found || (found.length === 1 && (found[0] === -1 || found[0] === last))) return;
  cannotRun(site, say`${pathOf(node)}: expected the last axis, ${last} or -1, found ${found.join(', ')}`);
}

function listWith(node: JsonNode): JsonNode {
  return { ...node, type: 'array', children: [node] };
}

/** What does nothing when running, and adds nothing to the picture. */
const passedOn: LayerReader = (site) => {
  const input = tensorOf(site);
  return input && [input];
};

const NOT_RUNNING = [
  ...['Dropout', 'SpatialDropout1D', 'AlphaDropout', 'GaussianDropout'],
  ...['GaussianNoise'],
];

export const PLAIN = new Map<string, LayerReader>([
  ...['Dense', 'TimeDistributedDense'].map((name) => [name, dense] as const),
  ['Embedding', embedding],
  ['Masking', masking],
  ...NOT_RUNNING.map((name) => [name, dropout] as const),
  ['ActivityRegularization', passedOn],
  ['Activation', activation],
  ...['LeakyReLU', 'ReLU', 'ELU', 'Softmax'].map((name) => [name, activationLayer] as const),
  ['BatchNormalization', batchNorm],
  ['LayerNormalization', layerNorm],
]);

/** What TimeDistributed can hold: layers that compute each step by itself anyhow. */
export const AT_EACH_STEP = [...PLAIN.keys()].filter((name) => name !== 'Embedding' && name !== 'Masking');

export const timeDistributed: LayerReader = (site) => {
  const inside = site.config.inside('layer');
  const reader = inside && AT_EACH_STEP.includes(inside.className) ? PLAIN.get(inside.className) : undefined;
  if (inside && reader) {
    return reader({ ...site, className: inside.className, config: inside.config });
  }
  const found = inside ? quote(inside.className) : say`none`;
  return cannotRun(site, say`expected one of ${AT_EACH_STEP.join(', ')} in it, found ${found}`);
};

export const unknown: LayerReader = (site) =>
  cannotRun(
    site,
    site.className === 'Lambda'
      ? say`its function is Python code`
      : say`layers of this class cannot be run here`,
  );

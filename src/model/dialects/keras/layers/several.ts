/** Layers that read several tensors: Concatenate, Add, …, Keras 1's Merge, and Attention. */
import { say } from '../../../../words/say';
import { integer, pathOf, quote } from '../../../json/decode';
import type { Merge, MergeLayer, MergeMode } from '../../../network';
import { isMasked } from '../masks';
import {
  addLayer,
  cannotRun,
  isFaulty,
  sizedTensorOf,
  titleOf,
  type JoinedStates,
  type LayerReader,
  type Site,
  type Sized,
  type State,
  type Tensor,
  type Value,
} from '../site';
import { unknown } from './plain';

const MODES = new Map<string, MergeMode>([
  ['Concatenate', 'concatenate'],
  ['Add', 'add'],
  ['Multiply', 'multiply'],
  ['Average', 'average'],
]);

const KERAS_1_MODES = new Map<string, MergeMode>([
  ['concat', 'concatenate'],
  ['sum', 'add'],
  ['mul', 'multiply'],
  ['ave', 'average'],
]);

const merge: LayerReader = (site) => {
  const { config, className } = site;
  const name = config.find('mode')?.value as unknown;
  const mode = className === 'Merge' ? KERAS_1_MODES.get(String(name)) : MODES.get(className);
  if (!mode) {
    const known = [...KERAS_1_MODES.keys()].map(quote).join(', ');
    return cannotRun(site, say`expected "mode" ${known}, found ${quote(String(name))}`);
  }
  const states = statesIn(site.inputs, mode);
  if (states && states.length > 1 && states.length <= MOST_JOINED) return [joinedStates(site, mode, states)];
  return merged(site, mode);
};

function merged(site: Site, mode: MergeMode): [Sized] | undefined {
  const inputs = tensorsOf(site);
  if (!inputs) return undefined;
  const [first] = inputs;
  if (inputs.length === 1) return [first];
  if (inputs.some(({ sequence }) => sequence !== first.sequence)) {
    const message = say`expected sequences alone or single rows alone, found both`;
    if (!inputs.some(({ guessed }) => guessed)) return cannotRun(site, message);
  }
  if (mode === 'concatenate') checkAxis(site, first);
  const widths = inputs.map(({ width }) => width);
  if (mode !== 'concatenate' && widths.some((width) => width !== widths[0])) {
    const message = say`expected inputs of the same width, found ${widths.join(', ')}`;
    if (isFaulty(site, inputs, site.at, 'size-mismatch', message)) return undefined;
  }
  return [
    addLayer(site, withGuess(first, inputs), {
      ...{ type: 'merge', mode, inputs: inputs.map(({ source }) => source), inputSize: widths[0] },
      ...masksOf(site),
      outputSize: mode === 'concatenate' ? widths.reduce((sum, width) => sum + width, 0) : widths[0],
    }),
  ];
}

function masksOf({ conventions: { maskedInMerges } }: Site): Pick<MergeLayer, 'masked'> {
  return maskedInMerges === 'any' ? {} : { masked: maskedInMerges };
}

/** Final states alone, also such as are put together already in the same way. */
function statesIn(values: readonly Value[], mode: MergeMode): readonly State[] | undefined {
  const merge = OF_STATES[mode];
  const states = values.map((value) => {
    if (value.kind === 'state') return [value];
    return value.kind === 'joined' && value.merge === merge && merge !== 'ave' ? value.of : [];
  });
  return states.every(({ length }) => length > 0) ? states.flat() : undefined;
}

/** More are put together as rows are. */
const MOST_JOINED = 64;

function joinedStates(site: Site, mode: MergeMode, of: readonly State[]): JoinedStates {
  if (mode === 'concatenate') checkAxis(site, { sequence: false });
  let row: readonly Tensor[] | undefined;
  return { kind: 'joined', merge: OF_STATES[mode], of, row: () => (row ??= merged(site, mode) ?? [])[0] };
}

const OF_STATES: Record<MergeMode, Merge> = {
  ...{ concatenate: 'concat', add: 'sum', multiply: 'mul', average: 'ave' },
};

function tensorsOf(site: Site): Sized[] | undefined {
  if (site.inputs.length === 0) {
    site.report.error(site.at, 'missing-input', say`${titleOf(site)}: expected inputs, found none`);
    return undefined;
  }
  const tensors = site.inputs.map((value) => sizedTensorOf(site, value));
  return tensors.includes(undefined) ? undefined : (tensors as Sized[]);
}

/** The first input, whose shape is a guess if any one's is. */
function withGuess(first: Sized, inputs: readonly Sized[]): Sized {
  return inputs.some(({ guessed }) => guessed) ? { ...first, guessed: true } : first;
}

function checkAxis(site: Site, { sequence }: Pick<Tensor, 'sequence'>): void {
  const node = site.config.find('axis', 'concat_axis');
  const axis = node ? integer(-8, 8)(node, site.report) : -1;
  const last = sequence ? 2 : 1;
  if (!node || axis === undefined || axis === -1 || axis === last) return;
  cannotRun(site, say`${pathOf(node)}: expected the last axis, ${last} or -1, found ${axis}`);
}

/** Dot products of the query with each key, softmax over the keys, and the mean of the values so weighted. */
const attention: LayerReader = (site) => {
  const { config } = site;
  const inputs = tensorsOf(site);
  if (!inputs) return undefined;
  const [query, value, key = value] = inputs;
  if (
    inputs.length < 2 ||
    inputs.length > 3 ||
    inputs.some(({ sequence }) => !sequence) ||
    query.width !== key.width
  ) {
    const found = inputs
      .map(({ sequence, width }) => (sequence ? say`a sequence of ${width}` : say`a row of ${width}`))
      .join(', ');
    const message = say`expected the sequences query, value and perhaps key, query and key of the same width, found ${found}`;
    if (inputs.length < 2 || !inputs.some(({ guessed }) => guessed)) return cannotRun(site, message);
  }
  if (config.flag('use_scale', false)) cannotRun(site, say`"use_scale" has a weight that is not read`);
  if ((config.find('score_mode')?.value ?? 'dot') !== 'dot')
    cannotRun(site, say`"score_mode" is another one than "dot"`);
  if (isMasked(query.source, site.network)) {
    cannotRun(site, say`steps of its query may be masked; it gives zeros there, which is not done here`);
  }
  // Keras 2 says it of the layer, later ones of its call.
  const causal = config.flag('causal', false) || site.flags.includes('use_causal_mask');
  return [
    addLayer(site, withGuess(query, inputs), {
      ...{ type: 'attention', inputs: inputs.map(({ source }) => source), ...(causal && { causal }) },
      ...{ inputSize: query.width, outputSize: value.width },
    }),
  ];
};

/** What Keras 3 writes of the masks of Embedding and Masking, and of what is put together, which are known here without. */
const maskOperation: LayerReader = ({ inputs, className }) => {
  const all = className === ALL_STEPS || inputs.some((input) => input.kind === 'mask' && input.all);
  return [{ kind: 'mask', all }];
};

/** The mask of an input that has none; a step counts where it does in any mask. */
const ALL_STEPS = 'OnesLike';

/** An operation that has its place among masks too. */
function ofMasks(otherwise: LayerReader): LayerReader {
  return (site) => (site.inputs.some(({ kind }) => kind === 'mask') ? maskOperation : otherwise)(site);
}

export const SEVERAL = new Map<string, LayerReader>([
  ...[...MODES.keys(), 'Merge'].map((name) => [name, merge] as const),
  ['Concatenate', ofMasks(merge)],
  ['Attention', attention],
  ...['NotEqual', 'Any', 'ZerosLike', ALL_STEPS].map((name) => [name, maskOperation] as const),
  ...['ExpandDims', 'BroadcastTo', 'LogicalOr', 'ConvertToTensor'].map(
    (name) => [name, ofMasks(unknown)] as const,
  ),
]);

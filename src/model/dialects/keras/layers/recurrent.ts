/** SimpleRNN, LSTM, GRU, cuDNN's variants, RNN over cells, and Bidirectional. */
import { say } from '../../../../words/say';
import { describe, pathOf, quote } from '../../../json/decode';
import type { JsonNode } from '../../../json/node';
import {
  type Direction,
  type InitialState,
  type JoinedRows,
  type Layer,
  type Merge,
  type MergeMode,
  type SignalAddress,
  type UnitActivation,
  isRecurrent,
} from '../../../network';
import { handedFault } from '../../../states';
import { unitActivationOf } from '../activations';
import type { Config } from '../config';
import { size, wrappedIn } from '../config';
import { isMasked } from '../masks';
import {
  addLayer,
  bindingBase,
  cannotRun,
  isFaulty,
  sequenceOf,
  titleOf,
  type LayerReader,
  type Site,
  type Sized,
  type State,
  type Tensor,
  type Unnamed,
  type Value,
} from '../site';
import type { CellForm } from '../weights';

/** What one cell computes at a step. */
interface Cell {
  readonly type: 'rnn' | 'lstm' | 'gru';
  readonly units: number;
  readonly bias: boolean;
  readonly activation: UnitActivation;
  readonly recurrentActivation: UnitActivation;
  readonly resetAfter: boolean;
  /** Whether the file keeps a bias for the input and one for the state, rather than one in all. */
  readonly twoBiases: boolean;
  readonly config: Config;
}

/** Cells on top of each other that read the sequence in one direction. */
interface Chain {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly direction: Direction;
  /** Which half of the layer's arrays are its own. */
  readonly half?: 0 | 1;
}

/** How a layer goes through its sequence. */
interface Loop {
  readonly cells: readonly Cell[];
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly zeros: boolean;
}

const TYPES = new Map<string, Cell['type']>([
  ['SimpleRNN', 'rnn'],
  ['LSTM', 'lstm'],
  ['GRU', 'gru'],
  ['CuDNNLSTM', 'lstm'],
  ['CuDNNGRU', 'gru'],
]);
const CELL_TYPES = new Map<string, Cell['type']>([
  ['SimpleRNNCell', 'rnn'],
  ['LSTMCell', 'lstm'],
  ['GRUCell', 'gru'],
]);

const recurrent: LayerReader = (site) => {
  const loop = loopOf(site, site.className, site.config);
  if (!loop) return undefined;
  const input = sequenceOf(site);
  if (!input) return undefined;
  if (loop.zeros && !loop.returnSequences && isMasked(input.source, site.network)) {
    cannotRun(
      site,
      say`with "zero_output_for_mask" its only output is zeros where the last step is masked, which is not done here`,
    );
  }
  const direction = loop.goBackwards ? 'backward' : 'forward';
  const states = statesOf(site, [{ name: site.name, cells: loop.cells, direction }]);
  const chain: Chain = { name: site.name, cells: loop.cells, direction };
  const added = addChain(site, chain, input, {
    loop,
    initial: states[0],
    reverseOutput: loop.goBackwards && loop.returnSequences,
  });
  return loop.returnState ? [added.output, ...added.states] : [added.output];
};

export const RECURRENT = new Map<string, LayerReader>([
  ...[...TYPES.keys(), 'RNN'].map((name) => [name, recurrent] as const),
  ['Bidirectional', bidirectional],
]);

function loopOf(site: Site, className: string, config: Config): Loop | undefined {
  const cells = cellsOf(site, className, config);
  if (!cells) return undefined;
  if (config.flag('time_major', false)) {
    const message = say`${titleOf(site)}: "time_major" has steps before batches; sequences are read here one at a time, which gives the same numbers`;
    site.report.warning(config.at('time_major'), 'time-major', message);
  }
  return {
    cells,
    returnSequences: config.flag('return_sequences', false),
    returnState: config.flag('return_state', false),
    goBackwards: config.flag('go_backwards', false),
    zeros: config.flag('zero_output_for_mask', false),
  };
}

function cellsOf(site: Site, className: string, config: Config): readonly Cell[] | undefined {
  const type = TYPES.get(className);
  if (type) {
    const cell = cellOf(site, type, config, className.startsWith('CuDNN'));
    return cell && [cell];
  }
  const inside = config.inside('cell');
  const nodes = stackedCells(inside) ?? stackedCells({ className, config });
  const wrapped = nodes ? nodes.map((node) => wrappedIn(node, site.report)) : [inside];
  const cells = wrapped.map((cell) => {
    const known = cell && CELL_TYPES.get(cell.className);
    if (cell && known) return cellOf(site, known, cell.config, false);
    const found = cell ? quote(cell.className) : say`no cell`;
    return cannotRun(site, say`expected cells of ${[...CELL_TYPES.keys()].join(', ')}, found ${found}`);
  });
  return cells.includes(undefined) || cells.length === 0 ? undefined : (cells as Cell[]);
}

/** `StackedRNNCells` holds "cells"; so does a list of cells, in files of some versions. */
function stackedCells(
  inside: { readonly className: string; readonly config: Config } | undefined,
): readonly JsonNode[] | undefined {
  const list = inside?.config.find('cells');
  return list?.type === 'array' ? list.children : undefined;
}

function cellOf(site: Site, type: Cell['type'], config: Config, cudnn: boolean): Cell | undefined {
  const units = config.required(['units', 'output_dim'], size);
  if (units === undefined) return undefined;
  const { recurrentActivation, resetAfter } = site.conventions;
  if (site.conventions.tensorflowJs && config.find('reset_after')?.value === true) {
    const message = say`${titleOf(site)}: TensorFlow.js does not run "reset_after"; it is run here as Keras does`;
    site.report.warning(config.at('reset_after'), 'reset-after', message);
  }
  const activation = cudnn ? 'tanh' : unitActivationOf(site, config, ['activation'], 'tanh');
  const keys = ['recurrent_activation', 'inner_activation'];
  if (!cudnn && type !== 'rnn' && !config.find(...keys)) {
    site.network.assume(
      config.node,
      say`"recurrent_activation" is not given and taken for ${recurrentActivation}`,
      site,
    );
  }
  if (!cudnn && type === 'gru' && !config.find('reset_after')) {
    site.network.assume(config.node, say`"reset_after" is not given and taken for ${resetAfter}`, site);
  }
  const resets = cudnn || config.flag('reset_after', resetAfter);
  return {
    type,
    units,
    bias: cudnn || config.flag('use_bias', true),
    activation,
    recurrentActivation:
      cudnn || type === 'rnn' ? 'sigmoid' : unitActivationOf(site, config, keys, recurrentActivation),
    resetAfter: resets,
    twoBiases: cudnn || (type === 'gru' && resets),
    config,
  };
}

interface Added {
  readonly output: Sized;
  /** Of each cell in turn: h, and c of an LSTM. */
  readonly states: readonly State[];
}

/** How a chain reads its sequence. */
interface ChainRun {
  readonly loop: Loop;
  /** Of each cell. */
  readonly initial: readonly (InitialState | undefined)[];
  readonly reverseOutput: boolean;
}

function addChain(
  site: Site,
  { name, cells, direction, half }: Chain,
  input: Sized,
  { loop: { returnSequences, zeros }, initial, reverseOutput }: ChainRun,
): Added {
  const counts = cells.map(({ bias }) => (bias ? 3 : 2));
  const { maskedAtFirst } = site.conventions;
  if (maskedAtFirst === 'zeros' && initial.some((state) => state) && isMasked(input.source, site.network)) {
    const message = say`${titleOf(site)}: at masked steps before any other, Keras passes zeros on, and the initial state is passed on here`;
    site.report.warning(site.at, 'masked-initial-state', message);
  }
  let output = input;
  const states: State[] = [];
  for (const [index, cell] of cells.entries()) {
    const last = index === cells.length - 1;
    const sequences = !last || returnSequences;
    const layer = layerOf(cell, output, [direction], sequences, {
      ...(last && reverseOutput && { reverseOutput }),
      ...(last && zeros && sequences && { masked: 'zeros' as const }),
      ...(initial[index] && { initialState: fitting(site, cell, direction, initial[index]) }),
    });
    const named = cells.length > 1 ? `${name}_${index + 1}` : name;
    const form: CellForm = {
      ...{ kind: 'cell', suffix: suffixOf(direction) },
      ...(half !== undefined && { half }),
      ...(cells.length > 1 && { stack: { counts, index } }),
    };
    output = addLayer({ ...site, name: named, config: cell.config }, output, layer, form);
    output = { ...output, sequence: sequences, ...(!sequences && { steps: undefined }) };
    states.push(...statesAfter(cell, output, direction));
  }
  return { output, states };
}

function suffixOf(direction: Direction): string {
  return direction === 'forward' ? '_l0' : '_l0_reverse';
}

function layerOf(
  { type, units, bias, activation, recurrentActivation, resetAfter, twoBiases }: Cell,
  input: Sized,
  directions: readonly Direction[],
  returnSequences: boolean,
  more: {
    readonly merge?: Merge;
    readonly reverseOutput?: true;
    readonly masked?: 'zeros';
    readonly initialState?: InitialState;
  },
): Unnamed {
  const merge = more.merge ?? 'concat';
  const base = {
    ...{ inputs: [input.source], inputSize: input.width, hiddenSize: units, levels: 1, bias },
    ...{ outputSize: directions.length === 2 && merge === 'concat' ? 2 * units : units },
    ...{ directions, returnSequences, ...more, merge },
    ...(bias && !twoBiases && { fixed: ['bias_hh'] as const }),
  };
  if (type === 'rnn') return { ...base, type, nonlinearity: activation };
  const activations = {
    ...(activation !== 'tanh' && { activation }),
    ...(recurrentActivation !== 'sigmoid' && { recurrentActivation }),
  };
  return type === 'gru'
    ? { ...base, type, resetAfter, ...activations }
    : { ...base, type, projSize: 0, ...activations };
}

function statesAfter({ type, units }: Cell, { source }: Tensor, direction: Direction): State[] {
  const parts = type === 'lstm' ? (['h', 'c'] as const) : (['h'] as const);
  return parts.map((part) => ({
    ...{ kind: 'state', layer: source, part, direction, width: units },
  }));
}

/** Each chain's initial states, cell by cell: what follows the sequence among the inputs, or is given by name. */
function statesOf(site: Site, chains: readonly Chain[]): (InitialState | undefined)[][] {
  const given = [...site.inputs.slice(1), ...site.states];
  const cells = chains.flatMap((chain) => chain.cells.map((cell) => ({ cell, direction: chain.direction })));
  const none = () => chains.map((chain) => chain.cells.map(() => undefined));
  if (given.length === 0) return none();
  const expected = cells.reduce((count, { cell }) => count + (cell.type === 'lstm' ? 2 : 1), 0);
  if (given.length !== expected) {
    cannotRun(site, say`expected ${expected} initial states, found ${given.length}`);
    return none();
  }
  if (given.every(({ kind }) => kind === 'input')) {
    const message = say`${titleOf(site)}: its initial states are inputs of the model; they are taken to be zeros`;
    site.report.warning(site.at, 'zero-state', message);
    return none();
  }
  let next = 0;
  return chains.map((chain) =>
    chain.cells.map((cell) => {
      const mine = given.slice(next, (next += cell.type === 'lstm' ? 2 : 1));
      return initialStateOf(site, mine);
    }),
  );
}

/** h, and c of an LSTM: final states, alone or put together, or rows of other layers; anything else is reported. */
function initialStateOf(site: Site, given: readonly Value[]): InitialState | undefined {
  const [h, c] = given.map((value) => handedRows(site, value));
  if (h && (c || given.length === 1)) return { kind: 'handed', states: [{ h, ...(c && { c }) }] };
  return cannotRun(
    site,
    say`expected as initial states final states of earlier layers, or single rows, found something else`,
  );
}

function handedRows({ network }: Site, value: Value): JoinedRows | undefined {
  switch (value.kind) {
    case 'state':
      return { merge: 'concat', of: [addressOf(value)] };
    case 'joined':
      return { merge: value.merge, of: value.of.map(addressOf) };
    case 'tensor': {
      const source = network.layer(value.source);
      return value.sequence ? undefined : source && rowOf(source);
    }
    default:
      return undefined;
  }
}

function addressOf({ layer, direction, part }: State): SignalAddress {
  return { layer, level: 0, direction, signal: part };
}

/** The single row that a layer gives: of a recurrent one, what its directions end in. */
function rowOf(source: Layer): JoinedRows {
  const address = { layer: source.name, level: 0 };
  if (!isRecurrent(source))
    return { merge: 'concat', of: [{ ...address, direction: 'forward', signal: 'y' }] };
  const { merge, directions } = source;
  return { merge, of: directions.map((direction) => ({ ...address, direction, signal: 'h' })) };
}

/** The state, if the cell can begin with it. */
function fitting(
  site: Site,
  { type, units }: Cell,
  direction: Direction,
  initialState: InitialState,
): InitialState | undefined {
  const reader = { type, levels: 1, directions: [direction], hiddenSize: units, initialState };
  const fault = handedFault(reader, (name) => site.network.layer(name));
  if (!fault) return initialState;
  return cannotRun(site, fault);
}

const MERGES = new Map<string, { readonly merge: Merge; readonly mode: MergeMode }>([
  ['concat', { merge: 'concat', mode: 'concatenate' }],
  ['sum', { merge: 'sum', mode: 'add' }],
  ['ave', { merge: 'ave', mode: 'average' }],
  ['mul', { merge: 'mul', mode: 'multiply' }],
]);

function bidirectional(site: Site): readonly Value[] | undefined {
  const { config, report } = site;
  const inside = config.inside('layer');
  if (!inside || !(TYPES.has(inside.className) || inside.className === 'RNN')) {
    const found = inside ? quote(inside.className) : say`none`;
    return cannotRun(site, say`expected a recurrent layer in it, found ${found}`);
  }
  const modeNode = config.find('merge_mode');
  const mode = modeNode ? MERGES.get(String(modeNode.value)) : undefined;
  if (modeNode && !mode) {
    const message = say`${pathOf(modeNode)}: expected one of ${[...MERGES.keys()].join(', ')} or null, found ${describe(modeNode)}`;
    report.error(modeNode, 'wrong-value', message);
    return undefined;
  }
  const loop = loopOf(site, inside.className, inside.config);
  const other = config.inside('backward_layer');
  const back = other ? loopOf(site, other.className, other.config) : loop;
  const input = sequenceOf(site);
  if (!loop || !back || !input) return undefined;
  if (loop.goBackwards) {
    cannotRun(site, say`its layer goes backwards by itself`);
  }
  const zeros = loop.returnSequences && (loop.zeros || site.conventions.maskedInBidirectional === 'zeros');
  return twoDirections(
    site,
    { ...loop, zeros },
    back,
    input,
    absentMode(config) ? MERGES.get('concat') : mode,
  );
}

/** Null is no merge at all; a key that is not there is the default. */
function absentMode({ node }: Config): boolean {
  const keys = (node.children ?? []).map(({ children }) => children?.[0].value as string);
  return !keys.includes('merge_mode') && !keys.includes('mergeMode');
}

function twoDirections(
  site: Site,
  loop: Loop,
  back: Loop,
  input: Sized,
  merging: { readonly merge: Merge; readonly mode: MergeMode } | undefined,
): readonly Value[] | undefined {
  const chains: readonly [Chain, Chain] = [
    { name: `${site.name}_forward`, cells: loop.cells, direction: 'forward', half: 0 },
    { name: `${site.name}_backward`, cells: back.cells, direction: 'backward', half: 1 },
  ];
  const stateless = !loop.returnState && site.inputs.length === 1 && site.states.length === 0;
  const [cell] = loop.cells;
  if (merging && stateless && loop.cells.length === 1 && sameCells(loop.cells, back.cells)) {
    return [oneLayer(site, input, { cell, backCell: back.cells[0], loop, merge: merging.merge })];
  }
  const states = statesOf(site, chains);
  const [forward, backward] = chains.map((chain, k) =>
    addChain(site, chain, input, { loop, initial: states[k], reverseOutput: false }),
  );
  const after = loop.returnState ? [...forward.states, ...backward.states] : [];
  if (!merging) return [forward.output, backward.output, ...after];
  const widths = [forward.output.width, backward.output.width];
  if (merging.mode !== 'concatenate' && widths[0] !== widths[1]) {
    const message = say`expected both directions to have as many units for "merge_mode" ${merging.merge}, found ${widths.join(say` and `)}`;
    if (isFaulty(site, [], site.at, 'size-mismatch', message)) return undefined;
  }
  const outputSize = merging.mode === 'concatenate' ? widths[0] + widths[1] : widths[0];
  const merged = addLayer(site, forward.output, {
    ...{ type: 'merge', mode: merging.mode, inputs: [forward.output.source, backward.output.source] },
    ...{ inputSize: widths[0], outputSize },
  });
  return [merged, ...after];
}

interface BothWays {
  readonly cell: Cell;
  readonly backCell: Cell;
  readonly loop: Loop;
  readonly merge: Merge;
}

/** Both directions as one layer of the network, whose weights are the two halves of the file's. */
function oneLayer(
  site: Site,
  input: Sized,
  { cell, backCell, loop: { returnSequences, zeros }, merge }: BothWays,
): Tensor {
  const layer = layerOf(cell, input, ['forward', 'backward'], returnSequences, {
    ...{ merge },
    ...(zeros && { masked: 'zeros' as const }),
  });
  const added = site.network.add(layer, site.name);
  for (const [half, { config }] of ([cell, backCell] as const).entries()) {
    const form: CellForm = { kind: 'cell', suffix: half === 0 ? '_l0' : '_l0_reverse', half: half as 0 | 1 };
    site.network.bindings.push({ ...bindingBase({ ...site, config }), layer: added, form });
  }
  const steps = returnSequences ? input.steps : undefined;
  return { kind: 'tensor', source: added.name, sequence: returnSequences, width: added.outputSize, steps };
}

/** Whether both directions compute the same, weights apart. */
function sameCells(a: readonly Cell[], b: readonly Cell[]): boolean {
  const facts = (cells: readonly Cell[]) => JSON.stringify(cells.map(({ config: _, ...rest }) => rest));
  return facts(a) === facts(b);
}

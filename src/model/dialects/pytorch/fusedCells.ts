/**
 * Cells that have all gates in one matrix of the input and one of the state: those of Flax NNX (flax/nnx/nn/recurrent.py),
 * Equinox (equinox/nn/_rnn.py) and Haiku (haiku/_src/recurrent.py), Flax's SimpleCell, and those that people write by hand.
 */
import { COMMON_CELLS } from '../../commonCells';
import { GATES } from '../../parameters';
import type { CellBlocks, CellModule, FoundCell } from './cellModule';
import { matrixLabel } from './labels';
import type { NamedTensor } from './names';
import type { Block } from './sources';

/** Tensors of all owners, by the names that they have in a file whose separators are dots. */
export type Lookup = (owner: string, last: string) => NamedTensor | undefined;

/** A cell by its two matrices; a bias may be one for both. */
interface Pair {
  readonly x: NamedTensor;
  readonly h: NamedTensor;
  readonly biasX?: NamedTensor;
  readonly biasH?: NamedTensor;
  readonly written: CellModule['written'];
}

export function fusedCells(owner: string, tensors: readonly NamedTensor[], find: Lookup): FoundCell[] {
  const special = haikuLstm(owner, tensors) ?? haikuGru(owner, tensors) ?? equinox(owner, tensors, find);
  if (special) return [special];
  const pair = pairOf(owner, tensors, find);
  const cell = pair && cellOfPair(pair);
  if (!cell) return [];
  const own = [pair.x, pair.h, pair.biasX, pair.biasH].flatMap((tensor) => (tensor ? [tensor.name] : []));
  return [{ cell, prefix: owner, tensors: own }];
}

/** Linear layers or kernels `dense_i`, `dense_h` and `i`, `h` (Flax), `x2h`, `h2h` and their like; matrices W and U. */
function pairOf(owner: string, tensors: readonly NamedTensor[], find: Lookup): Pair | undefined {
  const matrices = tensors.filter(({ shape, leaf }) => shape.length === 2 && leaf !== 'bias');
  const named = (label: string, leaf: NamedTensor['leaf']) =>
    matrices.find((tensor) => tensor.label === label && tensor.leaf === leaf);
  const biasOf = (tensor: NamedTensor) =>
    tensor.leaf === ''
      ? undefined
      : tensors.find(({ label, leaf }) => label === tensor.label && leaf === 'bias');
  const withBiases = (x: NamedTensor, h: NamedTensor, written: Pair['written']): Pair => ({
    ...{ x, h, written, biasX: biasOf(x), biasH: biasOf(h) },
  });
  for (const [input, state] of [
    ['dense_i', 'dense_h'],
    ['i', 'h'],
  ] as const) {
    const [x, h] = [named(input, 'kernel'), named(state, 'kernel')];
    if (x && h) return withBiases(x, h, 'flax');
  }
  const part = (wanted: 'x' | 'h') =>
    matrices.find(({ label, leaf }) => {
      // Flax's are above, PyTorch's own cells elsewhere.
      const other = leaf === 'kernel' || label.startsWith('weight_');
      const found = other ? undefined : matrixLabel(label);
      return found?.style === 'two' && found.gate === 'h' && found.part === wanted;
    });
  const [x, h] = [part('x'), part('h')];
  if (x && h && x.leaf === h.leaf) {
    if (x.leaf !== '') return withBiases(x, h, 'hand');
    return {
      x,
      h,
      biasX: vectorNamed(tensors, ['b_h', 'bh', 'b_ih', 'bias_ih']) ?? find(owner, 'bias'),
      biasH: vectorNamed(tensors, ['b_hh', 'bias_hh']),
      written: 'hand',
    };
  }
  const [w, u] = [named('W', ''), named('U', '')];
  if (!w || !u) return undefined;
  return { x: w, h: u, biasX: vectorNamed(tensors, ['b', 'B']) ?? find(owner, 'bias'), written: 'hand' };
}

function vectorNamed(tensors: readonly NamedTensor[], labels: readonly string[]): NamedTensor | undefined {
  return tensors.find(({ label, leaf, shape }) => leaf === '' && labels.includes(label) && shape.length <= 2);
}

function cellOfPair({ x, h, biasX, biasH, written }: Pair): CellModule | undefined {
  const transposed = h.leaf === 'kernel' || (h.leaf === '' && h.shape[0] < h.shape[1]);
  const [rows, H] = transposed ? [h.shape[1], h.shape[0]] : h.shape;
  const type = COMMON_CELLS.find((kind) => rows === GATES[kind] * H);
  if (!type || H < 1) return undefined;
  const square = type === 'rnn' && h.leaf === '';
  // The state's matrix of a plain RNN is square, and says nothing of how it is multiplied.
  if (square && x.shape[0] === x.shape[1]) return undefined;
  const turned = square ? x.shape[0] !== H : transposed;
  const [xRows, inputSize] = turned ? [x.shape[1], x.shape[0]] : x.shape;
  if (xRows !== rows || inputSize < 1) return undefined;
  const sound = [biasX, biasH].every((bias) => !bias || elements(bias) === rows);
  if (!sound) return undefined;
  const gates = GATES[type];
  const matrix = (tensor: NamedTensor) => blocksOf(tensor, { transposed: turned, gates, rows: H });
  const vector = (tensor: NamedTensor | undefined) =>
    tensor ? blocksOf({ ...tensor, shape: [rows] }, { gates, rows: H }) : [{ zeros: rows }];
  const bias = biasX !== undefined || biasH !== undefined;
  const blocks: CellBlocks = new Map([
    ['weight_ih', matrix(x)],
    ['weight_hh', matrix(h)],
    ...(bias
      ? ([
          ['bias_ih', vector(biasX)],
          ['bias_hh', vector(biasH)],
        ] as const)
      : []),
  ]);
  return {
    ...{ type, inputSize, hiddenSize: H, bias, written },
    ...(type === 'gru' && { resetAfter: true }),
    ...(written === 'hand' && type !== 'rnn' && { fused: true }),
    blocks: () => blocks,
  };
}

interface Stacked {
  readonly transposed?: boolean;
  readonly gates: number;
  /** Of each gate. */
  readonly rows: number;
  /** The gates' places in the tensor; one after the other where absent. */
  readonly places?: readonly number[];
  readonly columns?: readonly [number, number];
}

/** A tensor gate by gate. */
function blocksOf(
  { name, shape }: NamedTensor,
  { transposed, gates, rows, columns, places = Array.from({ length: gates }, (_, gate) => gate) }: Stacked,
): Extract<Block, { tensor: string }>[] {
  return places.map((place) => ({
    ...{ tensor: name, shape, rows: [place * rows, (place + 1) * rows] as const },
    ...(transposed && { transposed }),
    ...(columns && { columns }),
  }));
}

function elements({ shape }: NamedTensor): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `weight_ih` and `weight_hh` as PyTorch's cells have them, a single `bias`, and, of a GRU, `bias_n` beside W_hn h. */
function equinox(owner: string, tensors: readonly NamedTensor[], find: Lookup): FoundCell | undefined {
  const [x, h] = ['weight_ih', 'weight_hh'].map((label) => tensors.find((tensor) => tensor.label === label));
  const bias = find(owner, 'bias');
  if (!x || !h || !bias || tensors.some(({ label }) => /^bias_[ih]h$/.test(label))) return undefined;
  const n = tensors.find(({ label }) => label === 'bias_n');
  const cell = cellOfPair({
    x: { ...x, leaf: 'weight' },
    h: { ...h, leaf: 'weight' },
    biasX: bias,
    written: 'equinox',
  });
  if (!cell) return undefined;
  const H = cell.hiddenSize;
  if (n && (cell.type !== 'gru' || elements(n) !== H)) return undefined;
  const blocks = new Map(cell.blocks(false));
  if (n) blocks.set('bias_hh', [{ zeros: H }, { zeros: H }, { tensor: n.name, shape: [H] }]);
  return {
    cell: { ...cell, blocks: () => blocks },
    prefix: owner,
    tensors: [x, h, bias, ...(n ? [n] : [])].map(({ name }) => name),
  };
}

/** Haiku's gates i, g, f, o; 1 is added to the forget gate. */
const HAIKU_LSTM = [0, 2, 1, 3];
/** Haiku's gates z, r, a. */
const HAIKU_GRU = [1, 0, 2];

/** A linear layer `w` over [x, h], and `b`, in a module that is called an LSTM. */
function haikuLstm(owner: string, tensors: readonly NamedTensor[]): FoundCell | undefined {
  const prefix = /^(.*lstm[^./]*)[./]linear$/i.exec(owner)?.[1];
  const [w, b] = ['w', 'b'].map((label) => tensors.find((tensor) => tensor.label === label));
  if (prefix === undefined || w?.shape.length !== 2 || !b) return undefined;
  const [inputs, rows] = w.shape;
  const H = rows / 4;
  const I = inputs - H;
  if (!Number.isInteger(H) || H < 1 || I < 1 || b.shape.join() !== String(rows)) return undefined;
  const matrix = (from: number, to: number) =>
    blocksOf(w, { transposed: true, gates: 4, rows: H, places: HAIKU_LSTM, columns: [from, to] });
  const blocks: CellBlocks = new Map<string, Block[]>([
    ['weight_ih', matrix(0, I)],
    ['weight_hh', matrix(I, I + H)],
    ['bias_ih', blocksOf(b, { gates: 4, rows: H, places: HAIKU_LSTM })],
    ['bias_hh', [{ zeros: rows }]],
  ]);
  const cell: CellModule = {
    ...{ type: 'lstm', inputSize: I, hiddenSize: H, bias: true, written: 'haiku', forgetBias: 1 },
    blocks: () => blocks,
  };
  return { cell, prefix, tensors: [w.name, b.name] };
}

/** `w_i`, `w_h` and `b`; the reset gate before the product, and an update gate of the other sense. */
function haikuGru(owner: string, tensors: readonly NamedTensor[]): FoundCell | undefined {
  const [x, h, b] = ['w_i', 'w_h', 'b'].map((label) => tensors.find((tensor) => tensor.label === label));
  if (x?.shape.length !== 2 || h?.shape.length !== 2 || !b) return undefined;
  const [H, rows] = h.shape;
  const [inputSize] = x.shape;
  if (rows !== 3 * H || x.shape[1] !== rows || b.shape.join() !== String(rows) || H < 1 || inputSize < 1)
    return undefined;
  const gates = (tensor: NamedTensor, transposed: boolean) =>
    blocksOf(tensor, { transposed, gates: 3, rows: H, places: HAIKU_GRU }).map((block, gate) =>
      gate === 1 ? { ...block, negated: true } : block,
    );
  const blocks: CellBlocks = new Map<string, Block[]>([
    ['weight_ih', gates(x, true)],
    ['weight_hh', gates(h, true)],
    ['bias_ih', gates(b, false)],
    ['bias_hh', [{ zeros: rows }]],
  ]);
  const cell: CellModule = {
    ...{ type: 'gru', inputSize, hiddenSize: H, bias: true, written: 'haiku', resetAfter: false },
    blocks: () => blocks,
  };
  return { cell, prefix: owner, tensors: [x.name, h.name, b.name] };
}

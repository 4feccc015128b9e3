/**
 * What quantised modules of PyTorch keep packed, as tensors under the names of the modules that they were made of
 * (torch/ao/nn/quantized; what is packed: ATen/native/quantized/library.cpp, ATen/native/RNN.cpp).
 */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { List, Opaque, PickledTensor, Tuple, type Value } from './values';

export interface Unpacked {
  /** In the order of the entries. */
  readonly tensors: ReadonlyMap<string, PickledTensor>;
  /** The objects that held some. */
  readonly holders: ReadonlySet<Value>;
  /** What is told otherwise than by the file, as sentences. */
  readonly assumed: readonly string[];
}

/** A matrix and its bias, which may be none. */
interface Linear {
  readonly weight: PickledTensor;
  readonly bias?: PickledTensor;
}

/** One level and direction of a recurrent layer. */
interface Cell {
  readonly ih: PickledTensor;
  readonly hh: PickledTensor;
  readonly biases: readonly PickledTensor[];
}

const CELL = /^(.*\.|)_all_weight_values\.\d+\.param$/s;
const LINEAR = /^(.*?\.|)_packed_params(?:\._packed_params)?$/s;
const OF_CELL = /^(.*\.|)_packed_weight_(ih|hh)$/s;
/** Tensors that are quantised, but not packed. */
const PLAIN = /^(.*?\.|)_packed_params\.(?:(weight|bias)|_packed_weight)$/s;
/** Of what a quantised layer gives. */
const OF_OUTPUT = /^(.*\.|)(?:scale|zero_point)$/s;

/**
 * The tensors among `entries`, and those packed in them. `isBidirectional` tells of the layers whose names begin so, as
 * far as it is known.
 */
export function unpacked(
  entries: ReadonlyMap<string, Value>,
  isBidirectional: (prefix: string) => boolean | undefined = () => undefined,
): Unpacked {
  const tensors = new Map<string, PickledTensor>();
  const assumed: string[] = [];
  const holders = new Set<Value>();
  const cells = cellsIn(entries, holders);
  const packed = new Set<string>();
  /** The kernels take these, whatever the cell has under their names. */
  const packedBiases = new Set<string>();
  const add = (name: string, tensor: PickledTensor | undefined) => tensor && tensors.set(name, tensor);
  for (const [key, value] of entries) {
    const [, layer] = CELL.exec(key) ?? [];
    const own = layer === undefined ? undefined : cells.get(layer);
    if (layer !== undefined && own) {
      cells.delete(layer);
      const both = isBidirectional(layer) ?? directionsOf(layer, own, assumed);
      for (const [name, tensor] of namesOf(own, both)) add(layer + name, tensor);
      continue;
    }
    const [, linear] = LINEAR.exec(key) ?? [];
    const matrix = linear === undefined ? undefined : linearOf(value);
    if (linear !== undefined && matrix) {
      packed.add(linear);
      holders.add(value);
      add(`${linear}weight`, matrix.weight);
      add(`${linear}bias`, matrix.bias);
      continue;
    }
    const [, cell, side] = OF_CELL.exec(key) ?? [];
    const half = cell === undefined ? undefined : linearOf(value);
    if (half) {
      holders.add(value);
      add(`${cell}weight_${side}`, half.weight);
      add(`${cell}bias_${side}`, half.bias);
      if (half.bias) packedBiases.add(`${cell}bias_${side}`);
    }
    if (!(value instanceof PickledTensor) || packedBiases.has(key)) continue;
    const [, plain, what = 'weight'] = PLAIN.exec(key) ?? [];
    if (plain !== undefined) packed.add(plain);
    add(plain === undefined ? key : `${plain}${what}`, value);
  }
  for (const name of tensors.keys()) if (packed.has(OF_OUTPUT.exec(name)?.[1] ?? '\n')) tensors.delete(name);
  return { tensors, holders, assumed };
}

function cellsIn(entries: ReadonlyMap<string, Value>, holders: Set<Value>): Map<string, Cell[]> {
  const cells = new Map<string, Cell[]>();
  for (const [key, value] of entries) {
    const [, layer] = CELL.exec(key) ?? [];
    const cell = layer === undefined ? undefined : cellOf(value);
    if (layer === undefined || !cell) continue;
    holders.add(value);
    cells.set(layer, [...(cells.get(layer) ?? []), cell]);
  }
  return cells;
}

/** Both directions read the same; a level above reads what one or both give. */
function directionsOf(layer: string, cells: readonly Cell[], assumed: string[]): boolean {
  const units = cells[0].hh.shape[1];
  const widths = cells.map(({ ih }) => ih.shape[1]);
  if (cells.length % 2 !== 0) return false;
  if (cells.length > 2) return widths[2] === 2 * units;
  if (widths[0] === units) {
    const name = quote(layer.replace(/\.$/, ''));
    assumed.push(
      say`${name} is taken to have two levels, not two directions: by their shapes its two cells may be either`,
    );
    return false;
  }
  return widths[1] === widths[0];
}

function* namesOf(
  cells: readonly Cell[],
  bidirectional: boolean,
): Generator<[name: string, tensor: PickledTensor]> {
  for (const [k, { ih, hh, biases }] of cells.entries()) {
    const at = bidirectional ? `l${k >> 1}${k % 2 ? '_reverse' : ''}` : `l${k}`;
    yield [`weight_ih_${at}`, ih];
    yield [`weight_hh_${at}`, hh];
    if (biases.length < 2) continue;
    yield [`bias_ih_${at}`, biases[0]];
    yield [`bias_hh_${at}`, biases[1]];
  }
}

/** `(kind, [b_ih, b_hh], …, [W_ih, W_hh])`, the matrices packed. */
function cellOf(value: Value): Cell | undefined {
  const parts = stateOf(value, 'rnn.CellParamsBase');
  const [biases, matrices] = [parts?.[1], parts?.at(-1)];
  if (!(biases instanceof List) || !(matrices instanceof List)) return undefined;
  const [ih, hh] = matrices.items.map((one) => linearOf(one));
  if (ih?.weight.shape.length !== 2 || hh?.weight.shape.length !== 2) return undefined;
  const vectors = [ih, hh].map(({ bias }, k) => bias ?? biases.items[k]);
  return {
    ...{ ih: ih.weight, hh: hh.weight },
    biases: vectors.filter((one) => one instanceof PickledTensor),
  };
}

/** `(weight, bias)`, as it is or as the state of what is packed. */
function linearOf(value: Value): Linear | undefined {
  const parts = value instanceof Tuple ? value.items : stateOf(value, 'quantized.LinearPackedParamsBase');
  const [weight, bias] = parts ?? [];
  if (!(weight instanceof PickledTensor)) return undefined;
  return { weight, ...(bias instanceof PickledTensor && { bias }) };
}

/** Of an object of a class of TorchScript's own in C++: pickled with the class's name beside its state, or as one of it. */
function stateOf(value: Value, wanted: string): readonly Value[] | undefined {
  if (!(value instanceof Opaque)) return undefined;
  const { of, state } = value;
  const [inner, name] =
    /ScriptObject$/.test(of) && state instanceof Tuple ? state.items : [state as Value, of as Value];
  const isWanted = typeof name === 'string' && name.endsWith(`.torch.classes.${wanted}`);
  return isWanted && inner instanceof Tuple ? inner.items : undefined;
}

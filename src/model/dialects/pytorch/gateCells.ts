/**
 * Cells that have their matrices gate by gate: Flax's (flax/linen/recurrent.py, flax/nnx/nn/recurrent.py: kernels are in ×
 * out, the GRU's reset multiplies W_hn h + b_hn), and those that people write by hand, with a linear layer or a matrix a
 * gate, over [x, h] or over both apart.
 */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { biasLabel, cellOf, matrixLabel, type Label } from './labels';
import type { CellBlocks, CellModule, FoundCell } from './cellModule';
import type { NamedTensor } from './names';
import type { Block } from './sources';

/** A matrix with the bias of its module. */
interface Matrix {
  readonly label: Label;
  readonly tensor: NamedTensor;
  readonly bias?: NamedTensor;
}

/** What one gate has: matrices of x and of h, or one of both; biases of these and of none. */
interface GateParts {
  readonly x?: Matrix;
  readonly h?: Matrix;
  readonly both?: Matrix;
  readonly biases: readonly { readonly part: Label['part']; readonly tensor: NamedTensor }[];
}

/** Gates that it takes to call matrices a cell that cannot be read. */
const ENOUGH_GATES = 3;

/** The cells that an owner's tensors make, and why others that seem to be one are none. */
export function gateCells(
  owner: string,
  tensors: readonly NamedTensor[],
): {
  readonly cells: readonly FoundCell[];
  readonly unclear: readonly { readonly reason: string; readonly tensors: readonly string[] }[];
} {
  const matrices = matricesOf(tensors);
  const cells: FoundCell[] = [];
  const unclear: { reason: string; tensors: readonly string[] }[] = [];
  for (const style of ['two', 'matrix', 'one', 'words'] as const) {
    const own = withoutTwins(matrices.filter(({ label }) => label.style === style));
    const letters = new Set(own.map(({ label }) => label.gate));
    const names = own.flatMap(({ tensor, bias }) => [tensor.name, ...(bias ? [bias.name] : [])]);
    const cell = cellOf(letters);
    if (!cell) {
      if (letters.size >= ENOUGH_GATES && style !== 'one')
        unclear.push({ reason: say`its gates are those of no LSTM or GRU`, tensors: names });
      continue;
    }
    const parts = cell.gates.map((gate) => partsOf(gate, own, tensors));
    const made = cellFrom(cell.type, parts);
    if (typeof made === 'string') unclear.push({ reason: made, tensors: names });
    else cells.push({ cell: made, prefix: owner, tensors: parts.flatMap(namesOf) });
  }
  return { cells, unclear };
}

function matricesOf(tensors: readonly NamedTensor[]): Matrix[] {
  return tensors.flatMap((tensor): Matrix[] => {
    const label = tensor.shape.length === 2 && tensor.leaf !== 'bias' ? matrixLabel(tensor.label) : undefined;
    if (!label) return [];
    const bias = tensors.find((other) => other.leaf === 'bias' && other.label === tensor.label);
    return [{ label, tensor, ...(tensor.leaf !== '' && bias && { bias }) }];
  });
}

/** Of several matrices that one gate seems to have (`output_gate`, `output`), those that are called gates. */
function withoutTwins(matrices: readonly Matrix[]): Matrix[] {
  const key = ({ label }: Matrix) => JSON.stringify([label.gate, label.part, label.letter]);
  return matrices.filter((matrix) => {
    const twins = matrices.filter((other) => key(other) === key(matrix));
    return twins.length === 1 || /gate/i.test(matrix.tensor.label);
  });
}

function partsOf(gate: string, own: readonly Matrix[], tensors: readonly NamedTensor[]): GateParts {
  const all = own.filter(({ label }) => label.gate === gate);
  const split = own.some(({ label }) => label.letter === 'u');
  const partOf = ({ part, letter }: Label) => part ?? (split ? (letter === 'u' ? 'h' : 'x') : undefined);
  const biases = tensors.flatMap((tensor) => {
    const label = tensor.leaf === '' && isVector(tensor) ? biasLabel(tensor.label) : undefined;
    return label?.gate === gate ? [{ part: label.part, tensor }] : [];
  });
  const ofPart = (part: Label['part']) => all.find(({ label }) => partOf(label) === part);
  return { x: ofPart('x'), h: ofPart('h'), both: ofPart(undefined), biases };
}

function namesOf({ x, h, both, biases }: GateParts): string[] {
  const matrices = [x, h, both].flatMap((matrix) => (matrix ? [matrix.tensor, matrix.bias] : []));
  return [...matrices, ...biases.map(({ tensor }) => tensor)].flatMap((tensor) =>
    tensor ? [tensor.name] : [],
  );
}

/** Of one axis, or a row of two. */
function isVector({ shape }: NamedTensor): boolean {
  return shape.length === 1 || (shape.length === 2 && (shape[0] === 1 || shape[1] === 1));
}

/** The cell, or why it is none. */
function cellFrom(type: 'lstm' | 'gru', parts: readonly GateParts[]): CellModule | string {
  const [first] = parts;
  const concatenated = parts.every(({ both }) => both !== undefined);
  if (!concatenated && !parts.every(({ x, h }) => x && h)) {
    return say`not every gate has a matrix of the input and one of the state`;
  }
  const sizes = concatenated ? sizesOfBoth(first.both!.tensor) : sizesApart(first.x!.tensor, first.h!.tensor);
  if (typeof sizes === 'string') return sizes;
  const fault = parts.map((part) => faultOf(part, sizes)).find((one) => one !== undefined);
  if (fault !== undefined) return fault;
  const { inputSize, hiddenSize } = sizes;
  const written = first.x?.tensor.leaf === 'kernel' ? 'flax' : 'hand';
  const biases = parts.map(biasesOf);
  const bias = biases.some(({ x, h }) => x ?? h);
  const resetAfter = !concatenated && (written === 'flax' || biases[2].h !== undefined);
  return {
    ...{ type, inputSize, hiddenSize, bias, written },
    ...(type === 'gru' && { resetAfter }),
    ...(concatenated && { concatenated }),
    blocks: (inputLast) => blocksOf(parts, sizes, bias, inputLast),
  };
}

function faultOf({ x, h, both, biases }: GateParts, { inputSize, hiddenSize, transposed }: Sizes) {
  const matrices = [
    [x, inputSize],
    [h, hiddenSize],
    [both, inputSize + hiddenSize],
  ] as const;
  for (const [matrix, columns] of matrices) {
    if (!matrix) continue;
    const shape = transposed ? [columns, hiddenSize] : [hiddenSize, columns];
    const { tensor, bias } = matrix;
    if (tensor.shape.join() !== shape.join()) {
      return say`${quote(tensor.name)} is [${tensor.shape.join(', ')}], not [${shape.join(', ')}]`;
    }
    if (bias && bias.shape.join() !== String(hiddenSize))
      return say`${quote(bias.name)} is no vector of ${hiddenSize}`;
  }
  const wrong = biases.find(({ tensor }) => Math.max(...tensor.shape) !== hiddenSize);
  return wrong && say`${quote(wrong.tensor.name)} is no vector of ${hiddenSize}`;
}

/** Those that are added to the sums over the input, or to both, and to the sums over the state. */
function biasesOf({ x, h, both, biases }: GateParts) {
  const alone = (state: boolean) => biases.find(({ part }) => (part === 'h') === state)?.tensor;
  return { x: (both ?? x)?.bias ?? alone(false), h: h?.bias ?? alone(true) };
}

/** What PyTorch's parameters are made of, gate by gate; `inputLast` tells [h, x] from [x, h]. */
function blocksOf(parts: readonly GateParts[], sizes: Sizes, bias: boolean, inputLast: boolean): CellBlocks {
  const { inputSize: I, hiddenSize: H, transposed } = sizes;
  const block = ({ tensor: { name, shape } }: Matrix, columns?: readonly [number, number]): Block => ({
    ...{ tensor: name, shape },
    ...(transposed && { transposed }),
    ...(columns && { columns }),
  });
  const vector = (tensor: NamedTensor | undefined): Block =>
    tensor ? { tensor: tensor.name, shape: [H] } : { zeros: H };
  const biases = parts.map(biasesOf);
  return new Map([
    ['weight_ih', parts.map(({ x, both }) => (x ? block(x) : block(both!, inputLast ? [H, H + I] : [0, I])))],
    ['weight_hh', parts.map(({ h, both }) => (h ? block(h) : block(both!, inputLast ? [0, H] : [I, I + H])))],
    ...(bias
      ? ([
          ['bias_ih', biases.map(({ x }) => vector(x))],
          ['bias_hh', biases.map(({ h }) => vector(h))],
        ] as const)
      : []),
  ]);
}

interface Sizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** Whether the matrices are in × out. */
  readonly transposed: boolean;
}

/** Of a matrix over [x, h], which has more columns than rows. */
function sizesOfBoth({ name, shape, leaf }: NamedTensor): Sizes | string {
  const [a, b] = shape;
  const transposed = leaf === 'kernel' || (leaf === '' && a > b);
  const [H, columns] = transposed ? [b, a] : [a, b];
  return H >= 1 && columns > H
    ? { inputSize: columns - H, hiddenSize: H, transposed }
    : say`${quote(name)} [${shape.join(', ')}] has no place for both input and state`;
}

/** A matrix that stands by itself is turned as its sizes say; equal ones say nothing. */
function sizesApart(x: NamedTensor, h: NamedTensor): Sizes | string {
  const [H, other] = h.shape;
  if (H !== other || H < 1) return say`${quote(h.name)} [${h.shape.join(', ')}] is not square`;
  const [a, b] = x.shape;
  if (x.leaf === '' && a === b)
    return say`whether ${quote(x.name)} is multiplied from the left or from the right its sizes do not say`;
  const transposed = x.leaf === 'kernel' || (x.leaf === '' && a !== H);
  const inputSize = transposed ? a : b;
  return inputSize >= 1 ? { inputSize, hiddenSize: H, transposed } : say`${quote(x.name)} is empty`;
}

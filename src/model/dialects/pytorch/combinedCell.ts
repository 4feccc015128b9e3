/**
 * A plain RNN whose one linear layer `i2h` reads input and state side by side, as in PyTorch's first tutorial on classifying
 * names: `combined = cat((input, hidden), 1); hidden = i2h(combined); output = i2o(combined)`, later `h2o(hidden)`.
 */
import { say } from '../../../words/say';
import type { CellBlocks, CellModule, FoundCell } from './cellModule';
import type { NamedTensor } from './names';
import type { Blocks } from './sources';

interface Combined {
  readonly cell: FoundCell;
  /** Layers that read what no layer behind the cell is given. */
  readonly beside: readonly {
    readonly label: string;
    readonly reason: string;
    readonly tensors: readonly string[];
    readonly width: number;
  }[];
}

/** Whether the labels of one owner are of such a cell. */
export function nameCombined(labels: ReadonlySet<string>): boolean {
  return labels.has('i2h') && !labels.has('h2h') && (labels.has('i2o') || labels.has('h2o'));
}

/** Undefined if an owner's tensors are no such cell. */
export function combinedCell(owner: string, tensors: readonly NamedTensor[]): Combined | undefined {
  if (!nameCombined(new Set(tensors.map(({ label }) => label)))) return undefined;
  const [i2h, i2o, h2o] = ['i2h', 'i2o', 'h2o'].map((label) => linear(label, tensors));
  if (!i2h) return undefined;
  const [H, columns] = i2h.weight.shape;
  const inputSize = columns - H;
  const isRead = i2o ? i2o.weight.shape[1] === columns : h2o?.weight.shape[1] === H;
  if (H < 1 || inputSize < 1 || !isRead) return undefined;
  const { weight, bias } = i2h;
  const block = (from: number, to: number) => [
    { tensor: weight.name, shape: weight.shape, columns: [from, to] as const },
  ];
  const blocks = (inputLast: boolean): CellBlocks =>
    new Map<string, Blocks>([
      ['weight_ih', inputLast ? block(H, columns) : block(0, inputSize)],
      ['weight_hh', inputLast ? block(0, H) : block(inputSize, columns)],
      ...(bias
        ? ([
            ['bias_ih', [{ tensor: bias.name, shape: [H] }]],
            ['bias_hh', [{ zeros: H }]],
          ] as const)
        : []),
    ]);
  const cell: CellModule = {
    ...{ type: 'rnn', inputSize, hiddenSize: H, bias: bias !== undefined, written: 'hand' },
    ...{ concatenated: true, nonlinearity: 'none', blocks },
  };
  return { cell: { cell, prefix: owner, tensors: namesOf(i2h) }, beside: besideOf(i2o, columns, H, tensors) };
}

function besideOf(
  i2o: Linear | undefined,
  columns: number,
  H: number,
  tensors: readonly NamedTensor[],
): Combined['beside'] {
  if (i2o?.weight.shape[1] !== columns) return [];
  const o2o = linear('o2o', tensors);
  const reads = say`it reads the input and the state of the step before side by side, as "i2h" does`;
  const last = say`it reads the state and what "i2o" gives side by side`;
  return [
    { label: 'i2o', reason: reads, tensors: namesOf(i2o), width: i2o.weight.shape[0] },
    ...(o2o?.weight.shape[1] === H + i2o.weight.shape[0]
      ? [{ label: 'o2o', reason: last, tensors: namesOf(o2o), width: o2o.weight.shape[0] }]
      : []),
  ];
}

interface Linear {
  readonly weight: NamedTensor;
  readonly bias?: NamedTensor;
}

function linear(label: string, tensors: readonly NamedTensor[]): Linear | undefined {
  const own = tensors.filter((tensor) => tensor.label === label);
  const weight = own.find(({ leaf, shape }) => leaf === 'weight' && shape.length === 2);
  const bias = own.find(({ leaf }) => leaf === 'bias');
  if (!weight || (bias && bias.shape.join() !== String(weight.shape[0]))) return undefined;
  return { weight, ...(bias && { bias }) };
}

function namesOf({ weight, bias }: Linear): string[] {
  return [weight.name, ...(bias ? [bias.name] : [])];
}

/** One level and direction whose units are divided between two threads. */
import { type RecurrentLayer, SIGNALS } from '../../../model/network';
import { GATES } from '../../../model/parameters';
import type { CellToCompile, DividedForm } from '../../cells/equations';
import type { Work } from '../../slices';
import { type BlockCell, type BlockSteps, PROJECTION } from '../blocks';
import type { KernelMemory } from '../heap';
import { PANEL, type Panels, type UnitRange, pack, packBias, packForVector, padded } from '../panels';
import { rowAt, takePlanes } from '../planes';
import type { KernelCall, Part } from './control';

/** Part 0 has a multiple of this many units: whole cache lines of every signal, whole panels of every gate. */
const UNITS_TOGETHER = 16;

/** Words of a part's description; see assembly/parts.ts. */
const PART_WORDS = 8;

/** Where the threads meet after each step: the own counter's address, the other's, and the count before. */
export type Meeting = readonly [own: number, other: number, met: number];

/** `rows` rows of input, floats or int32 ids, at address `x`. */
export interface InputBlock {
  readonly kind: keyof typeof PROJECTION;
  readonly x: number;
  readonly rows: number;
}

export interface DividedCell extends BlockCell {
  projection(part: Part, input: InputBlock): KernelCall;
  /** One part's steps, for a thread that meets another, or those of both, for one that is alone. */
  steps(block: BlockSteps, part: Part, meeting: Meeting): KernelCall;
  steps(block: BlockSteps, part: 'both'): KernelCall;
}

interface PartOfCell {
  readonly range: UnitRange;
  readonly input: Panels;
  readonly inputBias: number;
  readonly sums: number;
  readonly hidden: Panels;
  /** What only a GRU has: the hidden product's bias, and where the product goes. */
  readonly own: readonly number[];
  /** Where its description stands. */
  readonly words: number;
}

/** Packs the parameters and takes the memory for blocks. */
export function* divideCell(
  memory: KernelMemory,
  form: DividedForm,
  { layer, parameters: p, inputSize, sizes: { rows, steps } }: CellToCompile<RecurrentLayer>,
): Work<DividedCell> {
  const H = layer.hiddenSize;
  const gates = GATES[layer.type];
  const [bias, hiddenBias] = [form.inputBias(p), form.hiddenBias?.(p)];
  const matrix = { units: H, gates };
  const parts: PartOfCell[] = [];
  for (const range of halves(H)) {
    const hidden = yield* packForVector(memory, { ...matrix, weight: p.weightHh, width: H }, range);
    const input = yield* pack(memory, { ...matrix, weight: p.weightIh, width: inputSize }, range);
    const row = hidden.count * PANEL;
    parts.push({
      ...{ range, hidden, input },
      inputBias: packBias(memory, bias, H, gates, range),
      sums: memory.take(row * rows),
      own: hiddenBias ? [packBias(memory, hiddenBias, H, gates, range), memory.take(row)] : [],
      words: memory.take(PART_WORDS),
    });
  }
  const names: readonly string[] = SIGNALS[layer.type];
  const all = takePlanes(memory, names, H, steps);
  const planes = Object.fromEntries(names.map((name, k) => [name, all[k]]));
  const state = () => ({ address: memory.take(padded(H)), units: H, stride: padded(H) });
  const h = state();
  const c = names.includes('c') ? state() : undefined;
  const [first] = all;
  const plane = all[1].address - first.address;

  function describe(
    { range, hidden, sums, own, words }: PartOfCell,
    { row, count, stride }: BlockSteps,
  ): number {
    const partAt = range.first * Float32Array.BYTES_PER_ELEMENT;
    const start = stride > 0 ? 0 : count - 1;
    new Int32Array(memory.memory.buffer, words, PART_WORDS).set([
      ...[hidden.address, hidden.count, padded(range.count)],
      ...[rowAt(sums, hidden.count * PANEL, row + start), partAt + (c ?? h).address],
      ...[partAt + rowAt(first.address, first.stride, start), ...own],
    ]);
    return words;
  }

  return {
    ...{ planes, h, c },
    projection(part, { kind, x, rows }) {
      const { input, inputBias, sums } = parts[part];
      const args = [input.address, input.count, input.width, x, rows, inputBias, sums];
      return { kernel: PROJECTION[kind], args };
    },
    steps(block, part, meeting: Meeting = [0, 0, 0]) {
      const { count, stride } = block;
      const [a, b] = part === 'both' ? parts : [parts[part]];
      const start = stride > 0 ? 0 : count - 1;
      return {
        kernel: 'recur',
        args: [
          ...[
            Number(form.gru),
            count,
            stride,
            padded(H),
            h.address,
            rowAt(planes.h.address, planes.h.stride, start),
            plane,
          ],
          ...[first.stride * Float32Array.BYTES_PER_ELEMENT, describe(a, block)],
          ...[b ? describe(b, block) : 0, ...meeting],
        ],
      };
    },
  };
}

function halves(units: number): readonly [UnitRange, UnitRange] {
  const half = Math.ceil(units / 2 / UNITS_TOGETHER) * UNITS_TOGETHER;
  return [
    { first: 0, count: half },
    { first: half, count: units - half },
  ];
}

/** The orders in which programs stack the gates of a cell, and how one is taken for another. */
import type { DialectId, RecurrentLayer } from '../model/network';

type Gated = Extract<RecurrentLayer['type'], 'lstm' | 'gru'>;

/** Gates in PyTorch's order: the order of the weights in here. */
const OWN: Record<Gated, string> = { lstm: 'ifgo', gru: 'rzn' };

interface Known {
  readonly order: string;
  readonly text: string;
}

const KNOWN: Record<Gated, readonly Known[]> = {
  lstm: [
    { order: 'ifgo', text: "the gates in PyTorch's and Keras's order i, f, g, o" },
    { order: 'iofg', text: "the gates in ONNX's order i, o, f, c" },
    { order: 'igfo', text: "the gates in TensorFlow 1's order i, j, f, o" },
  ],
  gru: [
    { order: 'rzn', text: "the gates in PyTorch's order r, z, n" },
    { order: 'zrn', text: "the gates in Keras's and ONNX's order z, r, h" },
  ],
};

/** The orders in which dialects other than PyTorch's have their gates. */
const OF_DIALECT: Partial<Record<DialectId, Partial<Record<Gated, string>>>> = {
  keras: { gru: 'zrn' },
  tfjs: { gru: 'zrn' },
  rtneural: { gru: 'zrn' },
  onnx: { lstm: 'iofg', gru: 'zrn' },
  ml5: { lstm: 'igfo' },
};

export interface GateOrder {
  readonly text: string;
  /** Whether a program is known that has it. */
  readonly known: boolean;
  /** For each of PyTorch's gates in turn, its place among the gates as they were read. */
  readonly places: readonly number[];
}

/** Every order but the one that the file was read in. */
export function otherOrders(type: Gated, dialect: DialectId): GateOrder[] {
  const read = OF_DIALECT[dialect]?.[type] ?? OWN[type];
  const known = KNOWN[type];
  const others = permutations(OWN[type])
    .filter((order) => !known.some((one) => one.order === order))
    .map((order) => ({ order, text: `the gates in the order ${[...order].join(', ')}` }));
  return [...known, ...others]
    .filter(({ order }) => order !== read)
    .map(({ order, text }) => ({
      text,
      known: known.some((one) => one.order === order),
      places: [...OWN[type]].map((gate) => OWN[type].indexOf(read[order.indexOf(gate)])),
    }));
}

function permutations(letters: string): string[] {
  if (letters.length <= 1) return [letters];
  return [...letters].flatMap((letter) =>
    permutations(letters.replace(letter, '')).map((rest) => letter + rest),
  );
}

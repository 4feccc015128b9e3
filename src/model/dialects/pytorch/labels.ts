/** What the names of matrices and biases say of a cell that has them gate by gate. */

/** The gates by PyTorch's letters; `h` is all of a cell's, or the only sum that a plain RNN has. */
export type Gate = 'i' | 'f' | 'g' | 'o' | 'r' | 'z' | 'n' | 'h';

export interface Label {
  /** What the matrix multiplies: the input, the state, or, where the name does not say, both. */
  readonly part: 'x' | 'h' | undefined;
  /** As the name has it; the candidates of LSTM and GRU share some of their letters. */
  readonly gate: string;
  /** The matrix' letter, where W stands for the input's and U or R for the state's. */
  readonly letter?: 'w' | 'u';
  /** Matrices of one cell are named in one way. */
  readonly style: 'two' | 'matrix' | 'one' | 'words' | 'bias';
}

const LETTER = '[ifgcorznuh]';
const WORDS: Readonly<Record<string, string>> = {
  ...{ forget: 'f', input: 'i', output: 'o', cell: 'c', candidate: 'c', cell_candidate: 'c' },
  ...{ reset: 'r', update: 'z', new: 'n' },
};
const WORD = Object.keys(WORDS).join('|');
const PART = '(x|h|input|hidden|state)';

/** `ii`, `hf`, `if_`; `W_xi`, `weight_hf`, `x2h`, `linear_ii`. */
const TWO_LETTERS = new RegExp(`^(?:(?:w|weight|linear|lin|fc|dense)_?)?([xih])_?2?_?(${LETTER})_?$`);
/** `W_f`, `Uf`, `R_z`. */
const MATRIX = new RegExp(`^([wur])_?(${LETTER})$`);
/** `linear_f`, `gate_f`, `f_gate`. */
const ONE_LETTER = new RegExp(
  `^(?:(?:linear|lin|fc|dense|gate)_?(${LETTER})|(${LETTER})_?(?:gate|linear|layer))$`,
);
/** `forget_gate`, `x_forget_gate`, `update_gate_h`. */
const IN_WORDS = new RegExp(
  `^(?:${PART}_)?(${WORD})(?:_gate)?(?:_(?:layer|linear|fc))?(?:_${PART})?(?:_(?:layer|linear|fc))?$`,
);
const BIAS = new RegExp(`^b(?:ias)?_?([xih](?=_?${LETTER}))?_?(${LETTER})$`);

/** Undefined if the name is of no gate's matrix. */
export function matrixLabel(name: string): Label | undefined {
  const plain = plainLabel(name);
  const two = TWO_LETTERS.exec(plain);
  if (two) return { part: two[1] === 'h' ? 'h' : 'x', gate: two[2], style: 'two' };
  const matrix = MATRIX.exec(plain);
  if (matrix)
    return { part: undefined, gate: matrix[2], letter: matrix[1] === 'w' ? 'w' : 'u', style: 'matrix' };
  const one = ONE_LETTER.exec(plain);
  if (one) return { part: undefined, gate: one[1] ?? one[2], style: 'one' };
  const words = IN_WORDS.exec(plain);
  if (!words) return undefined;
  return { part: partOf(words[1] ?? words[3]), gate: WORDS[words[2]], style: 'words' };
}

/** As `matrixLabel`, of a bias that stands by itself: `b_f`, `b_hi`, `bias_z`. */
export function biasLabel(name: string): Label | undefined {
  const found = BIAS.exec(plainLabel(name));
  if (!found) return undefined;
  return {
    part: found[1] === undefined ? undefined : found[1] === 'h' ? 'h' : 'x',
    gate: found[2],
    style: 'bias',
  };
}

function partOf(word: string | undefined): Label['part'] {
  if (word === undefined) return undefined;
  return word === 'x' || word === 'input' ? 'x' : 'h';
}

/** In lower case, with underscores in place of capitals inside. */
function plainLabel(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** Letters under which each gate goes, PyTorch's own first. */
const LETTERS: Readonly<Record<'lstm' | 'gru', readonly (readonly [Gate, string])[]>> = {
  lstm: [
    ['i', 'i'],
    ['f', 'f'],
    ['g', 'gc'],
    ['o', 'o'],
  ],
  gru: [
    ['r', 'r'],
    ['z', 'zu'],
    ['n', 'nhcg'],
  ],
};

/** The cell that has exactly these gates, and the letter of each in PyTorch's order; undefined if none has. */
export function cellOf(
  letters: ReadonlySet<string>,
): { readonly type: 'lstm' | 'gru'; readonly gates: readonly string[] } | undefined {
  for (const type of ['lstm', 'gru'] as const) {
    const gates = LETTERS[type].map(([, all]) => [...all].filter((letter) => letters.has(letter)));
    if (letters.size === gates.length && gates.every((found) => found.length === 1)) {
      return { type, gates: gates.flat() };
    }
  }
  return undefined;
}

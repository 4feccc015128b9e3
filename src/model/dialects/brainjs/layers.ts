/**
 * The layers of brain.js's recurrent networks. A hidden layer is one cell, its matrices named by gate (brain.js,
 * src/recurrent/rnn.ts, lstm.ts and gru.ts); a network of characters begins with a table of rows, one per character.
 */
import { say } from '../../../words/say';
import { entries, pathOf, quote } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { INPUT, type Layer } from '../../network';
import type { Report } from '../../report';
import { decodeMatrix, hasSize, type Matrix } from './matrices';

export type CellType = 'rnn' | 'lstm' | 'gru';

/** Per gate, in PyTorch's order (LSTM i, f, g, o; GRU r, z, n), the matrices of x, of h and of the bias. */
const GATE_MATRICES: Record<CellType, readonly (readonly [string, string, string])[]> = {
  rnn: [['weight', 'transition', 'bias']],
  lstm: [
    ['inputMatrix', 'inputHidden', 'inputBias'],
    ['forgetMatrix', 'forgetHidden', 'forgetBias'],
    ['cellActivationMatrix', 'cellActivationHidden', 'cellActivationBias'],
    ['outputMatrix', 'outputHidden', 'outputBias'],
  ],
  gru: [
    ['resetGateInputMatrix', 'resetGateHiddenMatrix', 'resetGateBias'],
    ['updateGateInputMatrix', 'updateGateHiddenMatrix', 'updateGateBias'],
    ['cellWriteInputMatrix', 'cellWriteHiddenMatrix', 'cellWriteBias'],
  ],
};

export const CELL_TYPES = Object.keys(GATE_MATRICES) as CellType[];

/** What a layer of the file becomes: for each of its parameters, by PyTorch's name, the matrices stacked in it. */
export interface Read {
  readonly layer: Layer;
  readonly parameters: ReadonlyMap<string, readonly Matrix[]>;
}

const MAX_SIZE = 65_536;

/** What kind of cell a hidden layer is, by its matrices' names; undefined, reported, if it is none. */
export function cellTypeOf(node: JsonNode, report: Report): CellType | undefined {
  const matrices = entries(node, report);
  if (!matrices) return undefined;
  const type = CELL_TYPES.find((candidate) => matrices.has(GATE_MATRICES[candidate][0][0]));
  if (type) return type;
  const signs = CELL_TYPES.map(
    (known) => say`${quote(GATE_MATRICES[known][0][0])} of ${known.toUpperCase()}`,
  );
  const found = [...matrices.keys()].slice(0, 5).map(quote).join(', ') || say`none`;
  const message = say`${pathOf(node)}: expected the matrices of a cell (${signs.join(', ')}), found ${found}`;
  report.error(node, 'unsupported-layer', message);
  return undefined;
}

/** The table of a network of characters. */
export function readTable(node: JsonNode, report: Report): Read | undefined {
  const table = decodeMatrix(node, report);
  if (!table || !isOfSize(table, report)) return undefined;
  const { rows, columns } = table;
  const name = 'embedding';
  return {
    layer: {
      ...{ name, inputs: [INPUT], type: 'embedding', numEmbeddings: rows },
      ...{ inputSize: 1, outputSize: columns },
    },
    parameters: new Map([[`${name}.weight`, [table]]]),
  };
}

/** A hidden layer on top of `before`, or on the network's input; undefined, with errors reported, if it is faulty. */
export function readCell(
  node: JsonNode,
  type: CellType,
  before: Layer | undefined,
  name: string,
  report: Report,
): Read | undefined {
  const known = entries(node, report);
  if (!known) return undefined;
  const names = GATE_MATRICES[type];
  const matrices = names.map((gate) => gate.map((key) => matrixAt(known, key, node, report)));
  for (const [key, value] of known) {
    if (names.some((gate) => gate.includes(key))) continue;
    report.warning(
      value,
      'unused-tensor',
      say`${pathOf(value)} is no matrix of ${type.toUpperCase()}, and is not used`,
    );
  }
  const [first] = matrices[0];
  if (!first || matrices.flat().includes(undefined) || !isOfSize(first, report)) return undefined;
  const units = first.rows;
  const inputSize = before?.outputSize ?? first.columns;
  const gates = matrices as Matrix[][];
  const sizes = [inputSize, units, 1];
  const fits = gates.map((gate) => gate.map((matrix, k) => hasSize(matrix, units, sizes[k], report)));
  if (!fits.flat().every(Boolean)) return undefined;
  const base = { name, inputs: [before?.name ?? INPUT], inputSize, outputSize: units, hiddenSize: units };
  return {
    layer: cellLayer(type, base),
    parameters: new Map(
      ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0'].map((parameter, k) => [
        `${name}.${parameter}`,
        gates.map((gate) => gate[k]),
      ]),
    ),
  };
}

/** What turns the last hidden layer's state into scores: `outputConnector` and, its bias, `output`. */
export function readHead(
  connector: JsonNode,
  output: JsonNode,
  before: Layer,
  activation: 'softmax' | 'none',
  report: Report,
): Read | undefined {
  const weight = decodeMatrix(connector, report);
  const bias = decodeMatrix(output, report);
  if (!weight || !bias || !isOfSize(weight, report)) return undefined;
  const { rows } = weight;
  const fits = [hasSize(weight, rows, before.outputSize, report), hasSize(bias, rows, 1, report)];
  if (!fits.every(Boolean)) return undefined;
  const name = 'output';
  return {
    layer: {
      ...{ name, inputs: [before.name], inputSize: before.outputSize, outputSize: rows },
      ...{ type: 'linear', bias: true, activation },
    },
    parameters: new Map([
      [`${name}.weight`, [weight]],
      [`${name}.bias`, [bias]],
    ]),
  };
}

function cellLayer(
  type: CellType,
  base: Pick<Layer, 'name' | 'inputs' | 'inputSize' | 'outputSize'> & { readonly hiddenSize: number },
): Layer {
  const common = {
    ...{ ...base, levels: 1, bias: true, returnSequences: true },
    ...({ directions: ['forward'], merge: 'concat', fixed: ['bias_hh'] } as const),
  };
  switch (type) {
    case 'rnn':
      return { ...common, type, nonlinearity: 'relu' };
    case 'lstm':
      return { ...common, type, projSize: 0, keeps: 'output' };
    case 'gru':
      return { ...common, type, resetAfter: false };
  }
}

function matrixAt(
  known: ReadonlyMap<string, JsonNode>,
  key: string,
  node: JsonNode,
  report: Report,
): Matrix | undefined {
  const value = known.get(key);
  if (value) return decodeMatrix(value, report);
  report.error(node, 'missing-tensor', say`${pathOf(node)}: the matrix ${quote(key)} is missing`);
  return undefined;
}

/** Few enough to multiply. */
function isOfSize({ node, rows, columns }: Matrix, report: Report): boolean {
  if (Math.max(rows, columns) <= MAX_SIZE) return true;
  const message = say`${pathOf(node)}: expected at most ${MAX_SIZE} rows and columns, found ${rows} × ${columns}`;
  report.error(node, 'too-large', message);
  return false;
}

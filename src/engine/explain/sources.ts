/** Where the numbers that a layer reads come from, by name. */
import {
  INPUT,
  type Layer,
  type Network,
  type NetworkInput,
  type RecurrentLayer,
  isRecurrent,
  stateSize,
} from '../../model/network';
import type { Sequence } from '../../model/samples';
import { type UnitAddress, signalText } from '../../model/signalText';
import { stepOfRow } from '../../model/time';
import { lastRowOf } from '../handed';
import type { LayerTrace, Trace } from '../trace';

export interface Origin {
  /** A feature's name, a token, or a unit of a signal. */
  readonly from: string;
  readonly at?: UnitAddress;
}

/** Numbers that stand side by side in a row and come from one place. */
export interface Piece {
  readonly width: number;
  /** The token that all of them together stand for. */
  readonly token?: (row: number) => Origin;
  readonly unit: (k: number, row: number) => Origin;
}

/** What is read from; the trace is that of the sequence. */
export interface Read {
  readonly network: Network;
  readonly sequence: Sequence;
  readonly trace: Pick<Trace, 'steps' | 'layers'>;
}

/** What a layer gives, or the network's input. */
export function piecesOf(read: Read, name: string): Piece[] {
  const { network, sequence } = read;
  const layer = network.layers.find((one) => one.name === name);
  if (!layer) return [inputPiece(INPUT, network.input, sequence)];
  if (isRecurrent(layer)) return recurrentPieces(read, layer);
  switch (layer.type) {
    case 'input':
      return [inputPiece(name, layer.input, sequence.more!.get(name)!)];
    case 'embedding': {
      const [{ token }] = piecesOf(read, layer.inputs[0]);
      return [{ ...ownPiece(read, layer), token }];
    }
    case 'dropout':
      return piecesOf(read, layer.inputs[0]);
    case 'merge':
      return layer.mode === 'concatenate'
        ? layer.inputs.flatMap((input) => onRows(read, input))
        : [ownPiece(read, layer)];
    default:
      return [ownPiece(read, layer)];
  }
}

/** What level `level` of a recurrent layer reads. */
export function piecesReadBy(read: Read, layer: Layer, level: number): Piece[] {
  return isRecurrent(layer) && level > 0
    ? hiddenPieces(read, layer, level - 1, (row) => row)
    : piecesOf(read, layer.inputs[0]);
}

function inputPiece(name: string, input: NetworkInput, sequence: Sequence): Piece {
  const at = (k: number, step: number) => ({
    ...({ layer: name, level: 0, direction: 'forward', signal: 'x' } as const),
    ...{ unit: k, step },
  });
  if (input.kind === 'token') {
    const token = (row: number): Origin => ({
      from: sequence.kind === 'token' ? sequence.tokens[row] : String(row),
      at: at(0, row),
    });
    const { vocabulary } = input;
    return {
      ...{ width: input.encoding === 'one_hot' ? vocabulary.length : 1, token },
      unit: (k, row) => ({ from: vocabulary[k], at: at(0, row) }),
    };
  }
  const columns = sequence.kind === 'vector' ? sequence.table?.columns : undefined;
  const own = (k: number) => (name === INPUT ? `x[${k}]` : `${name}.x[${k}]`);
  return {
    width: input.size,
    unit: (k, row) => ({ from: input.features?.[k] ?? columns?.[k]?.name ?? own(k), at: at(k, row) }),
  };
}

function recurrentPieces(read: Read, layer: RecurrentLayer): Piece[] {
  const { rows } = traceOf(read, layer, layer.levels - 1, layer.directions[0]).signals[0];
  const together = layer.merge === 'concat' || layer.directions.length === 1;
  const pieces = hiddenPieces(read, layer, layer.levels - 1, (row, direction) => {
    if (!layer.returnSequences) return lastRowOf(direction, rows);
    return layer.reverseOutput ? rows - 1 - row : row;
  });
  return together ? pieces : pieces.slice(0, 1);
}

function hiddenPieces(
  read: Read,
  layer: RecurrentLayer,
  level: number,
  rowOf: (row: number, direction: LayerTrace['direction']) => number,
): Piece[] {
  return layer.directions.map((direction) => {
    const place = { layer: layer.name, level, direction, signal: 'h' };
    const signal = traceOf(read, layer, level, direction).signals.find((one) => one.signal === 'h')!;
    return {
      width: stateSize(layer),
      unit: (unit, row) => ({
        from: `${signalText(place, layer)}[${unit}]`,
        at: { ...place, unit, step: stepOfRow(read.trace, signal, rowOf(row, direction)) },
      }),
    };
  });
}

function ownPiece(read: Read, layer: Layer): Piece {
  const place = { layer: layer.name, level: 0, direction: 'forward', signal: 'y' } as const;
  const [signal] = traceOf(read, layer, 0, 'forward').signals;
  return {
    width: layer.outputSize,
    unit: (unit, row) => ({
      from: `${layer.name}.y[${unit}]`,
      at: { ...place, unit, step: stepOfRow(read.trace, signal, row) },
    }),
  };
}

/** The pieces of an input of several, a single row of which goes with every row. */
function onRows(read: Read, name: string): Piece[] {
  const rows = read.trace.layers.find(({ layer }) => layer === name)?.signals[0].rows;
  const layer = read.network.layers.find((one) => one.name === name);
  const single = rows === 1 || (layer && isRecurrent(layer) && !layer.returnSequences);
  const pieces = piecesOf(read, name);
  if (!single) return pieces;
  return pieces.map(({ width, token, unit }) => ({
    ...{ width, token: token && (() => token(0)) },
    unit: (k) => unit(k, 0),
  }));
}

function traceOf(
  { trace }: Read,
  { name }: Layer,
  level: number,
  direction: LayerTrace['direction'],
): LayerTrace {
  return trace.layers.find(
    (one) => one.layer === name && one.level === level && one.direction === direction,
  )!;
}

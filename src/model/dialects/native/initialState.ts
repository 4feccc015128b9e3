/** The key `initial_state`: what a recurrent layer begins with. */
import { say } from '../../../words/say';
import {
  Fields,
  integer,
  listOf,
  nonEmptyString,
  oneOf,
  pathOf,
  quote,
  valueAt,
  type Decoder,
} from '../../json/decode';
import type { JsonNode } from '../../json/node';
import {
  isRecurrent,
  sameStates,
  type Direction,
  type FinalStateLayer,
  type HandedState,
  type InitialState,
  type JoinedRows,
  type Layer,
  type Merge,
  type RecurrentLayer,
  type SignalAddress,
} from '../../network';
import type { Report } from '../../report';
import {
  finalStateAt,
  finalStateFault,
  handedFault,
  statePartsOf,
  statePlaces,
  type StatePart,
} from '../../states';

/** More states than anyone puts together, few enough to look each of them up. */
const MAX_JOINED = 4096;

/** What the reading layer says of itself. */
export type Reader = Pick<RecurrentLayer, 'type' | 'levels' | 'directions'>;

/** More than anyone stacks, few enough to list. */
export const MAX_LEVELS = 1000;

/** Undefined for zeros, and if it is faulty, which is reported. */
export function initialState(reader: Reader): Decoder<InitialState | undefined> {
  return (node, report) => {
    if (node.type !== 'object' && node.type !== 'array') {
      return oneOf('zeros', 'learned')(node, report) === 'learned' ? { kind: 'learned' } : undefined;
    }
    const whole = wholeLayer(node);
    if (whole) return handed(wholeState(whole, reader, report));
    if (node.type === 'array') return handed(listOf(stateOf(reader.type), 1)(node, report));
    const state = stateOf(reader.type)(node, report);
    return handed(state && [state]);
  };
}

function handed(states: readonly HandedState[] | undefined): InitialState | undefined {
  return states && { kind: 'handed', states };
}

/** The value of "layer" where that is the only key: its states level by level, direction by direction. */
function wholeLayer(node: JsonNode): JsonNode | undefined {
  return node.type === 'object' && node.children?.length === 1 ? valueAt(node, 'layer') : undefined;
}

function wholeState(node: JsonNode, reader: Reader, report: Report): HandedState[] | undefined {
  const layer = nonEmptyString(node, report);
  if (layer === undefined) return undefined;
  return statePlaces(reader).map((place) => finalStateAt(reader.type, { ...place, layer }));
}

/** Of one level and direction: "zeros", states as they are joined, or h and c apart. */
function stateOf(type: Reader['type']): Decoder<HandedState> {
  return (node, report) => {
    if (node.type !== 'object') return oneOf('zeros')(node, report) && {};
    if (valueAt(node, 'h') || valueAt(node, 'c')) {
      const fields = Fields.of(node, report, ['h', 'c']);
      const h = fields?.optional('h', joined('h', ['signal']));
      const c = fields?.optional('c', joined('c', ['signal']));
      return fields && { ...(h && { h }), ...(c && { c }) };
    }
    const rows = joined('h', [])(node, report);
    const parts = statePartsOf(type).map((part) => [part, rows && withSignal(rows, part)] as const);
    return rows && (Object.fromEntries(parts) as HandedState);
  };
}

function withSignal({ merge, of }: JoinedRows, signal: StatePart): JoinedRows {
  return { merge, of: of.map((address) => ({ ...address, signal })) };
}

/** Rows of signals; `more` are keys that an address may have. */
function joined(part: StatePart, more: readonly string[]): Decoder<JoinedRows> {
  return (node, report) => {
    const one = address(part, more);
    if (!valueAt(node, 'of')) {
      const found = one(node, report);
      return found && { merge: 'concat', of: [found] };
    }
    const fields = Fields.of(node, report, ['merge', 'of']);
    const merge = fields?.optional('merge', oneOf<Merge>('concat', 'sum', 'mul', 'ave')) ?? 'concat';
    const of = fields?.required('of', atMost(MAX_JOINED, listOf(one, 1)));
    return of && { merge, of };
  };
}

/** A list that is not decoded at all if it is longer. */
function atMost<T>(most: number, list: Decoder<T>): Decoder<T> {
  return (node, report) => {
    const { length } = node.children ?? [];
    if (node.type !== 'array' || length <= most) return list(node, report);
    const message = say`${pathOf(node)}: expected at most ${most}, found ${length}`;
    report.schemaError(node, 'wrong-value', message);
    return undefined;
  };
}

function address(part: StatePart, more: readonly string[]): Decoder<SignalAddress> {
  return (node, report) => {
    const fields = Fields.of(node, report, ['layer', 'level', 'direction', ...more]);
    const layer = fields?.required('layer', nonEmptyString);
    const signal = fields?.optional('signal', oneOf('h', 'c', 'y')) ?? part;
    return fields && layer !== undefined ? { layer, ...statePlace(fields), signal } : undefined;
  };
}

/** The keys `level` and `direction`. */
export function statePlace(fields: Fields): Pick<SignalAddress, 'level' | 'direction'> {
  const level = fields.optional('level', integer(0, MAX_LEVELS - 1)) ?? 0;
  const direction = fields.optional('direction', oneOf<Direction>('forward', 'backward')) ?? 'forward';
  return { level, direction };
}

/** Reports what is handed on but does not fit; `at` is the value of the key. */
export function checkInitialState(
  layer: RecurrentLayer,
  at: JsonNode,
  layers: ReadonlyMap<string, Layer>,
  report: Report,
): void {
  const find = (name: string) => layers.get(name);
  const whole = wholeLayer(at)?.value as string | undefined;
  const source = whole === undefined ? undefined : find(whole);
  if (source && !(isRecurrent(source) && sameStates(layer, source))) {
    const message = say`${pathOf(at)}: expected a layer of type "${layer.type}" with the same sizes, levels and directions as ${quote(layer.name)}, found ${quote(source.name)}, which differs; states of other layers are handed on one by one`;
    report.error(at, 'size-mismatch', message);
    return;
  }
  const fault = handedFault(layer, find);
  if (fault) report.error(at, 'size-mismatch', `${pathOf(at)}: ${fault}`);
}

/** Reports a layer that reads a state which its input does not have; `at` is the value of the key `input`. */
export function checkFinalState(
  layer: FinalStateLayer,
  at: JsonNode,
  layers: ReadonlyMap<string, Layer>,
  report: Report,
): void {
  const fault = finalStateFault(layer, layers.get(layer.inputs[0]));
  if (fault) report.error(at, 'wrong-input', say`layer ${quote(layer.name)}: ${fault}`);
}

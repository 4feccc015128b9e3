/** States that layers hand to the beginning of others, such as an encoder's to a decoder. */
import { cellFacts } from '../cells';
import { say } from '../words/say';
import { counted, quote } from './json/decode';
import {
  type Direction,
  type FinalStateLayer,
  type HandedState,
  type JoinedRows,
  type Layer,
  type RecurrentLayer,
  type SignalAddress,
  isRecurrent,
  sameStates,
  stateSize,
} from './network';

export type StatePart = keyof HandedState;

/** The levels of a layer, and of each its directions: the order of `InitialState.states`. */
export function statePlaces({
  levels,
  directions,
}: Pick<RecurrentLayer, 'levels' | 'directions'>): Pick<SignalAddress, 'level' | 'direction'>[] {
  return Array.from({ length: levels }, (_, level) =>
    directions.map((direction) => ({ level, direction })),
  ).flat();
}

/** h, and c of an LSTM. */
export function statePartsOf(type: RecurrentLayer['type']): readonly StatePart[] {
  return cellFacts({ type }).states;
}

/** What is handed to one level and direction; nothing if the layer begins with something else. */
export function handedTo(layer: RecurrentLayer, level: number, direction: Direction): HandedState {
  if (layer.initialState?.kind !== 'handed') return {};
  const { states } = layer.initialState;
  return states[level * layer.directions.length + layer.directions.indexOf(direction)];
}

/** Every signal that is handed to a layer; none to one that begins with something else. */
export function signalsHandedTo(
  layer: Layer | Pick<RecurrentLayer, 'initialState'>,
): readonly SignalAddress[] {
  if (!('initialState' in layer) || layer.initialState?.kind !== 'handed') return [];
  return layer.initialState.states.flatMap(({ h, c }) => [...(h?.of ?? []), ...(c?.of ?? [])]);
}

/** Every last row that a layer reads beside its inputs' rows. */
export function signalsReadBy(layer: Layer): readonly SignalAddress[] {
  return layer.type === 'final_state' ? [addressOf(layer)] : signalsHandedTo(layer);
}

/** The final state of one level and direction, as it is. */
export function finalStateAt(
  type: RecurrentLayer['type'],
  place: Pick<SignalAddress, 'layer' | 'level' | 'direction'>,
): HandedState {
  const rows = (signal: StatePart): JoinedRows => ({ merge: 'concat', of: [{ ...place, signal }] });
  return Object.fromEntries(statePartsOf(type).map((part) => [part, rows(part)]));
}

/** The layer like `layer` whose final state, level by level and direction by direction, is all that is handed to it. */
export function handedWhole(layer: RecurrentLayer, layers: readonly Layer[]): string | undefined {
  if (layer.initialState?.kind !== 'handed') return undefined;
  const [source] = signalsHandedTo(layer);
  const like = layers.find(({ name }) => name === source?.layer);
  if (!like || !sameStates(layer, like)) return undefined;
  const whole = statePlaces(layer).map((place) =>
    finalStateAt(layer.type, { ...place, layer: source.layer }),
  );
  return JSON.stringify(whole.map(inOrder)) === JSON.stringify(layer.initialState.states.map(inOrder))
    ? source.layer
    : undefined;
}

/** The same facts as a list, whatever the order of keys. */
function inOrder({ h, c }: HandedState) {
  return [h, c].map((rows) => rows && [rows.of.length > 1 && rows.merge, rows.of.map(addressKey)]);
}

export function addressKey({ layer, level, direction, signal }: SignalAddress): string {
  return JSON.stringify([layer, level, direction, signal]);
}

/** Where a layer's row comes from. */
export function addressOf({ inputs: [layer], level, direction, signal }: FinalStateLayer): SignalAddress {
  return { layer, level, direction, signal };
}

export function rowOf(layer: FinalStateLayer): JoinedRows {
  return { merge: 'concat', of: [addressOf(layer)] };
}

/** Why a layer cannot give what `source` ends in, in words that follow its name; undefined if it can. */
export function finalStateFault(layer: FinalStateLayer, source: Layer | undefined): string | undefined {
  if (!source) return say`expected a recurrent layer before it, found an input`;
  const fault = addressFault(source, addressOf(layer));
  if (fault) return say`${quote(source.name)}, of type "${source.type}", ${fault}`;
  const units = signalWidth(source, layer.signal);
  return units === layer.outputSize ? undefined : say`expected ${units} outputs, found ${layer.outputSize}`;
}

/** A layer that something is handed to. */
type HandedReader = Pick<RecurrentLayer, 'type' | 'levels' | 'directions' | 'hiddenSize' | 'initialState'> & {
  readonly projSize?: number;
};

/**
 * Why a layer cannot begin with what is handed to it, in words that follow its name; undefined if it can. `find` gives
 * the layers that may hand something on.
 */
export function handedFault(
  layer: HandedReader,
  find: (name: string) => Layer | undefined,
): string | undefined {
  if (layer.initialState?.kind !== 'handed') return undefined;
  const { states } = layer.initialState;
  const places = statePlaces(layer);
  if (states.length !== places.length) {
    return say`expected ${counted(places.length, 'initial state')}, one for each level and direction, found ${states.length}`;
  }
  for (const [k, state] of states.entries()) {
    for (const part of ['h', 'c'] as const) {
      const rows = state[part];
      const fault = rows && rowsFault(layer, part, rows, find);
      if (!fault) continue;
      const { level, direction } = places[k];
      const where = places.length > 1 ? say` of level ${level}, ${direction}` : '';
      return say`the initial ${WORDS[part]}${where}: ${fault}`;
    }
  }
  return undefined;
}

const WORDS = { h: say`hidden state h`, c: say`cell state c` };

function rowsFault(
  layer: HandedReader,
  part: StatePart,
  { merge, of }: JoinedRows,
  find: (name: string) => Layer | undefined,
): string | undefined {
  if (!statePartsOf(layer.type).includes(part)) return say`a layer of type "${layer.type}" has none`;
  const widths: number[] = [];
  for (const address of of) {
    const source = find(address.layer);
    if (!source) return say`${quote(address.layer)} does not stand before it`;
    const fault = addressFault(source, address);
    if (fault) return say`${quote(address.layer)}, of type "${source.type}", ${fault}`;
    widths.push(signalWidth(source, address.signal));
  }
  const { hiddenSize, projSize = 0 } = layer;
  const expected = part === 'h' && projSize > 0 ? projSize : hiddenSize;
  const sum = widths.reduce((a, b) => a + b, 0);
  const fits = merge === 'concat' ? sum === expected : widths.every((width) => width === expected);
  if (fits && of.length > 0) return undefined;
  const names = [...new Set(of.map((address) => quote(address.layer)))].join(', ');
  const found = widths.join(merge === 'concat' ? ' + ' : ', ') || '0';
  return say`expected ${counted(expected, 'unit')}${merge === 'concat' || of.length === 1 ? '' : say` each`}, found ${found} from ${names || say`no layer`}`;
}

/** Why a layer has no such signal to hand on. */
function addressFault(layer: Layer, { signal, level, direction }: SignalAddress): string | undefined {
  const recurrent = isRecurrent(layer);
  const signals = recurrent ? statePartsOf(layer.type) : ['y'];
  if (layer.type === 'input') return say`is an input of the network`;
  if (!(signals as readonly string[]).includes(signal)) {
    return signal === 'c'
      ? say`has no cell state c`
      : say`has no ${quote(signal)}, only ${signals.join(say` and `)}`;
  }
  if (level < 0 || level >= (recurrent ? layer.levels : 1)) return say`has no level ${level}`;
  const directions: readonly Direction[] = recurrent ? layer.directions : ['forward'];
  return directions.includes(direction) ? undefined : say`has no ${direction} direction`;
}

/** Units of h, c or y. */
function signalWidth(layer: Layer, signal: string): number {
  if (!isRecurrent(layer)) return layer.outputSize;
  return signal === 'h' ? stateSize(layer) : layer.hiddenSize;
}

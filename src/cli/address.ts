/** Signals as the command line names them: LAYER[.LEVEL][.DIRECTION].SIGNAL. */
import {
  type Direction,
  INPUT,
  type Layer,
  type Network,
  type SignalAddress,
  isRecurrent,
} from '../model/network';
import { didYouMean } from '../model/near';
import { EXIT, Failure, oneLine } from './output';

const BEHIND_LAYER = /^\.(?:(\d+)\.)?(?:(forward|backward)\.)?(\w+)$/;

/** Fails, naming the layers there are, if the text names none; whether it has the signal is told by the trace. */
export function signalAddress(network: Network, option: string, text: string): SignalAddress {
  const layer = layerOf(network, text);
  const name = layer?.name ?? (text.startsWith(`${INPUT}.`) ? INPUT : undefined);
  if (name === undefined) {
    const known = [INPUT, ...network.layers.map((one) => one.name)];
    const [word] = text.split('.');
    const message = `${option} ${text}: expected LAYER.SIGNAL of one of the layers ${known.join(', ')}, found ${word || 'none'}${didYouMean(word, known)}`;
    throw new Failure(EXIT.usage, oneLine(message));
  }
  const found = BEHIND_LAYER.exec(text.slice(name.length));
  if (!found) {
    const message = `${option} ${text}: expected [.LEVEL][.DIRECTION].SIGNAL after ${name}, found ${text.slice(name.length)}`;
    throw new Failure(EXIT.usage, oneLine(message));
  }
  const [, level, direction, signal] = found;
  return {
    ...{ layer: name, level: Number(level ?? 0), signal },
    direction: (direction as Direction | undefined) ?? firstDirection(layer),
  };
}

/** The layer whose name begins the text; the longest one, since a name may hold dots. */
export function layerOf(network: Network, text: string): Layer | undefined {
  return network.layers
    .filter(({ name }) => text.startsWith(`${name}.`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** Where none is named. */
export function firstDirection(layer: Layer | undefined): Direction {
  return layer && isRecurrent(layer) ? layer.directions[0] : 'forward';
}

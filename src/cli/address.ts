/** Signals in options of the command line: LAYER[.LEVEL][.DIRECTION].SIGNAL. */
import { INPUT, type Network, type SignalAddress } from '../model/network';
import { SIGNAL_OF_LAYER, directionOf, layerOf, layerWord } from '../whatIf/address';
import { EXIT, Failure, oneLine } from './output';

const SIGNAL = new RegExp(`^${SIGNAL_OF_LAYER}$`);

/** Fails, naming the layers there are, if the text names none; whether it has the signal is told by the trace. */
export function signalAddress(network: Network, option: string, text: string): SignalAddress {
  const layer = layerOf(network, text);
  const name = layer?.name ?? (text.startsWith(`${INPUT}.`) ? INPUT : undefined);
  const found = name && SIGNAL.exec(text.slice(name.length));
  if (!found) {
    const fault = (name === undefined && layerWord(network, text).fault) || behindLayer(text, name);
    throw new Failure(EXIT.usage, oneLine(`${option} ${text}: ${fault}`));
  }
  const [, level, direction, signal] = found;
  return { layer: name, level: Number(level ?? 0), direction: directionOf(layer, direction), signal };
}

function behindLayer(text: string, name = ''): string {
  return `expected [.LEVEL][.DIRECTION].SIGNAL after ${name || text}, found ${text.slice(name.length) || 'none'}`;
}

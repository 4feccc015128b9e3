/** Signals in words. */
import { isRecurrent, type Network, type SignalAddress } from '../model/network';
import { signalName } from '../unroll/equations';
import { visible } from '../unroll/mermaid';
import { fill, words } from './words';

/** `forget gate f, lstm, level 1, backward`. */
export function signalInWords(network: Network, address: SignalAddress): string {
  const layer = network.layers.find(({ name }) => name === address.layer);
  const parts = [`${signalName(network, address)} ${address.signal}`];
  if (layer) parts.push(visible(layer.name));
  if (layer && isRecurrent(layer)) {
    if (layer.levels > 1) parts.push(fill(words.level, address.level));
    if (layer.directions.length > 1) parts.push(words[address.direction]);
  }
  return parts.join(', ');
}

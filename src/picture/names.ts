/** Signals, units and tokens in words. */
import { isRecurrent, type Network, type SignalAddress } from '../model/network';
import { outputNames, outputReading } from '../model/outputs';
import { outputLayer } from '../model/partial';
import { signalName } from '../unroll/equations';
import { visible } from '../unroll/mermaid';
import { tokenText } from './text';
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

/** A unit of the output in words: its name, else its number. */
export function outputNamer(network: Network): (unit: number) => string {
  const whole = outputLayer(network).name === network.layers[network.layers.length - 1].name;
  const named = outputReading(network) !== 'numbers' || network.outputLabels !== undefined;
  const names = whole && named ? outputNames(network) : null;
  return (unit) => (names?.[unit] === undefined ? fill(words.output, unit) : quoted(names[unit]));
}

/** A token in quotation marks, blanks and control characters made visible. */
export function quoted(token: string): string {
  return fill(words.quoted, visible(tokenText(token)));
}

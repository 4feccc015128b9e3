/** Signals, units and outputs in words. */
import { inputOf, isRecurrent, type Network, type NetworkInput, type SignalAddress } from '../model/network';
import { outputNames, outputReading } from '../model/outputs';
import { outputLayer } from '../model/partial';
import { signalName } from '../unroll/equations';
import { visible } from '../unroll/mermaid';
import { fitText, tokenText } from './text';
import { fill, words } from './words';

/** Of a sample in a title. */
const SAMPLE = 24;

/** Of a picture: `model.json · first sample · what is shown`; `sample` is null for what is none. */
export function pictureTitle(
  fileName: string,
  sample: string | null | undefined,
  ...shown: string[]
): string {
  return [fileName, ...(sample ? [fitText(sample, SAMPLE)] : []), ...shown].join(' · ');
}

/** `forget gate f, lstm, level 1, backward`. */
export function signalInWords(network: Network, address: SignalAddress): string {
  return [`${signalName(network, address)} ${address.signal}`, ...layerInWords(network, address)].join(', ');
}

/** The layer, with level and direction where there is more than one. */
export function layerInWords(network: Network, { layer: name, level, direction }: SignalAddress): string[] {
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (!layer) return [];
  const parts = [visible(name)];
  if (!isRecurrent(layer)) return parts;
  if (layer.levels > 1) parts.push(fill(words.level, level));
  if (layer.directions.length > 1) parts.push(words[direction]);
  return parts;
}

/** A unit by its name where the file gives one, else by its number. */
export function unitInWords(network: Network, { layer, signal }: SignalAddress, unit: number): string {
  const names =
    signal === 'x'
      ? featuresOf(inputOf(network, layer))
      : layer === network.layers.at(-1)?.name && signal === 'y'
        ? network.outputLabels
        : undefined;
  return names?.[unit] === undefined ? fill(words.unit, unit) : quoted(names[unit]);
}

/** A unit of the output in words: its name, else its number. */
export function outputNamer(network: Network): (unit: number) => string {
  const whole = outputLayer(network).name === network.layers[network.layers.length - 1].name;
  const named = outputReading(network) !== 'numbers' || network.outputLabels !== undefined;
  const names = whole && named ? outputNames(network) : null;
  return (unit) => (names?.[unit] === undefined ? fill(words.output, unit) : quoted(names[unit]));
}

function featuresOf(input: NetworkInput): readonly string[] | undefined {
  return input.kind === 'vector' ? input.features : undefined;
}

/** A token in quotation marks, blanks and control characters made visible. */
export function quoted(token: string): string {
  return fill(words.quoted, visible(tokenText(token)));
}

/** Signals of a network as people write them: LAYER.LEVEL.direction.SIGNAL. */
import { type Direction, INPUT, type Layer, type Network, isRecurrent } from '../model/network';
import { didYouMean } from '../model/near';
import { say } from '../words/say';

/** LEVEL. direction. SIGNAL, after a layer's name and a dot. */
export const SIGNAL_OF_LAYER = String.raw`\.(?:(\d+)\.)?(?:(forward|backward)\.)?(\w+)`;

/** The layer whose name begins the text; the longest one, since a name may hold dots. */
export function layerOf(network: Network, text: string): Layer | undefined {
  return network.layers
    .filter(({ name }) => text.startsWith(`${name}.`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

export function directionOf(layer: Layer | undefined, written: string | undefined): Direction {
  if (written !== undefined) return written as Direction;
  return layer && isRecurrent(layer) ? layer.directions[0] : 'forward';
}

/** The word that stands where a layer should, and what is wrong with it if no layer has that name. */
export function layerWord(
  network: Network,
  text: string,
): { readonly word: string; readonly fault?: string } {
  const known = [INPUT, ...network.layers.map((layer) => layer.name)];
  const word = /^[^.[@=]*/.exec(text)![0];
  if (known.includes(word)) return { word };
  const found = say`found ${word || say`none`}${didYouMean(word, known)}`;
  return { word, fault: say`expected one of the layers ${known.join(', ')}, ${found}` };
}

/** Signals to be exported, as people write them: `input`, `output`, LAYER[.LEVEL][.DIRECTION][.SIGNAL]. */
import { INPUT, SIGNALS, type Direction, type Network } from '../model/network';
import { didYouMean } from '../model/near';
import { layerOf } from '../whatIf/address';
import { OUTPUT, type SignalChoice } from './exported';

/** What may stand after a layer's name: what is left out is all there is of it. */
const PART = /^(?:\.(\d+))?(?:\.(forward|backward))?(?:\.([a-z]\w*))?$/i;

/** What the text names, or what is wrong with it. */
export function signalChoice(
  network: Network,
  text: string,
):
  | { readonly choice: SignalChoice; readonly fault?: undefined }
  | { readonly choice?: undefined; readonly fault: string } {
  const whole = [INPUT, ...network.layers.map(({ name }) => name), OUTPUT];
  if (whole.includes(text)) return { choice: { layer: text } };
  if (text === `${INPUT}.x`) return { choice: { layer: INPUT, signal: 'x' } };
  const layer = layerOf(network, text);
  if (!layer)
    return {
      fault: `expected one of ${whole.join(', ')}, found ${text || 'none'}${didYouMean(text, whole)}`,
    };
  const found = PART.exec(text.slice(layer.name.length));
  if (!found)
    return {
      fault: `expected [.LEVEL][.DIRECTION][.SIGNAL] after ${layer.name}, found ${text.slice(layer.name.length)}`,
    };
  const [, level, direction, signal] = found;
  const known = SIGNALS[layer.type];
  if (signal !== undefined && !known.includes(signal)) {
    return { fault: `${layer.name} has the signals ${known.join(', ')}, found ${signal}` };
  }
  const choice = {
    layer: layer.name,
    ...(signal !== undefined && { signal }),
    ...(level !== undefined && { level: Number(level) }),
    ...(direction !== undefined && { direction: direction as Direction }),
  };
  return { choice };
}

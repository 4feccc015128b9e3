/** `--at ADDRESS`: a unit of a signal at a step. */
import type { Asked } from '../engine/explain/ofRun';
import { INPUT, type Network } from '../model/network';
import { outputNames } from '../model/outputs';
import { SIGNAL_OF_LAYER, directionOf, layerOf, layerWord } from '../whatIf/address';
import { EXIT, Failure, oneLine } from './output';

const AT = new RegExp(String.raw`^${SIGNAL_OF_LAYER}(?:\[(.+)\])?(?:@(\d+))?$`, 's');

/** Fails, naming what it could not read, for text that is no address. */
export function parseAt(network: Network, text: string): Asked {
  const layer = layerOf(network, text);
  const fail = (message: string) => new Failure(EXIT.usage, `--at ${oneLine(`${text}: ${message}`)}`);
  const wanted = 'expected .SIGNAL, then [UNIT] and @STEP where wanted';
  if (!layer) {
    const { word, fault } = layerWord(network, text);
    if (word === INPUT) throw fail(`${INPUT} is given: nothing adds up to it`);
    throw fail(fault ?? `after ${word}: ${wanted}; found ${text.slice(word.length) || 'none'}`);
  }
  const rest = text.slice(layer.name.length);
  const found = AT.exec(rest);
  if (!found) throw fail(`after ${layer.name}: ${wanted}; found ${rest}`);
  const [, level, direction, signal, unit, step] = found;
  return {
    ...{ layer: layer.name, level: Number(level ?? 0), direction: directionOf(layer, direction), signal },
    ...(unit !== undefined && { unit: unitOf(network, layer.name, unit, fail) }),
    ...(step !== undefined && { step: Number(step) }),
  };
}

/** A number, or the name of a unit of the output. */
function unitOf(network: Network, layer: string, text: string, fail: (message: string) => Failure): number {
  if (/^\d+$/.test(text)) return Number(text);
  const { layers } = network;
  const labels = layer === layers[layers.length - 1].name ? outputNames(network) : null;
  const unit = labels?.indexOf(text) ?? -1;
  if (unit >= 0) return unit;
  throw fail(
    `expected a unit as a whole number${labels ? ' or the name of a class' : ''} in [ ], found ${text}`,
  );
}

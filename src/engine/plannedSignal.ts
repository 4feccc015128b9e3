/** Signals that a run will have, found by what a user calls them. */
import { INPUT, type Network, type SignalAddress } from '../model/network';
import { didYouMean } from '../model/near';
import { idleLayers, notRun, type Lengths } from '../model/partial';
import { signalText } from '../model/signalText';
import { say } from '../words/say';
import type { PlannedLayer } from './plan';

export interface PlannedSignal {
  /** The signal's name in messages. */
  readonly where: string;
  readonly found: PlannedLayer;
  readonly signal: PlannedLayer['signals'][number];
}

/**
 * Throws RangeError, naming what there is, for a layer, level, direction or signal that the run does not have. `more` gives
 * signals of a layer beside those of the trace; `idle` says what cannot be done with a layer that does not run.
 */
export function plannedSignal(
  network: Network,
  lengths: Lengths,
  planned: readonly PlannedLayer[],
  address: SignalAddress,
  idle: string,
  more: (layer: PlannedLayer) => PlannedLayer['signals'] = () => [],
): PlannedSignal {
  const { layer: name, level, direction } = address;
  const ofLayer = planned.filter(({ layer }) => layer.name === name);
  const where = signalText(address, ofLayer[0]?.layer);
  if (ofLayer.length === 0) {
    const cause = idleLayers(network, lengths.more).get(name);
    if (cause) throw new RangeError(`${where}: ${idle}: ${notRun(cause)}`);
    const known = [INPUT, ...network.layers.map((layer) => layer.name)];
    throw new RangeError(
      say`${where}: expected one of the layers ${known.join(', ')}, found ${name}${didYouMean(name, known)}`,
    );
  }
  const found = ofLayer.find((one) => one.level === level && one.direction === direction);
  if (!found) {
    const known = ofLayer.map((one) => say`level ${one.level} ${one.direction}`).join(', ');
    throw new RangeError(say`${where}: expected ${known}, found level ${level} ${direction}`);
  }
  const signals = [...found.signals, ...more(found)];
  const signal = signals.find((one) => one.signal === address.signal);
  if (!signal) {
    const known = signals.map((one) => one.signal).join(', ');
    throw new RangeError(say`${where}: expected one of the signals ${known}, found ${address.signal}`);
  }
  return { where, found, signal };
}

/** What the pictures of the output over time share. */
import type { Network } from '../../../src/model/network';
import type { OutputReading } from '../../../src/model/outputs';
import { outputLayer } from '../../../src/model/partial';
import type { Moment } from '../../feature';
import { outputNames, quoted } from '../../shared/signals';
import { fill } from '../../shared/words';
import type { Own } from './state';
import { words } from './words';

/** One of the pictures over time. */
export interface TimePane {
  readonly element: HTMLElement;
  /** False where it has nothing to show. */
  render(now: Moment<Own>, network: Network, reading: OutputReading): boolean;
}

/** A unit of the output in words: its name, else its number. */
export function namer(network: Network, reading: OutputReading): (unit: number) => string {
  const whole = outputLayer(network).name === network.layers[network.layers.length - 1].name;
  const names = whole && (reading !== 'numbers' || network.outputLabels) ? outputNames(network) : null;
  return (unit) => (names?.[unit] === undefined ? fill(words.unit, unit) : quoted(names[unit]));
}

/** What the pictures of the output over time share. */
import type { Network } from '../../../src/model/network';
import type { OutputReading } from '../../../src/model/outputs';
import type { Moment } from '../../feature';
import type { Own } from './state';

/** One of the pictures over time. */
export interface TimePane {
  readonly element: HTMLElement;
  /** False where it has nothing to show. */
  render(now: Moment<Own>, network: Network, reading: OutputReading): boolean;
}

/** What the pictures of the output over time share. */
import type { Network } from '../../../src/model/network';
import type { OutputReading } from '../../../src/model/outputs';
import type { Theme } from '../../../src/picture/colour/color';
import type { Sheet } from '../../../src/picture/svgText';
import type { Moment } from '../../feature';
import type { Own } from './state';

/** One of the pictures over time. */
export interface TimePane {
  readonly element: HTMLElement;
  /** The picture over time, on a text; null where it is not shown. */
  drawn(title: string, theme: Theme): Sheet | null;
  /** False where it has nothing to show. */
  render(now: Moment<Own>, network: Network, reading: OutputReading): boolean;
}

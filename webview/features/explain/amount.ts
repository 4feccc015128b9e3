/** How much a gate lets through, in words. */
import { words } from './words';

const AMOUNTS = [
  [0.05, words.nothing],
  [0.2, words.little],
  [0.4, words.third],
  [0.6, words.half],
  [0.8, words.twoThirds],
  [0.95, words.most],
] as const;

/** `share` from 0 to 1. */
export function amountInWords(share: number): string {
  return AMOUNTS.find(([below]) => share < below)?.[1] ?? words.all;
}

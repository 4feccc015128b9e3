import { TOLERANCE } from '../verify';
import type { Values } from './command';
import { EXIT, Failure, oneLine } from './output';

/** What `--tolerance` says: the largest absolute difference that is none. */
export function toleranceOf({ tolerance }: Values): number {
  if (tolerance === undefined) return TOLERANCE;
  const value = tolerance === '' ? NaN : Number(tolerance);
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new Failure(EXIT.usage, `--tolerance takes a number from 0, found ${oneLine(String(tolerance))}`);
}

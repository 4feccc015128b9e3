/** How much memory a command may take. */
import type { Values } from './command';
import { DEFAULT_LIMITS } from '../model/dialects/dialect';
import { inUnits, limitInWords, type Limits } from '../model/memory';
import { wholeNumber } from './arguments';
import { EXIT, Failure } from './output';

/** What `--memory` says, in megabytes as of the editor's setting. */
export function limitsOf(values: Values): Limits {
  const megabytes = wholeNumber(values, 'memory', 1);
  const memory = megabytes === undefined ? DEFAULT_LIMITS.memory : megabytes * 2 ** 20;
  return { memory, raisedBy: '--memory MB' };
}

/** Fails, with `advice` if there is any, if something would take more memory than the limit. */
export function demandMemory(values: Values, what: string, bytes: number, advice?: string): void {
  const limits = limitsOf(values);
  if (bytes <= limits.memory) return;
  const message = `${what} would take ${inUnits(bytes)} of memory; the limit is ${limitInWords(limits)}`;
  throw new Failure(EXIT.input, advice === undefined ? message : `${message}: ${advice}`);
}

import { format } from 'node:util';

/** Begins each line that the tests print, among all that an extension host logs. */
export const MARK = '[test] ';

/** As `console.log`, from a test. */
export function say(...args: unknown[]): void {
  console.log(MARK + format(...args));
}

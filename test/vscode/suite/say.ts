import { format } from 'node:util';

/** Begins each line that the tests print, among all that an extension host logs. */
export const MARK = '[test] ';

/** Begins the line with the counts of a run, where no file can be written. */
export const COUNTS = '[counts] ';

/** As `console.log`, from a test. */
export function say(...args: unknown[]): void {
  console.log(MARK + format(...args));
}

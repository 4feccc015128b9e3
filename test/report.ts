/** A mocha reporter that prints as `spec` does, with the errors of tests tried again, and adds the counts to those in the file that GATESCOPE_REPORT names. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export interface Report {
  readonly passed: number;
  readonly failed: number;
}

export default class FileReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(Mocha.Runner.constants.EVENT_TEST_RETRY, (test: Mocha.Test, error: Error) => {
      console.log(`    tried again: ${test.title}: ${error.stack}`);
    });
    runner.once('end', () => {
      addToReport({ passed: this.stats.passes, failed: this.stats.failures });
    });
  }
}

/** Adds to what the file has that GATESCOPE_REPORT names. */
export function addToReport({ passed, failed }: Report): void {
  const file = process.env.GATESCOPE_REPORT;
  if (!file) return;
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
  const sum: Report = { passed: passed + (before?.passed ?? 0), failed: failed + (before?.failed ?? 0) };
  writeFileSync(file, JSON.stringify(sum));
}

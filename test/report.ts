/** A mocha reporter that prints as `spec` does, with the errors of tests tried again, and writes the counts to the file that GATESCOPE_REPORT names. */
import { writeFileSync } from 'node:fs';
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
      const file = process.env.GATESCOPE_REPORT;
      const report: Report = { passed: this.stats.passes, failed: this.stats.failures };
      if (file) writeFileSync(file, JSON.stringify(report));
    });
  }
}

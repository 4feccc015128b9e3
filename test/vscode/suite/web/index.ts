/** Entry of the suite that runs inside the extension host of a web worker: the same tests, in one file. */
import 'mocha/mocha.js';
import { COUNTS, say } from '../say';

export async function run(): Promise<void> {
  const { failures, passes } = await runMocha().catch((error: Error) => {
    say(error.stack);
    throw error;
  });
  console.log(COUNTS + JSON.stringify({ passed: passes, failed: failures }));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

async function runMocha(): Promise<Mocha.Stats> {
  mocha.setup({ ui: 'bdd', color: false, timeout: 30_000 });
  mocha.reporter(Mocha.reporters.Spec);
  Mocha.reporters.Base.consoleLog = say;
  await import('all-tests');
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
  });
}

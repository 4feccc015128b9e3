/** Entry of the suite that runs inside the extension host: every `*.test.js` beside it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say';

export async function run(): Promise<void> {
  const failures = await runMocha().catch((error: Error) => {
    say(error.stack);
    throw error;
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

async function runMocha(): Promise<number> {
  const { default: Mocha } = await import('mocha');
  const { default: reporter } = await import('../../report');
  Mocha.reporters.Base.consoleLog = say;
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, reporter });
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith('.test.js')) mocha.addFile(join(__dirname, file));
  }
  await mocha.loadFilesAsync();
  return new Promise((resolve) => mocha.run(resolve));
}

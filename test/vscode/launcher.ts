/**
 * A program with the face of `code`, over the server build and a headless browser:
 *
 *   launcher.js --extensionDevelopmentPath=PATH --extensionTestsPath=PATH [--extensionDevelopmentKind=web]
 *       [--extensions-dir=PATH] FOLDER
 *
 * It opens FOLDER with the extension under development, runs the tests in the extension host, prints what they
 * say, and exits with their exit code. Other flags of `code` are accepted and ignored.
 */
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { addToReport, type Report } from '../report';
import type { Host } from './server';
import { COUNTS, MARK } from './suite/say';
import { openWorkbench, type Workbench } from './workbench';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string' },
      extensionTestsPath: { type: 'string' },
      extensionDevelopmentKind: { type: 'string' },
      'extensions-dir': { type: 'string' },
    },
  });
  const { extensionDevelopmentPath, extensionTestsPath, extensionDevelopmentKind } = values as Record<
    string,
    string | undefined
  >;
  const extensionsDir = values['extensions-dir'] as string | undefined;
  const [folder] = positionals;
  if (!extensionDevelopmentPath || !extensionTestsPath || !folder) {
    console.error('usage: launcher.js --extensionDevelopmentPath=PATH --extensionTestsPath=PATH FOLDER');
    return 2;
  }
  const host: Host = extensionDevelopmentKind === 'web' ? 'web' : 'node';
  let finish: (code: number) => void;
  const finished = new Promise<number>((resolve) => (finish = resolve));
  const seen: { workbench?: Workbench; host: Host } = { host: 'node' };
  // Asked with every line, since the worker may be gone once the tests are through.
  const look = async () => {
    if ((await seen.workbench?.hostOfExtension()) === 'web') seen.host = 'web';
  };
  const prepare = async (page: Page) => {
    // The two functions by which the workbench reports to the program that automates it.
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      print(args);
      return look();
    });
    await page.exposeFunction('codeAutomationExit', (code: number) => finish(code));
    page.on('crash', () => finish(1));
  };
  const workbench = await openWorkbench(
    { folder, extensionDevelopmentPath, extensionTestsPath },
    { prepare, host, extensionsDir },
  );
  seen.workbench = workbench;
  const code = await finished;
  await look();
  await workbench.close();
  if (seen.host !== host) {
    throw new Error(`expected the extension in the host "${host}", found it in "${seen.host}"`);
  }
  return code;
}

/** Prints the tests' own lines; the rest is the workbench talking to itself. */
function print(args: readonly unknown[]): void {
  const [first] = args;
  if (typeof first !== 'string') return;
  if (first.startsWith(MARK)) console.log(first.slice(MARK.length));
  if (first.startsWith(COUNTS)) addToReport(JSON.parse(first.slice(COUNTS.length)) as Report);
}

process.on('SIGINT', () => process.exit(130));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

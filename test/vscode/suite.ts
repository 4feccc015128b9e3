/** Runs the suite inside the extension host of a real VS Code. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { CACHE, EXAMPLES, ROOT } from './paths';

/**
 * Linux runs the server build, which needs no display; elsewhere `runTests` downloads the desktop program.
 * GATESCOPE_VSCODE=desktop or =server decides otherwise.
 */
const kind = process.env.GATESCOPE_VSCODE ?? (process.platform === 'linux' ? 'server' : 'desktop');

async function main(): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const workspace = mkdtempSync(join(CACHE, 'workspace-'));
  try {
    cpSync(EXAMPLES, workspace, { recursive: true });
    await runTests({
      vscodeExecutablePath: kind === 'server' ? join(__dirname, 'launcher.js') : undefined,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: join(ROOT, 'out/vscode/suite/index.js'),
      launchArgs: [workspace],
    });
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

/** Runs the suite inside the extension host of a real VS Code. */
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { ROOT } from './paths';
import { createWorkspace } from './workspace';

/**
 * Linux runs the server build, which needs no display; elsewhere `runTests` downloads the desktop program.
 * GATESCOPE_VSCODE=desktop or =server decides otherwise.
 */
const kind = process.env.GATESCOPE_VSCODE ?? (process.platform === 'linux' ? 'server' : 'desktop');

async function main(): Promise<void> {
  const workspace = createWorkspace();
  try {
    await runTests({
      vscodeExecutablePath: kind === 'server' ? join(__dirname, 'launcher.js') : undefined,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: join(ROOT, 'out/vscode/suite/index.js'),
      launchArgs: [workspace.folder],
    });
  } finally {
    workspace.remove();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

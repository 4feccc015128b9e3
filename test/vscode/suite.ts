/**
 * Runs the suite inside both extension hosts of a real VS Code, Node and a web worker; `--host node` or `--host web` runs
 * one.
 */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { installMemory } from './memory/install';
import { ROOT } from './paths';
import type { Host } from './server';
import { createWorkspace, PYTORCH_FIXTURES } from './workspace';

/**
 * Linux runs the server build, which needs no display; elsewhere `runTests` downloads the desktop program.
 * GATESCOPE_VSCODE=desktop or =server decides otherwise.
 */
const kind = process.env.GATESCOPE_VSCODE ?? (process.platform === 'linux' ? 'server' : 'desktop');

/** The suite of each extension host. */
const SUITES: Readonly<Record<Host, string>> = { node: 'out/vscode/suite/index.js', web: 'out/web/suite.js' };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { host: { type: 'string' } } });
  const hosts = (['node', 'web'] as const).filter((host) => !values.host || host === values.host);
  if (hosts.length === 0) throw new TypeError(`expected --host node or web, found ${values.host}`);
  for (const host of hosts) await runIn(host);
}

async function runIn(host: Host): Promise<void> {
  console.log(`In the extension host ${host === 'web' ? 'of a web worker' : 'of Node'}:`);
  const workspace = createWorkspace();
  const extensions = join(ROOT, 'out/extensions');
  installMemory(extensions, {
    models: PYTORCH_FIXTURES,
    keras: join(ROOT, 'test/fixtures/kerasfiles/legacy'),
  });
  symlinkSync(join(ROOT, 'package.json'), workspace.path('outside.json'));
  try {
    await runTests({
      vscodeExecutablePath: kind === 'server' ? join(__dirname, 'launcher.js') : undefined,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: join(ROOT, SUITES[host]),
      launchArgs: [
        ...(host === 'web' ? ['--extensionDevelopmentKind=web'] : []),
        `--extensions-dir=${extensions}`,
        workspace.folder,
      ],
    });
  } finally {
    workspace.remove();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

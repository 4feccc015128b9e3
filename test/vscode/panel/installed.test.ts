/** The packaged extension, installed as a user does and without the sources. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from '../paths';
import { provision } from '../provision';
import { openWorkbench, type Workbench } from '../workbench';
import { createWorkspace, type Workspace } from '../workspace';
import { assertCard, expected } from './rig';

describe('the packaged extension', () => {
  let scratch: string;
  let workspace: Workspace;
  let workbench: Workbench | undefined;

  before(() => {
    const installation = provision();
    scratch = mkdtempSync(join(CACHE, 'installed-'));
    workspace = createWorkspace();
    const vsix = join(scratch, 'gatescope.vsix');
    execFileSync('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: ROOT, stdio: 'pipe' });
    execFileSync(
      installation.node,
      [
        installation.server,
        `--server-data-dir=${join(scratch, 'data')}`,
        `--extensions-dir=${join(scratch, 'extensions')}`,
        `--install-extension=${vsix}`,
      ],
      { stdio: 'pipe' },
    );
  });
  after(async () => {
    await workbench?.close();
    workspace.remove();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('holds what it needs and nothing else', () => {
    const [folder] = readdirSync(join(scratch, 'extensions')).filter((name) => name.startsWith('gatescope'));
    const files = readdirSync(join(scratch, 'extensions', folder));
    const wanted =
      /^(dist|media|package(\.nls.*)?\.json|readme\.md|changelog\.md|license(\.txt|\.md)?|\.vsixmanifest)$/i;
    assert.deepEqual(
      files.filter((name) => !wanted.test(name)),
      [],
    );
    // The JSON schema of each language.
    for (const texts of files.filter((name) => name.startsWith('package.nls'))) {
      const { schema } = JSON.parse(readFileSync(join(scratch, 'extensions', folder, texts), 'utf8'));
      assert.ok(existsSync(join(scratch, 'extensions', folder, schema)), `${texts}: ${schema}`);
    }
  });

  it('opens a model in the unrolled view and runs it', async () => {
    workbench = await openWorkbench(
      { folder: workspace.folder },
      { extensionsDir: join(scratch, 'extensions') },
    );
    await workbench.openFile('gru.rnn.json');
    const panel = await workbench.panel('ready');
    await panel.hasRun();
    const { layer, signals } = expected('gru').layers[0];
    const where = { layer, signal: 'r', step: 4 };
    assertCard(await panel.hover(where), signals.r[4], where);
  });
});

/** What the extension costs who does not look at it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../../bench/table';
import { ROOT } from '../paths';
import type { Workbench } from '../workbench';

export async function activation(workbench: Workbench): Promise<Row> {
  await workbench.runCommand('Developer: Show Running Extensions');
  const list = workbench.page.locator('.runtime-extensions-editor .monaco-list-rows');
  const row = list.locator('.extension', { hasText: 'Gatescope' });
  // Only the rows on screen exist: scroll from the end, where the quickest extensions are, until ours is there.
  await list.locator('.extension').first().waitFor();
  await list.hover();
  for (let tries = 0; tries < 150 && (await row.count()) === 0; tries++) {
    await workbench.page.mouse.wheel(0, tries % 50 === 0 ? 100_000 : -200);
    await workbench.page.waitForTimeout(50);
  }
  const text = await row.locator('.activation-time').innerText();
  return {
    what: 'activation, as VS Code measures it',
    value: Number(/(\d+)\s*ms/.exec(text)?.[1]),
    unit: 'ms',
    aim: 30,
  };
}

export function sizes(): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-bench-'));
  const vsix = join(folder, 'gatescope.vsix');
  execFileSync('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: ROOT, stdio: 'pipe' });
  const size = (file: string) => statSync(file).size / 1000;
  const rows = [
    {
      what: 'host code loaded by activation',
      value: size(join(ROOT, 'dist/extension.js')),
      unit: 'kB',
      aim: 400,
    },
    { what: 'vsix', value: size(vsix), unit: 'kB', aim: 2000 },
  ];
  rmSync(folder, { recursive: true });
  return rows;
}

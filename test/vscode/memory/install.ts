/** Installs the extension that has files in memory. */
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from '../paths';

/** Into a folder of extensions; `folders` are what its files are, by the names that they get there. */
export function installMemory(extensions: string, folders: Readonly<Record<string, string>>): void {
  const folder = join(extensions, 'gatescope-test.memory-1.0.0');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const source = join(ROOT, 'test/vscode/memory');
  buildSync({
    entryPoints: [join(source, 'extension.ts')],
    outdir: folder,
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    external: ['vscode'],
  });
  copyFileSync(join(source, 'package.json'), join(folder, 'package.json'));
  for (const [name, from] of Object.entries(folders)) {
    cpSync(from, join(folder, 'files', name), { recursive: true });
  }
}

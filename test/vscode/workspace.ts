import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from './paths';

export interface Workspace {
  readonly folder: string;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): void;
  remove(): void;
}

export const PYTORCH_FIXTURES = join(ROOT, 'test/fixtures/pytorch');

/** A fresh folder with the models of the PyTorch fixtures: what VS Code opens in the tests. */
export function createWorkspace(): Workspace {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'workspace-'));
  cpSync(PYTORCH_FIXTURES, folder, {
    recursive: true,
    filter: (source) => !/\.(py|expected\.json)$/.test(source),
  });
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    write: (name, content) => writeFileSync(path(name), content),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

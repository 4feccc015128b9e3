import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

/** Builds the engine's second thread from source into a file that goes with this process, and returns its name. */
export function buildWorker(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatescope-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = path.join(folder, 'thread.cjs');
  const entry = path.join(import.meta.dirname, '../src/platform/worker.ts');
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs' });
  return outfile;
}

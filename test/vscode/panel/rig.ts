/** What the panel tests share: a workbench for each file of tests, a workspace of fixtures, PyTorch's numbers. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from '../paths';
import type { Host, ServerOptions } from '../server';
import { openWorkbench, type Card, type NodeAddress, type Panel, type Workbench } from '../workbench';
import { createWorkspace, PYTORCH_FIXTURES, type Workspace } from '../workspace';

export interface Rig {
  workbench: Workbench;
  workspace: Workspace;
}

/** The extension host in which the panel tests run: GATESCOPE_HOST=web for a web worker. */
export const HOST: Host = process.env.GATESCOPE_HOST === 'web' ? 'web' : 'node';

export interface RigOptions extends Pick<ServerOptions, 'language' | 'restricted'> {
  /** Called with the workspace before VS Code opens it; may say what is opened instead, and where extensions are installed. */
  readonly prepare?: (workspace: Workspace) => { readonly folder?: string; readonly extensionsDir?: string };
}

/**
 * Opens VS Code before the tests of a `describe` and closes it after them, having made sure in which extension host they
 * ran; a failed test leaves a picture.
 */
export function useVSCode(
  settings: Record<string, unknown> = {},
  { prepare, ...options }: RigOptions = {},
): Rig {
  const rig = {} as Rig;
  before(async () => {
    rig.workspace = createWorkspace();
    const { folder = rig.workspace.folder, extensionsDir } = prepare?.(rig.workspace) ?? {};
    const size = { width: 1680, height: 1000 };
    rig.workbench = await openWorkbench(
      { folder, extensionDevelopmentPath: ROOT },
      { settings, host: HOST, size, extensionsDir, ...options },
    );
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    const folder = join(CACHE, 'failures');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${this.currentTest.fullTitle().replace(/\W+/g, '-')}.png`);
    await rig.workbench.screenshot(file);
    console.log(`      picture: ${file}`);
  });
  after(async () => {
    if (rig.workbench) assert.equal(await rig.workbench.hostOfExtension(), HOST, 'the extension host');
  });
  after(async () => {
    await rig.workbench?.close();
    rig.workspace?.remove();
  });
  return rig;
}

/** Opens a model in the unrolled view and waits for its first run. */
export async function openRun(rig: Rig, name: string): Promise<Panel> {
  await rig.workbench.openFile(name);
  const panel = await rig.workbench.panel('ready');
  await panel.hasRun();
  return panel;
}

/** As `openRun`, of a file that search does not find. */
export async function openUri(rig: Rig, uri: string): Promise<Panel> {
  await rig.workbench.openUri(uri);
  const panel = await rig.workbench.panel('ready');
  await panel.hasRun();
  return panel;
}

type Signals = Readonly<Record<string, readonly (readonly number[])[]>>;

export interface Expected {
  readonly steps: number;
  readonly layers: readonly {
    readonly layer: string;
    readonly type: string;
    readonly level: number;
    readonly direction: 'forward' | 'backward';
    readonly signals: Signals;
  }[];
}

/** What PyTorch computed for a fixture. */
export function expected(fixture: string): Expected {
  return JSON.parse(readFileSync(join(PYTORCH_FIXTURES, `${fixture}.expected.json`), 'utf8')) as Expected;
}

export const TOLERANCE = 1e-5;

export function assertClose(actual: number, wanted: number, what: string): void {
  const close = Math.abs(actual - wanted) <= TOLERANCE;
  assert.ok(close, `${what}: expected ${wanted} within ${TOLERANCE}, found ${actual}`);
}

/** Compares a card, all its figures, with a vector that PyTorch computed. */
export function assertCard(card: Card, vector: readonly number[], where: NodeAddress): void {
  const what = `${where.layer} ${where.level ?? 0} ${where.direction ?? 'forward'} ${where.signal} at ${where.step}`;
  assert.equal(card.values.length, vector.length, `${what}: units`);
  vector.forEach((value, unit) => assertClose(card.values[unit], value, `${what}, unit ${unit}`));
  assertClose(card.mean, vector.reduce((sum, value) => sum + value, 0) / vector.length, `${what}, mean`);
  assertClose(card.min, Math.min(...vector), `${what}, min`);
  assertClose(card.max, Math.max(...vector), `${what}, max`);
}

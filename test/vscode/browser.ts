/** Finds, unpacks and starts the browser in which the workbench is shown. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];

/** A Chrome or Chromium of the machine that starts, if there is one. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(
    (file) => existsSync(file) && spawnSync(file, ['--version'], { timeout: 20_000 }).status === 0,
  );
}

/** Unpacks the Chromium of `@sparticuz/chromium`, which goes to the temporary folder, to `folder`/browser. */
export function unpackBrowser(folder: string): void {
  const target = join(folder, 'browser');
  mkdirSync(target);
  const { status } = spawnSync(
    process.execPath,
    ['-e', "import('@sparticuz/chromium').then((m) => m.default.executablePath())"],
    { cwd: folder, env: { ...process.env, TMPDIR: target }, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) throw new Error('the headless Chromium could not be unpacked');
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    // Chromium's own sandbox needs privileges that containers and root do not have.
    chromiumSandbox: false,
    args: ['--disable-quic', '--no-first-run', '--no-zygote', '--disable-gpu', '--force-color-profile=srgb'],
  });
}

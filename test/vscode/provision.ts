/**
 * A real VS Code from the npm registry: the server build that the package `code-server` ships, the Node that it
 * needs, and a headless browser where the machine has none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser, unpackBrowser } from './browser';
import { CACHE } from './paths';

export interface Installation {
  /** The Node that runs the server. */
  readonly node: string;
  /** The server's entry, `server-main.js`. */
  readonly server: string;
  /** A Chrome or Chromium. */
  readonly browser: string;
}

const NODE_PACKAGE = `node-linux-${process.arch}`;

/** Installs what is missing, saying what it does, and returns where things are. A second call finds all in place. */
export function provision(): Installation {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error(
      `the server build of VS Code runs on Linux (x64, arm64) only, not on ${process.platform} ${process.arch}: ` +
        'install desktop VS Code with its `code` command for `npm start`; ' +
        '`npm run test:vscode` downloads one by itself',
    );
  }
  const browser = findBrowser();
  const packages: Record<string, string> = { 'code-server': '4.139.1', [NODE_PACKAGE]: '24.21.0' };
  if (!browser && process.arch !== 'x64')
    throw new Error('install Chromium or Chrome first: none was found on the PATH');
  if (!browser) packages['@sparticuz/chromium'] = '147.0.0';

  const folder = join(CACHE, 'server');
  if (!isInstalled(folder, packages)) install(folder, packages);
  installLogger(folder);
  return {
    node: join(folder, 'node_modules', NODE_PACKAGE, 'bin/node'),
    server: join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
    browser: browser ?? join(folder, 'browser/chromium'),
  };
}

type Packages = Readonly<Record<string, string>>;

/** The folder gets its name only when everything in it is complete, so its manifest tells what it holds. */
function isInstalled(folder: string, packages: Packages): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return false;
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Packages };
  return Object.entries(packages).every(([name, version]) => dependencies[name] === version);
}

function install(folder: string, packages: Packages): void {
  console.log('Installing VS Code (server build) from the npm registry: about 600 MB, once …');
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const manifest = JSON.stringify({ private: true, dependencies: packages }, null, 2);
  writeFileSync(join(unfinished, 'package.json'), manifest);
  npmInstall(unfinished);
  console.log('Installing its own packages …');
  npmInstall(join(unfinished, 'node_modules/code-server/lib/vscode'));
  if ('@sparticuz/chromium' in packages) {
    console.log('Unpacking a headless Chromium …');
    unpackBrowser(unfinished);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}

/** In place of one that has to be compiled. */
function installLogger(folder: string): void {
  const logger = readFileSync(join(__dirname, 'logger.js'));
  const file = join(folder, 'node_modules/code-server/lib/vscode/node_modules/@vscode/spdlog/index.js');
  if (readFileSync(file).equals(logger)) return;
  rmSync(file);
  writeFileSync(file, logger);
}

/** Without install scripts, which want compilers; what they would build is not needed here. */
function npmInstall(folder: string): void {
  const options = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', ['install', ...options], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0)
    throw new Error(`npm install failed in ${folder}: ${error?.message ?? `exit code ${status}`}`);
}

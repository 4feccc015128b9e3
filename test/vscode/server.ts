/** Starts and stops VS Code's server on a free loopback port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './paths';
import type { Installation } from './provision';

export interface ServerOptions {
  /** A secret that every request must carry; none lets every program of this machine in. */
  readonly token?: string;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Where extensions are installed; a fresh folder by default. */
  readonly extensionsDir?: string;
  /** Which extension host Gatescope runs in; Node by default. */
  readonly host?: Host;
  /** Whether VS Code asks who is trusted, and restricts what is in a folder that nobody has trusted yet. */
  readonly restricted?: boolean;
  /** What extensions speak; the texts of VS Code itself are in English. */
  readonly language?: Language;
}

export interface Server {
  readonly port: number;
  /** Where the server keeps its data and its log; deleted by `stop`. */
  readonly data: string;
  /** The workbench's address; the rest of what `code` is told on its command line goes into `Open`. */
  address(open: Open): string;
  /** Kills the server and all that it started. */
  stop(): Promise<void>;
}

/** What the workbench opens: the counterpart of the arguments of `code`. Paths are absolute. */
export interface Open {
  /** A folder of this machine, a `*.code-workspace` file, or the URI of a folder. */
  readonly folder: string;
  readonly file?: string;
  readonly extensionDevelopmentPath?: string;
  /** A port of this machine for the inspector of the extension host; none where absent. */
  readonly inspectExtensions?: number;
  readonly extensionTestsPath?: string;
}

/** An extension host: Node, or a web worker of the browser, as on vscode.dev. */
export type Host = 'node' | 'web';

export type Language = 'en' | 'ko';

/** `extensionDevelopmentKind` in an address, which would say it, is not heeded by the built workbench. */
const IN_WORKER = {
  'remote.extensionKind': {
    'gatescope.gatescope': ['web'],
    'gatescope-test.second': ['web'],
    'gatescope-test.memory': ['web'],
  },
};

/** Opens a folder that is not trusted without a question. */
const UNTRUSTED = { 'security.workspace.trust.startupPrompt': 'never' };

/** A quiet workbench: nothing but the editor, and nothing that asks the network. */
const QUIET = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': true,
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
};

export async function startServer(installation: Installation, options: ServerOptions = {}): Promise<Server> {
  mkdirSync(CACHE, { recursive: true });
  const data = mkdtempSync(join(CACHE, 'run-'));
  const user = join(data, 'data/User');
  mkdirSync(user, { recursive: true });
  const settings = {
    ...QUIET,
    ...(options.host === 'web' && IN_WORKER),
    ...(options.restricted && UNTRUSTED),
    ...options.settings,
  };
  writeFileSync(join(user, 'settings.json'), JSON.stringify(settings, null, 2));
  if (options.language) addLanguagePack(join(data, 'data'), options.language);

  const child = spawn(
    installation.node,
    [
      installation.server,
      '--accept-server-license-terms',
      '--host=127.0.0.1',
      '--port=0',
      options.token ? `--connection-token=${options.token}` : '--without-connection-token',
      `--server-data-dir=${data}`,
      `--extensions-dir=${options.extensionsDir ?? join(data, 'extensions')}`,
      '--telemetry-level=off',
      ...(options.language ? [`--locale=${options.language}`] : []),
      ...(options.restricted ? [] : ['--disable-workspace-trust']),
      // The built workbench heeds extensionDevelopmentPath in an address only with this.
      '--enable-smoke-test-driver',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const stop = stopper(child, data);
  const log = createWriteStream(join(data, 'server.log'));
  child.stderr.pipe(log);
  child.stdout.pipe(log);
  const port = await listening(child).catch(async (error: Error) => {
    await stop();
    throw error;
  });
  return { port, data, stop, address: (open) => address(port, options.token, open) };
}

/** A language pack with no texts of VS Code's own, which stay in English: VS Code speaks no language that it has none of. */
function addLanguagePack(folder: string, language: Language): void {
  const texts = join(folder, 'texts.json');
  writeFileSync(texts, JSON.stringify({ contents: {} }));
  const extensions = [{ extensionIdentifier: { id: `test.${language}` }, version: '1.0.0' }];
  const pack = { hash: language, label: language, extensions, translations: { vscode: texts } };
  writeFileSync(join(folder, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`VS Code's server did not start within 60 s:\n${output}`)),
      60_000,
    );
    const settle = () => {
      clearTimeout(timer);
      child.stdout!.off('data', read);
    };
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (!port) return;
      settle();
      resolve(Number(port));
    };
    child.stdout!.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      settle();
      reject(new Error(`VS Code's server ended with exit code ${code}:\n${output}`));
    });
  });
}

const ENDING = ['SIGTERM', 'SIGHUP'] as const;

/** Ends the server's whole process group, also when this process ends first. */
function stopper(child: ChildProcess, data: string): () => Promise<void> {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // The group is gone already.
    }
  };
  const killNow = () => {
    kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  };
  const end = () => process.exit(1);
  process.once('exit', killNow);
  for (const signal of ENDING) process.once(signal, end);
  return async () => {
    kill('SIGTERM');
    const timer = setTimeout(() => kill('SIGKILL'), 3000);
    await exited;
    clearTimeout(timer);
    process.off('exit', killNow);
    for (const signal of ENDING) process.off(signal, end);
    killNow();
  };
}

function address(port: number, token: string | undefined, open: Open): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (open.extensionDevelopmentPath)
    payload.push(['extensionDevelopmentPath', remote(open.extensionDevelopmentPath)]);
  if (open.inspectExtensions) payload.push(['inspect-extensions', String(open.inspectExtensions)]);
  if (open.extensionTestsPath) payload.push(['extensionTestsPath', remote(open.extensionTestsPath)]);
  if (open.file) payload.push(['openFile', remote(open.file)]);
  const opened = open.folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ [opened]: open.folder, payload: JSON.stringify(payload) });
  if (token) query.set('tkn', token);
  return `http://127.0.0.1:${port}/?${query}`;
}

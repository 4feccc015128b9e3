/**
 * Builds the extension and opens a real VS Code with a model in the unrolled view:
 *
 *   npm start -- [--model FILE] [--theme dark|light|hc-dark|hc-light] [--language en|ko]
 *                [--screenshot OUT.png [--size WIDTHxHEIGHT] [--views NAME,…] [--step N] [--compare FILE]]
 *
 * The desktop program if `code` is on the PATH (unless GATESCOPE_VSCODE=server), else the server build on a loopback
 * port. With --screenshot, headless: runs the first sample, compares it with another model's, opens the views, goes to the
 * step (counted from 0), hovers a gate (unless a step is named) and saves the picture.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EXAMPLES, ROOT } from './paths';
import { provision } from './provision';
import { startServer, type Language, type Open } from './server';
import { DEFAULT_SIZE, openWorkbench, THEMES, type Panel, type Size, type Theme } from './workbench';

const USAGE =
  'usage: npm start -- [--model FILE] [--theme dark|light|hc-dark|hc-light] [--language en|ko]\n' +
  '       [--screenshot OUT.png [--size WIDTHxHEIGHT] [--views NAME,…] [--step N] [--compare FILE]]';

interface Options {
  readonly model: string;
  readonly theme?: Theme;
  readonly language?: Language;
  readonly screenshot?: string;
  readonly size: Size;
  /** Names of views of the dock. */
  readonly views: readonly string[];
  readonly step?: number;
  /** Another model. */
  readonly compare?: string;
}

async function main(): Promise<void> {
  const options = readOptions();
  build();
  const open: Open = { folder: dirname(options.model), file: options.model, extensionDevelopmentPath: ROOT };
  const settings = {
    // A file named at the start is opened before VS Code knows the extension's editors; this makes it wait for them.
    'workbench.editorAssociations': { '*.rnn.json': 'gatescope.unrolled' },
    ...(options.theme ? { 'workbench.colorTheme': THEMES[options.theme].setting } : {}),
  };
  if (options.screenshot) await takeScreenshot(open, settings, options.screenshot, options);
  else if (process.env.GATESCOPE_VSCODE !== 'server' && hasDesktop()) openDesktop(open, options);
  else await serve(open, settings, options);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', default: join(EXAMPLES, 'char-lstm.rnn.json') },
      theme: { type: 'string' },
      language: { type: 'string' },
      screenshot: { type: 'string' },
      size: { type: 'string' },
      views: { type: 'string' },
      step: { type: 'string' },
      compare: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit();
  }
  const { theme, language, screenshot, size, views, step } = values;
  const compare = values.compare && resolve(values.compare);
  const model = resolve(values.model);
  for (const file of [model, ...(compare ? [compare] : [])]) {
    if (!existsSync(file)) throw new Error(`no such model: ${file}`);
  }
  if (theme !== undefined && !(theme in THEMES)) throw new TypeError(`unknown theme ${theme}\n${USAGE}`);
  if (language !== undefined && language !== 'en' && language !== 'ko') {
    throw new TypeError(`unknown language ${language}\n${USAGE}`);
  }
  const [, width, height] =
    /^(\d+)x(\d+)$/.exec(size ?? `${DEFAULT_SIZE.width}x${DEFAULT_SIZE.height}`) ?? [];
  if (!width) throw new TypeError(`expected --size WIDTHxHEIGHT, found ${size}\n${USAGE}`);
  if (step !== undefined && !/^\d+$/.test(step)) {
    throw new TypeError(`expected --step N, found ${step}\n${USAGE}`);
  }
  return {
    model,
    theme: theme as Theme | undefined,
    language,
    screenshot: screenshot && resolve(screenshot),
    size: { width: Number(width), height: Number(height) },
    views: views?.split(',') ?? [],
    step: step === undefined ? undefined : Number(step),
    compare,
  };
}

function build(): void {
  console.log('Building the extension …');
  const { status, stderr } = spawnSync(process.execPath, ['esbuild.js'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
}

const SHELL = process.platform === 'win32';

function hasDesktop(): boolean {
  return spawnSync('code', ['--version'], { shell: SHELL }).status === 0;
}

function openDesktop({ folder, file, extensionDevelopmentPath }: Open, { language }: Options): void {
  console.log(`Starting VS Code with ${relative(ROOT, file!)} …`);
  const locale = language ? [`--locale=${language}`] : [];
  const args = [`--extensionDevelopmentPath=${extensionDevelopmentPath}`, ...locale, folder, file!];
  const { status } = spawnSync('code', args, { stdio: 'inherit', shell: SHELL });
  process.exitCode = status ?? 1;
}

async function serve(open: Open, settings: Record<string, unknown>, { language }: Options): Promise<void> {
  const installation = provision();
  console.log('Starting VS Code (server build) …');
  const token = randomBytes(16).toString('hex');
  const server = await startServer(installation, { token, settings, language });
  console.log(`\n  ${server.address(open)}\n\nOpen this address in a browser. Ctrl-C ends it.`);
  await ended();
  await server.stop();
  process.exit();
}

/** Resolves at Ctrl-C, or when npm is gone, which does not pass on what ends it to the programs that it runs. */
function ended(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && resolve(), 500);
  });
}

async function takeScreenshot(
  open: Open,
  settings: Record<string, unknown>,
  file: string,
  { size, theme, language, views, step, compare }: Options,
): Promise<void> {
  provision();
  console.log('Starting VS Code (server build), headless …');
  // Opened once VS Code is there: a file named at its start may open before the extension's editor is known.
  const { file: model, ...folder } = open;
  const quiet = { ...settings, 'git.openRepositoryInParentFolders': 'never' };
  const workbench = await openWorkbench(folder, { settings: quiet, size, language });
  try {
    await workbench.openFile(basename(model!));
    if (opensAsText(model!)) await workbench.runCommand('Gatescope: Open Unrolled View');
    await workbench.panel('ready', 'error');
    // High contrast is taken from the settings only where the system asks for it.
    if (theme) await workbench.setTheme(theme);
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    const panel = await workbench.panel('ready', 'error');
    if (await runs(panel)) {
      if (compare) {
        await workbench.runCommand('Gatescope: Compare With…');
        await workbench.pickEntry('Another model file');
        await workbench.chooseFile(compare);
        await panel.frame.locator('[data-compared]').waitFor();
      }
      for (const view of views) await openView(panel, view);
      if (step === undefined) await hoverGate(panel);
      else await panel.goTo(step);
      await settled(panel);
    }
    await workbench.screenshot(file);
    console.log(`Saved ${relative(process.cwd(), file)}`);
  } finally {
    await workbench.close();
  }
}

/** Waits for the first run, begun if it does not begin by itself; false where there is none, which the panel then says. */
async function runs(panel: Panel): Promise<boolean> {
  const run = panel.frame.locator('g[data-mean]').first();
  const waits = panel.frame.locator('.not-run:visible');
  const none = panel.frame.locator('#root[data-state="error"], .no-sequence:visible').first();
  await run.or(waits).or(none).first().waitFor();
  if (await waits.isVisible()) await waits.locator('vscode-button').click();
  await run.or(none).first().waitFor({ timeout: 600_000 });
  return run.isVisible();
}

/** Opens a view of the dock, if there is one of that name. */
async function openView({ frame }: Panel, name: string): Promise<void> {
  const names = await frame
    .locator('vscode-button[aria-controls^="view-"]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-controls')!.slice('view-'.length)));
  if (!names.includes(name)) throw new TypeError(`expected --views of ${names.join(', ')}, found ${name}`);
  await frame.locator(`vscode-button[aria-controls="view-${name}"]`).click();
  await frame.locator(`section[data-view="${name}"]:not([data-state="loading"])`).waitFor();
}

/** Waits until no view is under way, as far as that comes. */
async function settled({ frame }: Panel): Promise<void> {
  const busy = frame.locator('section[data-view][data-state="loading"]:visible, .stale:visible');
  for (let quiet = 0, tries = 0; quiet < 4 && tries < 150; tries++) {
    quiet = (await busy.count()) === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** JSON of other programs opens in the unrolled view only where that is asked for. */
function opensAsText(model: string): boolean {
  return /\.(json|nam)$/i.test(model) && !/\.rnn\.json$/i.test(model);
}

/** Hovers a gate in the third column; where it has none, any gate, else any hidden state, else any signal. */
async function hoverGate(panel: Panel): Promise<void> {
  const [, , step] = await panel.steps();
  const gate = ':is([data-signal="f"], [data-signal="z"])';
  for (const nodes of [`${gate}[data-step="${step ?? 0}"]`, gate, '[data-signal="h"]', '[data-signal]']) {
    const node = panel.frame.locator(`${nodes}[data-mean]`).first();
    if ((await node.count()) === 0) continue;
    await node.hover();
    break;
  }
  await panel.card.locator('[data-values]:not([data-values=""])').waitFor({ state: 'attached' });
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

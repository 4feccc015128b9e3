/** A run exported as a web page: opened from the disk, with no network, by a browser alone. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { seriousFaults } from '../axe';
import { launchBrowser } from '../browser';
import { CACHE, EXAMPLES, ROOT } from '../paths';
import { provision } from '../provision';
import { Panel, type NodeAddress } from '../workbench';
import { assertCard, type Expected } from './rig';

const MODEL = join(EXAMPLES, 'char-lstm.rnn.json');
const TEXT =
  'the quick brown fox jumps over the lazy dog and then it runs away from there to the river bank again';

describe('a web page of a run', () => {
  let folder: string;
  let browser: Browser;
  const asked: string[] = [];
  const faults: string[] = [];

  before(async () => {
    mkdirSync(CACHE, { recursive: true });
    folder = mkdtempSync(join(CACHE, 'alone-'));
    browser = await launchBrowser(provision().browser);
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  function cli(...args: string[]): string {
    return execFileSync(process.execPath, ['dist/cli.js', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** The file of a model's run, with these options. */
  function exported(model: string, ...options: string[]): string {
    const out = join(folder, `${options.length}.html`);
    cli('export', model, '-o', out, ...options);
    return out;
  }

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      offline: true,
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    // tsx wraps named functions in calls of this helper, also those that Playwright sends into the page.
    await context.addInitScript('globalThis.__name = (value) => value');
    const page = await context.newPage();
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    return page;
  }

  async function opened(file: string, options: BrowserContextOptions = {}): Promise<Panel> {
    const page = await newPage(options);
    asked.length = faults.length = 0;
    await page.goto(pathToFileURL(file).href);
    const panel = new Panel(page, page.mainFrame());
    await panel.hasRun();
    return panel;
  }

  it('is under 3 MB for 100 steps, asks for nothing, and steps, hovers, and shows heat map, memory and why', async () => {
    const file = exported(MODEL, '--text', TEXT);
    assert.equal(TEXT.length, 100);
    assert.ok(statSync(file).size < 3e6, `${statSync(file).size} bytes`);
    const panel = await opened(file);
    const trace = JSON.parse(cli('run', MODEL, '--text', TEXT, '--json')) as Expected;
    const { signals } = trace.layers.find(({ layer }) => layer === 'lstm')!;
    const at = (signal: string, step: number): NodeAddress => ({ layer: 'lstm', signal, step });
    assertCard(await panel.hover(at('f', 2)), signals.f[2], at('f', 2));

    await panel.goTo(12);
    await panel.node(at('c', 12)).waitFor();
    assertCard(await panel.hover(at('c', 12)), signals.c[12], at('c', 12));
    await panel.node(at('c', 12)).click();

    const heatmap = await panel.openView('heatmap');
    await panel.frame.waitForFunction(
      () => document.querySelector<HTMLElement>('section[data-view="heatmap"]')?.dataset.signal === 'c',
    );
    assert.equal(await heatmap.getAttribute('data-layer'), 'lstm');
    await panel.openView('memory');
    const why = await panel.openView('why');
    const [unit, value] = await Promise.all(
      ['data-unit', 'data-value'].map((name) => why.getAttribute(name)),
    );
    assert.ok(Math.abs(Number(value) - signals.c[12][Number(unit)]) < 1e-5, `unit ${unit}: ${value}`);

    // A click has pinned the card.
    await panel.press('Escape');
    await panel.hover(at('f', 12));
    await panel.card.getByRole('button', { name: 'stays open' }).click();
    await panel.frame.locator('[data-what-if="lstm.f=1"]').waitFor();
    const held = JSON.parse(cli('run', MODEL, '--text', TEXT, '--set', 'lstm.f=1', '--json')) as Expected;
    const changed = held.layers.find(({ layer }) => layer === 'lstm')!.signals;
    await panel.frame.locator('.progress:visible').waitFor({ state: 'hidden' });
    assertCard(await panel.hover(at('h', 12)), changed.h[12], at('h', 12));

    assert.deepEqual(asked, [pathToFileURL(file).href]);
    assert.deepEqual(faults, []);
    assert.deepEqual(await seriousFaults(panel.frame), []);
  });

  it('offers nothing that an editor would have to do', async () => {
    const panel = await opened(exported(MODEL));
    await panel.frame.locator('.samples').click();
    const samples = await panel.frame.locator('.samples vscode-option').allInnerTexts();
    const { samples: own } = JSON.parse(readFileSync(MODEL, 'utf8')) as { samples: { name: string }[] };
    assert.deepEqual(samples.map((name) => name.trim()), own.map(({ name }) => name)); // prettier-ignore
    await panel.press('Escape');
    await panel.frame.getByTitle('More actions').click();
    const menu = panel.frame.locator('[role="menuitem"]:visible');
    assert.deepEqual(await menu.allInnerTexts(), [
      'Copy Diagram as Mermaid',
      'Copy Diagram as Markdown',
      'Keys and Legend (?)',
    ]);
  });

  it('is dark or light as the browser is, or as it was asked for, and says what is chosen', async () => {
    const auto = exported(MODEL);
    const kind = (panel: Panel) => panel.frame.locator('body').getAttribute('class');
    assert.equal(await kind(await opened(auto, { colorScheme: 'light' })), 'vscode-light');
    const dark = await opened(auto, { colorScheme: 'dark' });
    assert.equal(await kind(dark), 'vscode-dark');
    assert.deepEqual(await dark.poorlyReadable(4.5), []);
    assert.deepEqual(await seriousFaults(dark.frame), []);
    const set = [
      '--theme',
      'hc-light',
      '--detail',
      'cells',
      '--signal',
      'lstm.h',
      '--set',
      'lstm.f=1',
      '--from',
      '3',
    ];
    const chosen = await opened(exported(MODEL, ...set));
    assert.equal(await kind(chosen), 'vscode-high-contrast vscode-high-contrast-light');
    await chosen.frame.locator('section[data-view="heatmap"][data-signal="h"][data-state="ready"]').waitFor();
    await chosen.frame.locator('[data-what-if="lstm.f=1"]').waitFor();
    assert.equal(await chosen.view('overview').getAttribute('data-playhead'), '3');
    assert.deepEqual(await chosen.poorlyReadable(4.5), []);
    assert.deepEqual(await seriousFaults(chosen.frame), []);
  });

  it('runs nothing of what stands in a model', async () => {
    const name = `</script></title><script>window.pwned=1</script><img src=x onerror="window.pwned=1">{{scene}}{{program}}`;
    const model = {
      ...{ format: 'rnn-model', version: 1, name, description: name },
      input: { kind: 'token', vocabulary: [name, 'b'], split: 'word' },
      layers: [
        { name, type: 'lstm', hidden_size: 3 },
        { name: 'end', type: 'linear', out_features: 2, activation: 'softmax' },
      ],
      output: { labels: [name, 'b'] },
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name, tokens: [name, 'b', name] }],
    };
    writeFileSync(join(folder, 'names.rnn.json'), JSON.stringify(model));
    const panel = await opened(exported(join(folder, 'names.rnn.json')));
    await panel.hover({ layer: name, signal: 'f', step: 1 });
    assert.ok((await panel.frame.locator('body').innerText()).includes('<script>window.pwned=1</script>'));
    assert.equal(await panel.frame.title(), name);
    const found = await panel.frame.evaluate(() => ({
      pwned: 'pwned' in window,
      images: document.querySelectorAll('img').length,
      scripts: document.querySelectorAll('script').length,
    }));
    assert.deepEqual(found, { pwned: false, images: 0, scripts: 5 });
    assert.deepEqual(faults, []);
  });

  it('runs in a frame of another page, as in a notebook, which has no say in it', async () => {
    const page = await newPage();
    const inner = readFileSync(exported(MODEL), 'utf8').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    asked.length = faults.length = 0;
    await page.setContent(`<iframe srcdoc="${inner}" width="1200" height="700"></iframe>`);
    const element = await page.locator('iframe').elementHandle();
    const panel = new Panel(page, (await element!.contentFrame())!);
    await panel.hasRun();
    await page.evaluate(() => {
      const view = { type: 'showView', view: 'memory', on: true };
      document.querySelector('iframe')!.contentWindow!.postMessage(view, '*');
    });
    const card = await panel.hover({ layer: 'lstm', signal: 'f', step: 1 });
    assert.equal(card.values.length, 64);
    await panel.goTo(3);
    await panel.hover({ layer: 'lstm', signal: 'f', step: 3 });
    assert.equal(await panel.view('memory').isVisible(), false);
    assert.ok(
      asked.every((url) => url.startsWith('about:')),
      asked.join(),
    );
    assert.deepEqual(faults, []);
  });
});

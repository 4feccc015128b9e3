/** A real VS Code on screen, handled as a person does: keys, mouse, palette. */
import type { Browser, BrowserContext, Frame, Locator, Page, Worker } from 'playwright-core';
import { launchBrowser } from './browser';
import { provision } from './provision';
import { startServer, type Host, type Language, type Open, type Server, type ServerOptions } from './server';
import { titleIn } from './titles';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle in the window, in pixels. */
type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

export const DEFAULT_SIZE: Size = { width: 1440, height: 900 };

export type Theme = 'dark' | 'light' | 'hc-dark' | 'hc-light';

/** The built-in theme of each kind: its settings value, its name in the theme picker, its class on the workbench, its kind in a webview. */
export const THEMES: Readonly<
  Record<Theme, { setting: string; label: string; className: string; kind: string }>
> = {
  dark: { setting: 'Default Dark Modern', label: 'Dark Modern', className: 'vs-dark', kind: 'vscode-dark' },
  light: { setting: 'Default Light Modern', label: 'Light Modern', className: 'vs', kind: 'vscode-light' },
  'hc-dark': {
    setting: 'Default High Contrast',
    label: 'Dark High Contrast',
    className: 'hc-black',
    kind: 'vscode-high-contrast',
  },
  'hc-light': {
    setting: 'Default High Contrast Light',
    label: 'Light High Contrast',
    className: 'hc-light',
    kind: 'vscode-high-contrast-light',
  },
};

const TIMEOUT = 30_000;

/** Of a quick pick, on the way to the one that is wanted. */
const MOST_ENTRIES = 50;

export interface WorkbenchOptions extends ServerOptions {
  readonly size?: Size;
  /** Called before the page loads. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Starts a server and a browser, and opens the workbench in it. */
export async function openWorkbench(open: Open, options: WorkbenchOptions = {}): Promise<Workbench> {
  const installation = provision();
  const server = await startServer(installation, options);
  try {
    const browser = await launchBrowser(installation.browser);
    const context = await browser.newContext({
      viewport: options.size ?? DEFAULT_SIZE,
      reducedMotion: 'reduce',
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: `http://127.0.0.1:${server.port}`,
    });
    // tsx wraps named functions in calls of this helper, also those that Playwright sends into the page.
    await context.addInitScript('globalThis.__name = (value) => value');
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
    const workbench = new Workbench(server, browser, context, page, options.language);
    await options.prepare?.(page);
    await page.goto(server.address(open));
    await workbench.loaded();
    return workbench;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** An entry of a quick pick, of a file in a folder. */
interface Entry {
  readonly label: string;
  readonly folder?: string;
}

export class Workbench {
  private knowsExtension = false;
  /** Frames of what was on screen before another file was opened: they may stay there for a moment. */
  private readonly left = new WeakSet<Frame>();

  constructor(
    readonly server: Server,
    private readonly browser: Browser,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly language: Language = 'en',
  ) {}

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  /** Resolves when the workbench takes keys and the status bar says that the extension host is connected. */
  async loaded(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.editor').waitFor();
    await this.page.locator('.statusbar-item').first().waitFor();
  }

  /** The extension host in which Gatescope is active. VS Code takes the other one, and says nothing, where it cannot be in one. */
  async hostOfExtension(): Promise<Host> {
    const marked = await Promise.all(this.page.workers().map(marksActivation));
    return marked.includes(true) ? 'web' : 'node';
  }

  /** Reloads the window as its own command does, which saves the state of the editors first. */
  async reload(): Promise<void> {
    const reloaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await reloaded;
    await this.loaded();
  }

  /** Opens the palette, types the command's title in English, and presses Enter on the entry that has exactly that title. */
  async runCommand(english: string): Promise<void> {
    const title = titleIn(this.language, english);
    await this.pick('F1', `>${title}`, { label: title });
  }

  /** Opens a file of the workspace by typing its name, or its path; `confirmed` is called at the moment of the choice. */
  async openFile(path: string, confirmed?: () => void): Promise<void> {
    const [folder, name] = [
      path.slice(0, Math.max(0, path.lastIndexOf('/'))),
      path.slice(path.lastIndexOf('/') + 1),
    ];
    await this.extensionKnown();
    await this.leaving(name, () => this.pick('Control+P', path, { label: name, folder }, confirmed));
  }

  /** Opens a file that search does not find, by its URI, with the extension that has files in memory. */
  async openUri(uri: string): Promise<void> {
    await this.extensionKnown();
    await this.leaving(uri.slice(uri.lastIndexOf('/') + 1), async () => {
      await this.runCommand('Memory: Open File…');
      await this.answer(uri);
    });
  }

  /** Opens a file, whose panel is another one than those before. */
  private async leaving(name: string, open: () => Promise<void>): Promise<void> {
    const tab = this.page.locator('.tab.active', { hasText: name });
    if ((await tab.count()) === 0) for (const frame of this.page.frames()) this.left.add(frame);
    await open();
    await tab.waitFor();
  }

  /**
   * Resolves when VS Code knows what the extension contributes. A file opened before that opens as text, and as text
   * again each time, since the list of recent files keeps the editor with the file.
   */
  private async extensionKnown(): Promise<void> {
    if (this.knowsExtension) return;
    const title = titleIn(this.language, 'Gatescope: New Model File…');
    await this.find('F1', `>${title}`, { label: title });
    await this.page.keyboard.press('Escape');
    this.knowsExtension = true;
  }

  private async pick(key: string, text: string, wanted: Entry, confirmed?: () => void): Promise<void> {
    for (let tries = 1; ; tries++) {
      const entry = await this.find(key, text, wanted);
      // Late results may move the entry: choose by the focus, not by a place on screen.
      const focused = entry.and(this.page.locator('.focused'));
      for (let keys = 0; keys < MOST_ENTRIES && (await focused.count()) === 0; keys++)
        await this.page.keyboard.press('ArrowDown');
      if ((await focused.count()) > 0) {
        confirmed?.();
        await this.page.keyboard.press('Enter');
        // Gone with the page when the command reloads it.
        await focused.waitFor({ state: 'hidden' }).catch(() => undefined);
        return;
      }
      // An editor that opened late has taken the focus, which closes the list: ask again.
      if (tries === 3) throw new Error(`"${wanted.label}" was listed, and gone before it was chosen`);
    }
  }

  /** Opens a quick pick by a key and types into it until it has an entry with exactly that label. */
  private async find(key: string, text: string, wanted: Entry): Promise<Locator> {
    const input = this.page.locator('.quick-input-widget .input').first();
    const entry = this.quickEntry(wanted);
    // An extension's commands are not there while the extension host starts, and an editor that opens late takes the
    // focus and closes the palette: ask again.
    for (let tries = 1; ; tries++) {
      try {
        await this.focusWorkbench();
        await this.page.keyboard.press(key);
        await input.fill(text, { timeout: 3000 });
        await entry.first().waitFor({ timeout: 5000 });
        return entry;
      } catch (error) {
        if (tries === 6) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Entries of the open quick pick whose label is exactly `label`; a category before it does not count. */
  private quickEntry({ label, folder = '' }: Entry): Locator {
    const exact = new RegExp(`^(.*: )?${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
    return this.page
      .locator('.quick-input-widget .quick-input-list .monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: exact }) })
      .filter({ hasText: folder });
  }

  /** Confirms the entry that has the focus at first in the quick pick that is about to open. */
  async pickFirst(): Promise<void> {
    await this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row.focused').waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Confirms the entry of the open quick pick that has this text. */
  async pickEntry(text: string): Promise<void> {
    await this.page
      .locator('.quick-input-widget .quick-input-list .monaco-list-row', { hasText: text })
      .first()
      .click();
  }

  /** Pastes over all of the text in the text editor on screen. */
  async replaceText(text: string): Promise<void> {
    await this.page.locator('.editor-instance .monaco-editor .view-lines').first().click();
    await this.page.keyboard.press('Control+A');
    await this.page.evaluate((content) => navigator.clipboard.writeText(content), text);
    await this.page.keyboard.press('Control+V');
  }

  /** Chooses from the context menu that is about to open. */
  async chooseInMenu(title: string): Promise<void> {
    const item = this.page.locator('.context-view .action-label', { hasText: title }).first();
    await item.waitFor();
    // VS Code takes no click in the first moments of a menu.
    while (await item.isVisible()) {
      await item.click({ timeout: 2000 }).catch(() => undefined);
      await item.waitFor({ state: 'hidden', timeout: 500 }).catch(() => undefined);
    }
  }

  /** The PNG in the clipboard; null where there is none. */
  async copiedPicture(): Promise<Buffer | null> {
    const bytes = await this.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      if (!item?.types.includes('image/png')) return null;
      return [...new Uint8Array(await (await item.getType('image/png')).arrayBuffer())];
    });
    return bytes && Buffer.from(bytes);
  }

  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Types into the open input box or quick pick and confirms. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget .input').first();
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Types the path of a file into the file dialog that is about to open on `suggested`, and confirms. */
  async chooseFile(path: string, suggested = ''): Promise<void> {
    const input = this.page.locator('.quick-input-widget .input').first();
    // The dialog opens on a folder's path, or a file's in it, which it types itself.
    await this.page.waitForFunction((end) => {
      const field = document.querySelector<HTMLInputElement>('.quick-input-widget .input');
      return field !== null && field.value.endsWith(end);
    }, `/${suggested}`);
    const title = this.page.locator('.quick-input-widget .quick-input-title');
    const asked = await title.innerText();
    const answered = (text: string) => {
      const shown = document.querySelector<HTMLElement>('.quick-input-widget .quick-input-title');
      return !shown || shown.getClientRects().length === 0 || shown.innerText !== text;
    };
    // The first Enter may only make it list the file's folder.
    while (!(await this.page.evaluate(answered, asked))) {
      await input.fill(path);
      await this.page.keyboard.press('Enter');
      await this.page.waitForFunction(answered, asked, { timeout: 2000 }).catch(() => undefined);
    }
  }

  /**
   * The notification that is about to come, the newest that says `what`, in the list of all: the workbench that tests drive
   * pops none up.
   */
  async notification(what: string | RegExp = ''): Promise<Locator> {
    await this.page.locator('.statusbar-item .codicon-bell-dot').waitFor();
    await this.runCommand('Notifications: Show Notifications');
    const newest = this.page.locator('.notification-list-item', { hasText: what }).first();
    await newest.waitFor();
    return newest;
  }

  /** Keys pressed in a webview reach the workbench late or never while it loads: put the focus outside of it. */
  async focusWorkbench(): Promise<void> {
    const bar = this.page.locator('.part.statusbar');
    await bar.click({ position: { x: await freeSpot(bar), y: 10 }, force: true }).catch(() => undefined);
  }

  /** The panel on screen: the frame whose root carries `data-state`, once that is one of `states`. */
  async panel(...states: string[]): Promise<Panel> {
    const wanted = states.length > 0 ? states : ['ready'];
    const deadline = Date.now() + TIMEOUT;
    for (;;) {
      let seen = 'no panel';
      for (const frame of this.page.frames()) {
        const state = this.left.has(frame) ? null : await stateOf(frame);
        if (state === null) continue;
        if (wanted.includes(state)) return new Panel(this.page, frame);
        seen = `data-state="${state}"`;
      }
      if (Date.now() > deadline)
        throw new Error(`expected a panel with data-state ${wanted.join(' or ')}, found ${seen}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Resolves when no panel is on screen: that of an editor that was closed or replaced is there for a moment yet. */
  async noPanel(): Promise<void> {
    const deadline = Date.now() + TIMEOUT;
    while ((await Promise.all(this.page.frames().map(stateOf))).some((state) => state !== null)) {
      if (Date.now() > deadline) throw new Error('a panel is still on screen');
      await this.page.waitForTimeout(50);
    }
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.answer(THEMES[theme].label);
    await this.page.locator(`.monaco-workbench.${THEMES[theme].className}`).waitFor();
  }

  screenshot(path: string): Promise<Buffer> {
    return this.page.screenshot({ path });
  }
}

/** Where in the status bar no item stands, which would do something of its own. */
function freeSpot(bar: Locator): Promise<number> {
  return bar.evaluate((element) => {
    const { left, top, width } = element.getBoundingClientRect();
    for (let x = Math.min(300, width - 1); x > 0; x -= 4) {
      if (!document.elementFromPoint(left + x, top + 10)?.closest('.statusbar-item')) return x;
    }
    return Math.floor(width / 2);
  });
}

/** Frames in which an element must not move to count as still. */
const STILL_FRAMES = 6;

/** Where an element is in the window, once it stands still: what opens or loads beside it may move it first. */
export async function placeOf(element: Locator): Promise<Box> {
  await element.evaluate(
    (one, frames) =>
      new Promise<void>((resolve) => {
        let [before, still] = ['', 0];
        const look = () => {
          const { x, y, width, height } = one.getBoundingClientRect();
          const now = [x, y, width, height].join();
          still = now === before ? still + 1 : 0;
          before = now;
          if (still >= frames) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
    STILL_FRAMES,
  );
  const box = await element.boundingBox();
  if (!box) throw new Error('the element is not on screen');
  return box;
}

/** A CSS string with any characters in it. */
function cssString(text: string): string {
  return `"${text.replace(/["\\\n]/g, (character) => `\\${character.charCodeAt(0).toString(16)} `)}"`;
}

/** The `data-state` of a frame that holds a visible panel; null for other frames. */
async function stateOf(frame: Frame): Promise<string | null> {
  try {
    return await frame.evaluate(() => {
      const root = document.querySelector('#root[data-state]');
      return root && root.getClientRects().length > 0 ? root.getAttribute('data-state') : null;
    });
  } catch {
    return null; // The frame went away while it was asked.
  }
}

/** Whether Gatescope was activated in a worker: extension hosts leave marks of what they do. */
async function marksActivation(worker: Worker): Promise<boolean> {
  const mark = 'code/extHost/didActivateExtension/gatescope.gatescope';
  return worker.evaluate((name) => performance.getEntriesByName(name).length > 0, mark).catch(() => false);
}

/** Where a signal's node is: the attributes of the DOM contract. */
export interface NodeAddress {
  readonly layer: string;
  readonly level?: number;
  readonly direction?: 'forward' | 'backward';
  readonly signal: string;
  readonly step: number;
}

export interface Card {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** NaN where the signal has no saturation. */
  readonly saturated: number;
  readonly values: number[];
  readonly text: string;
}

/** The panel's page inside its webview. */
export class Panel {
  constructor(
    private readonly page: Page,
    readonly frame: Frame,
  ) {}

  get root(): Locator {
    return this.frame.locator('#root');
  }

  /** Resolves when the state is `state`. */
  async reaches(state: string): Promise<void> {
    await this.frame.locator(`#root[data-state="${state}"]`).waitFor();
  }

  /** Resolves when a run lies over the picture. On a busy machine none may begin by itself, even of a small model: then it is asked for. */
  async hasRun(): Promise<void> {
    await this.reaches('ready');
    const values = this.frame.locator('g[data-mean]').first();
    const ask = this.frame.locator('.not-run vscode-button');
    await values.or(ask).filter({ visible: true }).first().waitFor();
    // It is gone by then where a run has just been asked for by other means.
    if (await ask.isVisible()) await ask.click({ timeout: 2000 }).catch(() => undefined);
    await values.waitFor();
  }

  /** Resolves when the page has been given a theme, and has painted with it. */
  async hasTheme(theme: Theme): Promise<void> {
    await this.frame.locator(`body[data-vscode-theme-kind="${THEMES[theme].kind}"]`).waitFor();
    await this.frame.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  node(address: NodeAddress): Locator {
    const { layer, level = 0, direction = 'forward', signal, step } = address;
    return this.frame.locator(
      `g[data-layer=${cssString(layer)}][data-level="${level}"][data-direction="${direction}"]` +
        `[data-signal="${signal}"][data-step="${step}"]`,
    );
  }

  get card(): Locator {
    return this.frame.locator('[role="tooltip"]');
  }

  /** Moves the mouse onto a node and reads the card that appears. */
  async hover(address: NodeAddress): Promise<Card> {
    // A card that is still open may cover the node.
    await this.page.mouse.move(0, 0);
    await this.node(address).hover();
    return this.readCard(address);
  }

  /** Gives a node the keyboard focus and reads the card that appears. */
  async focus(address: NodeAddress): Promise<Card> {
    await this.node(address).focus();
    return this.readCard(address);
  }

  async readCard(address: NodeAddress): Promise<Card> {
    const { layer, level = 0, direction = 'forward', signal, step } = address;
    const card = this.frame.locator(
      `[role="tooltip"][data-layer=${cssString(layer)}][data-level="${level}"][data-direction="${direction}"]` +
        `[data-signal="${signal}"][data-step="${step}"]`,
    );
    await card.waitFor();
    await card.locator('[data-values]:not([data-values=""])').waitFor({ state: 'attached' });
    return card.evaluate((element) => {
      const stat = (name: string) =>
        Number(element.querySelector(`[data-stat="${name}"]`)?.getAttribute('data-value') ?? NaN);
      return {
        mean: stat('mean'),
        min: stat('min'),
        max: stat('max'),
        saturated: stat('saturated'),
        values: (element.querySelector('[data-values]')?.getAttribute('data-values') ?? '')
          .split(',')
          .map(Number),
        text: (element as HTMLElement).innerText,
      };
    });
  }

  /** The absolute steps of the columns on screen, by one signal's nodes. */
  async steps(): Promise<number[]> {
    const steps = await this.frame
      .locator('g[data-layer="input"][data-signal="x"]')
      .evaluateAll((nodes) => nodes.map((node) => Number(node.getAttribute('data-step'))));
    return steps.sort((a, b) => a - b);
  }

  /** The section of a view of the dock. */
  view(name: string): Locator {
    return this.frame.locator(`section[data-view="${name}"]`);
  }

  /** Opens a view of the dock by its switch in the bar, and waits until there is something to see. */
  async openView(name: string): Promise<Locator> {
    const control = this.frame.locator(`vscode-button[aria-controls="view-${name}"]`);
    if ((await control.getAttribute('aria-pressed')) === 'false') await control.click();
    const ready = this.frame.locator(`section[data-view="${name}"][data-state="ready"]`);
    await ready.waitFor();
    return ready;
  }

  /** A control of the picture, by a selector: in the bar, or in the bar's menu, which is then opened. */
  async pictureControl(selector: string): Promise<Locator> {
    const control = this.frame.locator(`.picture-controls ${selector}`);
    if (!(await control.isVisible())) await this.frame.getByTitle('More actions').click();
    await control.waitFor();
    return control;
  }

  /** Chooses what the numbers and colours show: `mean`, `size` or `unit`. */
  async showMeasure(measure: string): Promise<void> {
    const colours = await this.pictureControl('.colour vscode-dropdown');
    await colours.click();
    await colours.locator('vscode-option', { hasText: measure }).click();
  }

  /** Moves the playhead by keys, first to the beginning, as far as there are steps, and waits until the window has followed. */
  async goTo(step: number): Promise<void> {
    await this.frame.locator('h1').click();
    await this.press('Home');
    for (let k = 0; k < step; k++) await this.press('ArrowRight');
    const last = Number(await this.frame.locator('input[type="range"]').getAttribute('max'));
    await this.frame
      .locator(`section[data-view="overview"][data-playhead="${Math.min(step, last)}"]`)
      .waitFor({ state: 'attached' });
  }

  /** Asks again until it is so. */
  async eventually(what: string, is: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + TIMEOUT;
    while (!(await is())) {
      if (Date.now() > deadline) throw new Error(`not within ${TIMEOUT / 1000} s: ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** The signals whose label has less contrast (WCAG 2) to the fill of its node than `least`. */
  poorlyReadable(least: number): Promise<string[]> {
    return this.frame.locator('g[data-signal]').evaluateAll((nodes, limit) => {
      const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (colour: string) => {
        const [r, g, b] = channels(colour)
          .slice(0, 3)
          .map((value) => value / 255)
          .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return nodes.flatMap((node) => {
        const shape = node.querySelector('rect, path, polygon, circle');
        const label = node.querySelector('text, span, p, div');
        if (!shape || !label) return [];
        const paint = getComputedStyle(label);
        const ink = label instanceof SVGElement ? paint.fill : paint.color;
        const paper = getComputedStyle(shape).fill;
        const [dark, light] = [luminance(ink), luminance(paper)].sort((a, b) => a - b);
        const contrast = (light + 0.05) / (dark + 0.05);
        return contrast < limit
          ? [`${node.getAttribute('aria-label')}: ${contrast.toFixed(2)}, ${ink} on ${paper}`]
          : [];
      });
    }, least);
  }

  /** Sends the host a message of whatever kind, by VS Code's own way, as a page may. */
  async say(message: unknown): Promise<void> {
    await this.frame.parentFrame()!.evaluate((said) => {
      const host = window as unknown as Record<string, (channel: string, data: unknown) => void>;
      host.__vscode_post_message__('onmessage', { message: said });
    }, message);
  }

  /** Keeps this and nothing else of what the page has to remember, as long as it is there. */
  async remember(state: unknown): Promise<void> {
    await this.frame.parentFrame()!.evaluate((kept) => {
      const host = window as unknown as Record<string, (channel: string, data: unknown) => void>;
      setInterval(() => host.__vscode_post_message__('do-update-state', kept), 5);
    }, JSON.stringify(state));
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }
}

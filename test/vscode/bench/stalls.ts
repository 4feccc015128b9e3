/** How long threads stand still: that of a panel, and that of the extension host. */
import { createServer, type AddressInfo } from 'node:net';
import type { CDPSession } from 'playwright-core';
import type { Panel, Workbench } from '../workbench';

/** How long a thread took nothing else up, in milliseconds: in all, and of that by its own work. */
export interface Stall {
  readonly wall: number;
  readonly own: number;
}

export interface Stalls {
  /** Those since it was begun to listen. */
  end(): Promise<readonly Stall[]>;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the clock, and of the processor. */
  readonly dur?: number;
  readonly tdur?: number;
}

const MARK = 'gatescope-panel';
const CATEGORIES = ['toplevel', 'blink.user_timing'];

/** The tasks of the panel's thread, as Chromium traces them; those of what else shares the thread are among them. */
export async function stallsOfPanel(workbench: Workbench, panel: Panel): Promise<Stalls> {
  const browser: CDPSession = await workbench.context.browser()!.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  browser.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const traceConfig = { includedCategories: CATEGORIES };
  await browser.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  await panel.frame.evaluate((mark) => performance.mark(mark), MARK);
  return {
    async end() {
      const complete = new Promise((resolve) => browser.once('Tracing.tracingComplete', resolve));
      await browser.send('Tracing.end');
      await complete;
      await browser.detach();
      const own = events.find(({ name }) => name === MARK);
      if (!own) throw new Error('the panel left no mark in the trace');
      return events
        .filter(({ pid, tid, tdur }) => pid === own.pid && tid === own.tid && tdur !== undefined)
        .map(({ dur, tdur }) => ({ wall: dur! / 1000, own: tdur! / 1000 }));
    },
  };
}

/** What the extension host's event loop stands still, heard through its inspector at a port. */
export async function stallsOfHost(port: number): Promise<Stalls> {
  const [{ webSocketDebuggerUrl }] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as [
    { readonly webSocketDebuggerUrl: string },
  ];
  const inspector = new WebSocket(webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    inspector.onopen = resolve;
    inspector.onerror = () => reject(new Error('the inspector of the extension host does not answer'));
  });
  const evaluate = (expression: string) =>
    new Promise<unknown>((resolve, reject) => {
      inspector.onmessage = ({ data }) => {
        const { result } = JSON.parse(String(data)) as { readonly result: Evaluated };
        if (result.exceptionDetails) reject(new Error(result.exceptionDetails.exception.description));
        else resolve(result.result.value);
      };
      const params = { expression, returnByValue: true };
      inspector.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
    });
  // tsx wraps named functions in calls of this helper.
  await evaluate('globalThis.__name = (value) => value');
  await evaluate(`(${listen.toString()})()`);
  return {
    async end() {
      const stalls = (await evaluate(`(${ended.toString()})()`)) as Stall[];
      inspector.close();
      return stalls;
    },
  };
}

interface Evaluated {
  readonly result: { readonly value: unknown };
  readonly exceptionDetails?: { readonly exception: { readonly description: string } };
}

interface Listening {
  heard?: Stall[];
  listener?: ReturnType<typeof setInterval>;
}

/** Runs in the extension host. */
function listen(): void {
  const listening = globalThis as unknown as Listening;
  const { threadCpuUsage } = process as unknown as {
    threadCpuUsage(): { readonly user: number; readonly system: number };
  };
  const worked = () => {
    const { user, system } = threadCpuUsage();
    return (user + system) / 1000;
  };
  const stalls: Stall[] = (listening.heard = []);
  let last = { at: performance.now(), worked: worked() };
  listening.listener = setInterval(() => {
    const now = { at: performance.now(), worked: worked() };
    stalls.push({ wall: now.at - last.at - 5, own: Math.min(now.worked - last.worked, now.at - last.at) });
    last = now;
  }, 5);
}

/** Runs in the extension host. */
function ended(): readonly Stall[] {
  const listening = globalThis as unknown as Listening;
  clearInterval(listening.listener);
  return listening.heard ?? [];
}

/** A port that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

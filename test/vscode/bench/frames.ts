/** What a frame costs while the playhead moves, with the overview and the heat map open. */
import { median, percentile, type Row } from '../../bench/table';
import type { Panel, Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { lstm, type Shape } from './models';
import { closeAll } from './opening';

const SHAPE: Shape = { steps: 2000, units: 256, layers: 3, features: 16 };
const FRAMES = 240;
const HOVERS = 40;

/** Leaves the model open that it measures. */
export async function frames(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('frames.rnn.json', lstm(SHAPE));
  await closeAll(workbench);
  await workbench.openFile('frames.rnn.json');
  const panel = await workbench.panel('ready');
  // Too long to be run without being asked.
  await panel.frame.locator('.run').click();
  await panel.hasRun();
  await panel.openView('heatmap');
  const { steps, units, layers } = SHAPE;
  const scrubbed = await panel.frame.evaluate(scrub, { frames: FRAMES, steps });
  const played = await panel.frame.evaluate(play, { milliseconds: 6000, pace: '64' });
  return [
    ...rowsOf(`scrub, ${steps} steps × ${units} units × ${layers} layers`, scrubbed),
    ...rowsOf('play at 64 steps a tick', played),
    ...(await hovering(workbench, panel)),
  ];
}

interface Frames {
  /** Milliseconds from frame to frame. */
  readonly intervals: number[];
  /** Milliseconds of script, style, layout and paint in a frame. */
  readonly busy: number[];
}

function rowsOf(what: string, { intervals, busy }: Frames): Row[] {
  const ms = (name: string, value: number, aim: number): Row => ({ what: name, value, unit: 'ms', aim });
  return [
    ms(`${what}: frame to frame, p95`, percentile(intervals, 0.95), 16.7),
    ms('  the longest', Math.max(...intervals), 50),
    ms('  work in a frame, median', median(busy), 16.7),
    ms('  work in a frame, p95', percentile(busy, 0.95), 16.7),
    ms('  work in a frame, the longest', Math.max(...busy), 50),
  ];
}

/** Runs in the panel: moves the slider in every frame, as a fast drag does. */
function scrub({ frames, steps }: { frames: number; steps: number }): Promise<Frames> {
  const slider = document.querySelector<HTMLInputElement>('input[type="range"]')!;
  const intervals: number[] = [];
  const busy: number[] = [];
  const channel = new MessageChannel();
  let before = 0;
  let start = 0;
  return new Promise((resolve) => {
    // Comes after the frame's style, layout and paint.
    channel.port1.onmessage = () => busy.push(performance.now() - start);
    const frame = (now: number) => {
      if (before) intervals.push(now - before);
      before = now;
      if (intervals.length === frames) return resolve({ intervals, busy });
      requestAnimationFrame(frame);
      start = performance.now();
      channel.port2.postMessage(null);
      slider.valueAsNumber = (intervals.length * 37) % steps;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    };
    requestAnimationFrame(frame);
  });
}

/** Runs in the panel: plays from the first step. */
function play({ milliseconds, pace }: { milliseconds: number; pace: string }): Promise<Frames> {
  const slider = document.querySelector<HTMLInputElement>('input[type="range"]')!;
  slider.valueAsNumber = 0;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  const paces = document.querySelector<HTMLInputElement>('.pace')!;
  paces.value = pace;
  paces.dispatchEvent(new Event('change', { bubbles: true }));
  const button = document.querySelector<HTMLElement>('.play')!;
  button.click();
  const intervals: number[] = [];
  const busy: number[] = [];
  const channel = new MessageChannel();
  let before = 0;
  let start = 0;
  return new Promise((resolve) => {
    channel.port1.onmessage = () => busy.push(performance.now() - start);
    const end = performance.now() + milliseconds;
    const frame = (now: number) => {
      if (before) intervals.push(now - before);
      before = now;
      if (now > end) {
        button.click();
        return resolve({ intervals, busy });
      }
      requestAnimationFrame(frame);
      start = performance.now();
      channel.port2.postMessage(null);
    };
    requestAnimationFrame(frame);
  });
}

async function hovering(workbench: Workbench, panel: Panel): Promise<Row[]> {
  const times: number[] = [];
  for (let k = 0; k < HOVERS; k++) times.push(await hover(workbench, panel, k));
  return [
    { what: `pointer to card with values, median of ${HOVERS}`, value: median(times), unit: 'ms', aim: 30 },
    { what: '  p95', value: percentile(times, 0.95), unit: 'ms', aim: 30 },
  ];
}

async function hover(workbench: Workbench, panel: Panel, k: number): Promise<number> {
  await workbench.page.mouse.move(5, 5);
  await panel.card.waitFor({ state: 'hidden' });
  const time = await panel.frame.evaluateHandle(fromPointerToCard);
  const steps = await panel.steps();
  const signal = ['f', 'i', 'g', 'o', 'c', 'h'][k % 6];
  await panel.node({ layer: 'lstm1', signal, step: steps[k % steps.length] }).hover();
  return time.evaluate(({ milliseconds }) => milliseconds);
}

/** Runs in the panel: milliseconds from the pointer's coming over a signal to the frame that shows its values. */
function fromPointerToCard(): { milliseconds: Promise<number> } {
  const milliseconds = new Promise<number>((resolve) => {
    document.addEventListener(
      'pointerover',
      () => {
        const start = performance.now();
        const look = () => {
          const card = document.querySelector(
            '[role="tooltip"]:not([hidden]) [data-values]:not([data-values=""])',
          );
          if (card) resolve(performance.now() - start);
          else afterFrame();
        };
        // A task after the frame's own callbacks: by then the frame is laid out, and about to be shown.
        const afterFrame = () => requestAnimationFrame(() => setTimeout(look));
        afterFrame();
      },
      { capture: true, once: true },
    );
  });
  return { milliseconds };
}

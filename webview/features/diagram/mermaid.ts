/** Draws with Mermaid, through the project's own layout. */
import mermaid from 'mermaid';
import type { Theme } from '../../../src/picture/colour/color';
import { LAYOUT_NAME, mermaidConfig } from './config';
import type { Geometry } from '../../../src/picture/diagram/geometry';
import { render, withGeometry } from './layout';

mermaid.registerLayoutLoaders([{ name: LAYOUT_NAME, loader: async () => ({ render }) }]);

let renders = 0;
/** The drawing under way: Mermaid has one configuration, and the drawings one place to be measured in. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Draws a flowchart, after those asked for before, and resolves with its SVG, not yet in the page. Each drawing has an id of its own, since rendering
 * under an id that is on screen would delete what is there.
 *
 * @param scratch an element of the page, out of sight, for Mermaid to measure in.
 * @throws Error whose message can be shown.
 */
export function drawFlowchart(
  text: string,
  geometry: Geometry,
  theme: Theme,
  scratch: HTMLElement,
): Promise<SVGSVGElement> {
  const drawn = last.then(() => draw(text, geometry, theme, scratch));
  last = drawn.catch(() => undefined);
  return drawn;
}

async function draw(
  text: string,
  geometry: Geometry,
  theme: Theme,
  scratch: HTMLElement,
): Promise<SVGSVGElement> {
  const id = `gatescope_${++renders}`;
  mermaid.initialize(mermaidConfig(theme));
  try {
    const { svg } = await withGeometry(id, geometry, () => mermaid.render(id, text, scratch));
    const parsed = new DOMParser().parseFromString(svg, 'text/html');
    return document.adoptNode(parsed.querySelector('svg')!);
  } catch (error) {
    throw new Error(messageOf(error));
  } finally {
    scratch.replaceChildren();
  }
}

/** Mermaid throws plain objects `{ str, message, hash }` as well as Errors. */
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null) {
    const { message, str } = error as { message?: unknown; str?: unknown };
    if (typeof message === 'string' && message) return message;
    if (typeof str === 'string' && str) return str;
  }
  return String(error);
}

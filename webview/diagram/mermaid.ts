/** Mermaid, set up in one place. */
import mermaid, { type MermaidConfig } from 'mermaid';
import { PANEL_LIMITS } from '../../src/unroll/mermaid';
import { css, isLight, type Theme } from '../theme';
import type { Geometry } from './geometry';
import { LAYOUT_NAME, render, withGeometry } from './layout';
import { pictureStyle } from './style';

mermaid.registerLayoutLoaders([{ name: LAYOUT_NAME, loader: async () => ({ render }) }]);

/** Whatever Mermaid's defaults become, these are ours. */
export function mermaidConfig(theme: Theme): MermaidConfig {
  return {
    layout: LAYOUT_NAME,
    theme: 'base',
    look: 'classic',
    htmlLabels: false,
    securityLevel: 'strict',
    ...PANEL_LIMITS,
    startOnLoad: false,
    suppressErrorRendering: true,
    deterministicIds: true,
    deterministicIDSeed: LAYOUT_NAME,
    logLevel: 'fatal',
    fontFamily: theme.fontFamily,
    flowchart: { curve: 'rounded', useMaxWidth: false, diagramPadding: 0 },
    themeVariables: {
      darkMode: !isLight(theme.kind),
      background: css(theme.background),
      primaryColor: css(theme.paper),
      primaryTextColor: css(theme.foreground),
      primaryBorderColor: css(theme.line),
      lineColor: css(theme.rail),
      textColor: css(theme.foreground),
      clusterBkg: css(theme.cell),
      clusterBorder: css(theme.line),
      fontFamily: theme.fontFamily,
      fontSize: '12px',
    },
    themeCSS: pictureStyle(theme),
  };
}

let renders = 0;

/**
 * Draws a flowchart and resolves with its SVG, not yet in the page. Each drawing has an id of its own, since rendering
 * under an id that is on screen would delete what is there.
 *
 * @param scratch an element of the page, out of sight, for Mermaid to measure in.
 * @throws Error whose message can be shown.
 */
export async function drawFlowchart(
  text: string,
  geometry: Geometry,
  theme: Theme,
  scratch: HTMLElement,
): Promise<SVGSVGElement> {
  const id = `gatescope_${++renders}`;
  mermaid.initialize(mermaidConfig(theme));
  try {
    const { svg } = await withGeometry(id, geometry, () => mermaid.render(id, text, scratch));
    const template = document.createElement('template');
    template.innerHTML = svg;
    return document.importNode(template.content, true).firstElementChild as SVGSVGElement;
  } catch (error) {
    throw new Error(messageOf(error));
  } finally {
    scratch.replaceChildren();
  }
}

/** Mermaid throws plain objects `{ str, message, hash }` as well as Errors. */
export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null) {
    const { message, str } = error as { message?: unknown; str?: unknown };
    if (typeof message === 'string' && message) return message;
    if (typeof str === 'string' && str) return str;
  }
  return String(error);
}

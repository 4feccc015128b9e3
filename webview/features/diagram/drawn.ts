/** What is drawn, made ready to be written on: a flowchart of Mermaid's, or two pictures on one paper. */
import type { Theme } from '../../../src/picture/colour/color';
import { addArrow, classesOf, drawBase, type Base } from '../../../src/picture/diagram/base';
import type { Geometry } from '../../../src/picture/diagram/geometry';
import { pictureStyle } from '../../../src/picture/diagram/style';
import type { UnrolledGraph } from '../../../src/unroll/graph';
import { make, page } from '../../ui/svg';
import { words } from './words';

export function baseOf(
  svg: SVGSVGElement,
  graph: UnrolledGraph,
  { width, height }: Geometry,
): Base<SVGElement> {
  svg.removeAttribute('style');
  svg.removeAttribute('aria-roledescription');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('role', 'group');
  svg.setAttribute('aria-label', words.diagram);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const elements = [...svg.querySelectorAll<SVGGElement>('g.node[data-id]')];
  const nodes = elements.map((element) => {
    const node = byId.get(element.dataset.id!)!;
    element.classList.add(...classesOf(node));
    if (node.signal) element.setAttribute('tabindex', '-1');
    return [node.id, { element, rect: element.querySelector('rect')! }] as const;
  });
  const wires = [...svg.querySelectorAll<SVGPathElement>('.edgePaths path')].map((path) => {
    const { from = '', to = '' } = path.dataset;
    return { path, from, to };
  });
  return { root: svg.querySelector<SVGGElement>('g.root')!, nodes: new Map(nodes), wires };
}

const ARROW = 'gatescope-pair-arrow';

/** Empty, for two pictures over one another, which are drawn without Mermaid: it would hold the page for too long. */
export function createPaper({ width, height }: Geometry, theme: Theme): SVGSVGElement {
  const svg = make('svg', { viewBox: `0 0 ${width} ${height}`, class: 'diagram-pair' });
  const style = `font-family: ${theme.fontFamily}; ${pictureStyle(theme)}`;
  page.text(page.append(svg, 'style'), `.diagram-pair { ${style} }`);
  addArrow(page, svg, ARROW);
  return svg;
}

/** The nodes and wires of one of them. */
export function drawOn(
  svg: SVGSVGElement,
  { graph, geometry }: { readonly graph: UnrolledGraph; readonly geometry: Geometry },
  label: string,
): { readonly element: SVGElement; readonly base: Base<SVGElement> } {
  const element = page.append(svg, 'g', { role: 'group', 'aria-label': label });
  const base = drawBase(page, page.append(element, 'g', { class: 'root' }), graph, geometry, ARROW);
  for (const { id, signal } of graph.nodes) {
    if (signal) base.nodes.get(id)?.element.setAttribute('tabindex', '-1');
  }
  return { element, base };
}

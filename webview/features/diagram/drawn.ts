/** What Mermaid has drawn, made ready to be written on. */
import { classesOf, type Base } from '../../../src/picture/diagram/base';
import type { Geometry } from '../../../src/picture/diagram/geometry';
import type { UnrolledGraph } from '../../../src/unroll/graph';
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

/**
 * The layout that the project registers with Mermaid: Mermaid reads the flowchart, the geometry says where everything
 * stands. Nodes and wires are put in here with Mermaid's own classes and ids; its helpers for them copy the whole
 * configuration several times per element, which costs more than all the rest.
 */
import type { InternalHelpers, LayoutData, SVG } from 'mermaid';
import { appendSvg } from '../../ui/svg';
import { edgeKey } from '../../shared/spacing';
import type { Box, Geometry } from './geometry';
import { routePath } from './path';

/** Geometries of the pictures being rendered, by render id: Mermaid hands a layout nothing but its own graph. */
const geometries = new Map<string, Geometry>();

/** Runs a render with its geometry at hand. */
export async function withGeometry<T>(id: string, geometry: Geometry, render: () => Promise<T>): Promise<T> {
  geometries.set(id, geometry);
  try {
    return await render();
  } finally {
    geometries.delete(id);
  }
}

type LayoutNode = LayoutData['nodes'][number];
type LayoutEdge = LayoutData['edges'][number];

const CELL_RADIUS = 10;

/** Called by Mermaid. @throws RangeError for a diagram that was not rendered by `withGeometry`. */
export async function render(data: LayoutData, svg: SVG, helpers: InternalHelpers): Promise<void> {
  const id = data.diagramId ?? '';
  const geometry = geometries.get(id);
  if (!geometry) throw new RangeError(`no geometry for the diagram "${id}"`);
  helpers.insertMarkers(svg, ['point'], data.type, id);
  const root = appendSvg(svg.node()!, 'g', { class: 'root' });
  const clusters = appendSvg(root, 'g', { class: 'clusters' });
  const paths = appendSvg(root, 'g', { class: 'edgePaths' });
  const nodes = appendSvg(root, 'g', { class: 'nodes' });
  for (const node of data.nodes) {
    const group = geometry.groups.get(node.id);
    const box = geometry.nodes.get(node.id);
    if (node.isGroup && group) insertBox(clusters, 'cluster', node, group, CELL_RADIUS);
    else if (!node.isGroup && box) insertBox(nodes, 'node', node, box, box.radius);
  }
  for (const edge of data.edges) insertWire(paths, edge, geometry, id, `${id}_${data.type}-pointEnd`);
}

/** Every node is a rectangle of a given size and rounding, whatever shape the text gives it for other layouts. */
function insertBox(parent: SVGElement, kind: string, node: LayoutNode, box: Box, radius: number): void {
  const { x, y, width, height } = box;
  const group = appendSvg(parent, 'g', {
    class: `${kind} ${node.cssClasses ?? ''}`.trim(),
    id: node.domId ?? node.id,
    'data-id': node.id,
    transform: `translate(${x},${y})`,
  });
  appendSvg(group, 'rect', { x: -width / 2, y: -height / 2, width, height, rx: radius });
}

function insertWire(
  parent: SVGElement,
  edge: LayoutEdge,
  geometry: Geometry,
  id: string,
  marker: string,
): void {
  const route = geometry.edges.get(edgeKey(edge.start ?? '', edge.end ?? ''));
  if (!route) return;
  appendSvg(parent, 'path', {
    d: routePath(route),
    id: `${id}-${edge.id}`,
    class: `edge-thickness-${edge.thickness ?? 'normal'} ${edge.classes ?? ''}`.trim(),
    'data-from': edge.start ?? '',
    'data-to': edge.end ?? '',
    'marker-end': `url(#${marker})`,
  });
}

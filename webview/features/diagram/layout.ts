/**
 * The layout that the project registers with Mermaid: Mermaid reads the flowchart, the geometry says where everything
 * stands. Nodes and wires are put in here with Mermaid's own classes and ids; its helpers for them copy the whole
 * configuration several times per element, which costs more than all the rest.
 */
import type { InternalHelpers, LayoutData, SVG } from 'mermaid';
import { appendCell, appendLayers, appendNode, appendWire } from '../../../src/picture/diagram/base';
import { edgeKey } from '../../../src/picture/diagram/spacing';
import type { Geometry } from '../../../src/picture/diagram/geometry';
import type { Attributes } from '../../../src/picture/surface';
import { page } from '../../ui/svg';

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

/** Called by Mermaid. @throws RangeError for a diagram that was not rendered by `withGeometry`. */
export async function render(data: LayoutData, svg: SVG, helpers: InternalHelpers): Promise<void> {
  const id = data.diagramId ?? '';
  const geometry = geometries.get(id);
  if (!geometry) throw new RangeError(`no geometry for the diagram "${id}"`);
  helpers.insertMarkers(svg, ['point'], data.type, id);
  const root = page.append(svg.node()!, 'g', { class: 'root' });
  const layers = appendLayers(page, root);
  for (const node of data.nodes) {
    const group = geometry.groups.get(node.id);
    const box = geometry.nodes.get(node.id);
    if (node.isGroup && group) appendCell(page, layers.cells, attributesOf('cluster', node), group);
    else if (!node.isGroup && box) appendNode(page, layers.nodes, attributesOf('node', node), box);
  }
  for (const edge of data.edges) {
    const route = geometry.edges.get(edgeKey(edge.start ?? '', edge.end ?? ''));
    if (!route) continue;
    const marker = `${id}_${data.type}-pointEnd`;
    appendWire(page, layers.wires, attributesOfWire(edge, id), route, marker);
  }
}

function attributesOf(kind: string, node: LayoutData['nodes'][number]): Attributes {
  return {
    class: `${kind} ${node.cssClasses ?? ''}`.trim(),
    id: node.domId ?? node.id,
    'data-id': node.id,
  };
}

function attributesOfWire(edge: LayoutData['edges'][number], diagram: string): Attributes {
  return {
    id: `${diagram}-${edge.id}`,
    class: `edge-thickness-${edge.thickness ?? 'normal'} ${edge.classes ?? ''}`.trim(),
    'data-from': edge.start ?? '',
    'data-to': edge.end ?? '',
  };
}

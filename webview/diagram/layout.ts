/** The layout that the project registers with Mermaid: Mermaid makes the shapes and wires, the geometry says where. */
import type { InternalHelpers, LayoutData, SVG } from 'mermaid';
import { edgeKey, type Geometry, type NodeBox } from './geometry';

export const LAYOUT_NAME = 'gatescope';

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

/** Called by Mermaid. @throws RangeError for a diagram that was not rendered by `withGeometry`. */
export async function render(data: LayoutData, svg: SVG, helpers: InternalHelpers): Promise<void> {
  const id = data.diagramId ?? '';
  const geometry = geometries.get(id);
  if (!geometry) throw new RangeError(`no geometry for the diagram "${id}"`);
  helpers.insertMarkers(svg, data.markers, data.type, id);
  const root = svg.append('g').attr('class', 'root');
  const clusters = root.append('g').attr('class', 'clusters');
  const paths = root.append('g').attr('class', 'edgePaths');
  const nodes = root.append('g').attr('class', 'nodes');

  for (const node of data.nodes) {
    // The texts belong to the overlay; measuring Mermaid's own would cost most of the time.
    node.label = '';
    const group = geometry.groups.get(node.id);
    const box = geometry.nodes.get(node.id);
    if (group && node.isGroup) {
      await helpers.insertCluster(clusters, Object.assign(node, group, { rx: 10, ry: 10, padding: 0 }));
    } else if (box && !node.isGroup) {
      boxed(node, box);
      const element = await helpers.insertNode(nodes, node, { config: data.config, dir: 'LR' });
      element.attr('transform', `translate(${box.x},${box.y})`);
    }
  }
  for (const edge of data.edges) {
    const route = geometry.edges.get(edgeKey(edge.start ?? '', edge.end ?? ''));
    if (!route) continue;
    Object.assign(edge, { points: route.points, curve: route.curve, label: '' });
    helpers.insertEdge(paths, edge, new Map(), data.type, {}, {}, id, true);
  }
}

/** Every node is a rectangle of a given size and rounding, whatever shape the text gives it for other layouts. */
function boxed(node: LayoutNode, box: NodeBox): void {
  Object.assign(node, {
    shape: 'squareRect',
    width: box.width,
    height: box.height,
    rx: box.radius,
    ry: box.radius,
    padding: 0,
    labelPaddingX: 0,
    labelPaddingY: 0,
  });
}

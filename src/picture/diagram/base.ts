/** The nodes and wires of an unrolled picture, before anything is written on them. */
import { isRail, type GraphEdge, type GraphNode, type UnrolledGraph } from '../../unroll/graph';
import type { Attributes, Surface } from '../surface';
import type { Box, Geometry, NodeBox, Route } from './geometry';
import { routePath } from './path';
import { edgeKey } from './spacing';

export interface Base<E> {
  /** Holds all that is drawn. */
  readonly root: E;
  /** By the graph's ids. */
  readonly nodes: ReadonlyMap<string, BaseNode<E>>;
  readonly wires: readonly Wire<E>[];
}

export interface BaseNode<E> {
  readonly element: E;
  readonly rect: E;
}

export interface Wire<E> extends Pick<GraphEdge, 'from' | 'to'> {
  readonly path: E;
}

const CELL_RADIUS = 10;

/** What has no place in the geometry is left out. @param marker the id of the arrow head. */
export function drawBase<E>(
  surface: Surface<E>,
  root: E,
  graph: UnrolledGraph,
  geometry: Geometry,
  marker: string,
): Base<E> {
  const layers = appendLayers(surface, root);
  for (const { id } of graph.groups)
    appendCell(surface, layers.cells, { class: 'cluster' }, geometry.groups.get(id)!);
  const nodes = graph.nodes.flatMap((node) => {
    const box = geometry.nodes.get(node.id);
    if (!box) return [];
    const attributes = { class: classesOf(node).join(' ') };
    return [[node.id, appendNode(surface, layers.nodes, attributes, box)] as const];
  });
  const wires = graph.edges.flatMap(({ from, to, role }) => {
    const route = geometry.edges.get(edgeKey(from, to));
    if (!route) return [];
    const attributes = { class: `edge-thickness-${isRail(role) ? 'thick' : 'normal'}` };
    return [{ from, to, path: appendWire(surface, layers.wires, attributes, route, marker) }];
  });
  return { root, nodes: new Map(nodes), wires };
}

/** The classes of a node's element. */
export function classesOf({ kind, signal }: GraphNode): string[] {
  return ['node', kind, ...(signal ? ['signal'] : [])];
}

/** What stands behind what. */
export function appendLayers<E>(
  surface: Surface<E>,
  root: E,
): { readonly cells: E; readonly wires: E; readonly nodes: E } {
  return {
    cells: surface.append(root, 'g', { class: 'clusters' }),
    wires: surface.append(root, 'g', { class: 'edgePaths' }),
    nodes: surface.append(root, 'g', { class: 'nodes' }),
  };
}

export function appendCell<E>(surface: Surface<E>, parent: E, attributes: Attributes, box: Box): void {
  appendBox(surface, parent, attributes, box, CELL_RADIUS);
}

export function appendNode<E>(
  surface: Surface<E>,
  parent: E,
  attributes: Attributes,
  box: NodeBox,
): BaseNode<E> {
  return appendBox(surface, parent, attributes, box, box.radius);
}

/** Every node is a rectangle of a given size and rounding. */
function appendBox<E>(
  surface: Surface<E>,
  parent: E,
  attributes: Attributes,
  { x, y, width, height }: Box,
  radius: number,
): BaseNode<E> {
  const element = surface.append(parent, 'g', { ...attributes, transform: `translate(${x},${y})` });
  const place = { x: -width / 2, y: -height / 2, width, height, rx: radius };
  return { element, rect: surface.append(element, 'rect', place) };
}

export function appendWire<E>(
  surface: Surface<E>,
  parent: E,
  attributes: Attributes,
  route: Route,
  marker: string,
): E {
  const drawn = { d: routePath(route), 'marker-end': `url(#${marker})` };
  return surface.append(parent, 'path', { ...attributes, ...drawn });
}

/** The head of an arrow, as large as Mermaid's; wires name it by its id. */
export function addArrow<E>(surface: Surface<E>, svg: E, id: string): void {
  const marker = surface.append(surface.append(svg, 'defs'), 'marker', {
    ...{ id, class: 'marker', viewBox: '0 0 10 10', refX: 5, refY: 5 },
    ...{ markerUnits: 'userSpaceOnUse', markerWidth: 8, markerHeight: 8, orient: 'auto' },
  });
  surface.append(marker, 'path', { class: 'arrowMarkerPath', d: 'M0 0L10 5L0 10z' });
}

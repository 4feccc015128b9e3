/** Two pictures, one above the other: the second upside down, so that depth grows away from the input in the middle. */
import type { Network } from '../../model/network';
import type { UnrolledGraph } from '../../unroll/graph';
import { commonSpacing, inputSizes, spacingOf } from './spacing';
import { placeJoined, type Box, type Geometry, type Point } from './geometry';

/** A network and its unrolled graph. */
export interface Unrolled {
  readonly graph: UnrolledGraph;
  readonly network: Network;
}

/** Under the inputs of the upper one, where the lower one has inputs of its own. */
const BETWEEN = 34;
/** Where the number of a step begins, beside the wire that leaves the input downwards. */
const STEP = { x: 6, y: 14 };

/**
 * Both in the pixels of one paper, their columns in line. With `shared` the upper one has the input of both: the lower one's
 * own is not drawn, and its wires begin there.
 */
export function placePair(upper: Unrolled, lower: Unrolled, shared: boolean): readonly [Geometry, Geometry] {
  const [one, other] = commonSpacing(spacingIn(upper), spacingIn(lower));
  const a = placeJoined(upper.graph, upper.network, one);
  const b = placeJoined(lower.graph, lower.network, other);
  // Where y = 0 of the lower one comes to stand, which is its end.
  const foot = b.input.bottom + (shared ? a.input.top : a.input.bottom + BETWEEN);
  const paper = { width: Math.max(a.width, b.width), height: foot };
  return [
    { ...a, ...paper, steps: stepsUnder(a), columns: columnsOver(a, foot) },
    { ...mirrored(shared ? withoutInput(b, lower.graph) : b, foot), ...paper, steps: [] },
  ];
}

function spacingIn({ graph, network }: Unrolled) {
  return spacingOf(graph, inputSizes(network), { form: 'joined' });
}

function stepsUnder({ steps, input }: Geometry): Point[] {
  return steps.map(({ x }) => ({ x: x + STEP.x, y: input.bottom + STEP.y }));
}

/** The playhead runs through both. */
function columnsOver({ columns }: Geometry, foot: number): Box[] {
  const MARGIN = 12;
  return columns.map((column) => {
    const top = column.y - column.height / 2;
    const height = foot - MARGIN - top;
    return { ...column, y: top + height / 2, height };
  });
}

function withoutInput(geometry: Geometry, { nodes }: UnrolledGraph): Geometry {
  const own = new Set(nodes.filter(({ row }) => row === 0).map(({ id }) => id));
  const { input, rowLabels } = geometry;
  return {
    ...geometry,
    nodes: new Map([...geometry.nodes].filter(([id]) => !own.has(id))),
    rowLabels: rowLabels.filter(({ y }) => y < input.top),
  };
}

/** Upside down about the middle of a height. */
function mirrored(geometry: Geometry, height: number): Geometry {
  const flip = <T extends Point>(point: T): T => ({ ...point, y: height - point.y });
  const flipAll = <T extends Point>(boxes: ReadonlyMap<string, T>) =>
    new Map([...boxes].map(([id, box]) => [id, flip(box)]));
  const { nodes, groups, edges, columns, rowLabels, input } = geometry;
  const routes = [...edges].map(
    ([key, { points, curve }]) => [key, { curve, points: points.map(flip) }] as const,
  );
  return {
    ...geometry,
    ...{ mirrored: true, nodes: flipAll(nodes), groups: flipAll(groups), edges: new Map(routes) },
    ...{ columns: columns.map(flip), rowLabels: rowLabels.map(flip) },
    input: { top: height - input.bottom, bottom: height - input.top },
  };
}

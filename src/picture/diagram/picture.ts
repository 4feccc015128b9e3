/** A drawn picture made ready for its overlay: which element is which node, and the texts beside the nodes. */
import {
  inputOf,
  isRecurrent,
  type Network,
  type NetworkInput,
  type RecurrentLayer,
} from '../../model/network';
import { handedTo } from '../../model/states';
import { signalInWords } from '../names';
import { isRail, LEFT_STUB, type GraphNode, type GraphRow, type UnrolledGraph } from '../../unroll/graph';
import { visible } from '../../unroll/mermaid';
import { featuresInWords } from './featureNames';
import { createFace, featureBaseline, showsTop, type Face } from './faces';
import { edgeKey, featureLines, MARGIN, TITLE_CHARACTERS } from './spacing';
import type { Box, Geometry, NodeBox, RowLabel } from './geometry';
import { appendText, type Surface } from '../surface';
import { fitText, textWidth } from '../text';
import { fill, notRunInWords } from '../words';
import { words } from './words';
import type { Base, BaseNode } from './base';

/** One signal of one column. */
export interface SignalNode<E> {
  readonly node: GraphNode;
  readonly box: Box;
  readonly element: E;
  /** What the value colours. */
  readonly rect: E;
  /** What it was without a what-if. */
  readonly ghost: E;
  readonly face: Face;
  /** Whether it shows the largest output instead of a mean. */
  readonly showsTop: boolean;
  /** In words, without the step. */
  readonly name: string;
  /** Why it has no values, unless a sequence brings what is missing: in words. */
  readonly notRun?: string;
}

/** Where state enters or leaves the window. */
export interface StubNode<E> {
  readonly side: 'left' | 'right';
  readonly row: GraphRow;
  /** What it says where the sequence ends. */
  readonly end: string;
  readonly text: E;
}

/** A wire that carries a state from step to step. */
export interface Rail<E> {
  readonly path: E;
  readonly row: GraphRow;
  readonly signal: 'h' | 'c';
  /** The column that the state is of: one less than the first, or one more than the last, where it enters the window. */
  readonly column: number;
}

/** What is said of a signal of a row at the playhead, or of which step that is. */
export interface SaidText<E> {
  readonly said: { readonly row: GraphRow; readonly signal: string } | 'step';
  /** It stands in more than one place. */
  readonly texts: E[];
}

export interface Picture<E> {
  readonly graph: UnrolledGraph;
  readonly geometry: Geometry;
  readonly signals: readonly SignalNode<E>[];
  readonly stubs: readonly StubNode<E>[];
  readonly rails: readonly Rail<E>[];
  /** The names of the rows before the first column. */
  readonly labels: readonly E[];
  readonly said: readonly SaidText<E>[];
  /** The number under each column. */
  readonly steps: readonly E[];
  readonly playhead: E;
}

/** @throws Error if a node was not drawn. */
export function preparePicture<E>(
  surface: Surface<E>,
  base: Base<E>,
  network: Network,
  graph: UnrolledGraph,
  geometry: Geometry,
): Picture<E> {
  const signals: SignalNode<E>[] = [];
  const stubs: StubNode<E>[] = [];
  for (const node of graph.nodes) {
    const box = geometry.nodes.get(node.id);
    if (!box) continue;
    const drawn = base.nodes.get(node.id);
    if (!drawn) throw new Error(`the node "${node.id}" was not drawn`);
    const placed = { box, geometry };
    if (node.signal) signals.push(signalNode(surface, drawn, node, graph.rows[node.row], placed, network));
    else if (node.kind === 'stub') stubs.push(stubNode(surface, drawn.element, node, placed, graph, network));
    else if (node.kind === 'merge') appendText(surface, drawn.element, 'word', 0, 4, node.label);
  }
  const { form, mirrored } = geometry;
  if (form === 'joined')
    surface.attribute(base.root, 'class', mirrored ? 'root joined mirrored' : 'root joined');
  const playhead = surface.prepend(base.root, 'rect', { class: 'playhead', rx: 8, visibility: 'hidden' });
  const labels = surface.append(base.root, 'g', { class: 'labels' });
  const names = geometry.rowLabels.map((label) => addRowLabel(surface, labels, label));
  for (const [index, row] of graph.rows.entries()) {
    if (row.kind !== 'input' || row.single) continue;
    const box = geometry.nodes.get(graph.nodes.find((node) => node.row === index)!.id);
    if (!box) continue;
    const title = geometry.rowLabels.find(({ text, style }) => text === row.layer && style === 'title');
    const taken = title ? title.x + textWidth(title.text + title.tail) * LETTER : MARGIN + SYMBOL;
    const [{ x, width }] = geometry.columns;
    const place = { from: taken + GAP, to: x - width / 2 - GAP };
    addFeatureNames(surface, labels, inputOf(network, row.layer), box, place);
  }
  const steps = geometry.steps.map(({ x, y }) => appendText(surface, labels, 'step', x, y));
  const atLeft = names.filter((_, index) => geometry.rowLabels[index].anchor === 'start');
  const said = geometry.rowLabels.flatMap(({ said: of }, index): SaidText<E>[] => {
    if (!of) return [];
    return [{ said: of === 'step' ? of : { ...of, row: graph.rows[of.row] }, texts: [names[index]] }];
  });
  const rails = railsOf(base, graph);
  return { graph, geometry, signals, stubs, rails, labels: atLeft, said, steps, playhead };
}

function railsOf<E>({ wires }: Base<E>, graph: UnrolledGraph): Rail<E>[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const roles = new Map(graph.edges.map(({ from, to, role }) => [edgeKey(from, to), role]));
  return wires.flatMap(({ path, from, to }) => {
    const role = roles.get(edgeKey(from, to));
    if (role === undefined || !isRail(role)) return [];
    const { row, column, signal } = nodes.get(from)!;
    const carried = signal?.signal ?? (role === 'cell' ? 'c' : 'h');
    return carried === 'h' || carried === 'c'
      ? [{ path, row: graph.rows[row], signal: carried, column }]
      : [];
  });
}

/** Where a node stands in its picture. */
interface Placed {
  readonly box: NodeBox;
  readonly geometry: Geometry;
}

function signalNode<E>(
  surface: Surface<E>,
  { element, rect }: BaseNode<E>,
  node: GraphNode,
  { idle }: GraphRow,
  { box, geometry: { form } }: Placed,
  network: Network,
): SignalNode<E> {
  const { layer, level, direction, signal } = node.signal!;
  const address = { layer, level: String(level), direction, signal };
  for (const [name, value] of Object.entries(address)) surface.attribute(element, `data-${name}`, value);
  surface.attribute(element, 'role', 'img');
  return {
    node,
    box,
    element,
    rect,
    ghost: ghostOf(surface, element, box),
    face: createFace(surface, element, node, { ...box, form }, network),
    showsTop: showsTop(node, network),
    name: signalInWords(network, node.signal!),
    ...(idle && { notRun: notRunInWords(idle) }),
  };
}

const GHOST_HEIGHT = 3;

/** A strip along the lower edge, as long as the edge is straight. */
function ghostOf<E>(surface: Surface<E>, parent: E, { width, height, radius }: NodeBox): E {
  const round = Math.min(height / 2 - GHOST_HEIGHT, radius);
  return surface.append(parent, 'rect', {
    ...{ class: 'ghost', visibility: 'hidden', rx: GHOST_HEIGHT / 2, height: GHOST_HEIGHT },
    ...{ x: -width / 2 + round, y: height / 2 - GHOST_HEIGHT - 1, width: width - 2 * round },
  });
}

function stubNode<E>(
  surface: Surface<E>,
  element: E,
  node: GraphNode,
  { box, geometry }: Placed,
  graph: UnrolledGraph,
  network: Network,
): StubNode<E> {
  const row = graph.rows[node.row];
  const left = node.column === LEFT_STUB;
  const enters = left === (row.direction === 'forward');
  const y =
    geometry.form === 'apart'
      ? reachBaseline(box, enters)
      : joinedBaseline(box, row, enters !== geometry.mirrored);
  const text = appendText(surface, element, 'reach', left ? -14 : 14, y);
  return {
    side: left ? 'left' : 'right',
    row,
    end: enters ? beginning(network, row) : words.finalState,
    text,
  };
}

/** Clear of the rails: between two of them, or above a single one. From the middle of the stub. */
function reachBaseline({ height }: Box, enters: boolean): number {
  if (height < 40) return -10;
  return enters ? 24 : -height / 2 + 38;
}

function joinedBaseline({ height }: Box, { cell }: GraphRow, low: boolean): number {
  if (height < 20) return -10;
  if (!cell?.states.includes('c')) return 4;
  return (low ? height : -height) / 4 + 4;
}

/** Where the state before the first step comes from. */
function beginning({ layers }: Network, { layer: name, level, direction }: GraphRow): string {
  const layer = layers.find((one) => one.name === name);
  const state = layer && isRecurrent(layer) ? layer.initialState : undefined;
  if (!state) return words.initialState;
  if (state.kind === 'learned') return words.learnedState;
  const { h, c } = handedTo(layer as RecurrentLayer, level, direction);
  const names = [...new Set([...(h?.of ?? []), ...(c?.of ?? [])].map((from) => visible(from.layer)))];
  const [first] = names;
  return first === undefined
    ? words.initialState
    : fill(words.stateOf, fitText(names.join(' + '), STATE_CHARACTERS));
}

function addRowLabel<E>(surface: Surface<E>, parent: E, { text, tail, x, y, style, anchor }: RowLabel): E {
  const fitted = fitText(text, TITLE_CHARACTERS - tail.length);
  const element = appendText(surface, parent, `row-${style}`, x, y + 4, fitted + tail);
  surface.attribute(element, 'text-anchor', anchor);
  if (fitted !== text) appendTitle(surface, element, visible(text) + tail);
  return element;
}

const STATE_CHARACTERS = 8;
/** Of a letter at 11 pixels, rather wide. */
const LETTER = 7;
/** Of the letter at the left of a row. */
const SYMBOL = 12;
/** Beside names. */
const GAP = 6;

/** The names of an input's features stand once, between the row's own and the first column. */
function addFeatureNames<E>(
  surface: Surface<E>,
  parent: E,
  input: NetworkInput,
  box: Box,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  if (input.kind !== 'vector') return;
  const names = input.features ?? [];
  const lines = featureLines(input);
  const { shown, naming } = lines;
  const hidden = input.size - shown;
  const room = Math.max(2, Math.floor((to - from) / LETTER));
  for (let line = 0; line < shown; line += naming) {
    const more = line + naming >= shown && hidden > 0 ? ` +${hidden}` : '';
    const name = fitText(names[line] ?? '', Math.max(1, room - more.length));
    const text = appendText(
      surface,
      parent,
      'row-feature',
      to,
      box.y + featureBaseline(box, lines, line),
      name + more,
    );
    const whole = visible(names.slice(line, line + naming).join(', '));
    const rest = more && fill(words.alsoRead, featuresInWords(input, shown, input.size));
    const title = [whole, rest].filter(Boolean).join('\n');
    if (title) appendTitle(surface, text, title);
  }
}

/** What is shown of an element where the pointer rests. */
function appendTitle<E>(surface: Surface<E>, parent: E, text: string): void {
  surface.text(surface.append(parent, 'title'), text);
}

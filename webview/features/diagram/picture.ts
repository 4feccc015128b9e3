/** A drawn picture made ready for its overlay: which element is which node, and the texts that Mermaid does not know. */
import {
  inputOf,
  isRecurrent,
  type Network,
  type NetworkInput,
  type RecurrentLayer,
} from '../../../src/model/network';
import { handedTo } from '../../../src/model/states';
import { signalName } from '../../../src/unroll/equations';
import { LEFT_STUB, type GraphNode, type GraphRow, type UnrolledGraph } from '../../../src/unroll/graph';
import { visible } from '../../../src/unroll/mermaid';
import { notRunInWords } from '../../shared/signals';
import { featuresInWords } from './featureNames';
import { createFace, featureBaseline, showsTop, type Face } from './faces';
import { edgeKey, featureLines, MARGIN, TITLE_CHARACTERS } from '../../shared/spacing';
import type { Box, Geometry, RowLabel } from './geometry';
import { appendSvg, appendText } from '../../ui/svg';
import { fitText, textWidth } from '../../ui/text';
import { common, fill } from '../../shared/words';
import { words } from './words';

/** One signal of one column. */
export interface SignalNode {
  readonly node: GraphNode;
  readonly box: Box;
  readonly element: SVGGElement;
  /** What the value colours. */
  readonly rect: SVGRectElement;
  /** What it was without a what-if. */
  readonly ghost: SVGRectElement;
  readonly face: Face;
  /** Whether it shows the largest output instead of a mean. */
  readonly showsTop: boolean;
  /** In words, without the step. */
  readonly name: string;
  /** Why it has no values, unless a sequence brings what is missing: in words. */
  readonly notRun?: string;
}

/** Where state enters or leaves the window. */
export interface StubNode {
  readonly side: 'left' | 'right';
  readonly row: GraphRow;
  /** What it says where the sequence ends. */
  readonly end: string;
  readonly text: SVGTextElement;
}

/** A wire that carries a state from step to step. */
export interface Rail {
  readonly path: SVGPathElement;
  readonly row: GraphRow;
  readonly signal: 'h' | 'c';
  /** The column that the state is of: one less than the first, or one more than the last, where it enters the window. */
  readonly column: number;
}

export interface Picture {
  readonly svg: SVGSVGElement;
  readonly graph: UnrolledGraph;
  readonly geometry: Geometry;
  readonly signals: readonly SignalNode[];
  readonly stubs: readonly StubNode[];
  readonly rails: readonly Rail[];
  /** The names of the rows before the first column. */
  readonly labels: readonly SVGTextElement[];
  /** The number under each column. */
  readonly steps: readonly SVGTextElement[];
  readonly playhead: SVGRectElement;
}

/** The element of each node, by the graph's id, which the layout writes on it. */
function nodeElements(svg: SVGSVGElement): Map<string, SVGGElement> {
  const elements = svg.querySelectorAll<SVGGElement>('g.node[data-id]');
  return new Map([...elements].map((element) => [element.dataset.id!, element]));
}

/** @throws Error if Mermaid left a node out. */
export function preparePicture(
  svg: SVGSVGElement,
  network: Network,
  graph: UnrolledGraph,
  geometry: Geometry,
): Picture {
  svg.removeAttribute('style');
  svg.removeAttribute('aria-roledescription');
  svg.setAttribute('viewBox', `0 0 ${geometry.width} ${geometry.height}`);
  svg.setAttribute('role', 'group');
  svg.setAttribute('aria-label', words.diagram);

  const elements = nodeElements(svg);
  const signals: SignalNode[] = [];
  const stubs: StubNode[] = [];
  for (const node of graph.nodes) {
    const element = elements.get(node.id);
    if (!element) throw new Error(`the node "${node.id}" was not drawn`);
    const box = geometry.nodes.get(node.id)!;
    element.classList.add(node.kind);
    if (node.signal) signals.push(signalNode(element, node, graph.rows[node.row], box, network));
    else if (node.kind === 'stub') stubs.push(stubNode(element, node, box, graph, network));
    else if (node.kind === 'merge') appendText(element, 'word', 0, 4, node.label);
  }
  const root = svg.querySelector('g.root')!;
  const playhead = appendSvg(root, 'rect', { class: 'playhead', rx: 8, visibility: 'hidden' });
  root.prepend(playhead);
  const labels = appendSvg(root, 'g', { class: 'labels' });
  const names = geometry.rowLabels.map((label) => addRowLabel(labels, label));
  for (const [index, row] of graph.rows.entries()) {
    if (row.kind !== 'input' || row.single) continue;
    const first = graph.nodes.find((node) => node.row === index)!;
    const title = geometry.rowLabels.find(({ text, style }) => text === row.layer && style === 'title');
    const taken = title ? title.x + textWidth(title.text + title.tail) * LETTER : MARGIN + SYMBOL;
    const [{ x, width }] = geometry.columns;
    const place = { from: taken + GAP, to: x - width / 2 - GAP };
    addFeatureNames(labels, inputOf(network, row.layer), geometry.nodes.get(first.id)!, place);
  }
  const steps = geometry.steps.map(({ x, y }) => appendText(labels, 'step', x, y));
  const atLeft = names.filter((_, index) => geometry.rowLabels[index].anchor === 'start');
  const rails = railsOf(svg, graph);
  return { svg, graph, geometry, signals, stubs, rails, labels: atLeft, steps, playhead };
}

function railsOf(svg: SVGSVGElement, graph: UnrolledGraph): Rail[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const roles = new Map(graph.edges.map(({ from, to, role }) => [edgeKey(from, to), role]));
  return [...svg.querySelectorAll<SVGPathElement>('.edgePaths path')].flatMap((path) => {
    const { from = '', to = '' } = path.dataset;
    const role = roles.get(edgeKey(from, to));
    if (role !== 'cell' && role !== 'hidden' && role !== 'carry') return [];
    const { row, column, signal } = nodes.get(from)!;
    const carried = signal?.signal ?? (role === 'cell' ? 'c' : 'h');
    return carried === 'h' || carried === 'c'
      ? [{ path, row: graph.rows[row], signal: carried, column }]
      : [];
  });
}

function signalNode(
  element: SVGGElement,
  node: GraphNode,
  { idle }: GraphRow,
  box: Box,
  network: Network,
): SignalNode {
  const { layer, level, direction, signal } = node.signal!;
  element.classList.add('signal');
  const attributes = {
    'data-layer': layer,
    'data-level': String(level),
    'data-direction': direction,
    'data-signal': signal,
    role: 'img',
    tabindex: '-1',
  };
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  const rect = element.querySelector('rect')!;
  return {
    node,
    box,
    element,
    rect,
    ghost: ghostOf(rect, box),
    face: createFace(element, node, box, network),
    showsTop: showsTop(node, network),
    name: nameOf(network, node),
    ...(idle && { notRun: notRunInWords(idle) }),
  };
}

const GHOST_HEIGHT = 3;

/** A strip along the lower edge, as long as the edge is straight. */
function ghostOf(rect: SVGRectElement, { width, height }: Box): SVGRectElement {
  const round = Math.min(height / 2 - GHOST_HEIGHT, Number(rect.getAttribute('rx')) || 0);
  const ghost = appendSvg(rect.parentElement!, 'rect', {
    ...{ class: 'ghost', visibility: 'hidden', rx: GHOST_HEIGHT / 2, height: GHOST_HEIGHT },
    ...{ x: -width / 2 + round, y: height / 2 - GHOST_HEIGHT - 1, width: width - 2 * round },
  });
  rect.after(ghost);
  return ghost;
}

/** `forget gate f, lstm, level 1, backward`. */
function nameOf(network: Network, node: GraphNode): string {
  const address = node.signal!;
  const layer = network.layers.find(({ name }) => name === address.layer);
  const words = [`${signalName(network, address)} ${address.signal}`];
  if (layer) words.push(visible(layer.name));
  if (layer && isRecurrent(layer)) {
    if (layer.levels > 1) words.push(fill(common.level, address.level));
    if (layer.directions.length > 1) words.push(common[address.direction]);
  }
  return words.join(', ');
}

function stubNode(
  element: SVGGElement,
  node: GraphNode,
  box: Box,
  graph: UnrolledGraph,
  network: Network,
): StubNode {
  const row = graph.rows[node.row];
  const left = node.column === LEFT_STUB;
  const enters = left === (row.direction === 'forward');
  // Clear of the rails: between two of them, or above a single one.
  const y = box.height < 40 ? -10 : enters ? 24 : -box.height / 2 + 38;
  const text = appendText(element, 'reach', left ? -14 : 14, y);
  return {
    side: left ? 'left' : 'right',
    row,
    end: enters ? beginning(network, row) : words.finalState,
    text,
  };
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

function addRowLabel(parent: SVGElement, { text, tail, x, y, style, anchor }: RowLabel): SVGTextElement {
  const fitted = fitText(text, TITLE_CHARACTERS - tail.length);
  const element = appendText(parent, `row-${style}`, x, y + 4, fitted + tail);
  element.setAttribute('text-anchor', anchor);
  if (fitted !== text) appendSvg(element, 'title').textContent = visible(text) + tail;
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
function addFeatureNames(
  parent: SVGElement,
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
      parent,
      'row-feature',
      to,
      box.y + featureBaseline(box, lines, line),
      name + more,
    );
    const whole = visible(names.slice(line, line + naming).join(', '));
    const rest = more && fill(words.alsoRead, featuresInWords(input, shown, input.size));
    const title = [whole, rest].filter(Boolean).join('\n');
    if (title) appendSvg(text, 'title').textContent = title;
  }
}

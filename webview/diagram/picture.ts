/** A drawn picture made ready for its overlay: which element is which node, and the texts that Mermaid does not know. */
import { isRecurrent, type Network } from '../../src/model/network';
import { signalName } from '../../src/unroll/equations';
import { type GraphNode, type UnrolledGraph } from '../../src/unroll/graph';
import { visible } from '../../src/unroll/mermaid';
import { fill, strings } from '../strings';
import {
  FEATURE,
  shownFeatures,
  TITLE_CHARACTERS,
  type Geometry,
  type NodeBox,
  type RowLabel,
} from './geometry';
import { appendSvg } from './svg';
import { fitText } from './text';

/** How a signal's node writes its value. */
export type NodeFace = 'gate' | 'state' | 'cell' | 'token' | 'features' | 'label';

/** One signal of one column, with the elements that the overlay changes. */
export interface SignalNode {
  readonly node: GraphNode;
  readonly box: NodeBox;
  readonly face: NodeFace;
  readonly element: SVGGElement;
  readonly rect: SVGRectElement;
  /** The signal's letter; absent where tokens or features stand. */
  readonly letter: SVGTextElement | null;
  /** The number, the token, the label, or the features' numbers. */
  readonly texts: readonly SVGTextElement[];
  /** Share of the top label, and its bar. */
  readonly percent: SVGTextElement | null;
  readonly bar: SVGRectElement | null;
  /** What its cell is, at level of detail `cells`. */
  readonly caption: SVGTextElement | null;
  /** Name in words without the step. */
  readonly name: string;
}

/** Where state enters or leaves. */
export interface StubNode {
  readonly side: 'left' | 'right';
  /** Whether state enters here, in the direction that time runs in this row. */
  readonly enters: boolean;
  readonly text: SVGTextElement;
}

export interface Picture {
  readonly svg: SVGSVGElement;
  readonly graph: UnrolledGraph;
  readonly geometry: Geometry;
  readonly signals: readonly SignalNode[];
  readonly stubs: readonly StubNode[];
  readonly steps: readonly SVGTextElement[];
  readonly playhead: SVGRectElement;
}

/** The names of the network's outputs, if it has any: given by the file, or the vocabulary that it predicts. */
export function outputNames(network: Network): readonly string[] | null {
  if (network.outputLabels) return network.outputLabels;
  const last = network.layers[network.layers.length - 1];
  const { input } = network;
  return input.kind === 'token' && input.vocabulary.length === last.outputSize ? input.vocabulary : null;
}

/** The graph's id of a node that Mermaid drew: `…flowchart-l0_y_3-17` is `l0_y_3`. */
export function nodeIdOf(domId: string): string | null {
  return /(?:^|-)flowchart-(\w+)-\d+$/.exec(domId)?.[1] ?? null;
}

/** The element of each node, by the graph's id. */
export function nodeElements(svg: SVGSVGElement): Map<string, SVGGElement> {
  const elements = new Map<string, SVGGElement>();
  for (const element of svg.querySelectorAll<SVGGElement>('g.node')) {
    const id = nodeIdOf(element.id);
    if (id !== null) elements.set(id, element);
  }
  return elements;
}

/** @throws Error if Mermaid left a node out. */
export function preparePicture(
  svg: SVGSVGElement,
  network: Network,
  graph: UnrolledGraph,
  geometry: Geometry,
): Picture {
  const { width, height } = geometry;
  svg.removeAttribute('style');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('role', 'group');
  svg.removeAttribute('aria-roledescription');
  svg.setAttribute('aria-label', strings.diagram);

  const elements = nodeElements(svg);
  const signals: SignalNode[] = [];
  const stubs: StubNode[] = [];
  for (const node of graph.nodes) {
    const element = elements.get(node.id);
    if (!element) throw new Error(`the node "${node.id}" was not drawn`);
    const box = geometry.nodes.get(node.id)!;
    element.classList.add(node.kind);
    if (node.signal) signals.push(signalNode(element, node, box, network));
    else if (node.kind === 'stub') stubs.push(stubNode(element, node, box, graph));
    else if (node.kind === 'merge') addText(element, 'word', 0, 4).textContent = node.label;
  }
  const root = svg.querySelector('g.root')!;
  const playhead = appendSvg(root, 'rect', { class: 'playhead', rx: 8, visibility: 'hidden' });
  root.prepend(playhead);
  const furniture = appendSvg(root, 'g', { class: 'furniture' });
  for (const label of geometry.rowLabels) addRowLabel(furniture, label);
  addFeatureNames(furniture, network, graph, geometry);
  const steps = geometry.columns.map(({ x }) => addText(furniture, 'step', x, geometry.stepY));
  return { svg, graph, geometry, signals, stubs, steps, playhead };
}

function signalNode(element: SVGGElement, node: GraphNode, box: NodeBox, network: Network): SignalNode {
  const { layer, level, direction, signal } = node.signal!;
  element.classList.add('signal');
  element.setAttribute('data-layer', layer);
  element.setAttribute('data-level', String(level));
  element.setAttribute('data-direction', direction);
  element.setAttribute('data-signal', signal);
  element.setAttribute('role', 'img');
  element.setAttribute('tabindex', '-1');
  const rect = element.querySelector('rect')!;
  const face = faceOf(node, network);
  return {
    node,
    box,
    face,
    element,
    rect,
    name: nameOf(network, node),
    ...faceElements(element, face, node, box, network),
  };
}

function faceOf(node: GraphNode, network: Network): NodeFace {
  if (node.kind === 'input') return network.input.kind === 'token' ? 'token' : 'features';
  if (node.kind === 'gate') return 'gate';
  if (node.kind === 'cell') return 'cell';
  if (node.kind === 'state') return 'state';
  const last = network.layers[network.layers.length - 1];
  return node.signal!.layer === last.name && outputNames(network) ? 'label' : 'state';
}

function nameOf(network: Network, node: GraphNode): string {
  const address = node.signal!;
  const layer = network.layers.find(({ name }) => name === address.layer);
  const words = [`${signalName(network, address)} ${address.signal}`];
  if (layer) words.push(visible(layer.name));
  if (layer && isRecurrent(layer)) {
    if (layer.levels > 1) words.push(fill(strings.level, address.level));
    if (layer.directions.length > 1) words.push(strings[address.direction]);
  }
  return words.join(', ');
}

function faceElements(
  element: SVGGElement,
  face: NodeFace,
  node: GraphNode,
  box: NodeBox,
  network: Network,
): Pick<SignalNode, 'letter' | 'texts' | 'percent' | 'bar' | 'caption'> {
  const letter = () => {
    const text = addText(element, 'letter', 0, 5);
    text.textContent = node.label;
    return text;
  };
  const caption = () => {
    const text = addText(element, 'caption', 0, -8);
    text.textContent = network.layers.find(({ name }) => name === node.signal!.layer)!.type.toUpperCase();
    return text;
  };
  const plain = { letter: null, percent: null, bar: null, caption: null };
  switch (face) {
    case 'gate':
      return { ...plain, letter: letter(), texts: [addText(element, 'value', 0, 13)] };
    case 'cell':
      return { ...plain, letter: letter(), texts: [addText(element, 'value', 14, 13)], caption: caption() };
    case 'state':
      return { ...plain, letter: letter(), texts: [addText(element, 'value', 14, 4)] };
    case 'token':
      return { ...plain, texts: [addText(element, 'token', 0, 0)] };
    case 'features': {
      const top = -box.height / 2 + FEATURE.padding + 11;
      const texts = Array.from({ length: shownFeatures(network.input) }, (_, i) =>
        addText(element, 'feature', box.width / 2 - FEATURE.padding, top + i * FEATURE.line),
      );
      return { ...plain, texts };
    }
    case 'label': {
      const bar = appendSvg(element, 'rect', {
        class: 'bar',
        x: -box.width / 2,
        y: box.height / 2 - 4,
        width: 0,
        height: 4,
        rx: 2,
      });
      return {
        ...plain,
        letter: letter(),
        texts: [addText(element, 'token', -13, 0)],
        percent: addText(element, 'percent', box.width / 2 - 7, 4),
        bar,
      };
    }
  }
}

function stubNode(element: SVGGElement, node: GraphNode, box: NodeBox, graph: UnrolledGraph): StubNode {
  const row = graph.rows[node.row];
  const side = node.column < 0 ? 'left' : 'right';
  const enters = (side === 'left') === (row.direction === 'forward');
  const x = side === 'left' ? -6 : 22;
  // Clear of the rails: between them where there are two, above a single one.
  const y = box.height > 40 ? (enters ? 24 : -box.height / 2 + 38) : -10;
  return { side, enters, text: addText(element, 'reach', x, y) };
}

function addRowLabel(parent: SVGElement, { text, x, y, style, anchor }: RowLabel): void {
  const element = addText(parent, `row-${style}`, x, y + 4);
  const fitted = style === 'title' ? fitText(text, TITLE_CHARACTERS) : text;
  element.setAttribute('text-anchor', anchor);
  element.textContent = fitted;
  if (fitted !== text) addTitle(element, text);
}

function addFeatureNames(
  parent: SVGElement,
  network: Network,
  graph: UnrolledGraph,
  geometry: Geometry,
): void {
  if (network.input.kind !== 'vector') return;
  const box = geometry.nodes.get(graph.nodes[0].id)!;
  const names = network.input.features ?? [];
  const shown = shownFeatures(network.input);
  const top = box.y - box.height / 2 + FEATURE.padding + 11;
  for (let i = 0; i < shown; i++) {
    const rest = network.input.size - shown;
    const more = i === shown - 1 && rest > 0 ? ` +${rest}` : '';
    const text = addText(parent, 'row-feature', box.x - box.width / 2 - 8, top + i * FEATURE.line);
    text.textContent = fitText(names[i] ?? '', 12) + more;
    if (names[i]) addTitle(text, names.join(', '));
  }
}

function addText(parent: SVGElement, style: string, x: number, y: number): SVGTextElement {
  return appendSvg(parent, 'text', { class: style, x, y });
}

function addTitle(text: SVGTextElement, full: string): void {
  appendSvg(text, 'title').textContent = visible(full);
}

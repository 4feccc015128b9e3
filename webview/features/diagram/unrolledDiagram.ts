/** The diagram in the panel: draws with Mermaid, patches with the overlay, and looks after focus, zoom and scroll. */
import { unroll } from '../../../src/unroll/graph';
import { isDrawable, toMermaid } from '../../../src/unroll/mermaid';
import { sameTheme, type Theme } from '../../../src/picture/colour/color';
import { readTheme } from '../../colour/theme';
import { addressOf, findNode } from '../../shared/nodes';
import type { Diagram, DiagramOptions, Viewpoint } from './contract';
import { headingOf, neighbour, RovingFocus, type Heading } from './focus';
import { place } from '../../../src/picture/diagram/geometry';
import { createLabelColumn } from './labelColumn';
import { baseOf } from './drawn';
import { drawFlowchart } from './mermaid';
import { OverlayWriter, type Overlay, type Shape } from '../../../src/picture/diagram/overlay';
import { page } from '../../ui/svg';
import {
  preparePicture,
  type Picture as PictureOf,
  type SignalNode as SignalNodeOf,
} from '../../../src/picture/diagram/picture';
import { createScale } from '../../../src/picture/colour/scale';
import { Viewport } from './viewport';
import { fill } from '../../shared/words';
import { words } from './words';

type Picture = PictureOf<SVGElement>;
type SignalNode = SignalNodeOf<SVGElement>;

/** Puts a diagram into an element that has a size of its own, and fills it. */
export function createDiagram(host: HTMLElement, options: DiagramOptions = {}): Diagram {
  return new UnrolledDiagram(host, options);
}

class UnrolledDiagram implements Diagram {
  private readonly scroller = document.createElement('div');
  private readonly scratch = document.createElement('div');
  private readonly viewport: Viewport;
  private readonly focus = new RovingFocus<SVGElement>();
  private readonly closed = new AbortController();
  private theme = readTheme();
  private shape: Shape | null = null;
  private overlay: Overlay | null = null;
  private picture: Picture | null = null;
  private writer: OverlayWriter<SVGElement> | null = null;
  private byElement = new Map<Element, SignalNode>();
  private draws = 0;
  /** The picture is new since the last update. */
  private fresh = false;

  constructor(
    host: HTMLElement,
    private readonly options: DiagramOptions,
  ) {
    this.scroller.className = 'diagram-scroll';
    this.scratch.className = 'diagram-scratch';
    this.scratch.setAttribute('aria-hidden', 'true');
    host.append(this.scroller, this.scratch);
    const { signal } = this.closed;
    this.viewport = new Viewport(this.scroller, (from) => options.onLook?.(from), signal);
    this.scroller.addEventListener('keydown', (event) => this.keydown(event), { signal });
    this.scroller.addEventListener('focusin', (event) => this.focused(event), { signal });
  }

  async draw(shape: Shape): Promise<void> {
    this.shape = shape;
    await this.redraw(shape, this.theme);
  }

  update(overlay: Overlay): void {
    const before = this.overlay;
    this.overlay = overlay;
    this.writer?.write(overlay);
    if (before && (this.fresh || overlay.playhead !== before.playhead)) this.followPlayhead(overlay);
    this.fresh = false;
  }

  async refreshTheme(): Promise<void> {
    const theme = readTheme();
    if (sameTheme(theme, this.theme)) return;
    this.theme = theme;
    if (this.shape) await this.redraw(this.shape, theme);
  }

  fit(): void {
    this.viewport.fit();
  }

  zoomBy(factor: number): void {
    this.viewport.zoomBy(factor);
  }

  lookFrom(viewpoint: Viewpoint): void {
    this.viewport.lookFrom(viewpoint);
  }

  dispose(): void {
    this.draws++;
    this.closed.abort();
    this.scroller.remove();
    this.scratch.remove();
  }

  /** The newest call wins: a picture that was overtaken is dropped. */
  private async redraw(shape: Shape, theme: Theme): Promise<void> {
    const draw = ++this.draws;
    const graph = unroll(shape.network, shape);
    const text = toMermaid(graph);
    if (!isDrawable(text, graph.edges)) throw new RangeError(fill(words.tooLargeToDraw, graph.nodes.length));
    const geometry = place(graph, shape.network, shape.explained);
    const svg = await drawFlowchart(text, geometry, theme, this.scratch);
    if (draw !== this.draws) return;
    const base = baseOf(svg, graph, geometry);
    this.show(svg, preparePicture(page, base, shape.network, graph, geometry), theme);
  }

  private show(svg: SVGSVGElement, picture: Picture, theme: Theme): void {
    const focused = this.focus.element;
    const hadFocus = focused !== null && focused === document.activeElement;
    const address = focused && addressOf(focused);
    this.picture = picture;
    this.fresh = true;
    this.byElement = new Map(picture.signals.map((signal) => [signal.element, signal]));
    const labels = createLabelColumn(picture, theme);
    this.writer = new OverlayWriter(page, picture, this.shape!.network, createScale(theme));
    if (this.overlay) this.writer.write(this.overlay);
    const { width, height } = picture.geometry;
    this.viewport.show({ svg, width, height }, labels);
    const next = (address && findNode(svg, address)) ?? picture.signals[0]?.element;
    if (next) this.focus.set(next);
    if (hadFocus) next?.focus({ preventScroll: true });
  }

  private keydown(event: KeyboardEvent): void {
    const heading = headingOf(event);
    const current = event.target instanceof Element && this.byElement.get(event.target);
    if (!heading || !current || !this.picture) return;
    event.preventDefault();
    event.stopPropagation();
    this.moveFocus(this.picture, current, heading)?.element.focus({ preventScroll: true });
  }

  /** Where the focus goes from a signal; beyond the window's edge the window moves on. */
  private moveFocus({ signals, graph }: Picture, from: SignalNode, heading: Heading): SignalNode | null {
    const { start, steps } = this.overlay ?? { start: 0, steps: 0 };
    const last = graph.columns - 1;
    const inWindow = from.node.column <= last;
    if (heading === 'first' || heading === 'last') {
      if (!inWindow) return null;
      this.options.onMoveWindow?.(heading === 'first' ? 0 : steps - graph.columns);
      return inColumn(signals, from, heading === 'first' ? 0 : last);
    }
    const spots = signals.map((signal) => ({ ...signal.box, signal }));
    const next = neighbour(spots, spots[signals.indexOf(from)], heading)?.signal ?? null;
    if (heading === 'up' || heading === 'down' || !inWindow) return next;
    const forward = heading === 'right';
    if (next && next.node.column <= last) return next;
    if (forward ? start + graph.columns >= steps : start === 0) return next;
    this.options.onMoveWindow?.(start + (forward ? 1 : -1));
    return firstOfRow(signals, from, forward);
  }

  private followPlayhead({ playhead, start }: Overlay): void {
    const column = playhead === null ? undefined : this.picture?.geometry.columns[playhead - start];
    if (column) this.viewport.revealAcross(column);
  }

  private focused(event: FocusEvent): void {
    const signal = event.target instanceof Element && this.byElement.get(event.target);
    if (!signal) return;
    this.focus.set(signal.element);
    this.viewport.reveal(signal.box);
  }
}

/** The same signal in another column. */
function inColumn(signals: readonly SignalNode[], { node }: SignalNode, column: number): SignalNode | null {
  const same = (other: SignalNode) => other.node.row === node.row && other.node.label === node.label;
  return signals.find((other) => other.node.column === column && same(other)) ?? null;
}

/** Of the signals beside one in its cell, the one that is met first when going on in a direction. */
function firstOfRow(signals: readonly SignalNode[], { node, box }: SignalNode, forward: boolean): SignalNode {
  const beside = signals.filter(({ node: other, box: { y } }) => other.column === node.column && y === box.y);
  return beside.reduce((a, b) => (b.box.x < a.box.x === forward ? b : a));
}

/** The diagram in the panel: draws with Mermaid, patches with the overlay, and looks after focus, zoom and scroll. */
import type { StepAddress } from '../../src/model/network';
import { unroll } from '../../src/unroll/graph';
import { isDrawable, toMermaid } from '../../src/unroll/mermaid';
import { sameTheme, type Theme } from '../color';
import { fill, strings } from '../strings';
import { readTheme } from '../theme';
import { addressOf } from '../signals';
import type { DiagramOptions, DiagramView, Overlay, Shape } from './diagram';
import { headingOf, neighbour, RovingFocus } from './focus';
import { place } from './geometry';
import { drawFlowchart } from './mermaid';
import { OverlayWriter } from './overlay';
import { preparePicture, type Picture, type SignalNode } from './picture';
import { createScale } from './scale';
import { Viewport, type View } from './viewport';

/** Puts a diagram into an element that has a size of its own, and fills it. */
export function createDiagram(host: HTMLElement, options: DiagramOptions = {}): DiagramView {
  return new UnrolledDiagram(host, options);
}

class UnrolledDiagram implements DiagramView {
  private readonly scroller = document.createElement('div');
  private readonly scratch = document.createElement('div');
  private readonly viewport: Viewport;
  private readonly focus = new RovingFocus<SVGGElement>();
  private readonly closed = new AbortController();
  private theme = readTheme();
  private shape: Shape | null = null;
  private overlay: Overlay | null = null;
  private picture: Picture | null = null;
  private writer: OverlayWriter | null = null;
  private byElement = new Map<Element, SignalNode>();
  private draws = 0;

  constructor(host: HTMLElement, { onViewChange = () => {} }: DiagramOptions) {
    this.scroller.className = 'diagram-scroll';
    this.scratch.className = 'diagram-scratch';
    this.scratch.setAttribute('aria-hidden', 'true');
    host.append(this.scroller, this.scratch);
    const { signal } = this.closed;
    this.viewport = new Viewport(this.scroller, onViewChange, signal);
    this.scroller.addEventListener('keydown', (event) => this.keydown(event), { signal });
    this.scroller.addEventListener('focusin', (event) => this.focused(event), { signal });
  }

  async draw(shape: Shape): Promise<void> {
    this.shape = shape;
    await this.redraw(shape, this.theme);
  }

  update(overlay: Overlay): void {
    this.overlay = overlay;
    this.writer?.write(overlay);
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

  getView(): View {
    return this.viewport.getView();
  }

  setView(view: View): void {
    this.viewport.setView(view);
  }

  element(address: StepAddress): SVGGElement | null {
    const { layer, level, direction, signal, step } = address;
    for (const { element, node } of this.picture?.signals ?? []) {
      const at = node.signal!;
      if (at.signal !== signal || at.layer !== layer || at.level !== level || at.direction !== direction)
        continue;
      if (element.getAttribute('data-step') === String(step)) return element;
    }
    return null;
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
    if (!isDrawable(text, graph.edges))
      throw new RangeError(fill(strings.tooLargeToDraw, graph.nodes.length));
    const geometry = place(graph, shape.network.input);
    const svg = await drawFlowchart(text, geometry, theme, this.scratch);
    if (draw !== this.draws) return;
    this.show(preparePicture(svg, shape.network, graph, geometry), theme);
  }

  private show(picture: Picture, theme: Theme): void {
    const focused = this.focus.element;
    const hadFocus = focused !== null && focused === document.activeElement;
    const address = focused && addressOf(focused);
    this.picture = picture;
    this.byElement = new Map(picture.signals.map((signal) => [signal.element, signal]));
    this.writer = new OverlayWriter(picture, createScale(theme));
    if (this.overlay) this.writer.write(this.overlay);
    this.scroller.replaceChildren(picture.svg);
    this.viewport.show(picture.svg, picture.geometry);
    const next = (address && this.element(address)) ?? picture.signals[0]?.element;
    if (next) this.focus.set(next);
    if (hadFocus) next?.focus({ preventScroll: true });
  }

  private keydown(event: KeyboardEvent): void {
    const heading = headingOf(event);
    const current = event.target instanceof Element && this.byElement.get(event.target);
    if (!heading || !current || !this.picture) return;
    event.preventDefault();
    event.stopPropagation();
    const spots = this.picture.signals.map((signal) => ({ x: signal.box.x, y: signal.box.y, signal }));
    const from = spots.find(({ signal }) => signal === current)!;
    neighbour(spots, from, heading)?.signal.element.focus({ preventScroll: true });
  }

  private focused(event: FocusEvent): void {
    const signal = event.target instanceof Element && this.byElement.get(event.target);
    if (!signal) return;
    this.focus.set(signal.element);
    this.viewport.reveal(signal.box);
  }
}

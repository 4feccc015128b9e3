/** The diagram in the panel: draws with Mermaid, patches with the overlay, and looks after focus, zoom and scroll. */
import type { Network } from '../../../src/model/network';
import { MAX_NODES, unroll, type UnrolledGraph } from '../../../src/unroll/graph';
import { isDrawable, toMermaid } from '../../../src/unroll/mermaid';
import { sameTheme, type Theme } from '../../../src/picture/colour/color';
import { readTheme } from '../../colour/theme';
import { addressOf, findNode } from '../../shared/nodes';
import type { Diagram, DiagramOptions, Viewpoint } from './contract';
import { headingOf, neighbour, RovingFocus, type Heading } from './focus';
import { place } from '../../../src/picture/diagram/geometry';
import { placePair, type Unrolled } from '../../../src/picture/diagram/pair';
import { createLabelColumn } from './labelColumn';
import { baseOf, createPaper, drawOn } from './drawn';
import { drawFlowchart } from './mermaid';
import { OverlayWriter, type Overlay, type Shape } from '../../../src/picture/diagram/overlay';
import { page } from '../../ui/svg';
import {
  preparePicture,
  type Picture as PictureOf,
  type SignalNode as SignalNodeOf,
} from '../../../src/picture/diagram/picture';
import { createScale } from '../../../src/picture/colour/scale';
import { Viewport, type Sheet } from './viewport';
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
  /** With the overlay of each: that of the network, perhaps that of another run. */
  private pictures: readonly {
    readonly picture: Picture;
    readonly writer: OverlayWriter<SVGElement>;
  }[] = [];
  private overlays: readonly (Overlay | null)[] = [];
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

  update(overlay: Overlay, compared: Overlay | null): void {
    const before = this.overlay;
    this.overlay = overlay;
    const overlays = [overlay, compared];
    this.pictures.forEach(({ writer }, k) => {
      const one = overlays[k];
      if (one && (this.fresh || one !== this.overlays[k])) writer.write(one);
    });
    this.overlays = overlays;
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
    const { network, compared, explained } = shape;
    const graph = unroll(network, shape);
    const other = compared && unroll(compared.network, shape);
    const pair = other && other.nodes.length <= MAX_NODES;
    this.options.onLeftOut?.(other && !pair ? tooLarge(other) : null);
    if (pair) {
      const below = { network: compared!.network, graph: other };
      const drawn = drawPair([{ network, graph }, below], compared!.sharesInput, theme);
      this.show(drawn, theme);
      return;
    }
    const text = toMermaid(graph);
    if (!isDrawable(text, graph.edges)) throw new RangeError(tooLarge(graph));
    const geometry = place(graph, network, explained);
    const svg = await drawFlowchart(text, geometry, theme, this.scratch);
    if (draw !== this.draws) return;
    const base = baseOf(svg, graph, geometry);
    const picture = preparePicture(page, base, network, graph, geometry);
    const { width, height } = geometry;
    this.show({ sheet: { svg, width, height }, pictures: [{ element: svg, picture, network }] }, theme);
  }

  private show({ sheet, pictures: drawn }: Drawing, theme: Theme): void {
    const focused = this.focus.element;
    const hadFocus = focused !== null && focused === document.activeElement;
    const address = focused && addressOf(focused);
    const role = focused?.closest('[data-run]')?.getAttribute('data-run');
    drawn.forEach(({ element }, k) => element.setAttribute('data-run', ROLES[k]));
    this.fresh = true;
    const scale = createScale(theme);
    const pictures = drawn.map(({ picture }) => picture);
    const signals = pictures.flatMap((picture) => picture.signals);
    this.byElement = new Map(signals.map((signal) => [signal.element, signal]));
    const labels = createLabelColumn(pictures, theme);
    this.pictures = drawn.map(({ picture, network }) => ({
      picture,
      writer: new OverlayWriter(page, picture, network, scale),
    }));
    this.pictures.forEach(({ writer }, k) => {
      const overlay = this.overlays[k];
      if (overlay) writer.write(overlay);
    });
    this.viewport.show(sheet, labels);
    const same = drawn.find(({ element }) => element.dataset.run === role) ?? drawn[0];
    const next = (address && findNode(same.element, address)) ?? signals[0]?.element;
    if (next) this.focus.set(next);
    if (hadFocus) next?.focus({ preventScroll: true });
  }

  private keydown(event: KeyboardEvent): void {
    const heading = headingOf(event);
    const current = event.target instanceof Element && this.byElement.get(event.target);
    if (!heading || !current) return;
    event.preventDefault();
    event.stopPropagation();
    this.moveFocus(current, heading)?.element.focus({ preventScroll: true });
  }

  /** Where the focus goes from a signal; beyond the window's edge the window moves on. */
  private moveFocus(from: SignalNode, heading: Heading): SignalNode | null {
    const { picture } = this.pictures.find((one) => one.picture.signals.includes(from))!;
    const { signals, graph } = picture;
    const { start, steps } = this.overlay ?? { start: 0, steps: 0 };
    const last = graph.columns - 1;
    const inWindow = from.node.column <= last;
    if (heading === 'first' || heading === 'last') {
      if (!inWindow) return null;
      this.options.onMoveWindow?.(heading === 'first' ? 0 : steps - graph.columns);
      return inColumn(signals, from, heading === 'first' ? 0 : last);
    }
    // Up and down also into the other picture.
    const spots = [...this.byElement.values()].map((signal) => ({ ...signal.box, signal }));
    const next =
      neighbour(
        spots,
        spots.find(({ signal }) => signal === from)!,
        heading,
      )?.signal ?? null;
    if (heading === 'up' || heading === 'down' || !inWindow) return next;
    const forward = heading === 'right';
    if (next && next.node.column <= last) return next;
    if (forward ? start + graph.columns >= steps : start === 0) return next;
    this.options.onMoveWindow?.(start + (forward ? 1 : -1));
    return firstOfRow(signals, from, forward);
  }

  private followPlayhead({ playhead, start }: Overlay): void {
    const column =
      playhead === null ? undefined : this.pictures[0]?.picture.geometry.columns[playhead - start];
    if (column) this.viewport.revealAcross(column);
  }

  private focused(event: FocusEvent): void {
    const signal = event.target instanceof Element && this.byElement.get(event.target);
    if (!signal) return;
    this.focus.set(signal.element);
    this.viewport.reveal(signal.box);
  }
}

/** The pictures of a diagram say whose they are. */
const ROLES = ['shown', 'compared'];

interface Drawn {
  readonly element: SVGElement;
  readonly picture: Picture;
  readonly network: Network;
}

/** One picture, or two over one another on the same paper. */
interface Drawing {
  readonly sheet: Sheet;
  readonly pictures: readonly Drawn[];
}

function drawPair(pair: readonly [Unrolled, Unrolled], sharesInput: boolean, theme: Theme): Drawing {
  const geometries = placePair(...pair, sharesInput);
  const svg = createPaper(geometries[0], theme);
  const pictures = pair.map(({ network, graph }, k): Drawn => {
    const geometry = geometries[k];
    const { element, base } = drawOn(svg, { graph, geometry }, [words.diagram, words.compared][k]);
    return { element, picture: preparePicture(page, base, network, graph, geometry), network };
  });
  const { width, height, input } = geometries[0];
  return { sheet: { svg, width, height, middle: (input.top + input.bottom) / 2 }, pictures };
}

function tooLarge({ nodes }: UnrolledGraph): string {
  return fill(words.tooLargeToDraw, nodes.length);
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

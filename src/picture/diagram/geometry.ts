/**
 * Where everything stands: nodes, cells and wires of an unrolled graph in pixels, before any zoom. Pure arithmetic. Every
 * column is the same grid; the eye compares a gate with itself one step later.
 */
import { INPUT, type Network } from '../../model/network';
import {
  finalColumn,
  LEFT_STUB,
  rightStub,
  type GraphEdge,
  type GraphNode,
  type GraphRow,
  type UnrolledGraph,
} from '../../unroll/graph';
import {
  CELL_BOX,
  cellShape,
  edgeKey,
  inputSizes,
  LANE,
  MARGIN,
  MERGE,
  SAID_FROM,
  sizesIn,
  spacingOf,
  TITLE_CHARACTERS,
  TITLE_LETTER,
  type CellShape,
  type Form,
  type Size,
  type Spacing,
} from './spacing';
import { saidWidth } from '../said';
import { textWidth } from '../text';
import { words } from './words';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its middle. */
export interface Box extends Point, Size {}

export interface NodeBox extends Box {
  readonly radius: number;
}

/** A wire: straight pieces with rounded corners, or an S between two uprights. */
export interface Route {
  readonly points: readonly Point[];
  readonly curve: 'rounded' | 'bumpY';
}

/** A text beside a row. */
export interface RowLabel extends Point {
  readonly text: string;
  /** Stands after the text, and in full where the text is cut: level and direction. */
  readonly tail: string;
  readonly style: 'symbol' | 'word' | 'title' | 'said';
  /** Where the text is written later: what is said of a signal of the row, or of which step all of that is. */
  readonly said?: { readonly row: number; readonly signal: string } | 'step';
  /** Which end of the text stands at x. */
  readonly anchor: 'start' | 'end';
}

export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly form: Form;
  /** The upper and lower edge of the input's row. */
  readonly input: Band;
  /** Whether depth grows downwards. */
  readonly mirrored: boolean;
  /** Those of an input that another picture shows are not there. */
  readonly nodes: ReadonlyMap<string, NodeBox>;
  readonly groups: ReadonlyMap<string, Box>;
  /** Keyed by `edgeKey`. Wires within a strip of gates are not there. */
  readonly edges: ReadonlyMap<string, Route>;
  /** The whole height of each timestep, for the playhead. */
  readonly columns: readonly Box[];
  /** Where the number of each step stands: the middle of its baseline. */
  readonly steps: readonly Point[];
  readonly rowLabels: readonly RowLabel[];
  /** How far the names before the first column reach. */
  readonly labelWidth: number;
}

/** Of the rail beyond the lanes beside the cells. */
const STUB_LENGTH = 24;
const HANDED_OFFSET = 6;
/** More lanes would run into the names of the rows. */
const MOST_HANDED = 5;
const STEP_LABEL = 30;
/** Left free for a name over a picture that is one of two. */
const CAPTION = 28;
/** From line to line of what is said of gates. */
const SAID_PITCH = 15;

/** How far from the middle of the output gate, in a strip, its wire leaves to pass c. */
const OUTSIDE = 8;

/** Where gates arrive under the state that they feed, from its middle. */
const SLOTS: Readonly<Record<string, number>> = { f: -14, i: 0, g: 14, z: -16, n: 16 };

/** `explained`: with room for words beside the letters of the rows. */
export function place(graph: UnrolledGraph, network: Network, explained = false): Geometry {
  const inputs = inputSizes(network);
  const said = explained ? saidWidth(network) : 0;
  return new Placer(graph, inputs, {
    form: 'apart',
    said,
    spacing: spacingOf(graph, inputs, { said }),
  }).place();
}

/** With its gates joined, in columns of a given spacing. */
export function placeJoined(graph: UnrolledGraph, network: Network, spacing: Spacing): Geometry {
  return new Placer(graph, inputSizes(network), { form: 'joined', said: 0, spacing }).place();
}

/** A row's band: its upper and lower edge. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

class Placer {
  private readonly bands: Band[] = [];
  private readonly nodes = new Map<string, NodeBox>();
  private readonly groups = new Map<string, Box>();
  private readonly edges = new Map<string, Route>();
  private readonly byId: ReadonlyMap<string, GraphNode>;
  private readonly form: Form;
  private readonly spacing: Spacing;
  /** The width of what is said beside the rows; 0 where nothing is. */
  private readonly said: number;
  private readonly sizes: ReturnType<typeof sizesIn>;
  private readonly height: number;

  constructor(
    private readonly graph: UnrolledGraph,
    /** Of each input's nodes, by name. */
    private readonly inputs: ReadonlyMap<string, Size>,
    { form, said, spacing }: { readonly form: Form; readonly said: number; readonly spacing: Spacing },
  ) {
    this.byId = new Map(graph.nodes.map((node) => [node.id, node]));
    this.form = form;
    this.said = said;
    this.spacing = spacing;
    this.sizes = sizesIn(form);
    this.height = this.stackRows();
  }

  place(): Geometry {
    for (const node of this.graph.nodes) this.nodes.set(node.id, this.nodeBox(node));
    for (const group of this.graph.groups) {
      const { top, bottom } = this.bands[group.row];
      const width = this.cellShape(this.graph.rows[group.row]).width;
      const box = { x: this.middle(group.column), y: (top + bottom) / 2, width, height: bottom - top };
      this.groups.set(group.id, box);
    }
    for (const edge of this.graph.edges) {
      const route = this.route(edge);
      if (route) this.edges.set(edgeKey(edge.from, edge.to), route);
    }
    return {
      ...{ width: this.width(), height: this.height, form: this.form, mirrored: false },
      input: this.bands[0],
      nodes: this.nodes,
      groups: this.groups,
      edges: this.edges,
      columns: this.columnBoxes(),
      steps: this.mapColumns((column) => ({ x: this.middle(column), y: this.bands[0].bottom + 22 })),
      rowLabels: this.rowLabels(),
      labelWidth: this.spacing.labelWidth,
    };
  }

  /** From the lane in the gutter before a column to the lane after it. */
  private columnBoxes(): Box[] {
    const rows = this.graph.rows.map((row, index) => (row.single ? Infinity : this.bands[index].top));
    const top = Math.min(...rows) - 14;
    const bottom = this.bands[0].bottom + STEP_LABEL + 4;
    return this.mapColumns((column) => ({
      x: this.middle(column) + (this.spacing.gutter - this.spacing.before) / 2,
      y: (top + bottom) / 2,
      width: this.spacing.pitch - 8,
      height: bottom - top,
    }));
  }

  private mapColumns<T>(make: (column: number) => T): T[] {
    return Array.from({ length: this.graph.columns }, (_, column) => make(column));
  }

  private width(): number {
    const { left, pitch, right } = this.spacing;
    return left + this.graph.columns * pitch + right;
  }

  /** Bottom row last; returns the height of the whole. */
  private stackRows(): number {
    let y = this.form === 'joined' ? CAPTION : MARGIN + 4;
    for (let row = this.graph.rows.length - 1; row > 0; row--) {
      const height = this.rowHeight(this.graph.rows[row]);
      this.bands[row] = { top: y, bottom: y + height };
      y += height + (row === 1 ? this.sizes.inputGap : this.sizes.rowGap);
    }
    this.bands[0] = { top: y, bottom: y + this.rowHeight(this.graph.rows[0]) };
    return this.bands[0].bottom + STEP_LABEL + MARGIN;
  }

  private rowHeight(row: GraphRow): number {
    if (row.kind === 'input') return this.inputs.get(row.layer)!.height;
    if (row.kind === 'value') return this.sizes.value.height;
    if (row.kind === 'merge') return MERGE.height;
    return this.cellShape(row).height;
  }

  private cellShape(row: GraphRow): CellShape {
    return cellShape(this.graph, row, this.form);
  }

  /** The middle of a timestep's column, or of the final column. */
  private middle(column: number): number {
    const first = this.spacing.left + this.spacing.cellWidth / 2;
    if (column !== finalColumn(this.graph)) return first + column * this.spacing.pitch;
    return this.width() - MARGIN - this.spacing.cellWidth / 2;
  }

  private nodeBox(node: GraphNode): NodeBox {
    const row = this.graph.rows[node.row];
    const { top, bottom } = this.bands[node.row];
    const cell = this.cellShape(row);
    const x = this.middle(node.column);
    const y = (top + bottom) / 2;
    switch (node.kind) {
      case 'input':
        return { x, y, ...this.inputs.get(row.layer)!, radius: 6 };
      case 'value':
        return { x, y, ...this.sizes.value, radius: 6 };
      case 'merge':
        return { x, y, ...MERGE, radius: MERGE.height / 2 };
      case 'cell':
        return { x, y, ...CELL_BOX, radius: 8 };
      case 'state':
        return {
          x,
          y: top + (node.label === 'c' ? cell.c : cell.h),
          ...this.sizes.state,
          radius: this.sizes.state.height / 2,
        };
      case 'gate': {
        const gates = gatesOf(row);
        const offset = gates.indexOf(node.label) - (gates.length - 1) / 2;
        const middle = { x: x + offset * cell.pitch, y: top + cell.gates };
        if (this.form === 'apart') return { ...middle, ...this.sizes.gate, radius: 5 };
        return { ...middle, width: cell.pitch, height: this.sizes.gate.height, radius: 0 };
      }
      case 'bus': {
        if (this.form === 'joined') {
          const width = gatesOf(row).length * cell.pitch;
          return { x, y: top + cell.bus, width, height: this.sizes.gate.height, radius: 0 };
        }
        const width = (gatesOf(row).length - 1) * cell.pitch + 2;
        return { x, y: top + cell.bus, width, height: 2, radius: 1 };
      }
      case 'stub': {
        const edge =
          node.column === LEFT_STUB
            ? this.spacing.left - this.spacing.before - STUB_LENGTH
            : this.middle(this.graph.columns - 1) +
              this.spacing.cellWidth / 2 +
              this.spacing.gutter +
              STUB_LENGTH +
              LANE;
        const middle = top + (cell.h + cell.bus) / 2;
        return { x: edge, y: middle, width: 2, height: Math.max(2, cell.bus - cell.h), radius: 1 };
      }
    }
  }

  /** Null within a strip of gates. */
  private route(edge: GraphEdge): Route | null {
    const from = this.byId.get(edge.from)!;
    const to = this.byId.get(edge.to)!;
    const a = this.nodes.get(edge.from)!;
    const b = this.nodes.get(edge.to)!;
    switch (edge.role) {
      case 'gate':
        return this.form === 'joined' ? null : straight({ x: b.x, y: a.y }, { x: b.x, y: bottomOf(b) });
      case 'inner':
        return this.form === 'joined' ? this.stripRoute(from, to, a, b) : this.innerRoute(from, to, a, b);
      case 'cell':
      case 'carry':
        return this.railRoute(from, to, a, b);
      case 'hidden':
        return to.kind === 'bus' ? this.hiddenRoute(from, to, a, b) : this.railRoute(from, to, a, b);
      case 'feed':
        return this.feedRoute(edge, from, to, a, b);
      case 'final':
        return this.finalRoute(from, to, a, b);
      case 'handed':
        return this.handedRoute(from, to, a, b);
    }
  }

  private innerRoute(from: GraphNode, to: GraphNode, a: Box, b: Box): Route {
    if (to.kind === 'gate') return straight({ x: rightOf(a), y: a.y }, { x: leftOf(b), y: b.y });
    if (from.kind === 'state') return straight({ x: a.x, y: topOf(a) }, { x: b.x, y: bottomOf(b) });
    const start = { x: a.x, y: topOf(a) };
    if (from.label === 'o') {
      // Past c on its right, then in to h.
      const c = this.bands[from.row].top + this.cellShape(this.graph.rows[from.row]).c;
      return curved(start, { x: a.x, y: c - 4 }, { x: b.x + 24, y: bottomOf(b) - 1 });
    }
    return curved(start, { x: b.x + SLOTS[from.label], y: bottomOf(b) });
  }

  /** One wire from the strip to the state above it, and that of the output gate round c. */
  private stripRoute(from: GraphNode, to: GraphNode, a: Box, b: Box): Route | null {
    if (to.kind === 'gate') return null;
    if (from.kind === 'state') return straight({ x: a.x, y: topOf(a) }, { x: b.x, y: bottomOf(b) });
    const shape = this.cellShape(this.graph.rows[from.row]);
    const state = this.bands[from.row].top + shape.c;
    if (b.y < state) {
      const x = a.x + OUTSIDE;
      const beside = state - this.sizes.state.height / 2;
      return curved({ x, y: topOf(a) }, { x, y: beside }, { x: b.x + 24, y: bottomOf(b) - 1 });
    }
    const others = this.graph.edges.filter((edge) => edge.role === 'inner' && edge.to === to.id);
    const isFirst = others.find((edge) => this.byId.get(edge.from)!.kind === 'gate')?.from === from.id;
    return isFirst ? straight({ x: b.x, y: topOf(a) }, { x: b.x, y: bottomOf(b) }) : null;
  }

  /** Straight along the row, in whichever direction time runs there. */
  private railRoute(from: GraphNode, to: GraphNode, a: Box, b: Box): Route {
    const y = from.kind === 'stub' ? b.y : a.y;
    return b.x > a.x
      ? straight(
          { x: from.kind === 'stub' ? a.x : rightOf(a), y },
          { x: to.kind === 'stub' ? b.x : leftOf(b), y },
        )
      : straight(
          { x: from.kind === 'stub' ? a.x : leftOf(a), y },
          { x: to.kind === 'stub' ? b.x : rightOf(b), y },
        );
  }

  /** h leaves its cell, comes down in the gutter, and enters the next cell at the bus. */
  private hiddenRoute(from: GraphNode, to: GraphNode, a: Box, b: Box): Route {
    const forward = b.x > a.x;
    const end = { x: forward ? leftOf(b) : rightOf(b), y: b.y };
    if (from.kind === 'stub') return straight({ x: a.x, y: b.y }, end);
    const earlier = Math.min(from.column, to.column);
    const x = this.middle(earlier) + this.spacing.cellWidth / 2 + this.spacing.gutter;
    return straight({ x: forward ? rightOf(a) : leftOf(a), y: a.y }, { x, y: a.y }, { x, y: b.y }, end);
  }

  private feedRoute(edge: GraphEdge, from: GraphNode, to: GraphNode, a: Box, b: Box): Route {
    const start = { x: a.x, y: topOf(a) };
    const end = { x: b.x, y: bottomOf(b) };
    const bypass = this.spacing.bypasses.get(edgeKey(edge.from, edge.to));
    if (!bypass) {
      if (a.x === b.x) return straight(start, end);
      const turn = this.bands[from.row].top - this.sizes.rowGap / 2;
      return straight(start, { x: start.x, y: turn }, { x: end.x, y: turn }, end);
    }
    const side = bypass.side === 'left' ? -1 : 1;
    const x = a.x + side * (this.spacing.cellWidth / 2 + 10 + bypass.lane * LANE);
    const leave = this.bands[from.row].top - this.sizes.rowGap / 3;
    if (to.kind === 'merge') {
      const edgeX = side < 0 ? leftOf(b) : rightOf(b);
      return straight(start, { x: start.x, y: leave }, { x, y: leave }, { x, y: b.y }, { x: edgeX, y: b.y });
    }
    const arrive = this.bands[to.row].bottom + this.sizes.rowGap / 3;
    return straight(
      start,
      { x: start.x, y: leave },
      { x, y: leave },
      { x, y: arrive },
      { x: end.x, y: arrive },
      end,
    );
  }

  /** From the stub where the last state leaves, to the final column. */
  private finalRoute(from: GraphNode, to: GraphNode, a: Box, b: Box): Route {
    const y = this.bands[from.row].top + this.cellShape(this.graph.rows[from.row]).h;
    if (from.column === rightStub(this.graph)) {
      const blocked = this.graph.rows.some(({ single }, row) => single && row > from.row && row < to.row);
      if (!blocked) return straight({ x: a.x, y }, { x: b.x, y }, { x: b.x, y: bottomOf(b) });
      // Round what stands in the final column before it.
      const x = rightOf(b) + 8;
      return straight({ x: a.x, y }, { x, y }, { x, y: b.y }, { x: rightOf(b), y: b.y });
    }
    // The backward direction ends on the left: over the top of its row, to the other end, below the name that stands there.
    if (to.kind !== 'merge') {
      const below = this.bands[to.row].bottom + (this.sizes.rowGap * 5) / 6;
      // Beside the middle, where a wire from the row below may leave.
      const x = leftOf(b) + 10;
      return straight({ x: a.x, y }, { x: a.x, y: below }, { x, y: below }, { x, y: bottomOf(b) });
    }
    return straight({ x: a.x, y }, { x: a.x, y: b.y }, { x: leftOf(b), y: b.y });
  }

  /** From the end of a row over its top to where another row begins, in a lane outside of what begins in between. */
  private handedRoute(from: GraphNode, to: GraphNode, a: Box, b: Box): Route {
    const y = this.bands[from.row].top - (this.sizes.rowGap * 2) / 3;
    const lane = Math.min(MOST_HANDED, 1 + this.handedTo(to.column).indexOf(to.id));
    const x = b.x + (to.column === LEFT_STUB ? -1 : 1) * lane * HANDED_OFFSET;
    return straight(
      { x: a.x, y: topOf(a) },
      { x: a.x, y },
      { x, y },
      { x, y: bottomOf(b) },
      { x: b.x, y: bottomOf(b) },
    );
  }

  /** Where states are handed on to, on one side of the picture, from the bottom up. */
  private handedTo(column: number): string[] {
    const ends = this.graph.edges.flatMap(({ role, to }) => (role === 'handed' ? [to] : []));
    return [...new Set(ends)].filter((id) => this.byId.get(id)!.column === column);
  }

  private rowLabels(): RowLabel[] {
    return this.graph.rows.flatMap((row, index) => {
      if (row.kind === 'merge') return [];
      return row.single ? this.finalRowLabels(row, this.bands[index]) : this.stepRowLabels(row, index);
    });
  }

  /** At the left of all columns. */
  private stepRowLabels(row: GraphRow, index: number): RowLabel[] {
    const { top, bottom } = this.bands[index];
    const label = (text: string, y: number, style: RowLabel['style'], tail = ''): RowLabel => ({
      text,
      tail,
      x: MARGIN,
      y,
      style,
      anchor: 'start',
    });
    const explained = (signal: string, y: number): RowLabel[] => [
      label(signal, y, 'symbol'),
      ...(this.said > 0 ? [{ ...label('', y, 'said'), x: SAID_FROM, said: { row: index, signal } }] : []),
    ];
    /** The layer's name, and at which step that is which is said of it. */
    const named = (y: number): RowLabel[] => {
      const title = label(row.layer, y, 'title', tailOf(row));
      if (this.said === 0 || row.kind !== 'cell') return [title];
      const letters = Math.min(TITLE_CHARACTERS, textWidth(row.title));
      const x = MARGIN + letters * TITLE_LETTER + SAID_FROM - MARGIN;
      return [title, { ...label('', y, 'title'), x, said: 'step' }];
    };
    const middle = (top + bottom) / 2;
    if (row.kind === 'input' && row.layer === INPUT) return [label('x', middle, 'symbol')];
    const cell = this.cellShape(row);
    if (row.kind !== 'cell' || cell.bus === cell.h) {
      const letter = { input: 'x', value: 'y' }[row.kind as string];
      return [
        ...(letter ? [label(letter, middle - 8, 'symbol')] : explained('h', middle - 8)),
        ...named(middle + 9),
      ];
    }
    const gates = gatesOf(row);
    const first = top + cell.gates - ((gates.length - 1) / 2) * SAID_PITCH;
    return [
      ...named(top + (this.form === 'joined' ? 2 : 8)),
      ...explained('h', top + cell.h),
      ...(row.cell?.states.includes('c') ? explained('c', top + cell.c) : []),
      ...(this.said > 0
        ? gates.flatMap((gate, k) => explained(gate, first + k * SAID_PITCH))
        : [label(words.gates, top + cell.gates, 'word')]),
    ];
  }

  /** Just before the final column, where nothing else stands. */
  private finalRowLabels(row: GraphRow, { top, bottom }: Band): RowLabel[] {
    const width =
      row.kind === 'input'
        ? this.inputs.get(row.layer)!.width
        : row.kind === 'value'
          ? this.sizes.value.width
          : this.cellShape(row).width;
    const x = this.middle(finalColumn(this.graph)) - width / 2 - 10;
    const y = (top + bottom) / 2;
    return [{ text: row.layer, tail: tailOf(row), x, y, style: 'title', anchor: 'end' }];
  }
}

/** What a row's title says beyond the name of its layer. */
function tailOf({ layer, title }: GraphRow): string {
  return title.slice(layer.length);
}

function gatesOf({ cell }: GraphRow): readonly string[] {
  return cell?.gates ?? [];
}

/** Straight pieces with rounded corners. */
function straight(...points: Point[]): Route {
  return { points, curve: 'rounded' };
}

function curved(...points: Point[]): Route {
  return { points, curve: 'bumpY' };
}

const topOf = (box: Box) => box.y - box.height / 2;
const bottomOf = (box: Box) => box.y + box.height / 2;
const leftOf = (box: Box) => box.x - box.width / 2;
const rightOf = (box: Box) => box.x + box.width / 2;

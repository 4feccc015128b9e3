/**
 * A network unrolled over a window of timesteps: plain data, a grid of rows (depth) and columns (time), and the wires.
 *
 * The structure does not depend on where the window stands: every recurrent row has a stub on the left and one on the
 * right, whether the sequence goes on there or not. What comes after a layer that passes only its final output on
 * stands once, in a column of its own beyond the right-hand stubs.
 */
import { cellFacts } from '../cells';
import type { CellPicture } from '../cells/cell';
import {
  INPUT,
  isRecurrent,
  type FinalStateLayer,
  type InputLayer,
  type Direction,
  type Layer,
  type LayerType,
  type Network,
  type NetworkInput,
  type NotRun,
  type RecurrentLayer,
  type SignalAddress,
} from '../model/network';
import { idleLayers } from '../model/partial';
import { addressOf, handedTo, statePartsOf } from '../model/states';
import { reachOf, timesOf, windowLoss, type Time } from '../model/time';
import type { Detail } from '../protocol';
import { fill } from '../words/translate';
import { words } from './words';

/** The most columns that a window may have. */
export const MAX_COLUMNS = 64;

/** The most nodes that a window is drawn with; more layers mean fewer columns. */
export const MAX_NODES = 2400;

export interface Window {
  /** Timesteps side by side, from 1. */
  readonly columns: number;
  readonly detail: Detail;
}

export type NodeKind =
  /** One step of the sequence. */
  | 'input'
  /** Where x and the previous h meet before the gates. */
  | 'bus'
  | 'gate'
  /** c or h. */
  | 'state'
  /** A whole cell, at level of detail `cells`. */
  | 'cell'
  /** Output of a layer without state. */
  | 'value'
  /** Where the two directions of a layer are put together. */
  | 'merge'
  /** Where state enters or leaves the window. */
  | 'stub';

export interface GraphNode {
  /** `[A-Za-z0-9_]`, made of indices alone. */
  readonly id: string;
  readonly kind: NodeKind;
  /** Index into `rows`. */
  readonly row: number;
  /** 0 … columns − 1, or −1 for the left stub, `columns` for the right stub, `columns` + 1 for the final column. */
  readonly column: number;
  /** Short: a signal's letter, how a merge works, a cell's type. */
  readonly label: string;
  /** The signal that the node shows; null for buses, merges and stubs. */
  readonly signal: SignalAddress | null;
}

export type EdgeRole =
  /** c to the next c. */
  | 'cell'
  /** h to where the next step reads it. */
  | 'hidden'
  /** A GRU's h, straight on through the update gate. */
  | 'carry'
  /** Into a row from what it reads. */
  | 'feed'
  /** From the bus to a gate. */
  | 'gate'
  /** Within a cell, from a gate or c. */
  | 'inner'
  /** The last state of a row, to what reads only that. */
  | 'final'
  /** The last state of a row, to where another one begins with it. */
  | 'handed';

/** Whether a wire carries a state from step to step. */
export function isRail(role: EdgeRole): boolean {
  return role === 'cell' || role === 'hidden' || role === 'carry';
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly role: EdgeRole;
}

/** The nodes of one cell at one step. */
export interface GraphGroup {
  readonly id: string;
  readonly row: number;
  readonly column: number;
  readonly nodes: readonly string[];
}

/** Rows stand bottom to top. */
export interface GraphRow {
  readonly kind: 'input' | 'cell' | 'value' | 'merge';
  readonly type: LayerType | 'input';
  /** Of a row of cells: the gates that stand side by side in each, and the states above them. */
  readonly cell?: Pick<CellPicture, 'gates'> & { readonly states: readonly string[] };
  /** The layer's name. */
  readonly layer: string;
  readonly level: number;
  readonly direction: Direction;
  /** The name with level and direction, where the layer has several, and the steps that count, where not all do. */
  readonly title: string;
  /** True where there is one node in the final column instead of one per timestep. */
  readonly single: boolean;
  /** The layer that is not run, because of which the row has no values unless a sequence brings what that one hands on. */
  readonly idle?: NotRun;
}

export interface UnrolledGraph {
  readonly columns: number;
  readonly detail: Detail;
  readonly rows: readonly GraphRow[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly groups: readonly GraphGroup[];
}

export const LEFT_STUB = -1;

export function rightStub(graph: { readonly columns: number }): number {
  return graph.columns;
}

export function finalColumn(graph: { readonly columns: number }): number {
  return graph.columns + 1;
}

/** How many columns of this network can be drawn, at most `MAX_COLUMNS`. */
export function columnLimit(network: Network, detail: Detail): number {
  const perColumn = new Unroller(network, { columns: 1, detail }).build().nodes.length;
  return Math.max(1, Math.min(MAX_COLUMNS, Math.floor(MAX_NODES / perColumn)));
}

/** @throws RangeError if the window has no columns or more than `MAX_COLUMNS`. */
export function unroll(network: Network, window: Window): UnrolledGraph {
  const { columns } = window;
  if (!Number.isInteger(columns) || columns < 1 || columns > MAX_COLUMNS) {
    throw new RangeError(`expected 1 to ${MAX_COLUMNS} steps side by side, got ${columns}`);
  }
  return new Unroller(network, window).build();
}

/** What a layer hands on: one node per column, or a single one. */
interface Output {
  readonly ids: readonly string[];
  readonly single: boolean;
  /** `final` where the node is the stub at which a row's last state leaves. */
  readonly role: 'feed' | 'final';
}

class Unroller {
  private readonly rows: GraphRow[] = [];
  private readonly nodes: GraphNode[] = [];
  private readonly edges: GraphEdge[] = [];
  private readonly groups: GraphGroup[] = [];
  private readonly outputs = new Map<string, Output>();
  /** The stubs at which the last states leave, by layer, level and direction. */
  private readonly ends = new Map<string, string>();
  private readonly times: ReadonlyMap<string, Time>;
  private readonly idle: ReadonlyMap<string, NotRun>;

  constructor(
    private readonly network: Network,
    private readonly window: Window,
  ) {
    this.times = timesOf(network);
    this.idle = idleLayers(network);
  }

  build(): UnrolledGraph {
    this.outputs.set(INPUT, this.addInput());
    this.network.layers.forEach((layer, index) => {
      if (layer.type === 'input') {
        this.outputs.set(layer.name, this.addFurtherInput(layer, index));
        return;
      }
      const sources =
        layer.type === 'final_state'
          ? this.endOf(layer)
          : layer.inputs.map((name) => this.source(layer, name));
      const output = isRecurrent(layer)
        ? this.addRecurrent(layer, index, sources)
        : this.addValue(layer, index, sources);
      this.outputs.set(layer.name, output);
    });
    const { rows, nodes, edges, groups } = this;
    return { ...this.window, rows, nodes, edges, groups };
  }

  private source(layer: Layer, name: string): Output {
    const output = this.outputs.get(name);
    if (!output)
      throw new RangeError(`layer "${layer.name}" reads "${name}", which does not stand before it`);
    return output;
  }

  /** The stub at which a state leaves. */
  private endOf(layer: FinalStateLayer): Output[] {
    const id = this.ends.get(placeKey(addressOf(layer)));
    return id === undefined ? [] : [{ ids: [id], single: true, role: 'final' }];
  }

  private addInput(): Output {
    const signal: SignalAddress = { layer: INPUT, level: 0, direction: 'forward', signal: 'x' };
    const row = this.addRow({
      kind: 'input',
      type: 'input',
      title: titleOfInput(INPUT, this.network.input),
      single: false,
      ...address(signal),
    });
    const ids = this.steps().map((column) =>
      this.addNode({ id: `x_${column}`, kind: 'input', row, column, label: 'x', signal }),
    );
    return { ids, single: false, role: 'feed' };
  }

  private addFurtherInput(layer: InputLayer, index: number): Output {
    const signal: SignalAddress = { layer: layer.name, level: 0, direction: 'forward', signal: 'x' };
    const single = !this.inColumns(layer);
    const row = this.addRow({
      kind: 'input',
      type: 'input',
      title: titleOf(layer),
      single,
      ...address(signal),
    });
    const ids = this.columnsOf(single).map((column) =>
      this.addNode({ id: `l${index}_x_${column}`, kind: 'input', row, column, label: 'x', signal }),
    );
    return { ids, single, role: 'feed' };
  }

  /** Another sequence is drawn against its own steps, in the same columns; what repeats a row stands once. */
  private inColumns({ name, type }: Pick<Layer, 'name' | 'type'>): boolean {
    const time = this.times.get(name);
    return type !== 'repeat_vector' && time !== 'row' && time !== 'own';
  }

  private addValue(layer: Layer, index: number, sources: readonly Output[]): Output {
    const signal: SignalAddress = { layer: layer.name, level: 0, direction: 'forward', signal: 'y' };
    const single = !this.inColumns(layer);
    const row = this.addRow({
      kind: 'value',
      type: layer.type,
      title: titleOf(layer),
      single,
      ...address(signal),
    });
    const ids = this.columnsOf(single).map((column) => {
      const id = this.addNode({
        id: `l${index}_y_${column}`,
        kind: 'value',
        row,
        column,
        label: 'y',
        signal,
      });
      if (single) this.connectAll(sources, id);
      else this.connectAround(layer, sources, column, row, id);
      return id;
    });
    return { ids, single, role: 'feed' };
  }

  /** Everything that the sources give in the window, to the one node that puts it together. */
  private connectAll(sources: readonly Output[], to: string): void {
    for (const { ids, role } of sources) for (const from of ids) this.addEdge(from, to, role);
  }

  /** A convolution or pooling sees the columns beside its own too, where its source is the row right below. */
  private connectAround(
    layer: Layer,
    sources: readonly Output[],
    column: number,
    row: number,
    to: string,
  ): void {
    this.connect(sources, column, to);
    if (layer.type !== 'conv1d' && layer.type !== 'pool1d') return;
    if (this.times.get(layer.inputs[0]) === 'some') return;
    const [{ ids }] = sources;
    if (this.rows[row - 1].single || this.nodes.find(({ id }) => id === ids[0])?.row !== row - 1) return;
    const reach = reachOf(layer);
    const { padding } = layer;
    const said = typeof padding === 'string' ? undefined : padding.before + windowLoss(layer);
    const before = said ?? (padding === 'same' ? Math.floor((reach - 1) / 2) : reach - 1);
    const step = layer.type === 'conv1d' ? layer.dilation : 1;
    for (let offset = -before; offset < reach - before; offset += step) {
      const from = ids[column + offset];
      if (offset !== 0 && from !== undefined) this.addEdge(from, to, 'feed');
    }
  }

  private addRecurrent(layer: RecurrentLayer, index: number, sources: readonly Output[]): Output {
    let below = sources;
    let output: Output = { ids: [], single: false, role: 'feed' };
    for (let level = 0; level < layer.levels; level++) {
      const last = level === layer.levels - 1;
      const finalOnly = last && !layer.returnSequences;
      const runs = layer.directions.map((direction) =>
        this.addCells({ layer, level, direction }, `l${index}_${level}`, below, finalOnly),
      );
      const merge = last ? layer.merge : 'concat';
      output = runs.length === 1 ? runs[0] : this.addMerge(layer, index, level, merge, runs);
      below = [output];
    }
    return output;
  }

  /** One row of cells: a level of a layer in one direction. */
  private addCells(place: CellPlace, id: string, sources: readonly Output[], finalOnly: boolean): Output {
    const { layer, level, direction } = place;
    const time = this.times.get(layer.inputs[0]);
    const single = time === 'row' || time === 'own';
    const title = [
      layer.name,
      ...(layer.levels > 1 ? [fill(words.level, level)] : []),
      ...(layer.directions.join() === 'forward' ? [] : [direction === 'forward' ? '→' : '←']),
      ...(layer.sequenceLength === undefined ? [] : [`t < ${layer.sequenceLength}`]),
    ].join(' ');
    const row = this.addRow({
      kind: 'cell',
      type: layer.type,
      cell: { gates: cellFacts(layer).picture(layer).gates, states: statePartsOf(layer.type) },
      layer: layer.name,
      level,
      direction,
      title,
      single,
    });
    const prefix = `${id}_${direction === 'forward' ? 'f' : 'b'}`;
    const cells = this.columnsOf(single).map((column) => {
      const cell = this.addCell(place, prefix, row, column);
      this.connect(sources, column, cell.entry);
      return cell;
    });
    if (single) return { ids: cells.map(({ h }) => h), single, role: 'feed' };

    const stub = (side: string, column: number, label: string) =>
      this.addNode({ id: `${prefix}_${side}`, kind: 'stub', row, column, label, signal: null });
    const left = stub('left', LEFT_STUB, 'earlier');
    const right = stub('right', rightStub(this.window), 'later');
    const [first, last] = direction === 'forward' ? [left, right] : [right, left];
    this.addRails(direction === 'forward' ? cells : [...cells].reverse(), first, last);
    this.ends.set(placeKey({ layer: layer.name, level, direction }), last);
    for (const before of this.startsOf(layer, level, direction)) this.addEdge(before, first, 'handed');
    return finalOnly
      ? { ids: [last], single: true, role: 'final' }
      : { ids: cells.map(({ h }) => h), single, role: 'feed' };
  }

  /** Where what is handed to a level and direction comes from, each place once. */
  private startsOf(layer: RecurrentLayer, level: number, direction: Direction): ReadonlySet<string> {
    const { h, c } = handedTo(layer, level, direction);
    const starts = [...(h?.of ?? []), ...(c?.of ?? [])].map((from) =>
      from.signal === 'y' ? this.outputs.get(from.layer)?.ids.at(-1) : this.ends.get(placeKey(from)),
    );
    return new Set(starts.filter((id) => id !== undefined));
  }

  private addRails(cells: readonly Cell[], first: string, last: string): void {
    cells.forEach((cell, index) => {
      const previous = cells[index - 1];
      if (cell.c && cell.before.c) this.addEdge(previous?.c ?? first, cell.c, 'cell');
      if (cell.before.seen && previous?.c) this.addEdge(previous.c, cell.entry, 'hidden');
      if (cell.before.h) this.addEdge(previous?.h ?? first, cell.h, 'carry');
      this.addEdge(previous?.h ?? first, cell.entry, 'hidden');
    });
    const end = cells[cells.length - 1];
    if (end.c && end.before.c) this.addEdge(end.c, last, 'cell');
    this.addEdge(end.h, last, 'hidden');
  }

  private addCell({ layer, level, direction }: CellPlace, prefix: string, row: number, column: number): Cell {
    const node = (kind: NodeKind, name: string, label = name) =>
      this.addNode({
        ...{ id: `${prefix}_${name}_${column}`, kind, row, column, label },
        signal: { layer: layer.name, level, direction, signal: name },
      });
    if (this.window.detail === 'cells') {
      const h = node('cell', 'h');
      return { h, entry: h, before: {} };
    }
    const first = this.nodes.length;
    const cell = this.wireCell(layer, node, () =>
      this.addNode({ id: `${prefix}_bus_${column}`, kind: 'bus', row, column, label: '', signal: null }),
    );
    const nodes = this.nodes.slice(first).map(({ id }) => id);
    this.groups.push({ id: `${prefix}_cell_${column}`, row, column, nodes });
    return cell;
  }

  /** The wires of one cell, as its equations have them. */
  private wireCell(
    layer: RecurrentLayer,
    node: (kind: NodeKind, name: string) => string,
    addBus: () => string,
  ): Cell {
    const { gates, wires, before } = cellFacts(layer).picture(layer);
    if (gates.length === 0) {
      const h = node('state', 'h');
      return { h, entry: h, before };
    }
    const entry = addBus();
    const ids = new Map(gates.map((name) => [name, node('gate', name)]));
    for (const state of [...statePartsOf(layer.type)].reverse()) ids.set(state, node('state', state));
    for (const [from, to] of wires) {
      if (from === 'bus') this.addEdge(entry, ids.get(to)!, 'gate');
      else this.addEdge(ids.get(from)!, ids.get(to)!, 'inner');
    }
    return { h: ids.get('h')!, c: ids.get('c'), entry, before };
  }

  private addMerge(
    layer: RecurrentLayer,
    index: number,
    level: number,
    label: string,
    runs: readonly Output[],
  ): Output {
    const single = runs.some((run) => run.single);
    const row = this.addRow({
      kind: 'merge',
      type: layer.type,
      layer: layer.name,
      level,
      direction: 'forward',
      title: label,
      single,
    });
    const ids = this.columnsOf(single).map((column) => {
      const name = `l${index}_${level}_merge_${column}`;
      const id = this.addNode({ id: name, kind: 'merge', row, column, label, signal: null });
      this.connect(runs, column, id);
      return id;
    });
    return { ids, single, role: 'feed' };
  }

  private connect(sources: readonly Output[], column: number, to: string): void {
    const final = column === finalColumn(this.window);
    for (const { ids, single, role } of sources) {
      this.addEdge(ids[single ? 0 : final ? ids.length - 1 : column], to, role);
    }
  }

  private addRow(row: Omit<GraphRow, 'idle'>): number {
    const cause = this.idle.get(row.layer);
    return this.rows.push(cause ? { ...row, idle: cause } : row) - 1;
  }

  /** Its id. */
  private addNode(node: GraphNode): string {
    this.nodes.push(node);
    return node.id;
  }

  private addEdge(from: string, to: string, role: EdgeRole): void {
    this.edges.push({ from, to, role });
  }

  private steps(): number[] {
    return Array.from({ length: this.window.columns }, (_, column) => column);
  }

  private columnsOf(single: boolean): number[] {
    return single ? [finalColumn(this.window)] : this.steps();
  }
}

function titleOf(layer: Layer): string {
  if (layer.type === 'repeat_vector') return `${layer.name} × ${layer.count}`;
  if (layer.type === 'input') return titleOfInput(layer.name, layer.input);
  return layer.type === 'not_run' ? fill(words.notRun, layer.name) : layer.name;
}

function titleOfInput(name: string, input: NetworkInput): string {
  const standsFor = input.kind === 'vector' ? input.standsFor : undefined;
  return standsFor ? fill(words.standsFor, name, shortened(standsFor.name)) : name;
}

const MOST_CHARACTERS = 20;

function shortened(name: string): string {
  const characters = [...name];
  return characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…` : name;
}

function placeKey({ layer, level, direction }: Omit<SignalAddress, 'signal'>): string {
  return JSON.stringify([layer, level, direction]);
}

/** The ends of one cell's wires. */
/** A level of a layer in one direction. */
interface CellPlace {
  readonly layer: RecurrentLayer;
  readonly level: number;
  readonly direction: Direction;
}

interface Cell {
  readonly h: string;
  readonly c?: string;
  /** Where x and the previous h come in. */
  readonly entry: string;
  readonly before: CellPicture['before'];
}

function address({
  layer,
  level,
  direction,
}: SignalAddress): Pick<GraphRow, 'layer' | 'level' | 'direction'> {
  return { layer, level, direction };
}

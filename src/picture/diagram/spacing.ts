/**
 * How much room the unrolled picture takes: the sizes of what stands in it, and from column to column, in pixels before any
 * zoom. Pure arithmetic: it decides how many columns a panel has room for.
 */
import { furtherInputs, INPUT, type Network, type NetworkInput } from '../../model/network';
import { CHARTED_FEATURES, SHOWN_FEATURES } from '../../protocol';
import type { GraphNode, GraphRow, UnrolledGraph } from '../../unroll/graph';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const MARGIN = 14;
export const LANE = 12;
const STUB_WIDTH = 70;
export const TITLE_CHARACTERS = 20;
/** Of a letter in the names of the rows, at 11 pixels. */
export const TITLE_LETTER = 6.6;
/** Where words begin beside the letter of a row. */
export const SAID_FROM = MARGIN + 15;
/** Beside a cell, without lanes. */
const GUTTER = 8;

/** How the gates of a cell stand: apart, each with its number, or joined into a strip, which takes half the height. */
export type Form = 'apart' | 'joined';

const STATE = { apart: { width: 78, height: 28 }, joined: { width: 78, height: 22 } };
const GATE = { apart: { width: 29, height: 40 }, joined: { width: 26, height: 22 } };
const VALUE = { apart: { width: 78, height: 30 }, joined: { width: 78, height: 24 } };
export const MERGE = { width: 58, height: 22 };
const ROW_GAP = { apart: 32, joined: 16 };
/** Above the input, where below two pictures the numbers of the steps stand. */
const INPUT_GAP = { apart: 32, joined: 22 };

/** Of what is as large in every row, and from row to row. */
export function sizesIn(form: Form) {
  return {
    ...{ state: STATE[form], gate: GATE[form], value: VALUE[form] },
    ...{ rowGap: ROW_GAP[form], inputGap: INPUT_GAP[form] },
  };
}

export const CELL_BOX = { width: 80, height: 46 };
const CHARACTER = { width: 40, height: 34 };
const WORD = { width: 88, height: 34 };

/** Heights within a cell, from its upper edge. */
export interface CellShape extends Size {
  readonly h: number;
  readonly c: number;
  readonly gates: number;
  readonly bus: number;
  /** From gate to gate. */
  readonly pitch: number;
}

const PLAIN_CELL: CellShape = { ...CELL_BOX, h: 23, c: 23, gates: 23, bus: 23, pitch: 0 };
const UNGATED_CELL: CellShape = { width: 104, height: 52, h: 26, c: 26, gates: 26, bus: 26, pitch: 0 };

/** Of a cell with gates: its least width, from its edges to the gates, and from h down to c and on to what comes below. */
const GATED_WIDTH = 132;
const BESIDE_GATES = 4;
const GATE_PITCH = { least: 32, most: 40 };
const [TO_C, BELOW_C] = [52, 54];

/** Of a cell whose gates are joined: beside the strip, above and below what stands in it, and from one to the next. */
const STRIP_WIDTH = 104;
const BESIDE_STRIP = 8;
const BESIDE_JOINED = 6;
const JOINED_PITCH = 32;

export function cellShape({ detail }: UnrolledGraph, { cell }: GraphRow, form: Form): CellShape {
  if (detail === 'cells' || !cell) return PLAIN_CELL;
  const count = cell.gates.length;
  if (form === 'joined') return joinedShape(count, cell.states.includes('c'));
  if (count === 0) return UNGATED_CELL;
  const width = Math.max(GATED_WIDTH, count * GATE_PITCH.least + BESIDE_GATES);
  const pitch = Math.min(GATE_PITCH.most, Math.floor((width - BESIDE_GATES) / count));
  const [h, gates, bus, height] = [26, 85, 127, 140];
  if (!cell.states.includes('c')) return { width, height, h, c: h, gates, bus, pitch };
  return {
    width,
    pitch,
    h,
    c: h + TO_C,
    gates: gates + BELOW_C,
    bus: bus + BELOW_C,
    height: height + BELOW_C,
  };
}

function joinedShape(gates: number, hasC: boolean): CellShape {
  const strip = Math.max(STRIP_WIDTH, gates * GATE.joined.width);
  const h = BESIDE_JOINED + STATE.joined.height / 2;
  const c = hasC ? h + JOINED_PITCH : h;
  const lowest = gates > 0 ? c + JOINED_PITCH : c;
  return {
    ...{ h, c, gates: lowest, bus: lowest, pitch: gates > 0 ? strip / gates : 0 },
    width: strip + 2 * BESIDE_STRIP,
    height: lowest + GATE.joined.height / 2 + BESIDE_JOINED,
  };
}

/** How the features of a vector stand in an input's node, below one another. */
export interface FeatureLines {
  /** How many of them stand there. */
  readonly shown: number;
  /** From one to the next. */
  readonly pitch: number;
  readonly padding: number;
  /** As bars: they are too many for numbers. */
  readonly bars: boolean;
  /** From one name beside them to the next, in lines. */
  readonly naming: number;
}

const FEATURE_WIDTH = 64;

/** Lines of a name, and the height of all bars unless that leaves too little for one. */
const NAME_LINE = 12;
const BARS_HEIGHT = 144;

/** Tokens have none. */
export function featureLines(input: NetworkInput): FeatureLines {
  const size = input.kind === 'vector' ? input.size : 0;
  if (size <= SHOWN_FEATURES) return { shown: size, pitch: 14, padding: 7, bars: false, naming: 1 };
  const shown = Math.min(size, CHARTED_FEATURES);
  const pitch = Math.min(NAME_LINE, BARS_HEIGHT / shown);
  return { shown, pitch, padding: 6, bars: true, naming: Math.ceil(NAME_LINE / pitch) };
}

function inputSize(input: NetworkInput): Size {
  if (input.kind === 'token') return input.split === 'char' ? CHARACTER : WORD;
  const { shown, pitch, padding } = featureLines(input);
  return { width: FEATURE_WIDTH, height: shown * pitch + 2 * padding };
}

/** Of each input's nodes, by the name of its layer. */
export function inputSizes(network: Network): ReadonlyMap<string, Size> {
  const sizes = new Map(furtherInputs(network).map(({ name, input }) => [name, inputSize(input)]));
  return sizes.set(INPUT, inputSize(network.input));
}

export function edgeKey(from: string, to: string): string {
  return `${from} ${to}`;
}

/** A feed that passes rows on its way up, beside the cells. */
export interface Bypass {
  readonly side: 'left' | 'right';
  readonly lane: number;
}

/** From left to right. Every column is the same grid, so that one column tells of any number of them. */
export interface Spacing {
  /** Keyed by `edgeKey`. */
  readonly bypasses: ReadonlyMap<string, Bypass>;
  readonly cellWidth: number;
  /** From column to column. */
  readonly pitch: number;
  /** How far the names before the first column reach. */
  readonly labelWidth: number;
  /** Left edge of the first column's cell. */
  readonly left: number;
  /** What stands to the right of the columns. */
  readonly right: number;
  /** From a cell's right edge to the lane in the gutter where h comes down. */
  readonly gutter: number;
  /** From the outermost lane at the left of a cell to the cell, and to the column before. */
  readonly before: number;
}

/** `said` is how wide the words are that stand beside the letters of the rows; 0 where there are none. */
export function spacingOf(
  graph: UnrolledGraph,
  inputs: ReadonlyMap<string, Size>,
  { said = 0, form = 'apart' }: { readonly said?: number; readonly form?: Form } = {},
): Spacing {
  const bypasses = findBypasses(graph);
  const lanes = (side: Bypass['side']) =>
    LANE * Math.max(0, ...[...bypasses.values()].filter((b) => b.side === side).map((b) => b.lane + 1));
  const cellWidth = Math.max(
    VALUE[form].width,
    ...[...inputs.values()].map(({ width }) => width),
    ...graph.rows.map((row) => cellShape(graph, row, form).width),
  );
  const [gutter, before] = [GUTTER + lanes('right'), GUTTER + lanes('left')];
  const longest = Math.max(...graph.rows.map(({ title }) => Math.min(TITLE_CHARACTERS, title.length)));
  const beside = said > 0 ? SAID_FROM - MARGIN + said + GUTTER : 0;
  const labelWidth = MARGIN + Math.max(48, longest * TITLE_LETTER, beside);
  const final = graph.rows.some(({ single }) => single);
  return {
    bypasses,
    cellWidth,
    pitch: cellWidth + gutter + before,
    labelWidth,
    left: labelWidth + STUB_WIDTH + lanes('left'),
    right: STUB_WIDTH + (final ? cellWidth : 0) + MARGIN,
    gutter,
    before,
  };
}

/** What two pictures have room in, their columns in line; each keeps its own lanes. */
export function commonSpacing(a: Spacing, b: Spacing): readonly [Spacing, Spacing] {
  const most = (name: 'cellWidth' | 'labelWidth' | 'left' | 'right' | 'gutter' | 'before') =>
    Math.max(a[name], b[name]);
  const [cellWidth, gutter, before] = [most('cellWidth'), most('gutter'), most('before')];
  const common = {
    ...{ cellWidth, gutter, before, pitch: cellWidth + gutter + before },
    ...{ labelWidth: most('labelWidth'), left: most('left'), right: most('right') },
  };
  return [
    { ...a, ...common },
    { ...b, ...common },
  ];
}

/** Which feeds pass other rows of their column, and in which lane: backward rows are reached on the left. */
function findBypasses(graph: UnrolledGraph): Map<string, Bypass> {
  const byId = new Map<string, GraphNode>(graph.nodes.map((node) => [node.id, node]));
  const lanes: { side: Bypass['side']; from: number; to: number; source: number; lane: number }[] = [];
  const result = new Map<string, Bypass>();
  for (const { from, to, role } of graph.edges) {
    const a = byId.get(from)!;
    const b = byId.get(to)!;
    if (role !== 'feed' || a.column !== b.column) continue;
    const passes = graph.rows.some((row, index) => index > a.row && index < b.row && !row.single);
    if (!passes) continue;
    const side = b.kind === 'merge' ? 'right' : 'left';
    let lane = 0;
    const taken = (lane: number) =>
      lanes.some(
        (l) => l.side === side && l.lane === lane && l.source !== a.row && l.from < b.row && l.to > a.row,
      );
    while (taken(lane)) lane++;
    lanes.push({ side, from: a.row, to: b.row, source: a.row, lane });
    result.set(edgeKey(from, to), { side, lane });
  }
  return result;
}

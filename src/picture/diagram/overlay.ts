/**
 * Lays a window of a run over a picture. Reads no layout and writes only what changed, so that a frame costs a few
 * writes per node.
 */
import { INPUT, isRecurrent, type Network, type SignalAddress } from '../../model/network';
import { rowOfStep, stepOfRow } from '../../model/time';
import type { Detail, FurtherInputs, Inputs, SignalSummary } from '../../protocol';
import { finalColumn, type GraphNode } from '../../unroll/graph';
import { formatCount } from '../format';
import type { NodeContent } from './faces';
import type { Picture, Rail, SaidText, SignalNode, StubNode } from './picture';
import type { ColorScale, Swatch } from '../colour/scale';
import type { Change, Figures } from '../change';
import { isHeld } from '../../whatIf/held';
import type { Surface } from '../surface';
import type { RailGradient } from '../memoryNorms';
import { numberAt, numbersOf, paletteOf, reachOf, type Numbers } from '../measure';
import { brieflySaid } from '../said';
import { fill, words as common } from '../words';
import { words } from './words';

/** What decides the drawing's structure. A change here draws anew; the old picture stays until the new one is ready. */
export interface Shape {
  readonly network: Network;
  /** Columns of the window. */
  readonly columns: number;
  readonly detail: Detail;
  /** Whether words stand beside the letters of the rows. */
  readonly explained: boolean;
  /** The network of another run, below it and upside down; then no words stand beside the letters. */
  readonly compared?: {
    readonly network: Network;
    /** Whether both read the same, which then stands once between them. */
    readonly sharesInput: boolean;
  };
}

/** What is laid over the drawing. A change here touches attributes and texts only. */
export interface Overlay {
  /** Absolute step of the first column. */
  readonly start: number;
  /** Steps of the whole sequence; 0 before there is one. */
  readonly steps: number;
  /** Steps of the longest row: a decoder may have more of its own. */
  readonly longest: number;
  /** Absolute step of the playhead, inside the window; null hides it. */
  readonly playhead: number | null;
  readonly inputs: Inputs | null;
  /** What further inputs of the network read. */
  readonly further: readonly FurtherInputs[] | null;
  readonly run: Figures | null;
  /** Of a what-if: the run without it, and what is changed. */
  readonly ghost: Figures | null;
  readonly changes: readonly string[];
  /** What is printed, and what the colours are of; null without a run, or while it is on its way. */
  readonly numbers: Numbers | null;
  /** The layer that alone shows them, where the others keep their means. */
  readonly layer: string | null;
  /** What the rails are as thick as; null where they are as always. */
  readonly rails: RailGradient | null;
}

/** Without any values. */
export function bareOverlay(start: number): Overlay {
  return {
    ...{ start, steps: 0, longest: 0, playhead: null, inputs: null, further: null },
    ...{ run: null, ghost: null, changes: [], numbers: null, layer: null, rails: null },
  };
}

const NOTHING_ASKED = { sizes: null, unit: null };

export class OverlayWriter<E> {
  private readonly summaries = new Map<SignalNode<E>, SignalSummary>();
  private byAddress: ReadonlyMap<string, SignalSummary> = new Map();
  private run: Figures | null = null;
  private means: Numbers | null = null;

  constructor(
    private readonly surface: Surface<E>,
    private readonly picture: Picture<E>,
    private readonly network: Network,
    private readonly scale: ColorScale,
  ) {}

  write(overlay: Overlay): void {
    if (overlay.run !== this.run) this.indexRun(overlay.run);
    const { signals, stubs, rails, steps, graph } = this.picture;
    for (const signal of signals) this.writeSignal(signal, overlay);
    for (const stub of stubs) this.surface.text(stub.text, reach(stub, overlay, graph.columns));
    steps.forEach((text, column) => {
      const step = overlay.start + column;
      const exists = overlay.longest === 0 || step < overlay.longest;
      this.surface.text(text, exists ? fill(common.time, formatCount(step)) : '');
    });
    for (const rail of rails) this.writeRail(rail, overlay);
    for (const text of this.picture.said) this.writeSaid(text, overlay);
    this.writePlayhead(overlay);
  }

  /** As thick as the gradient that goes back through it, dashed where none does. */
  private writeRail({ path, row, signal, column }: Rail<E>, { rails, start }: Overlay): void {
    const norm = rails?.norm(row, signal, start + column) ?? null;
    this.surface.attribute(path, 'style', norm === null ? null : railStyle(norm, rails!));
    this.surface.attribute(path, 'data-gradient', norm === null ? null : String(norm));
  }

  private writeSaid({ said, texts }: SaidText<E>, overlay: Overlay): void {
    const text = overlay.playhead === null ? '' : this.saidAt(said, overlay, overlay.playhead);
    for (const one of texts) this.surface.text(one, text);
  }

  /** Of the number that the picture shows of the signal, or of its mean where that is no number of its own. */
  private saidAt(
    said: SaidText<E>['said'],
    { numbers, layer: alone, run, steps }: Overlay,
    step: number,
  ): string {
    if (said === 'step') return fill(words.saidAt, formatCount(step + 1));
    const { row: place, signal } = said;
    const layer = this.network.layers.find(({ name }) => name === place.layer);
    if (!layer || !isRecurrent(layer)) return '';
    const summary = this.byAddress.get(addressKey({ ...place, signal }));
    const row = summary ? rowOfStep({ steps }, summary, step) : -1;
    const isUnit = numbers?.measure === 'unit' && alone === place.layer;
    const shown = isUnit && summary && row >= 0 ? numberAt(numbers, summary, row) : undefined;
    const value = shown ?? (summary && row >= 0 ? run!.mean[summary.offset + row] : undefined);
    return brieflySaid(layer, signal, { value, isGate: summary?.range === 'gate' });
  }

  private indexRun(run: Figures | null): void {
    this.run = run;
    this.means = numbersOf(run, 'mean', NOTHING_ASKED);
    this.summaries.clear();
    this.byAddress = new Map(run?.signals.map((summary) => [addressKey(summary), summary]));
    for (const signal of this.picture.signals) {
      const summary = this.byAddress.get(addressKey(signal.node.signal!));
      if (summary) this.summaries.set(signal, summary);
    }
  }

  private writeSignal(signal: SignalNode<E>, overlay: Overlay): void {
    const { surface } = this;
    const { element, rect, face, node } = signal;
    const summary = this.summaries.get(signal);
    const row = summary ? this.rowOf(summary, node, overlay) : -1;
    const step = this.stepOf(summary, row, node, overlay);
    const index = summary && row >= 0 ? summary.offset + row : -1;
    const mean = index < 0 ? null : overlay.run!.mean[index];
    const content = this.contentOf(signal, overlay, step, row, index);

    surface.attribute(element, 'data-step', String(step));
    const notRun = summary ? undefined : signal.notRun;
    const name = notRun === undefined ? signal.name : `${signal.name}, ${notRun}`;
    surface.attribute(element, 'aria-label', fill(words.signalAtStep, name, step + 1));
    surface.attribute(element, 'data-not-run', notRun === undefined ? null : '');
    surface.attribute(element, 'data-absent', summary && row < 0 ? '' : null);
    surface.attribute(element, 'data-mean', mean === null ? null : String(mean));
    surface.attribute(element, 'data-nonfinite', mean === null || Number.isFinite(mean) ? null : '');
    surface.attribute(rect, 'style', `fill:${content.swatch.fill}`);
    surface.attribute(element, 'data-held', isHeld(overlay.changes, node.signal!, step) ? '' : null);
    surface.attribute(element, 'data-change-unit', content.changed === null ? null : String(content.changed));
    surface.attribute(element, 'data-was', content.was === null ? null : String(content.was));
    this.writeGhost(signal, overlay, index);
    face.write(content);
  }

  /** What the mean was, where a what-if has changed it. */
  private writeGhost(signal: SignalNode<E>, { run, ghost: base }: Overlay, index: number): void {
    const { surface, scale } = this;
    const { element, ghost } = signal;
    const change = index < 0 || !base ? 0 : (run?.change?.values[index] ?? 0);
    const shown = change !== 0 && signal.node.kind !== 'input';
    surface.attribute(element, 'data-change', base && index >= 0 ? String(change) : null);
    surface.attribute(ghost, 'visibility', shown ? 'visible' : 'hidden');
    if (!shown) return;
    const summary = this.summaries.get(signal)!;
    const share = base!.mean[index] / reachOf(summary, 'mean');
    const { fill } = Number.isFinite(share) ? scale.swatch(paletteOf(summary, 'mean'), share) : scale.empty;
    surface.attribute(ghost, 'style', `fill:${fill}`);
  }

  /** The row that a node shows, or −1: a column's own, or the last one of all in the final column. */
  private rowOf(summary: SignalSummary, { column }: GraphNode, { start, steps }: Overlay): number {
    if (column === finalColumn(this.picture.graph)) return summary.rows - 1;
    return rowOfStep({ steps }, summary, start + column);
  }

  /** The step that a node stands for, on the clock of its own rows. */
  private stepOf(
    summary: SignalSummary | undefined,
    row: number,
    { column }: GraphNode,
    { start, steps }: Overlay,
  ): number {
    if (column !== finalColumn(this.picture.graph)) return start + column;
    return summary ? stepOfRow({ steps }, summary, row) : Math.max(0, steps - 1);
  }

  private contentOf(
    signal: SignalNode<E>,
    overlay: Overlay,
    step: number,
    row: number,
    index: number,
  ): NodeContent {
    const { run, layer, ghost } = overlay;
    const summary = this.summaries.get(signal);
    const chosen = layer === signal.node.signal!.layer;
    const numbers = chosen || layer === null ? overlay.numbers : this.means;
    const value = index >= 0 && numbers !== null ? numberAt(numbers, summary!, row) : null;
    const top = signal.showsTop && index >= 0 && !chosen ? largestOutput(run!, row) : null;
    const before = top && ghost ? largestOutput(ghost, row) : null;
    const isChange = numbers?.measure === 'change';
    const plain = value === null || top !== null || signal.node.kind === 'input';
    return {
      step,
      inputs: inputsOf(signal.node, overlay),
      value,
      isChange,
      changed: isChange && value !== 0 && summary && summary.units > 1 ? changedUnit(run, index) : null,
      missing: numbers?.measure === 'unit' && Number.isNaN(value) && Number.isFinite(run!.mean[index]),
      top,
      was: before && before.unit !== top!.unit ? before.unit : null,
      swatch: plain ? this.scale.empty : this.swatch(summary!, value, numbers!, run?.change),
    };
  }

  /** The colour of the number itself. */
  private swatch(
    summary: SignalSummary,
    value: number,
    { measure }: Numbers,
    change: Change | undefined,
  ): Swatch {
    if (!Number.isFinite(value)) return this.scale.empty;
    const share = value / reachOf(summary, measure, change);
    return this.scale.swatch(paletteOf(summary, measure), share);
  }

  private writePlayhead({ playhead: step, start }: Overlay): void {
    const { playhead, geometry } = this.picture;
    const column = step === null ? undefined : geometry.columns[step - start];
    this.surface.attribute(playhead, 'visibility', column ? 'visible' : 'hidden');
    if (!column) return;
    const { x, y, width, height } = column;
    for (const [name, value] of Object.entries({ x: x - width / 2, y: y - height / 2, width, height }))
      this.surface.attribute(playhead, name, String(value));
  }
}

function railStyle(norm: number, { width }: RailGradient): string | null {
  if (norm === 0) return 'stroke-width:1px;stroke-dasharray:2 3';
  return Number.isFinite(norm) ? `stroke-width:${width(norm).toFixed(2)}px` : null;
}

function inputsOf({ kind, signal }: GraphNode, { inputs, further }: Overlay): Inputs | null {
  if (kind !== 'input') return null;
  if (signal!.layer === INPUT) return inputs;
  return further?.find(({ layer }) => layer === signal!.layer)?.inputs ?? null;
}

/** Null where the change is that of the mean. */
function changedUnit(run: Figures | null, index: number): number | null {
  return run?.change?.units?.[index] ?? null;
}

/** Null where it is not a number. */
function largestOutput({ top }: Figures, row: number): NodeContent['top'] {
  return Number.isFinite(top.value[row]) ? { unit: top.unit[row], value: top.value[row] } : null;
}

function addressKey({ layer, level, direction, signal }: SignalAddress): string {
  return JSON.stringify([layer, level, direction, signal]);
}

/** What stands beyond an end of the window. */
function reach(
  { side, row, end }: Omit<StubNode<unknown>, 'text'>,
  { start, steps, run }: Overlay,
  columns: number,
): string {
  if (steps === 0) return '';
  const own = run?.signals.find(({ layer }) => layer === row.layer);
  const rows = own?.time === 'own' ? own.rows : steps;
  const beyond = side === 'left' ? start : Math.max(0, rows - start - columns);
  if (beyond === 0) return end;
  return fill(side === 'left' ? words.earlier : words.later, formatCount(beyond));
}
